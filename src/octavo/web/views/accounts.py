"""A reader's account: what they set, mute and save, and the page that a first administrator's link opens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from octavo.services import marks, users
from octavo.store.models import Article, Publisher
from octavo.web.forms import FirstAdminForm, ReaderForm
from octavo.web.views.comments import reader
from octavo.web.views.lists import Listing, show
from octavo.web.views.preferences import next_address

# The backend that a session is tied to when it begins without a password.
PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """What the reader has set and muted."""
    form = ReaderForm(request.POST or None, instance=reader(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Kept."))
        return redirect("account")
    muted = reader(request).muted.select_related("publisher").order_by("publisher__name", "word")
    return render(request, "account.html", {"form": form, "muted": muted})


@login_required
def saved(request: HttpRequest) -> HttpResponse:
    """The reader's saved articles."""
    articles = Article.objects.filter(saved__reader=reader(request))
    empty = _("Nothing saved yet. Press s on an article to keep it here.")
    listing = Listing(_("Saved"), "/saved/", articles, empty, has_feeds=False, is_shaped=False, is_folded=False)
    return show(request, listing)


@login_required
@require_POST
def mute(request: HttpRequest) -> HttpResponse:
    """Mutes a word or a publisher, or takes a muting back."""
    if gone := request.POST.get("unmute", ""):
        marks.unmute(reader(request), int(gone) if gone.isdigit() else 0)
    elif slug := request.POST.get("publisher"):
        publisher = get_object_or_404(Publisher, slug=slug)
        marks.mute_publisher(reader(request), publisher)
        messages.success(request, _("%(name)s no longer stands in your lists.") % {"name": publisher.name})
    elif not marks.mute_word(reader(request), request.POST.get("word", "")):
        messages.error(request, _("A muted word has 2 to 80 letters."))
    return HttpResponseRedirect(next_address(request))


def first_admin(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the one-time link on the terminal opens; its bearer becomes the administrator."""
    if not users.is_link_good(token):
        return render(request, "first_admin.html", {"form": None}, status=410)
    form = FirstAdminForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            admin = users.take_up_link(token, form.cleaned_data["name"], form.cleaned_data["password"])
        except users.UserRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            login(request, admin, backend=PASSWORD_BACKEND)
            return redirect("front")
    return render(request, "first_admin.html", {"form": form})
