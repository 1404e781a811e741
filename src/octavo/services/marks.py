"""What a reader has read, saved and muted, and how that shapes their lists."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from octavo.core.reading.muting import muted_form, whole_word
from octavo.store.models import Article, Muted, Publisher, ReadBatch, ReadMark, Saved, User

# How many rows one 'mark all read' writes at once; a transaction stays short.
BATCH = 500
SHORTEST_MUTED_WORD = 2
LONGEST_MUTED_WORD = 80


def mark_read(reader: User, article_ids: Iterable[int]) -> None:
    """Marks articles as read; those that are already stay as they are."""
    marks = [ReadMark(reader=reader, article_id=key) for key in article_ids]
    ReadMark.objects.bulk_create(marks, ignore_conflicts=True, batch_size=BATCH)


def mark_unread(reader: User, article_id: int) -> None:
    """Takes the mark of one article away."""
    ReadMark.objects.filter(reader=reader, article_id=article_id).delete()


def mark_all_read(reader: User, articles: QuerySet[Article]) -> ReadBatch:
    """Marks a whole list as read, as one batch that `undo` takes back; what was read before stays read then."""
    unread = articles.filter(~_read_by(reader)).order_by().values_list("id", flat=True)
    keys = list(unread)
    batch = ReadBatch.objects.create(reader=reader)
    for start in range(0, len(keys), BATCH):
        marks = [ReadMark(reader=reader, article_id=key, batch=batch) for key in keys[start : start + BATCH]]
        ReadMark.objects.bulk_create(marks, ignore_conflicts=True)
    return batch


@transaction.atomic
def undo(reader: User, batch_id: int) -> int:
    """Takes back one 'mark all read'; gives how many articles are unread again."""
    batch = ReadBatch.objects.filter(reader=reader, pk=batch_id).first()
    if batch is None:
        return 0
    count, _by_model = ReadMark.objects.filter(batch=batch).delete()
    batch.delete()
    return count


def save(reader: User, article_id: int) -> None:
    """Keeps an article; retention never drops it."""
    Saved.objects.get_or_create(reader=reader, article_id=article_id)


def unsave(reader: User, article_id: int) -> None:
    """Keeps it no longer."""
    Saved.objects.filter(reader=reader, article_id=article_id).delete()


def mute_word(reader: User, word: str) -> bool:
    """Mutes a word in titles; False where it is too short or too long to be one."""
    word = muted_form(word)
    if not SHORTEST_MUTED_WORD <= len(word) <= LONGEST_MUTED_WORD:
        return False
    Muted.objects.get_or_create(reader=reader, word=word, publisher=None)
    return True


def mute_publisher(reader: User, publisher: Publisher) -> None:
    """Mutes a publisher."""
    Muted.objects.get_or_create(reader=reader, publisher=publisher, word="")


def unmute(reader: User, muted_id: int) -> None:
    """Takes one muting back."""
    Muted.objects.filter(reader=reader, pk=muted_id).delete()


def for_reader(articles: QuerySet[Article], reader: User | None, unread_only: bool = False) -> QuerySet[Article]:
    """A list as this reader wants it: with their marks, without what is muted; visitors get it as it is."""
    if reader is None or not reader.is_authenticated:
        return articles
    shaped = with_marks(articles, reader).exclude(muted_by(reader))
    return shaped.filter(~_read_by(reader)) if unread_only else shaped


def with_marks(articles: QuerySet[Article], reader: User | None) -> QuerySet[Article]:
    """Each article with `is_read` and `is_saved`; visitors get it as it is."""
    if reader is None or not reader.is_authenticated:
        return articles
    saved = Saved.objects.filter(reader=reader, article=OuterRef("pk"))
    return articles.annotate(is_read=_read_by(reader), is_saved=Exists(saved))


def muted_by(reader: User) -> Q:
    """What this reader has muted, as a condition on articles; two columns, one query."""
    rows = list(Muted.objects.filter(reader=reader).values_list("word", "publisher_id"))
    condition = Q(publisher_id__in=[publisher for _word, publisher in rows if publisher])
    for word, _publisher in rows:
        if word:
            found = Q(title__iregex=whole_word(word))
            # A database looks for letters faster than for a pattern; SQLite knows the case of ASCII alone.
            condition |= Q(title__icontains=word) & found if word.isascii() else found
    return condition


def _read_by(reader: User) -> Exists:
    return Exists(ReadMark.objects.filter(reader=reader, article=OuterRef("pk")))
