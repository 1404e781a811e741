"""Moderation: the queue for moderators, and the log of every decision for everybody."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from octavo.services import comments
from octavo.services.comments import CommentRefused
from octavo.store.models import Comment
from octavo.web.forms import DECISIONS, VerdictForm
from octavo.web.views.comments import reader

LOG_PAGE = 50
QUEUE_PAGE = 50


@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision."""
    refuse_readers(request)
    return render(request, "moderation_queue.html", {"comments": comments.queue()[:QUEUE_PAGE], "decisions": DECISIONS})


@login_required
def decide(request: HttpRequest, key: int) -> HttpResponse:
    """Takes a moderator's decision on one comment."""
    refuse_readers(request)
    comment = get_object_or_404(Comment, pk=key)
    form = VerdictForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        messages.error(request, _("Choose a decision and give a reason: it is shown in the public log."))
        return HttpResponseRedirect("/moderation/")
    try:
        comments.decide(reader(request), comment, form.cleaned_data["decision"], form.cleaned_data["reason"])
    except CommentRefused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect("/moderation/")


def log(request: HttpRequest) -> HttpResponse:
    """Every decision with its reason, the newest first; who wrote the comment is not named."""
    page = Paginator(comments.log(), LOG_PAGE).get_page(request.GET.get("page"))
    return render(request, "moderation_log.html", {"page": page})


def refuse_readers(request: HttpRequest) -> None:
    """Only moderators pass."""
    if not getattr(request.user, "is_staff", False):
        raise PermissionDenied
