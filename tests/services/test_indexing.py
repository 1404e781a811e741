"""The index agrees with the store: after any kill, beside a late writer, and when its folder is torn or strange."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from octavo.index.text import TextWriter, current_folder
from octavo.services import indexing
from octavo.services.indexing import reader_of
from octavo.services.search import search
from octavo.store.models import Article, ArticleVersion, IndexState, IndexWork, Publisher

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def closed(data_folder: Path) -> Iterator[None]:
    yield
    indexing.close()


def store(title: str, text: str = "", listed: bool = True) -> Article:
    publisher, _ = Publisher.objects.get_or_create(slug="harbour-post", name="Harbour Post")
    article = Article.objects.create(
        publisher=publisher, url=f"https://harbour.example/{title}", title=title, arrived_at=NOON, sort_at=NOON,
        language="en", quality="full",
    )  # fmt: skip
    article.version = ArticleVersion.objects.create(
        article=article, number=1, title=title, text=text, text_hash="", quality="full", made_at=NOON
    )
    article.save()
    if listed:
        IndexWork.objects.create(article_id=article.pk)
    return article


def found(query: str) -> list[str]:
    return [hit.title for hit in search(query, now=NOON).hits]


def indexed() -> int:
    return reader_of(indexing.index_root()).count()


def test_what_is_listed_is_found_and_struck_off() -> None:
    store("Ferry late")
    assert indexing.catch_up() == 1
    assert found("ferries") == ["Ferry late"]
    assert indexing.behind() == 0
    assert indexing.catch_up() == 0


def test_an_edit_replaces_and_a_removal_removes() -> None:
    article = store("Ferry late")
    indexing.catch_up()
    Article.objects.filter(pk=article.pk).update(title="Train late")
    IndexWork.objects.create(article_id=article.pk)
    indexing.catch_up()
    assert (found("ferry"), found("train")) == ([], ["Train late"])
    number = article.pk
    article.delete()
    IndexWork.objects.create(article_id=number)
    indexing.catch_up()
    assert indexed() == 0


def test_a_kill_after_the_commit_repeats_the_work_without_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    store("Ferry late")
    indexing.catch_up()
    store("Train late")
    commit = TextWriter.commit

    def killed(writer: TextWriter) -> None:
        commit(writer)
        raise KeyboardInterrupt

    monkeypatch.setattr(TextWriter, "commit", killed)
    with pytest.raises(KeyboardInterrupt):
        indexing.catch_up()
    monkeypatch.undo()
    assert indexing.behind() == 1
    indexing.close()
    assert indexing.catch_up() == 1
    assert indexed() == 2


def test_a_kill_before_the_commit_loses_nothing() -> None:
    store("Ferry late")
    indexing.catch_up()
    store("Train late")
    writer = indexing._open_writer()
    writer.put(indexing.documents([Article.objects.get(title="Train late").pk]))
    indexing.close()
    assert indexing.catch_up() == 1
    assert indexed() == 2


def test_a_torn_index_is_rebuilt_from_the_store() -> None:
    store("Ferry late")
    indexing.catch_up()
    indexing.close()
    folder = current_folder(indexing.index_root())
    assert folder is not None
    (folder / "meta.json").write_text("{")
    assert not search("ferry", now=NOON).is_ready
    indexing.catch_up()
    assert found("ferry") == ["Ferry late"]
    assert not folder.exists()


@pytest.mark.parametrize("harm", ["removed", "of another database"])
def test_an_index_that_is_not_this_stores_is_rebuilt(harm: str) -> None:
    store("Ferry late")
    indexing.catch_up()
    indexing.close()
    if harm == "removed":
        shutil.rmtree(indexing.index_root())
    else:
        IndexState.objects.update(schema="text1-another")
    indexing.catch_up()
    assert found("ferry") == ["Ferry late"]


def test_a_late_writer_strikes_nothing_off_after_another_took_over() -> None:
    store("Ferry late")
    indexing.catch_up()
    IndexState.objects.update(schema="building text1-another")
    store("Train late")
    with pytest.raises(indexing.IndexTaken):
        indexing.catch_up()
    assert indexing.behind() == 1


def test_a_rebuild_tells_its_progress_and_leaves_out_what_has_no_text() -> None:
    for number in range(5):
        store(f"Ferry {number}")
    Article.objects.filter(title="Ferry 4").update(version=None)
    told: list[tuple[int, int | None]] = []
    assert indexing.rebuild(lambda done, total, what: told.append((done, total))) == 4
    assert told[-1] == (4, 4)
    assert indexed() == 4


def test_the_queries_do_not_grow_with_the_articles(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    store("Ferry late")
    indexing.catch_up()
    for number in range(20):
        store(f"Train {number}")
    # The list, the articles, then state and strikes in one transaction, then the list again, empty.
    with django_assert_num_queries(7):
        indexing.catch_up()


def test_a_step_can_be_bounded() -> None:
    for number in range(5):
        store(f"Train {number}")
    indexing.catch_up(most=2)
    assert indexing.behind() == 3
