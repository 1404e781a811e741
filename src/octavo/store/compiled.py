"""Questions that are put into SQL once and then asked with other values; it decides nothing of what they ask.

Django needs longer to put a page's questions into SQL than the database to answer them, and the words are the same for
every visitor. Values are bound by the database's driver, as in any query of Django's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from octavo.store import vendor

Answer = TypeVar("Answer")
Value = int | float | str
Shape = tuple[int, tuple[str, ...]]


def padded(ids: Iterable[int]) -> list[int]:
    """Some ids, the last one repeated until they are 1, 2, 4, 8 …: a question among ids is compiled for few numbers."""
    found = list(ids)
    return found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found)) if found else []


class Asked(Expression):
    """The place of a value that is told only when the question is asked: a number or a str, which need no conversion."""

    def __init__(self, name: int | str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A placeholder, and this place instead of a value."""
        return "%s", [self]


class Compiled(SQLCompiler):
    """Django's compiler with its work done: it puts values in their places and turns rows into what the queryset gives."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        super().__init__(queryset.query, connections[DEFAULT_DB_ALIAS], DEFAULT_DB_ALIAS)
        self._sql, self._places = super().as_sql()
        self._converters = self._needed_converters()
        self._values: dict[int | str, Any] = {}
        self._queryset = queryset
        # Whatever makes rows out of this queryset's query asks this compiler instead of a new one.
        queryset.query.get_compiler = lambda *_args, **_kwargs: self  # type: ignore[method-assign]

    def ask(self, values: dict[int | str, Any]) -> list[Any]:
        """The answer with these values; one query."""
        self._values = values
        return list(cast(Iterable[Any], self._queryset._iterable_class(self._queryset)))

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> tuple[str, tuple[Any, ...]]:
        """The words of the first time, and the values of now."""
        values = self._values
        return self._sql, tuple(values[each.name] if isinstance(each, Asked) else each for each in self._places)

    def _needed_converters(self) -> dict[int, tuple[list[Any], Any]]:
        """The steps from the database's values to Python's, by column; without those that are done already."""
        found = super().get_converters([expression for expression, *_ in self.select])
        needed = {
            place: ([step for step in steps if not vendor.is_needless(step)], expression)
            for place, (steps, expression) in found.items()
        }
        return {place: (steps, expression) for place, (steps, expression) in needed.items() if steps}

    def get_converters(self, expressions: Any) -> Any:
        """Those of the first time."""
        return self._converters


class Question(Generic[Answer]):
    """A function that builds a queryset out of places for values, as a question with values.

    Each thread compiles it once for each number and each set of names of its values.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Answer]]) -> None:
        self._build = build
        self._kept = threading.local()
        self.__doc__ = build.__doc__

    def __call__(self, *values: Value, **named: Value) -> list[Answer]:
        """What is found, all of it; one query."""
        told: dict[int | str, Value] = {**dict(enumerate(values)), **dict(named.items())}
        return self._compiled((len(values), tuple(named))).ask(told)

    def _compiled(self, shape: Shape) -> Compiled:
        kept: dict[Shape, Compiled] = self._kept.__dict__.setdefault("shapes", {})
        found = kept.get(shape)
        if found is None or found.connection is not connections[DEFAULT_DB_ALIAS]:
            count, names = shape
            places, named = map(Asked, range(count)), {name: Asked(name) for name in names}
            found = kept[shape] = Compiled(self._build(*places, **named))
        return found
