"""Stored articles get their hashtags anew when the rules have changed; whoever follows a topic goes on following it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from octavo.core.telling import hashtags
from octavo.services import tagging
from octavo.store.models import Article, ArticleVersion, Follow, Hashtag, IndexState, Publisher, User
from tests.services.desks import held

pytestmark = pytest.mark.django_db

TEXT = (
    "Maren Oldt opened the Harbour Council of Velmara. Oldt left. The Harbour Council met; Velmara slept. Velmara woke."
)


@pytest.fixture
def publisher() -> Publisher:
    return Publisher.objects.create(slug="quay", name="The Quay", language="en")


def store(publisher: Publisher, text: str = TEXT) -> Article:
    now = timezone.now()
    number = Article.objects.count()
    article = Article.objects.create(
        publisher=publisher,
        url=f"https://quay.example/{number}",
        title="Velmara",
        language="en-GB",
        arrived_at=now,
        sort_at=now,
    )
    article.version = ArticleVersion.objects.create(
        article=article, number=1, text=text, text_hash=str(number), quality="full", made_at=now
    )
    article.save()
    return article


def keys(article: Article) -> set[str]:
    return set(article.hashtags.values_list("key", flat=True))


def test_stored_articles_get_the_hashtags_of_the_rules_of_now_once(publisher, django_assert_num_queries):
    articles = [store(publisher) for _ in range(tagging.STEP + 3)]
    articles[0].hashtags.add(Hashtag.objects.create(key="opened", label="opened", language="en"))
    lease = held()

    while tagging.catch_up(lease):
        pass

    assert all({"velmara", "marenoldt", "harbourcouncil"} <= keys(article) for article in articles)
    assert not Hashtag.objects.filter(key="opened").exists()
    assert IndexState.objects.get(name=tagging.STATE).position == 0
    with django_assert_num_queries(1):
        assert not tagging.catch_up(lease)


def test_other_rules_begin_it_again(publisher, monkeypatch):
    article = store(publisher)
    lease = held()
    tagging.catch_up(lease)
    article.hashtags.clear()
    tagging.catch_up(lease)
    assert keys(article) == set()

    monkeypatch.setattr(tagging, "RULES", hashtags.RULES + "b")
    tagging.catch_up(lease)
    assert "velmara" in keys(article)


def test_a_follower_of_a_topic_with_another_key_now_follows_that(publisher):
    store(publisher)
    reader = User.objects.create(username="reader")
    old = Hashtag.objects.create(key="the-old-key", label="HarbourCouncil", language="en")
    Follow.objects.create(reader=reader, hashtag=old)
    gone = Hashtag.objects.create(key="nowhere", label="Nowhere", language="en")
    Follow.objects.create(reader=reader, hashtag=gone)
    lease = held()
    while tagging.catch_up(lease):
        pass

    assert set(Follow.objects.values_list("hashtag__key", flat=True)) == {"harbourcouncil", "nowhere"}
    assert not Hashtag.objects.filter(key="the-old-key").exists()


def test_a_topic_is_shown_by_its_better_label_whichever_came_first(publisher):
    one, other = store(publisher), store(publisher)
    for article, label in ((one, "JoseFerran"), (other, "JoséFerrán"), (one, "JoseFerran")):
        tagging.write({article.pk: tagging.rows([hashtags.Hashtag("joseferran", label)], "en")})

    assert Hashtag.objects.get().label == "JoséFerrán"
    assert keys(one) == keys(other) == {"joseferran"}
