"""Articles go by age and number; what a reader keeps stays, and what went does not come back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from octavo.services.retention import prune
from octavo.store.models import Article, Comment, Identity, IndexWork, Picture, Saved, User
from tests.services.test_indexing import NOON, store

pytestmark = pytest.mark.django_db


def aged(title: str, days: int) -> Article:
    article = store(title, listed=False)
    article.sort_at = NOON - timedelta(days=days)
    article.save()
    Identity.objects.create(key=f"url:harbour.example/{title}", article=article)
    return article


def left() -> set[str]:
    return set(Article.objects.values_list("title", flat=True))


def test_by_age() -> None:
    aged("old", 31)
    aged("young", 29)
    assert prune(days=30, count=0, now=NOON).articles == 1
    assert left() == {"young"}


def test_by_number_the_newest_stay() -> None:
    for day in range(6):
        aged(f"day {day}", day)
    assert prune(days=0, count=4, now=NOON).articles == 2
    assert left() == {"day 0", "day 1", "day 2", "day 3"}


def test_no_bound_removes_nothing() -> None:
    aged("ancient", 9000)
    assert prune(days=0, count=0, now=NOON).articles == 0


def test_saved_and_commented_articles_stay() -> None:
    reader = User.objects.create_user("mara")
    Saved.objects.create(reader=reader, article=aged("saved", 99))
    Comment.objects.create(article=aged("commented", 99), author=reader, text="So it was.", posted_at=NOON)
    aged("read only", 99)
    assert prune(days=30, count=1, now=NOON).articles == 1
    assert left() == {"saved", "commented"}


def test_what_goes_leaves_its_identity_and_its_index_work() -> None:
    number = aged("old", 31).pk
    prune(days=30, count=0, now=NOON)
    identity = Identity.objects.get()
    assert (identity.article_id, identity.removed_at) == (None, NOON)
    assert list(IndexWork.objects.values_list("article_id", flat=True)) == [number]


def test_pictures_that_nobody_shows_go_with_their_files(data_folder: Path) -> None:
    folder = data_folder / "pictures" / "ab"
    folder.mkdir(parents=True)
    for name in ("abone-320.webp", "abone-640.webp", "abtwo-320.webp"):
        (folder / name).write_bytes(b"picture")
    for title, name, days in (("old", "ab/abone", 31), ("young", "ab/abtwo", 1)):
        article = aged(title, days)
        article.picture = Picture.objects.create(url=f"https://p.example/{name}", url_hash=name, name=name)
        article.save()
    assert prune(days=30, count=0, dry_run=True, now=NOON).pictures == 1
    assert prune(days=30, count=0, now=NOON).pictures == 1
    assert [path.name for path in folder.iterdir()] == ["abtwo-320.webp"]
    assert Picture.objects.get().name == "ab/abtwo"


def test_a_dry_run_changes_nothing() -> None:
    aged("old", 31)
    assert prune(days=30, count=0, dry_run=True, now=NOON).articles == 1
    assert left() == {"old"}


def test_many_go_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octavo.services.retention.STEP", 2)
    for day in range(5):
        aged(f"old {day}", 40 + day)
    told: list[int] = []
    assert prune(days=30, count=0, now=NOON, progress=lambda done, total, what: told.append(done)).articles == 5
    assert told == [2, 4, 5]
