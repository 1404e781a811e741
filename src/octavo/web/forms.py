"""Forms of the site: what a reader may send, and in which bounds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from octavo.core.talking.moderation import MAX_LENGTH
from octavo.services import mailing
from octavo.store.models import Flag, User, Verdict

FLAG_REASONS = [
    (Flag.Reason.ATTACK, _("an attack on a person")),
    (Flag.Reason.HATE, _("hatred of a group")),
    (Flag.Reason.SPAM, _("advertising")),
    (Flag.Reason.OFF_TOPIC, _("not about the article")),
    (Flag.Reason.OTHER, _("something else")),
]
DECISIONS = [
    (Verdict.Decision.KEEP, _("keep")),
    (Verdict.Decision.REMOVE, _("remove")),
    (Verdict.Decision.HOLD, _("hold")),
    (Verdict.Decision.RESTORE, _("restore")),
]


class CommentForm(forms.Form):
    """A comment's text and what it answers."""

    text = forms.CharField(max_length=MAX_LENGTH * 2, strip=True)
    parent = forms.IntegerField(required=False, min_value=1)


class FlagForm(forms.Form):
    """An objection."""

    reason = forms.ChoiceField(choices=FLAG_REASONS)
    note = forms.CharField(max_length=500, required=False)


class VerdictForm(forms.Form):
    """A moderator's decision with its reason."""

    decision = forms.ChoiceField(choices=DECISIONS)
    reason = forms.CharField(max_length=500)


class ReaderForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a reader sets for themselves."""

    class Meta:
        model = User
        fields = ("email", "unread_only", "brief_by_mail")
        labels = {
            "email": _("E-mail address (optional)"),
            "unread_only": _("Show only what I have not read"),
            "brief_by_mail": _("Send me Today’s Eight by e-mail each day"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offers mail only where it can be sent."""
        super().__init__(*args, **kwargs)
        if not mailing.is_possible():
            del self.fields["brief_by_mail"]

    def clean(self) -> dict[str, Any]:
        """Whoever wants mail must say where to."""
        cleaned = super().clean() or {}
        if cleaned.get("brief_by_mail") and not cleaned.get("email"):
            self.add_error("email", _("To be sent the brief, write your address."))
        return cleaned


class FirstAdminForm(forms.Form):
    """The name and password of the administrator who came by the one-time link."""

    name = forms.CharField(max_length=150, label=_("Name"))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), label=_("Password"))
    again = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), label=_("The password again")
    )

    def clean(self) -> dict[str, Any]:
        """Both passwords must agree."""
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return cleaned
