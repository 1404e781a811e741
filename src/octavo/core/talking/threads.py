"""Orders the comments of one article into threads. It never reads a clock, a database or a reader's rights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Protocol, TypeVar


class Threaded(Protocol):
    """What a comment must have to be ordered."""

    @property
    def id(self) -> Hashable: ...  # noqa: D102
    @property
    def parent_id(self) -> Hashable | None: ...  # noqa: D102


Comment = TypeVar("Comment", bound=Threaded)


def depth_of_reply(parent_depth: int | None, limit: int) -> int:
    """How deep a new comment stands: 0 under the article, one below its parent, never below `limit`."""
    return 0 if parent_depth is None else min(parent_depth + 1, limit)


def in_thread_order(comments: Iterable[Comment]) -> list[Comment]:
    """Comments, given oldest first, so that each follows what it answers and siblings keep their order.

    An answer whose parent is not among them stands as if it answered the article. Iterative: a thread of any depth
    costs linear time and no stack.
    """
    given = list(comments)
    known = {comment.id for comment in given}
    answers: dict[Hashable | None, list[Comment]] = defaultdict(list)
    for comment in given:
        answers[comment.parent_id if comment.parent_id in known else None].append(comment)
    return list(_walk(answers))


def _walk(answers: dict[Hashable | None, list[Comment]]) -> Iterator[Comment]:
    waiting = list(reversed(answers[None]))
    while waiting:
        comment = waiting.pop()
        yield comment
        waiting.extend(reversed(answers.get(comment.id, [])))
