"""Following as pages: a button on what can be followed, and the reader's own list of what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from octavo.services import following
from octavo.services.following import Followed
from octavo.store.models import Hashtag, Publisher, Story
from octavo.web.views.comments import reader
from octavo.web.views.lists import Listing, show
from octavo.web.views.preferences import next_address

STORY = re.compile(r"[0-9]{1,18}")
# What can be followed, by the name that forms use; a hashtag is one of each language that has it.
FOLLOWED: dict[str, Callable[[str], Sequence[Followed]]] = {
    "publisher": lambda key: list(Publisher.objects.filter(slug=key)),
    "hashtag": lambda key: list(Hashtag.objects.filter(key=key)),
    "story": lambda key: list(Story.objects.filter(pk=key)) if STORY.fullmatch(key) else [],
}


@login_required
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Follows something, or no longer; leads back."""
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
    found = FOLLOWED[kind](key) if kind in FOLLOWED else []
    if not found:
        raise Http404
    change = following.unfollow if request.POST.get("action") == "unfollow" else following.follow
    for one in found:
        change(reader(request), one)
    return HttpResponseRedirect(next_address(request))


@login_required
def followed(request: HttpRequest) -> HttpResponse:
    """What the reader follows, and the articles that came of it, the newest first."""
    mine = following.followed_by(reader(request))
    empty = _(
        "Nothing yet. What you follow raises its stories in your eight and stands here: publishers, hashtags, stories."
    )
    extra = {"follows": mine}
    articles = following.articles_for(reader(request))
    listing = Listing(_("Following"), "/following/", articles, empty, "following.html", extra=extra, has_feeds=False)
    return show(request, listing)
