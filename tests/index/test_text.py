"""The full-text index finds what was put into it, in any inflection, and notices when it is torn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from octavo.core.reading.searching import parse
from octavo.index.text import (
    Document,
    IndexBroken,
    IndexLocked,
    TextReader,
    TextWriter,
    current_folder,
    fresh_folder,
    publish,
)

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def document(number: int, title: str, text: str = "", **changed: object) -> Document:
    facts: dict[str, object] = {
        "publisher": ("harbour-post", "Harbour Post", "harbour.example"),
        "language": "en",
        "section": "world",
        "quality": "full",
        "at": NOW - timedelta(hours=number),
    }
    return Document(number, title, text, **(facts | changed))  # type: ignore[arg-type]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[TextWriter]:
    folder = fresh_folder(tmp_path)
    made = TextWriter(folder)
    made.commit()
    publish(folder)
    yield made
    made.close()


@pytest.fixture
def reader(tmp_path: Path) -> TextReader:
    return TextReader(tmp_path)


def put(writer: TextWriter, *documents: Document) -> None:
    writer.put(documents)
    writer.commit()


def found(reader: TextReader, query: str, **options: object) -> list[int]:
    return list(reader.search(parse(query, NOW.date()), NOW, 20, **options).ids)  # type: ignore[arg-type]


def test_words_are_found_in_any_inflection_and_all_must_stand(writer: TextWriter, reader: TextReader) -> None:
    put(writer, document(1, "Dockers strike", "Ships waited."), document(2, "Ship sails", "Nobody struck."))
    assert found(reader, "strikes ship") == [1]
    assert sorted(found(reader, "ships")) == [1, 2]
    assert found(reader, "ships -strike") == [2]


def test_phrases_follow_each_other_and_do_not_cross_the_title(writer: TextWriter, reader: TextReader) -> None:
    put(writer, document(1, "The night", "Shift ends."), document(2, "Work", "A night shift and its end."))
    assert found(reader, '"night shift"') == [2]


def test_a_word_in_the_title_counts_more(writer: TextWriter, reader: TextReader) -> None:
    put(writer, document(1, "Weather", "A lighthouse stands."), document(2, "Lighthouse", "It stands here."))
    assert found(reader, "lighthouse") == [2, 1]


def test_of_equals_the_younger_comes_first(writer: TextWriter, reader: TextReader) -> None:
    old = document(1, "Ferry late", "Fog.", at=NOW - timedelta(days=700))
    put(writer, old, document(2, "Ferry late", "Fog."))
    assert found(reader, "ferry") == [2, 1]


def test_filters(writer: TextWriter, reader: TextReader) -> None:
    other = {"publisher": ("tide", "The Tide", "tide.example"), "language": "fr-CA", "section": "sports"}
    put(writer, document(1, "Ferry"), document(2, "Ferry", quality="teaser", **other))
    assert found(reader, 'ferry publisher:"harbour post"') == [1]
    assert found(reader, "ferry publisher:tide.example") == [2]
    assert found(reader, "-publisher:tide") == [1]
    assert found(reader, "lang:fr") == [2]
    assert found(reader, "lang:fr-ca") == [2]
    assert found(reader, "section:sport,world") == [1, 2]
    assert found(reader, "quality:full") == [1]


def test_days_begin_at_midnight(writer: TextWriter, reader: TextReader) -> None:
    put(writer, *(document(n, "Ferry", at=datetime(2026, 3, n, tzinfo=UTC)) for n in (1, 2, 3)))
    assert found(reader, "after:2026-03-02") == [3, 2]
    assert found(reader, "ferry before:2026-03-02") == [1]
    assert found(reader, "after:2026-03-02 before:2026-03-03") == [2]


def test_without_words_the_newest_come_first(writer: TextWriter, reader: TextReader) -> None:
    put(writer, document(3, "C"), document(1, "A"), document(2, "B"))
    assert found(reader, "lang:en") == [1, 2, 3]
    assert found(reader, "-lang:fr") == [1, 2, 3]


def test_a_stem_of_one_language_does_not_find_words_of_another(writer: TextWriter, reader: TextReader) -> None:
    # 'news' has the stem 'new' in French.
    put(writer, document(1, "A new bridge"), document(2, "Les news", language="fr"), document(3, "Old news"))
    assert sorted(found(reader, "news")) == [2, 3]


def test_arabic_spellings_are_one(writer: TextWriter, reader: TextReader) -> None:
    put(writer, document(1, "نتائج الانتخابات في المدينة", language="ar"), document(2, "Election", language="en"))
    for query in ("انتخابات", "والانتخابات", "المدينه", "مَدِينَة", "نتـائج"):
        assert found(reader, query) == [1], query


def test_unspaced_scripts_are_found_by_their_characters(writer: TextWriter, reader: TextReader) -> None:
    put(writer, document(1, "北京时间", language="zh"), document(2, "时北京", language="zh"))
    assert found(reader, "北京时") == [1]


def test_putting_again_replaces_and_gone_ones_go(writer: TextWriter, reader: TextReader) -> None:
    put(writer, document(1, "Ferry"), document(2, "Ferry"))
    put(writer, document(1, "Train"))
    assert found(reader, "ferry") == [2]
    writer.put((), gone=[2])
    writer.commit()
    assert found(reader, "ferry") == []
    assert reader.count() == 1


def test_pages_turn_without_repeating(writer: TextWriter, reader: TextReader) -> None:
    put(writer, *(document(n, "Ferry", "Fog. " * n) for n in range(1, 60)))
    query = parse("ferry", NOW.date())
    pages = [reader.search(query, NOW, 20, offset).ids for offset in (0, 20, 40)]
    assert sorted(number for page in pages for number in page) == list(range(1, 60))
    assert reader.search(query, NOW, 20).total == 59


def test_what_is_alike_shares_the_subject_and_the_language(writer: TextWriter, reader: TextReader) -> None:
    storm = "A storm tore the roof off the lighthouse of Casteron during the night."
    put(
        writer,
        document(1, "Storm hits lighthouse", storm),
        document(2, "Casteron counts storm damage", "The lighthouse lost its roof in the storm, Casteron says."),
        document(3, "Chess final drawn", "Two players agreed a draw in the final of the chess cup."),
        document(4, "Storm lighthouse Casteron roof", storm, language="fr"),
    )
    found = reader.alike("Storm hits lighthouse", storm, "en", 5, own=1)
    assert found.own is not None
    assert found.own.id == 1
    assert found.others[0].id == 2
    assert not {1, 4} & {one.id for one in found.others}
    assert found.own.score > found.others[0].score
    assert "Casteron" in found.own.sketch.names


def test_only_one_writes(writer: TextWriter) -> None:
    with pytest.raises(IndexLocked):
        TextWriter(writer.folder)


def test_a_torn_index_says_so(writer: TextWriter, reader: TextReader, tmp_path: Path) -> None:
    put(writer, document(1, "Ferry"))
    folder = current_folder(tmp_path)
    assert folder is not None
    for segment in folder.glob("*.idx"):
        segment.write_bytes(segment.read_bytes()[:20])
    with pytest.raises(IndexBroken):
        TextReader(tmp_path).count()
    (folder / "meta.json").write_text("{")
    with pytest.raises(IndexBroken):
        found(reader, "ferry")


def test_an_index_of_another_make_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "text0-abc").mkdir()
    (tmp_path / "current").write_text("text0-abc")
    assert current_folder(tmp_path) is None
    with pytest.raises(IndexBroken):
        TextReader(tmp_path).count()


def test_readers_follow_to_a_new_folder(writer: TextWriter, reader: TextReader, tmp_path: Path) -> None:
    put(writer, document(1, "Ferry"))
    assert found(reader, "ferry") == [1]
    fresh = TextWriter(fresh_folder(tmp_path))
    put(fresh, document(2, "Ferry"))
    publish(fresh.folder)
    assert found(reader, "ferry") == [2]
    fresh.close()
