"""The whole site on one screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import views as allauth
from django.contrib import admin
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, path

from octavo.web.views import (
    about,
    abstracts,
    accounts,
    article,
    asking,
    briefs,
    comments,
    corrections,
    errors,
    feeds,
    following,
    front,
    health,
    lists,
    moderation,
    panel,
    preferences,
    publishers,
    reading_state,
    receipts,
    search,
    site,
    story,
    topics,
)


def listing(prefix: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """A list in its three forms: a page, and the same as Atom and as JSON Feed beside it."""
    forms: dict[str, dict[str, Any]] = {"": {}, "feed.atom": {"form": "atom"}, "feed.json": {"form": "json"}}
    return [path(prefix + end, view, kwargs, name=name + end.replace("feed.", "_")) for end, kwargs in forms.items()]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    # Lists
    *listing("latest/", lists.latest, "latest"),
    *listing("sections/<slug:section>/", lists.by_section, "section"),
    *listing("countries/<str:country>/", lists.by_country, "country"),
    *listing("languages/<str:language>/", lists.by_language, "language"),
    *listing("publishers/<str:slug>/", publishers.publisher, "publisher"),
    path("tags/", topics.directory, name="topics"),
    *listing("tags/<str:key>/", topics.topic, "hashtag"),
    *listing("folders/<int:key>/", lists.by_folder, "folder"),
    *listing("search/", search.search, "search"),
    path("ask/", asking.of_archive, name="ask"),
    *listing("stories/", story.latest, "stories"),
    path("stories/<int:key>/", story.story, name="story"),
    path("stories/<int:key>/ask/", asking.of_story, name="ask_story"),
    path("stories/<int:key>/correct/", corrections.correct, name="correct"),
    path("stories/log/", corrections.log, name="corrections"),
    path("corrections/<int:key>/undo/", corrections.undo, name="correction_undo"),
    # Today's Eight
    *listing("briefs/", briefs.archive, "briefs"),
    *listing("briefs/<str:day>/", briefs.brief, "brief"),
    path("briefs/<str:day>/brief.json", briefs.document, name="brief_document"),
    path("publishers/", publishers.directory, name="publishers"),
    # One article
    path("articles/<int:key>/", article.article, name="article"),
    path("articles/<int:key>/versions/", article.versions, name="versions"),
    path("articles/<int:key>/told/", abstracts.tell, name="told"),
    path("articles/<int:key>/panel/<slug:name>/", panel.feature, name="panel"),
    path("articles/<int:key>/ask/", asking.of_article, name="ask_article"),
    path("passages/<int:key>/<str:written>/", receipts.passage, name="passage"),
    path("articles/<int:key>/mark/", reading_state.mark, name="mark"),
    # Comments
    path("articles/<int:key>/comments/", comments.post, name="comment_post"),
    path("comments/<int:key>/edit/", comments.edit, name="comment_edit"),
    path("comments/<int:key>/delete/", comments.delete, name="comment_delete"),
    path("comments/<int:key>/flag/", comments.flag, name="comment_flag"),
    path("moderation/", moderation.queue, name="moderation"),
    path("moderation/<int:key>/", moderation.decide, name="moderation_decide"),
    path("moderation/log/", moderation.log, name="moderation_log"),
    # A reader's own
    path("saved/", accounts.saved, name="saved"),
    path("following/", following.followed, name="following"),
    path("follow/", following.follow, name="follow"),
    path("read-all/", reading_state.mark_all, name="mark_all"),
    path("undo/<int:batch>/", reading_state.undo, name="undo"),
    path("unread-only/", reading_state.unread_only, name="unread_only"),
    path("account/", accounts.account, name="account"),
    path("account/mute/", accounts.mute, name="mute"),
    path("accounts/login/", allauth.login, name="account_login"),
    path("accounts/logout/", allauth.logout, name="account_logout"),
    path("accounts/signup/", allauth.signup, name="account_signup"),
    path("accounts/password/", allauth.password_change, name="account_change_password"),
    path("accounts/first/<str:token>", accounts.first_admin, name="first_admin"),
    # Feeds
    path("feeds/", feeds.overview, name="feeds"),
    path("feeds/add/", feeds.add, name="feed_add"),
    path("feeds/refresh/", feeds.refresh, name="feeds_refresh"),
    path("feeds/demo/remove/", feeds.remove_demo, name="demo_remove"),
    path("feeds/opml/", feeds.opml, name="feeds_opml"),
    path("feeds/<int:key>/", feeds.edit, name="feed_edit"),
    # About the installation
    path("health/", health.feed_health, name="feed_health"),
    path("egress/", abstracts.ledger, name="egress"),
    path("about/", about.about, name="about"),
    path("preferences/", preferences.preferences, name="preferences"),
    # For machines
    path("pictures/<path:name>", site.picture, name="picture"),
    path("assets/<str:name>", site.asset, name="asset"),
    path("manifest.webmanifest", site.manifest, name="manifest"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("robots.txt", site.robots, name="robots"),
    path("healthz", site.healthz, name="healthz"),
    path("metrics", site.metrics, name="metrics"),
    path("admin/", admin.site.urls),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
