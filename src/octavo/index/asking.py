"""Puts what a reader asks for as a query of the full-text index: words, phrases, fields, days. It searches nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import tantivy

from octavo.core import words as lexical
from octavo.core.reading.searching import Filter, Query, Term, variants

# A word in the title counts as much as this many times its weight in the text.
TITLE_WEIGHT: Final = 2.0


@dataclass(frozen=True)
class Asking:
    """Turns a reader's query into tantivy's; `languages` are those in the index."""

    schema: Any
    languages: tuple[str, ...]

    def query(self, query: Query) -> Any:
        """All words and filters as one boolean query."""
        occur, of = tantivy.Occur, tantivy.Query
        languages = self._wanted_languages(query.filters)
        clauses: list[tuple[Any, Any]] = []
        for term in query.terms:
            field = "title" if term.in_title else "text"
            clauses.append((occur.MustNot if term.excluded else occur.Must, self._term(field, term, languages)))
            if not term.excluded and not term.in_title:
                clauses.append((occur.Should, of.boost_query(self._term("title", term, languages), TITLE_WEIGHT)))
        clauses += self._filters(query.filters)
        if query.after or query.before:
            clauses.append((occur.Must, self._days(query.after, query.before)))
        if all(kind == occur.MustNot for kind, _ in clauses):
            clauses.append((occur.Must, of.all_query()))
        return of.boolean_query(clauses)

    def any_of(self, phrases: Sequence[Sequence[str]], language: str, before: datetime) -> Any:
        """The articles of a language from before a moment that have one of some phrases, each told by its stems."""
        occur, of = tantivy.Occur, tantivy.Query
        named = of.boolean_query([(occur.Should, self._forms("text", tuple(one), ())) for one in phrases])
        last = int(before.timestamp()) - 1
        earlier = of.const_score_query(of.range_query(self.schema, "at", tantivy.FieldType.Integer, None, last), 0.0)
        return of.boolean_query(
            [(occur.Must, named), (occur.Must, self._any("language", [language])), (occur.Must, earlier)]
        )

    def _wanted_languages(self, filters: Sequence[Filter]) -> tuple[str, ...]:
        """Where a language is asked for, words are stemmed in that one alone."""
        asked = {lexical.primary(f.value) for f in filters if f.field == "language" and not f.excluded}
        known = tuple(dict.fromkeys(map(lexical.primary, self.languages)))
        return tuple(language for language in known if language in asked) or known

    def _term(self, field: str, term: Term, languages: tuple[str, ...]) -> Any:
        """A word or phrase in each form that it has in the index's languages, each form only in its languages."""
        found = variants(term, languages)
        parts = [self._forms(field, forms, tags if len(found) > 1 else ()) for forms, tags in found.items()]
        return parts[0] if len(parts) == 1 else tantivy.Query.boolean_query([(tantivy.Occur.Should, p) for p in parts])

    def _forms(self, field: str, forms: tuple[str, ...], tags: tuple[str, ...]) -> Any:
        of = tantivy.Query
        if len(forms) == 1:
            asked = of.term_query(self.schema, field, forms[0], "freq")
        else:
            asked = of.phrase_query(self.schema, field, list(forms))
        if not tags:
            return asked
        return of.boolean_query([(tantivy.Occur.Must, asked), (tantivy.Occur.Must, self._any("language", tags))])

    def _any(self, field: str, values: Sequence[str]) -> Any:
        """That a field has one of the values; it adds nothing to the score."""
        return tantivy.Query.const_score_query(tantivy.Query.term_set_query(self.schema, field, list(values)), 0.0)

    def _filters(self, filters: Sequence[Filter]) -> list[tuple[Any, Any]]:
        """Several values of one field are alternatives; excluded ones are each forbidden."""
        wanted: dict[str, list[str]] = {}
        for each in filters:
            if not each.excluded:
                wanted.setdefault(each.field, []).append(each.value)
        clauses = [(tantivy.Occur.Must, self._any(field, values)) for field, values in wanted.items()]
        return clauses + [(tantivy.Occur.MustNot, self._any(f.field, [f.value])) for f in filters if f.excluded]

    def _days(self, after: date | None, before: date | None) -> Any:
        """The moments from the beginning of one day (UTC) to the beginning of another."""
        low = int(_midnight(after).timestamp()) if after else None
        high = int(_midnight(before).timestamp()) - 1 if before else None
        within = tantivy.Query.range_query(self.schema, "at", tantivy.FieldType.Integer, low, high)
        return tantivy.Query.const_score_query(within, 0.0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
