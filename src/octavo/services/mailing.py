"""Mails the day's brief to the readers who asked for it, through the server that the settings name; to nobody else.

A reader's day is noted before their mail is handed over, so that a kill in between costs a mail and never doubles one;
where the server refuses, the note is taken back and the mail tried again later.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from octavo.services import brieftext, following
from octavo.store import briefs
from octavo.store.briefs import BriefRow
from octavo.store.models import User

log = logging.getLogger(__name__)

SECONDS: Final = 20
# Readers asked for at once.
STEP: Final = 100


class MailRefused(RuntimeError):
    """The brief could not be sent; the message says why and what to do."""


def is_possible() -> bool:
    """Whether a mail server is set."""
    return bool(settings.OCTAVO.smtp_host)


def is_time(now: datetime) -> bool:
    """Whether the day's brief may be mailed by now."""
    return is_possible() and timezone.localtime(now).hour >= settings.OCTAVO.brief_hour


def send_due(now: datetime) -> int:
    """Sends today's brief to those who asked for it and have not had it; returns how many were sent.

    MailRefused where somebody waits and there is no server or no brief, or the server cannot be reached.
    """
    day, sent = timezone.localdate(now), 0
    if not waiting(day).exists():
        return 0
    found = todays(now)
    with _connection() as connection:
        while readers := list(waiting(day)[:STEP]):
            for reader in readers:
                sent += _send_once(connection, found, reader, day)
    return sent


def send_to(address: str, now: datetime) -> None:
    """Sends today's brief to one address. MailRefused: as above."""
    found = todays(now)
    with _connection() as connection:
        _hand_over(connection, _message(found, address, settings.OCTAVO.language, None))


def todays(now: datetime) -> BriefRow:
    """The brief of today, or yesterday's where that is the newest. MailRefused where there is none."""
    found = briefs.current("", now)
    if found is None:
        raise MailRefused("There is no brief of today yet; `octavo refresh` or `octavo serve` makes it.")
    return found


def waiting(day: date) -> QuerySet[User]:
    """The readers who asked for the brief and have not had a day's."""
    asked = User.objects.filter(brief_by_mail=True, is_active=True).exclude(email="")
    return asked.filter(Q(brief_sent_on=None) | Q(brief_sent_on__lt=day)).order_by("pk")


def _send_once(connection: BaseEmailBackend, found: BriefRow, reader: User, day: date) -> int:
    """Sends a reader's brief unless another process does; 1 where it was sent."""
    if not waiting(day).filter(pk=reader.pk).update(brief_sent_on=day):
        return 0
    try:
        language = reader.language or settings.OCTAVO.language
        _hand_over(connection, _message(found, reader.email, language, reader))
    except smtplib.SMTPRecipientsRefused as error:
        log.warning("The brief for %s was refused: %s", reader.username, error)
        return 0
    except BaseException:
        User.objects.filter(pk=reader.pk).update(brief_sent_on=day - timedelta(days=1))
        raise
    return 1


def _message(found: BriefRow, address: str, language: str, reader: User | None) -> EmailMultiAlternatives:
    """The mail, in the reader's language and with what they follow."""
    picks = following.eight_for(reader, found) if reader else found.picks
    with translation.override(language):
        message = EmailMultiAlternatives(
            f"{settings.OCTAVO.site_name}: {brieftext.title(found.day)}",
            f"{brieftext.as_text(found.day, picks)}\n{_ending()}\n",
            settings.OCTAVO.mail_from,
            [address],
            headers={"List-Unsubscribe": f"<{settings.OCTAVO.site_url}/account/>", "Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(brieftext.as_html(found.day, picks), "text/html")
    return message


def _ending() -> str:
    """How to end the mails."""
    address = f"{settings.OCTAVO.site_url}/account/"
    return gettext("To have no more of these: %(address)s") % {"address": address}


def _hand_over(connection: BaseEmailBackend, message: EmailMultiAlternatives) -> None:
    message.connection = connection
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused:
        raise
    except (smtplib.SMTPException, OSError) as error:
        raise MailRefused(_sentence(error)) from error


class _Opened:
    """A connection to the mail server, open while it is used."""

    def __init__(self) -> None:
        chosen = settings.OCTAVO
        self._backend = get_connection(
            "django.core.mail.backends.smtp.EmailBackend",
            host=chosen.smtp_host,
            port=chosen.smtp_port,
            username=chosen.smtp_user,
            password=chosen.smtp_password,
            use_tls=chosen.smtp_security == "starttls",
            use_ssl=chosen.smtp_security == "tls",
            timeout=SECONDS,
        )

    def __enter__(self) -> BaseEmailBackend:
        try:
            self._backend.open()
        except (smtplib.SMTPException, OSError) as error:
            raise MailRefused(_sentence(error)) from error
        return self._backend

    def __exit__(self, *_exc: object) -> None:
        self._backend.close()


def _connection() -> _Opened:
    if not is_possible():
        raise MailRefused("No mail server is set: set OCTAVO_SMTP_HOST and OCTAVO_MAIL_FROM.")
    return _Opened()


def _sentence(error: Exception) -> str:
    host = f"{settings.OCTAVO.smtp_host}:{settings.OCTAVO.smtp_port}"
    return f"The mail server {host} did not take the brief ({error}); look at the OCTAVO_SMTP_ settings."
