"""Feeds as those who may edit them see them: the list by folder, adding with a look first, editing, OPML, refresh now."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from octavo.core.types import SECTIONS
from octavo.services import demo, feeds
from octavo.services import refresh as refreshing
from octavo.services.feeds import FeedProblem, Imported
from octavo.sources.opml import LARGEST, OpmlError
from octavo.sources.refusals import Refusal
from octavo.store import queries
from octavo.store.models import Feed

OPML_TYPE = "text/x-opml; charset=utf-8"

View = Callable[..., HttpResponse]


def for_editors(view: View) -> View:
    """Lets through those who may edit feeds: every signed-in reader or the staff only, by setting."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.OCTAVO.feed_editors == "staff" and not getattr(request.user, "is_staff", False):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


@for_editors
def overview(request: HttpRequest) -> HttpResponse:
    """All feeds by folder, and what can be done with them."""
    shown = {"feeds": queries.feeds_by_folder(), "demo": demo.is_here()}
    return render(request, "feeds.html", shown)


@for_editors
def add(request: HttpRequest) -> HttpResponse:
    """Looks at an address first and shows what is there; adds what is then chosen."""
    address = request.POST.get("address", request.GET.get("address", "")).strip()
    shown: dict[str, Any] = {"address": address, "folders": queries.folders(), "sections_known": SECTIONS}
    if request.method == "POST" and address:
        try:
            if chosen := request.POST.get("chosen"):
                return added(request, chosen)
            shown["found"] = feeds.preview(address)
        except (FeedProblem, Refusal) as problem:
            shown["problem"] = problem
    return render(request, "feed_add.html", shown, status=409 if "problem" in shown else 200)


def added(request: HttpRequest, address: str) -> HttpResponse:
    """Adds one feed and leads to its page; it is polled at once."""
    section = request.POST.get("section", "")
    feed = feeds.add(address, folder=request.POST.get("folder", ""), section=section if section in SECTIONS else "")[0]
    refreshing.ask(feed_ids=[feed.pk])
    messages.success(request, _("Added. Its first articles stand on the front page in a moment."))
    return redirect("feed_edit", key=feed.pk)


@for_editors
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """One feed: what it is, how polling goes, and its verbs."""
    feed = get_object_or_404(Feed.objects.select_related("publisher", "folder"), pk=key)
    shown: dict[str, Any] = {"feed": feed, "folders": queries.folders(), "sections_known": SECTIONS}
    if request.method == "POST":
        try:
            return do(request, feed)
        except (FeedProblem, Refusal) as problem:
            shown["problem"] = problem
    return render(request, "feed_edit.html", shown, status=409 if "problem" in shown else 200)


def do(request: HttpRequest, feed: Feed) -> HttpResponse:
    """The verb that a feed's form names; keeping its fields is the usual one."""
    match request.POST.get("verb"):
        case "pause":
            feeds.pause(feed)
        case "resume":
            feeds.resume(feed)
        case "refresh":
            refreshing.ask(feed_ids=[feed.pk], everything=True)
            messages.success(request, _("It is polled as soon as the worker is free."))
        case "remove":
            feeds.remove(feed)
            messages.success(request, _("Removed. Its articles stay."))
            return redirect("feeds")
        case _:
            wanted = {name: request.POST.get(name, "") for name in ("title", "url", "folder", "section", "language")}
            feeds.edit(feed, **wanted)
            messages.success(request, _("Kept."))
    return redirect("feed_edit", key=feed.pk)


@for_editors
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Asks the worker to poll every feed now."""
    refreshing.ask(everything=True)
    messages.success(request, _("All feeds are polled as soon as the worker is free."))
    return HttpResponseRedirect("/feeds/")


@for_editors
@require_POST
def remove_demo(request: HttpRequest) -> HttpResponse:
    """Takes the demo press out, with all that came from it."""
    demo.remove()
    messages.success(request, _("The demo press is gone."))
    return HttpResponseRedirect("/feeds/")


@for_editors
def opml(request: HttpRequest) -> HttpResponse:
    """All feeds as OPML; a posted file adds the feeds of its list."""
    if request.method != "POST":
        headers = {"Content-Disposition": 'attachment; filename="octavo.opml"'}
        return HttpResponse(feeds.export_opml(), content_type=OPML_TYPE, headers=headers)
    sent = request.FILES.get("list")
    if sent is None or (sent.size or 0) > LARGEST:
        messages.error(request, _("Choose an OPML file of at most 8 MB."))
        return redirect("feeds")
    try:
        outcome = feeds.import_opml(sent.read())
        messages.success(request, told(outcome))
        refreshing.ask()
    except OpmlError as problem:
        messages.error(request, _(str(problem)))
    return redirect("feeds")


def told(outcome: Imported) -> str:
    """What came of a list, in the reader's language."""
    counted = (
        (outcome.added, ngettext("%(n)s feed added.", "%(n)s feeds added.", outcome.added), True),
        (outcome.known, ngettext("%(n)s was here already.", "%(n)s were here already.", outcome.known), False),
        (len(outcome.left_out), ngettext("%(n)s was left out.", "%(n)s were left out.", len(outcome.left_out)), False),
    )
    said = [sentence % {"n": count} for count, sentence, always in counted if count or always]
    if outcome.mended:
        said.append(_("The file is broken; what could be read of it was taken."))
    return " ".join(said)
