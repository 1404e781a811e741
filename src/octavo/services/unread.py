"""Finds what a story tells that a reader has not read yet, when they ask for its page; it stores nothing.

It reads a bounded number of texts: the last ones that they read, and what came later.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from octavo.core.telling.accounts import Account
from octavo.core.telling.unread import unread
from octavo.services import accounts, receipts
from octavo.services.receipts import Passage
from octavo.store.models import Article, ReadMark, User
from octavo.store.stories import MOST_COVERAGE

# Texts that are compared: the last ones read, and the newest that came after.
MOST_READ: Final = 12
MOST_LATER: Final = 18


def since_last_read(reader: User, story: int) -> list[Passage]:
    """The sentences of a story's later articles that tell this reader something new, with their receipts.

    Empty for who has read nothing of it, or all. Two queries then, five otherwise.
    """
    marks = dict(ReadMark.objects.filter(reader=reader, article__story=story).values_list("article", "read_at"))
    if not marks:
        return []
    columns = ("pk", "version", "placement__kind", "placement__copy_of", "sort_at", "arrived_at")
    told = Article.objects.filter(story=story, version__isnull=False).exclude(version__text="")
    rows = list(told.order_by("-sort_at", "-pk").values_list(*columns)[:MOST_COVERAGE])
    newest = max((row[4] for row in rows if row[0] in marks), default=None)
    last = max(marks.values())
    have = [row[:4] for row in rows if row[0] in marks][:MOST_READ]
    later = [row[:4] for row in rows if row[0] not in marks and (row[5] > last or (newest and row[4] > newest))]
    if not have or not later:
        return []
    read = accounts.read_of([*have, *later[:MOST_LATER]], {row[0] for row in rows})
    known = {str(key) for key, *_ in have}
    places = [place for place, account in enumerate(read.accounts) if account.article.id not in known]
    return _fresh(read, [one for one in read.accounts if one.article.id in known], places)


def _fresh(read: accounts.Read, known: Sequence[Account], places: Sequence[int]) -> list[Passage]:
    others = accounts.Read([read.accounts[place] for place in places], [read.versions[place] for place in places])
    return receipts.fresh(others, unread(known, others.accounts))
