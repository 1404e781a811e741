"""Comments: posting, editing, deleting and flagging. Each works as a plain form."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from octavo.services import comments
from octavo.services.comments import CommentRefused
from octavo.store.models import Article, Comment, User
from octavo.web.forms import FLAG_REASONS, CommentForm, FlagForm


def place_of(comment: Comment) -> str:
    """The address of a comment on its article's page."""
    return f"/articles/{comment.article_id}/#comment-{comment.pk}"


@login_required
@require_POST
def post(request: HttpRequest, key: int) -> HttpResponse:
    """A new comment; what cannot be taken is shown again with the reason, so that no text is lost."""
    article = get_object_or_404(Article, pk=key)
    form = CommentForm(request.POST)
    parent = None
    if form.is_valid() and form.cleaned_data["parent"]:
        parent = get_object_or_404(Comment, pk=form.cleaned_data["parent"])
    try:
        posted = comments.post(reader(request), article, form.cleaned_data.get("text", ""), parent)
    except CommentRefused as refusal:
        shown = {"article": article, "parent": parent, "text": request.POST.get("text", ""), "refusal": refusal}
        return render(request, "comment_write.html", shown, status=409)
    if posted.state == Comment.State.HELD:
        messages.info(request, _("Your comment waits for a moderator."))
    return HttpResponseRedirect(place_of(posted))


@login_required
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Changes one's own comment while its edit window is open."""
    comment = own(request, key)
    text, refusal = request.POST.get("text", comment.text), None
    if request.method == "POST":
        try:
            comments.edit(reader(request), comment, text)
            return HttpResponseRedirect(place_of(comment))
        except CommentRefused as reason:
            refusal = reason
    elif not comments.can_edit(reader(request), comment, timezone.now()):
        messages.error(request, _("This comment can no longer be edited."))
        return HttpResponseRedirect(place_of(comment))
    shown = {"article": comment.article, "comment": comment, "text": text, "refusal": refusal}
    return render(request, "comment_write.html", shown, status=409 if refusal else 200)


@login_required
@require_POST
def delete(request: HttpRequest, key: int) -> HttpResponse:
    """Takes one's own comment back."""
    comment = own(request, key)
    try:
        comments.delete(reader(request), comment)
    except CommentRefused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(place_of(comment))


@login_required
def flag(request: HttpRequest, key: int) -> HttpResponse:
    """Objects to a comment, with a reason."""
    comment = get_object_or_404(Comment.objects.select_related("author", "article"), pk=key)
    form = FlagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            comments.flag(reader(request), comment, form.cleaned_data["reason"], form.cleaned_data["note"])
            messages.success(request, _("A moderator will look at it."))
        except CommentRefused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(place_of(comment))
    return render(request, "comment_flag.html", {"comment": comment, "form": form, "reasons": FLAG_REASONS})


def own(request: HttpRequest, key: int) -> Comment:
    """The signed-in reader's own comment of that number."""
    return get_object_or_404(Comment.objects.select_related("article"), pk=key, author=reader(request))


def reader(request: HttpRequest) -> User:
    """The signed-in reader, behind login_required."""
    return cast(User, request.user)
