"""Correcting stories: splitting an article off, joining another story, taking that back, and the public log of it all.

Each step is a plain form: choose, see what will happen, confirm. What may be said, and by whom, `services/stories.py` decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from octavo.services import stories as editing
from octavo.services.stories import CorrectionRefused
from octavo.store import queries, stories
from octavo.store.models import Article, Correction, Story
from octavo.web.views.comments import reader
from octavo.web.views.story import linked

LOG_PAGE = 50
# How a story or an article may be named: by its address here, whole or in part, or a story by its number.
ADDRESS = re.compile(r"(?:^|/)(?P<kind>stories|articles)/(?P<key>\d{1,18})/?(?:[?#].*)?$")
NUMBER = re.compile(r"\d{1,18}")
LONGEST_ADDRESS = 2_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What a moderator wants said: that an article and another are, or are not, one story."""

    verb: str
    article: Article
    other: Article | None
    reason: str


@login_required
def correct(request: HttpRequest, key: int) -> HttpResponse:
    """Splits an article off a story, or joins another story to it: choose, see what will happen, confirm."""
    if not editing.may_correct(request.user):
        raise PermissionDenied
    shown = stories.story(key) if key <= queries.LARGEST_KEY else None
    if shown is None:
        raise Http404
    if shown.pk != key and request.method != "POST":
        return HttpResponseRedirect(f"/stories/{shown.pk}/correct/")
    if request.method != "POST":
        return choose(request, shown)
    try:
        wish = read(request, shown)
        if "confirmed" not in request.POST:
            return render(
                request, "correct_confirm.html", {"story": shown, "wish": wish, "other": request.POST.get("other", "")}
            )
        return done(request, shown, say(request, wish))
    except CorrectionRefused as refusal:
        return choose(request, shown, refusal)


def choose(request: HttpRequest, shown: Story, refusal: CorrectionRefused | None = None) -> HttpResponse:
    """The forms; after a refusal with what was written, so that nothing is lost."""
    affair = stories.affair(shown)
    context = {
        "story": shown,
        "texts": stories.coverage(shown.pk),
        "nearby": linked([*affair.earlier, *affair.later]),
        "refusal": refusal,
        "written": request.POST,
    }
    return render(request, "correct.html", context, status=409 if refusal else 200)


def read(request: HttpRequest, shown: Story) -> Wish:
    """What the form asks for. CorrectionRefused where it is not clear."""
    verb, reason = request.POST.get("verb", ""), request.POST.get("reason", "").strip()
    if not reason:
        raise CorrectionRefused(_("Give a reason: it is shown in the public log."))
    if verb == Correction.Verb.APART:
        chosen = request.POST.get("article", "")
        article = shown.articles.filter(pk=int(chosen)).first() if NUMBER.fullmatch(chosen) else None
        if article is None:
            raise CorrectionRefused(_("Choose the article that does not belong to this story."))
        return Wish(verb, article, None, reason)
    own, other = head(shown), named(request.POST.get("other", "") or request.POST.get("near", ""))
    if verb != Correction.Verb.TOGETHER or own is None or other is None:
        raise CorrectionRefused(_("Give the address of a story or an article that is here."))
    if other.story_id == shown.pk:
        raise CorrectionRefused(_("These two are one story already."))
    return Wish(verb, own, other, reason)


def named(written: str) -> Article | None:
    """The article that an address or a number means, a story's headline for a story; None where there is none."""
    written = written.strip()[:LONGEST_ADDRESS]
    match = ADDRESS.search(written)
    if match and match["kind"] == "articles":
        return Article.objects.filter(pk=int(match["key"])).first()
    number = match["key"] if match else written
    found = stories.story(int(number)) if NUMBER.fullmatch(number) else None
    return head(found) if found else None


def head(story: Story) -> Article | None:
    """The article that speaks for a story; its newest where that one is gone."""
    return story.headline or story.articles.first()


def say(request: HttpRequest, wish: Wish) -> Correction:
    """Stores the correction."""
    if wish.other is None:
        return editing.split(reader(request), wish.article, wish.reason)
    return editing.join(reader(request), wish.article, wish.other, wish.reason)


def done(request: HttpRequest, shown: Story, correction: Correction) -> HttpResponse:
    """Back to the story, with the way to take it back."""
    messages.success(request, undo_offer(request, correction, _("Noted. The story changes within seconds.")))
    return HttpResponseRedirect(f"/stories/{shown.pk}/")


def undo_offer(request: HttpRequest, correction: Correction, said: str) -> str:
    """A sentence with the button that takes the correction back."""
    form = (
        '{} <form class="inline" action="/corrections/{}/undo/" method="post">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><button class="quiet">{}</button></form>'
    )
    return format_html(form, said, correction.pk, get_token(request), _("Undo"))


@login_required
@require_POST
def undo(request: HttpRequest, key: int) -> HttpResponse:
    """Takes a correction back."""
    if not editing.may_correct(request.user):
        raise PermissionDenied
    correction = get_object_or_404(Correction.objects.select_related("article"), pk=key)
    try:
        editing.withdraw(reader(request), correction)
        messages.success(request, _("Taken back. The story changes within seconds."))
    except CorrectionRefused as refusal:
        messages.error(request, str(refusal))
    article = correction.article
    where = f"/stories/{article.story_id}/" if article and article.story_id else "/stories/log/"
    return HttpResponseRedirect(where)


def log(request: HttpRequest) -> HttpResponse:
    """Every correction with its reason, the newest first."""
    page = Paginator(editing.log(), LOG_PAGE).get_page(request.GET.get("page"))
    return render(request, "corrections_log.html", {"page": page, "may_correct": editing.may_correct(request.user)})
