"""What a signed-in reader does with articles: read, unread, save, and a whole list at once, which can be undone."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from octavo.services import marks
from octavo.store import queries
from octavo.store.models import Article
from octavo.web.views.comments import reader
from octavo.web.views.lists import articles_at
from octavo.web.views.preferences import next_address

ACTIONS = {
    "read": lambda reader, key: marks.mark_read(reader, [key]),
    "unread": marks.mark_unread,
    "save": marks.save,
    "unsave": marks.unsave,
}


@login_required
@require_POST
def mark(request: HttpRequest, key: int) -> HttpResponse:
    """One mark on one article; answers 204 to a script and leads back otherwise."""
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        raise Http404
    get_object_or_404(Article.objects.only("id"), pk=key)
    action(reader(request), key)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return HttpResponseRedirect(next_address(request))


@login_required
@require_POST
def mark_all(request: HttpRequest) -> HttpResponse:
    """Marks a list as read as far as it was seen: what has arrived above it since stays unread."""
    articles = articles_at(request, request.POST.get("address", ""))
    seen = queries.Place.read(request.POST.get("seen", ""))
    if articles is None or seen is None:
        raise Http404
    shaped = marks.for_reader(articles, reader(request))
    batch = marks.mark_all_read(reader(request), queries.up_to(shaped, seen))
    count = batch.marks.count()
    said = ngettext("%(count)d article marked as read.", "%(count)d articles marked as read.", count) % {"count": count}
    back = next_address(request)
    link = f"/undo/{batch.pk}/?{urlencode({'next': back})}"
    messages.success(request, format_html('{} <a class="link" href="{}">{}</a>', said, link, _("Undo")))
    return HttpResponseRedirect(back)


@login_required
def undo(request: HttpRequest, batch: int) -> HttpResponse:
    """Takes one 'mark all read' back. It may be a plain link: it changes the reader's own marks only, and to what was."""
    count = marks.undo(reader(request), batch)
    said = ngettext("%(count)d article is unread again.", "%(count)d articles are unread again.", count)
    messages.success(request, said % {"count": count})
    return HttpResponseRedirect(next_address(request))


@login_required
@require_POST
def unread_only(request: HttpRequest) -> HttpResponse:
    """Shows only what is unread, or everything."""
    signed_in = reader(request)
    signed_in.unread_only = request.POST.get("on") == "1"
    signed_in.save(update_fields=["unread_only"])
    return HttpResponseRedirect(next_address(request))
