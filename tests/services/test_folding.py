"""Articles become stories, once each and in the order of their list; a kill at any moment gives the same stories."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from octavo.ai.embedding import READS, EmbeddingError
from octavo.core.folding.window import WINDOW
from octavo.services import deskfile, laying, leases, placing
from octavo.services import folding as stage
from octavo.services.folding import Folding
from octavo.services.placing import DeskTaken
from octavo.store import vectors
from octavo.store.models import Article, FoldState, FoldWork, Lease, Placement, Story, TermCheckpoint, Vector
from tests.services.desks import (
    AGAIN,
    CHESS,
    LOCK,
    HashEncoder,
    folding,
    held,
    names,
    order,
    store_article,
    store_press,
    stories,
)

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Stands for a SIGKILL: nothing that runs after it may count."""


def test_of_what_arrived_together_the_first_to_be_published_is_laid_down_first(data_folder: Path) -> None:
    copy = store_article("Barges aground as lock gives way", AGAIN, "mirror", hours=1)
    first = store_article("Barges aground as Wendover lock gives way", AGAIN, "wire", hours=3)
    folding(data_folder).catch_up(held())
    assert order() == [first.pk, copy.pk]
    assert Placement.objects.get(article=copy).copy_of == first


def test_what_is_listed_is_placed_in_its_order_and_struck_off(data_folder: Path) -> None:
    made = store_press(30)
    assert folding(data_folder).catch_up(held(), finish=True) == 30
    assert order() == [article.pk for article in made]
    assert laying.behind() == 0
    assert Article.objects.filter(story=None).count() == 0


def test_two_reports_of_one_event_are_one_story_and_a_third_is_not(data_folder: Path) -> None:
    store_press(20)
    one = store_article("Lock seven gives way at Wendover", LOCK, "post")
    other = store_article("Barges aground as Wendover lock gives way", AGAIN, "herald")
    third = store_article("Tarfell takes the islands' chess title", CHESS, "post")
    folding(data_folder).catch_up(held(), finish=True)
    for article in (one, other, third):
        article.refresh_from_db()
    assert one.story == other.story
    assert one.story is not None
    assert third.story != one.story
    assert (one.story.article_count, one.story.publisher_count, one.story.text_count) == (2, 2, 2)
    assert one.story.headline_id in (one.pk, other.pk)
    assert {"Wendover", "Hollis"} <= set(one.story.why["names"])
    assert {(link["left"], link["right"]) for link in one.story.why["links"]} == {(one.pk, other.pk)}


def test_an_article_that_is_listed_twice_is_placed_once(data_folder: Path) -> None:
    article = store_article("Lock seven gives way", LOCK)
    FoldWork.objects.create(article_id=article.pk)
    desk = folding(data_folder)
    desk.catch_up(held())
    FoldWork.objects.create(article_id=article.pk)
    assert desk.catch_up(held()) == 0
    assert (Placement.objects.count(), FoldWork.objects.count()) == (1, 0)


def test_articles_without_words_and_articles_that_are_gone_are_struck_off(data_folder: Path) -> None:
    store_article("")
    FoldWork.objects.create(article_id=987654)
    assert folding(data_folder).catch_up(held()) == 0
    assert FoldWork.objects.count() == 0


def test_an_article_without_a_text_is_placed_by_its_title(data_folder: Path) -> None:
    article = store_article("Lock seven gives way at Wendover")
    folding(data_folder).catch_up(held())
    article.refresh_from_db()
    assert article.story is not None


def begin_again(articles: list[int]) -> None:
    """Lists articles as if none had ever been folded."""
    for kind in (Story, Placement, FoldState, TermCheckpoint, FoldWork):
        kind.objects.all().delete()
    FoldWork.objects.bulk_create([FoldWork(article_id=key) for key in articles])


def killed_at_random(make: Callable[[], Folding], chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> int:
    """Folds to the end through processes that die now before, now within, now after a transaction; how many died."""
    deaths = 0
    save, note = placing.save, placing._note

    def maybe_die(moment: str) -> None:
        if chance.random() < 0.2:
            raise Killed(moment)

    def saved(*arguments: object) -> None:
        maybe_die("before")
        save(*arguments)  # type: ignore[arg-type]
        maybe_die("after")

    def noted(*arguments: object) -> None:
        maybe_die("within")
        note(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(placing, "save", saved)
    monkeypatch.setattr(placing, "_note", noted)
    while laying.behind():
        try:
            make().catch_up(held(), finish=True)
        except Killed:
            deaths += 1
    return deaths


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many transactions, repairs, files and checkpoints for few articles."""
    monkeypatch.setattr(stage, "BATCH", 7)
    monkeypatch.setattr(stage, "REPAIR_EVERY", 20)
    monkeypatch.setattr(stage, "SNAPSHOT_EVERY", 10**9)
    monkeypatch.setattr(deskfile, "CHECKPOINT_EVERY", 10)


@pytest.mark.parametrize(
    ("encoder", "window", "snapshot_every"),
    [(None, WINDOW, 10**9), (HashEncoder(), WINDOW, 10**9), (HashEncoder(), 25, 10**9), (HashEncoder(), 25, 30)],
    ids=["by words", "by vectors", "with old articles leaving", "from files"],
)
def test_kills_at_any_moment_give_the_stories_of_an_undisturbed_run(
    encoder: HashEncoder | None,
    window: int,
    snapshot_every: int,
    data_folder: Path,
    small_steps: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = [article.pk for article in store_press(70)]
    folding(data_folder, encoder, window).catch_up(held(), finish=True)
    whole = names()
    begin_again(made)
    monkeypatch.setattr(stage, "SNAPSHOT_EVERY", snapshot_every)
    deaths = killed_at_random(lambda: folding(data_folder, encoder, window), random.Random(11), monkeypatch)
    assert deaths >= 5
    assert order() == made
    assert names() == whole
    assert len(list((data_folder / "desk").glob("*"))) == (1 if snapshot_every < 100 else 0)


@pytest.mark.parametrize("harm", ["none", "torn", "rotten", "gone", "of another model", "of another store"])
def test_a_desks_file_is_taken_only_if_it_is_whole_and_this_stores(
    harm: str, data_folder: Path, small_steps: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "SNAPSHOT_AT_END", 1)
    made = [article.pk for article in store_press(60)]
    folding(data_folder, HashEncoder()).catch_up(held(), finish=True)
    whole = names()
    begin_again(made[:40])
    desk, lease = folding(data_folder, HashEncoder()), held()
    desk.catch_up(lease)
    desk.put_away(lease)
    (file,) = (data_folder / "desk").glob("*")
    if harm == "torn":
        file.write_bytes(file.read_bytes()[:-2000])
    elif harm == "rotten":
        # Its directory names a compression that nobody knows.
        whole_file = bytearray(file.read_bytes())
        whole_file[whole_file.rindex(b"PK\x01\x02") + 10] = 99
        file.write_bytes(whole_file)
    elif harm == "gone":
        file.unlink()
    elif harm == "of another store":
        FoldState.objects.update(snapshot="")
    FoldWork.objects.bulk_create([FoldWork(article_id=key) for key in made[40:]])
    laid = []
    replay = stage.Desk.replay
    monkeypatch.setattr(stage.Desk, "replay", lambda self, *args: laid.append(args) or replay(self, *args))
    encoder = HashEncoder("hash/other") if harm == "of another model" else HashEncoder()
    folding(data_folder, encoder).catch_up(lease, finish=True)
    assert len(laid) == (0 if harm == "none" else 40)
    if harm != "of another model":
        assert names() == whole


def test_a_process_that_lost_the_desk_saves_nothing(data_folder: Path) -> None:
    store_article("Lock seven gives way", LOCK)
    late = held()
    Lease.objects.filter(name=leases.DESK).update(holder="elsewhere:1:1", number=late.number + 1)
    with pytest.raises(DeskTaken):
        folding(data_folder).catch_up(late)
    assert (Placement.objects.count(), FoldWork.objects.count()) == (0, 1)


def test_an_article_that_the_desk_cannot_take_stops_no_other(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = store_article("Unreadable"), store_article("Lock seven gives way", LOCK)
    arrive = stage.Desk.arrive

    def refuse(desk, article, vector=None):  # type: ignore[no-untyped-def]
        if article.id == str(bad.pk):
            raise RuntimeError("no")
        return arrive(desk, article, vector)

    monkeypatch.setattr(stage.Desk, "arrive", refuse)
    desk = folding(data_folder)
    with pytest.raises(RuntimeError):
        desk.catch_up(held())
    desk.catch_up(held())
    assert order() == [good.pk]
    assert FoldWork.objects.count() == 0


def test_vectors_are_stored_with_their_model(data_folder: Path) -> None:
    article = store_article("Lock seven gives way", LOCK)
    encoder = HashEncoder("hash/2")
    folding(data_folder, encoder).catch_up(held())
    stored = Vector.objects.get(article=article)
    assert stored.model == "hash/2"
    assert vectors.unpack(stored.values) @ encoder.embed([f"{article.title}. {LOCK}"])[0] > 0.999
    assert vectors.of_articles([article.pk], "another") == {}


def test_a_language_that_the_model_does_not_read_is_compared_by_words(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(READS, "hash/1", frozenset({"en"}))
    store_article("Lock seven gives way", LOCK)
    store_article("Die Schleuse", "Die Schleuse sieben brach am Montag.", language="de")
    desk = folding(data_folder, HashEncoder("hash/1"))
    desk.catch_up(held(), finish=True)
    assert list(Vector.objects.values_list("article__language", flat=True)) == ["en"]
    assert desk._open()._window._has_vector.sum() == 1


def test_a_model_that_cannot_be_read_leaves_the_words(data_folder: Path) -> None:
    def nowhere(_data: Path) -> HashEncoder:
        raise EmbeddingError("its weights cannot be read")

    store_press(3)
    desk = Folding(data_folder, nowhere)
    desk.build_model()
    assert desk.catch_up(held(), finish=True) == 3
    assert not Vector.objects.exists()


def test_a_model_that_does_not_work_is_tried_once(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = HashEncoder("broken/1")
    tried: list[int] = []

    def embed(texts: list[str]) -> None:
        tried.append(len(texts))
        raise EmbeddingError("it cannot embed")

    monkeypatch.setattr(broken, "embed", embed)
    store_press(3)
    desk = folding(data_folder, broken)
    assert desk.catch_up(held(), finish=True) == 3
    desk.close()
    desk.catch_up(held(), finish=True)
    assert len(tried) == 1


def test_another_model_embeds_anew_and_the_desk_compares_by_it(data_folder: Path) -> None:
    made = store_press(30)
    folding(data_folder, HashEncoder("hash/1")).catch_up(held(), finish=True)
    old, new = folding(data_folder, HashEncoder("hash/2")), HashEncoder("hash/3")
    old.catch_up(held())
    assert set(Vector.objects.values_list("model", flat=True)) == {"hash/2"}
    desk = folding(data_folder, new)
    store_article("Lock seven gives way at Wendover", LOCK)
    desk.catch_up(held(), finish=True)
    assert set(Vector.objects.values_list("model", flat=True)) == {"hash/3"}
    assert new.asked >= len(made) + 1
    compared = desk._open()._window._has_vector
    assert compared.sum() == len(made) + 1
    new.asked = 0
    desk.catch_up(held())
    assert new.asked == 0


def test_vectors_of_two_models_are_never_compared(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Folding, "_renew", lambda self, held: None)
    store_press(10)
    folding(data_folder, HashEncoder("hash/1")).catch_up(held())
    desk = folding(data_folder, HashEncoder("hash/2"))
    store_article("Lock seven gives way at Wendover", LOCK)
    desk.catch_up(held())
    assert desk._open()._window._has_vector.sum() == 1


def test_where_the_model_goes_folding_goes_on_by_words(data_folder: Path) -> None:
    store_press(10)
    folding(data_folder, HashEncoder()).catch_up(held())
    store_article("Lock seven gives way at Wendover", LOCK)
    assert folding(data_folder).catch_up(held()) == 1
    assert Vector.objects.count() == 10


def test_a_removed_article_leaves_its_story_and_a_story_without_articles_goes(data_folder: Path) -> None:
    from octavo.services import retention

    store_press(20)
    one = store_article("Lock seven gives way at Wendover", LOCK, "post")
    other = store_article("Barges aground as Wendover lock gives way", AGAIN, "herald")
    alone = store_article("Tarfell takes the islands' chess title", CHESS, "post")
    folding(data_folder).catch_up(held(), finish=True)
    one.refresh_from_db()
    assert one.story is not None
    story, gone = one.story, Article.objects.get(pk=alone.pk).story_id
    retention.remove([one.pk, alone.pk], one.arrived_at)
    story.refresh_from_db()
    assert (story.article_count, story.headline_id) == (1, other.pk)
    assert not Story.objects.filter(pk=gone).exists()


def test_where_the_first_to_have_a_text_goes_the_next_takes_its_place(data_folder: Path) -> None:
    from octavo.services import retention

    first, second, third = (store_article(f"Barges aground {name}", AGAIN, name) for name in ("wire", "post", "herald"))
    folding(data_folder).catch_up(held(), finish=True)
    assert set(Placement.objects.filter(copy_of=first).values_list("article", flat=True)) == {second.pk, third.pk}
    retention.remove([first.pk], first.arrived_at)
    assert list(Placement.objects.order_by("sequence").values_list("copy_of", flat=True)) == [None, second.pk]
    second.refresh_from_db()
    assert second.story is not None
    assert (second.story.article_count, second.story.text_count) == (2, 1)


def test_the_queries_do_not_grow_with_the_articles(data_folder: Path, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    desk, lease = folding(data_folder, HashEncoder()), held()
    store_press(2)
    desk.catch_up(lease)
    for number in range(40):
        store_article(f"Harbour report {number}", f"{CHESS} And report {number} of the harbour at Velmara.", "post")
    # The list, the articles, then the placements with their stories in one transaction, then the list again, empty.
    with django_assert_max_num_queries(28):
        desk.catch_up(lease)


def test_stories_are_counted_as_their_articles_stand(data_folder: Path) -> None:
    store_press(60)
    folding(data_folder, HashEncoder()).catch_up(held(), finish=True)
    for story in Story.objects.filter(heat__isnull=False):
        articles = list(story.articles.all())
        assert story.article_count == len(articles)
        assert story.publisher_count == len({article.publisher_id for article in articles})
        assert story.last_at == max(article.sort_at for article in articles)
    assert not Story.objects.filter(heat=None, merged_into=None).exists()
    assert len(stories()) == Story.objects.filter(heat__isnull=False).count()
