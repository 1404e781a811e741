"""The full-text index of the articles (tantivy): it finds and ranks their numbers, and never holds their text.

Words are stemmed by octavo.core.words before they come here, so tantivy only splits at spaces. `text` holds title and
body, `title` the title again, for its weight, `sketch` what related articles are compared by (core/folding/sketches.py).
Whatever is here can be made again from the store: a folder that does not open is thrown away. Layout: `current` names the
folder in use beside it, so that a new index takes over in one rename.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import tantivy

from octavo.core import words as lexical
from octavo.core.folding.sketches import sketch
from octavo.core.folding.terms import Terms
from octavo.core.folding.views import Views, look
from octavo.core.reading import spelling
from octavo.core.reading.searching import Query
from octavo.core.types import Article
from octavo.index import likeness
from octavo.index.asking import Asking
from octavo.index.likeness import Likeness

# What the folders hold: another number in a folder's name means that it must be built anew.
SCHEMA: Final = "text3"
POINTER: Final = "current"
# tantivy asks for at least 15 MB a thread; one thread keeps up with fetching many times over.
WRITER_MEMORY: Final = 32_000_000
WRITER_THREADS: Final = 1
# Stands between the parts of a name's entry.
_BETWEEN: Final = "\x1f"
# Names that are compared with a misspelt word, the commonest first.
MOST_NAMES: Final = 2_000
# Stands between title and body, so that no phrase reaches across.
BORDER: Final = "¶"

# So many of the best by BM25 are ordered again by their age; later pages keep BM25's order.
POOL: Final = 200
# An article of this age needs twice the score of one of today.
HALF_LIFE_DAYS: Final = 180.0


class IndexBroken(RuntimeError):
    """The index is missing or does not open; it must be rebuilt from the store."""


class IndexLocked(RuntimeError):
    """Another process writes the index."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the index takes it in. `at` is aware: when it stands in lists. `publisher` are all its names."""

    id: int
    title: str
    text: str
    publisher: tuple[str, ...]
    language: str
    section: str
    quality: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of a page's articles, best first, and how many there are in all."""

    ids: tuple[int, ...]
    total: int


# Folders


def current_folder(root: Path) -> Path | None:
    """The folder in use; None where none was published or it was built as something else."""
    try:
        name = (root / POINTER).read_text().strip()
    except FileNotFoundError:
        return None
    return root / name if name.startswith(f"{SCHEMA}-") and (root / name).is_dir() else None


def fresh_folder(root: Path) -> Path:
    """A new empty folder for an index; it is in use only when published."""
    folder = root / f"{SCHEMA}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    return folder


def publish(folder: Path) -> None:
    """Puts a folder in use, in one rename that outlives a power loss, and removes the others."""
    root = folder.parent
    aside = root / f"{POINTER}.{os.getpid()}"
    with aside.open("w") as file:
        file.write(folder.name)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(root / POINTER)
    handle = os.open(root, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    for other in root.iterdir():
        if other.is_dir() and other != folder:
            shutil.rmtree(other, ignore_errors=True)


# Writing


def _schema() -> Any:
    build = tantivy.SchemaBuilder()
    # Signed: delete_documents_by_term deletes nothing, silently, where the field is unsigned (tantivy-py 0.27).
    build.add_integer_field("id", indexed=True, fast=True)
    build.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    build.add_text_field("title", tokenizer_name="whitespace", index_option="position")
    for name in ("publisher", "language", "section", "quality"):
        build.add_text_field(name, tokenizer_name="raw", index_option="basic")
    build.add_integer_field("at", indexed=True, fast=True)
    # Names as they are written, under how they are compared, from the front and from the back; see `names_like`.
    for name in ("name", "eman"):
        build.add_text_field(name, tokenizer_name="raw", index_option="basic")
    build.add_bytes_field("sketch", stored=True, indexed=False)
    return build.build()


def _open(folder: Path) -> Any:
    """The index of a folder, with readers that reload when told."""
    try:
        index = tantivy.Index(_schema(), path=str(folder), reuse=True)
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("whitespace", whitespace)
        index.config_reader("manual")
        index.reload()
        # Opens every segment: a missing or cut file is noticed here and not by a reader.
        index.searcher().search(tantivy.Query.all_query(), 1)
    except (ValueError, OSError) as error:
        raise IndexBroken(f"The index in {folder} does not open ({error}); it is rebuilt from the database.") from None
    return index


class TextWriter:
    """The one writer of a folder. Nothing that it takes in is found before `commit`; a kill loses what was not committed."""

    def __init__(self, folder: Path, terms: Terms | None = None) -> None:
        """Opens or makes the index; `terms` say how common words are, by which sketches weigh.

        IndexBroken where it does not open, IndexLocked where another process writes.
        """
        self.folder = folder
        self._index = _open(folder)
        self._terms = terms or Terms()
        try:
            self._writer = self._index.writer(WRITER_MEMORY, WRITER_THREADS)
        except ValueError as error:
            raise (IndexLocked if "LockBusy" in str(error) else IndexBroken)(str(error)) from None

    def put(self, documents: Iterable[Document], gone: Iterable[int] = ()) -> None:
        """Takes in each document in the place of an earlier one of its number, and drops the `gone`. Idempotent."""
        for number in gone:
            self._writer.delete_documents_by_term("id", number)
        for document in documents:
            self._writer.delete_documents_by_term("id", document.id)
            self._writer.add_document(_as_tantivy(document, self._terms))

    def commit(self) -> None:
        """Makes it found and durable."""
        self._writer.commit()

    def close(self) -> None:
        """Waits for merges and gives the lock back; what was not committed is dropped."""
        self._writer.wait_merging_threads()
        del self._writer


def stemmed(text: str, language: str) -> list[str]:
    """The stems of a text's words, in order."""
    return lexical.stems(lexical.forms(text), language)


def _as_tantivy(document: Document, terms: Terms) -> Any:
    title = " ".join(stemmed(document.title, document.language))
    made = tantivy.Document()
    made.add_integer("id", document.id)
    made.add_text("title", title)
    made.add_text("text", f"{title} {BORDER} {' '.join(stemmed(document.text, document.language))}")
    for name in dict.fromkeys(known for said in document.publisher for known in _names(said)):
        made.add_text("publisher", name)
    for tag in {document.language.lower(), lexical.primary(document.language)}:
        made.add_text("language", tag)
    made.add_text("section", document.section)
    made.add_text("quality", document.quality)
    made.add_integer("at", int(document.at.timestamp()))
    views = look(Article("", document.title, document.text, None, "", "", document.language))
    for language, plain, written in _written_names(views):
        made.add_text("name", _BETWEEN.join((language, plain, written)))
        made.add_text("eman", _BETWEEN.join((language, plain[::-1], written)))
    made.add_bytes("sketch", _sketch(views, terms))
    return made


def _written_names(views: Views) -> Iterator[tuple[str, str, str]]:
    """The names of an article: its language, how each is compared, and how it is written.

    Where a script has no capitals, the words of the title stand for them.
    """
    for written in views.shown_names or views.shown_words:
        if len(plain := spelling.plain(written)) >= spelling.SHORTEST:
            yield views.language, plain, written


def sketch_of(title: str, text: str, language: str, terms: Terms) -> bytes:
    """What an article is compared by; its terms are counted first."""
    return _sketch(look(Article("", title, text, None, "", "", language)), terms)


def _sketch(views: Views, terms: Terms) -> bytes:
    terms.learn(views.language, views.counts.ids)
    return sketch(views, terms)


def _names(said: str) -> list[str]:
    """What a publisher may be asked for by: the whole name, and each word of it."""
    return [said.lower(), *(word.form for word in lexical.words(said))] if said else []


# Reading


class TextReader:
    """A look into the index of a root folder; follows the writer's commits and new folders by itself. For any thread."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._seen: tuple[Any, ...] = ()
        self._index: Any = None
        self._languages: tuple[str, ...] = ()
        self._frequencies: dict[str, int] = {}

    def _searcher(self) -> Any:
        """A searcher of the newest commit; IndexBroken where there is none. Two small file looks when nothing changed."""
        folder = current_folder(self._root)
        if folder is None:
            raise IndexBroken("There is no index yet; it is made when the worker runs.")
        try:
            told = (folder / "meta.json").stat()
        except FileNotFoundError:
            raise IndexBroken(f"The index in {folder} is torn; it is rebuilt from the database.") from None
        seen = (folder, told.st_mtime_ns, told.st_ino)
        with self._lock:
            if seen != self._seen:
                self._reload(folder)
                self._seen = seen
            return self._index.searcher()

    def _reload(self, folder: Path) -> None:
        if self._index is None or not self._seen or self._seen[0] != folder:
            self._index = _open(folder)
        else:
            self._index.reload()
        self._languages = tuple(tag for tag, _ in self._index.searcher().terms_with_prefix("language", ""))
        self._frequencies = {}

    def count(self) -> int:
        """How many articles are in it."""
        return int(self._searcher().num_docs)

    def search(self, query: Query, now: datetime, limit: int, offset: int = 0, newest: bool = False) -> Found:
        """The articles that a query asks for: the best first, or the newest (always, where it has no word to rank by)."""
        searcher = self._searcher()
        asked = Asking(self._index.schema, self._languages).query(query)
        if newest or not query.has_words:
            result = searcher.search(asked, limit, offset=offset, order_by_field="at")
            return Found(_ids(searcher, result.hits), result.count)
        if offset + limit > POOL:
            result = searcher.search(asked, limit, offset=offset)
            return Found(_ids(searcher, result.hits), result.count)
        result = searcher.search(asked, POOL)
        return Found(_younger_first(searcher, result.hits, now)[offset : offset + limit], result.count)

    def among(self, ids: Sequence[int], query: Query, newest: bool = False) -> tuple[int, ...]:
        """Those of some articles that a query asks for, in their order or the newest first; `like` is not looked at."""
        searcher, of, must = self._searcher(), tantivy.Query, tantivy.Occur.Must
        asked, these = Asking(self._index.schema, self._languages).query(query), list(ids)
        asked = of.boolean_query([(must, asked), (must, of.term_set_query(self._index.schema, "id", these))])
        result = searcher.search(asked, max(1, len(these)), order_by_field="at")
        found = _ids(searcher, result.hits)
        return found if newest else tuple(sorted(found, key=these.index))

    def state(self) -> tuple[Any, ...]:
        """What changes whenever the index does: for remembering what was made of it."""
        self._searcher()
        return self._seen

    def alike(self, title: str, text: str, language: str, count: int, own: int | None = None) -> Likeness:
        """The articles of the same language most alike to a text by its telling terms, the best first, without `own`."""
        searcher, known = self._searcher(), self._frequencies
        return likeness.alike(self._index.schema, searcher, known, (title, text, language), count, own)

    def naming(self, names: Sequence[Sequence[str]], language: str, before: datetime, most: int) -> tuple[int, ...]:
        """The articles of a language from before a moment that have some names (each its stems in order), the best first.

        The more names and the rarer they are the better; of equals the younger.
        """
        searcher = self._searcher()
        asked = Asking(self._index.schema, self._languages).any_of(names, lexical.primary(language), before)
        return _younger_first(searcher, searcher.search(asked, POOL, count=False).hits, before)[:most]

    def names_like(self, word: str) -> list[spelling.Name]:
        """The names that begin or end as a plain word does, in every language here: among them are those one means by it."""
        searcher = self._searcher()
        first, last = spelling.intact(word)
        return [
            spelling.Name(plain if field == "name" else plain[::-1], written, count)
            for language in dict.fromkeys(map(lexical.primary, self._languages))
            for field, part in (("name", first), ("eman", last[::-1]))
            for entry, count in searcher.terms_with_prefix(field, f"{language}{_BETWEEN}{part}", limit=MOST_NAMES)
            for _, plain, written in (entry.split(_BETWEEN),)
        ]

    def articles_with(self, form: str) -> int:
        """In how many articles a word stands, in whichever language it stands in most."""
        searcher = self._searcher()
        stems = {stem for language in self._languages for stem in lexical.stems([form], language)}
        return max((likeness.frequency(searcher, self._frequencies, stem) for stem in stems), default=0)


def _ids(searcher: Any, hits: Sequence[tuple[Any, Any]]) -> tuple[int, ...]:
    return tuple(searcher.fast_field_values("id", [address for _, address in hits]))


def _younger_first(searcher: Any, hits: Sequence[tuple[float, Any]], now: datetime) -> tuple[int, ...]:
    """The numbers by score halved for each half-life of age; equal ones keep the greater number first."""
    addresses = [address for _, address in hits]
    ages = [max(0.0, now.timestamp() - at) / 86_400 for at in searcher.fast_field_values("at", addresses)]
    numbers = searcher.fast_field_values("id", addresses)
    scored = ((hit[0] * 0.5 ** (age / HALF_LIFE_DAYS), n) for hit, age, n in zip(hits, ages, numbers, strict=True))
    return tuple(number for _, number in sorted(scored, reverse=True))
