"""Readers' accounts as the terminal sees them; who is administrator is decided here and by nobody who merely comes first."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from octavo.store.models import LoginLink, User

LINK_LIFE = timedelta(hours=24)
LINK_BYTES = 32
# Where the page that takes a link up stands.
LINK_PATH = "/accounts/first/"


class UserRefused(ValueError):
    """An account that cannot be made or changed; the message says why."""


@dataclass(frozen=True)
class ReaderRow:
    """A reader in a list."""

    name: str
    email: str
    role: str
    joined_at: datetime
    seen_at: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """The same as a plain dictionary."""
        return asdict(self)


def add(name: str, password: str, *, email: str = "", is_admin: bool = False) -> User:
    """A new reader or administrator; UserRefused where the name is taken or the password too easy."""
    # In lower case, as registering on the site keeps them: no two names differ by case alone.
    name = User.normalize_username(name).lower()
    fresh = User(username=name, email=email, is_staff=is_admin, is_superuser=is_admin)
    try:
        fresh.full_clean(exclude=["password"])
        validate_password(password, fresh)
    except ValidationError as error:
        raise UserRefused(" ".join(error.messages)) from None
    if not password:
        raise UserRefused("A password is needed.")
    fresh.set_password(password)
    fresh.save()
    return fresh


def set_password(name: str, password: str) -> None:
    """A new password; every session of the reader ends, since Django ties sessions to the password's hash."""
    reader = named(name)
    try:
        validate_password(password, reader)
    except ValidationError as error:
        raise UserRefused(" ".join(error.messages)) from None
    if not password:
        raise UserRefused("A password is needed.")
    reader.set_password(password)
    reader.save(update_fields=["password"])


def named(name: str) -> User:
    """The reader of that name, whatever its case; UserRefused where there is none."""
    reader = User.objects.filter(username__iexact=name).first()
    if reader is None:
        raise UserRefused(f"There is no reader {name!r}; `octavo user list` shows them.")
    return reader


def all_readers() -> list[ReaderRow]:
    """Everybody, in order of their names."""
    readers = User.objects.order_by("username")
    return [ReaderRow(r.username, r.email, role(r), r.date_joined, r.last_login) for r in readers]


def role(reader: User) -> str:
    """What they may do, in a word."""
    if not reader.is_active:
        return "blocked"
    return "administrator" if reader.is_superuser else "moderator" if reader.is_staff else "reader"


def has_admin() -> bool:
    """Whether there is an administrator who can sign in."""
    return User.objects.filter(is_superuser=True, is_active=True).exclude(password="").exists()


def admin_link(now: datetime | None = None) -> str:
    """The path of a fresh one-time link, below the site's address; earlier unused ones stop. Only its hash is kept."""
    now = now or timezone.now()
    token = secrets.token_urlsafe(LINK_BYTES)
    with transaction.atomic():
        LoginLink.objects.filter(used_at=None).delete()
        LoginLink.objects.create(token_hash=hashed(token), expires_at=now + LINK_LIFE)
    return f"{LINK_PATH}{token}"


def is_link_good(token: str, now: datetime | None = None) -> bool:
    """Whether the link would still be taken, for showing its page; looking uses nothing up."""
    return LoginLink.objects.filter(
        token_hash=hashed(token), used_at=None, expires_at__gt=now or timezone.now()
    ).exists()


def take_up_link(token: str, name: str, password: str, email: str = "", now: datetime | None = None) -> User:
    """Makes the link's bearer the administrator, once; UserRefused where it is used, expired or wrong."""
    now = now or timezone.now()
    with transaction.atomic():
        good = LoginLink.objects.filter(token_hash=hashed(token), used_at=None, expires_at__gt=now)
        if not good.update(used_at=now):
            raise UserRefused("This link has been used or has expired; `octavo user link` prints a new one.")
        return add(name, password, email=email, is_admin=True)


def hashed(token: str) -> str:
    """SHA-256 of a token: it is random and long, so no salt or stretching is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
