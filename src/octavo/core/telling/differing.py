"""Finds where the articles of a story give different numbers for the same thing; which of them is right it never judges.

Each text speaks once, with the first total that it gives of a thing. Numbers that agree within their bounds ('at least 40'
and 43) are one. What a publisher has taken back is told apart, with those who still print it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from octavo.core.telling.accounts import Account, Line
from octavo.core.telling.figures import Figure
from octavo.core.telling.measures import GROWING, RISING, Measure, Measured, corrects, measured

# A total stands in the headline or among so many first sentences; further down are parts and earlier events.
TOTALS_READ: Final = 15
# So far apart, as a factor, numbers count the same thing at different times; further apart, another thing.
FARTHEST: Final = 4.0
# A lone total so many times lower than an earlier one is of something else.
FALLEN: Final = 2.0
# 'At least 40' and 43 agree, 'at least 40' and 60 do not; 'about 45' and 43 agree.
OPEN_END: Final = 1.25
ABOUT: Final = 0.1
# So many differences are shown, and so many articles of each number.
MOST_DIFFERENCES: Final = 8


@dataclass(frozen=True, slots=True)
class Count:
    """What one account gives as a number of `measure`: the sentence it stands in (place -1: the headline)."""

    account: int
    measure: str
    at: datetime
    line: Line
    figure: Figure


@dataclass(frozen=True, slots=True)
class Value:
    """A number and who gives it, in the order of time; `corrected_by` is where its first publisher took it back."""

    figure: Figure
    counts: tuple[Count, ...]
    corrected_by: Count | None = None
    still_in: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing for which accounts give several numbers, in the order in which they came; `latest` is the newest's place."""

    measure: Measure
    values: tuple[Value, ...]
    latest: int


@dataclass
class _Ledger:
    """What all accounts say of one measure."""

    given: list[Count] = field(default_factory=list)
    denied: list[Count] = field(default_factory=list)


def differences(accounts: Sequence[Account]) -> list[Difference]:
    """Where accounts differ in a number, those that most of them count first. Linear in their sentences."""
    found = [
        difference
        for measure, ledger in _ledgers(accounts).items()
        if (difference := _difference(measure, ledger, accounts)) is not None
    ]
    found.sort(key=lambda one: -sum(len(value.counts) for value in one.values))
    return found[:MOST_DIFFERENCES]


def _ledgers(accounts: Sequence[Account]) -> dict[Measure, _Ledger]:
    """The counts of each measure, in the order of time."""
    ledgers: dict[Measure, _Ledger] = defaultdict(_Ledger)
    order = sorted(range(len(accounts)), key=lambda place: (accounts[place].at, accounts[place].article.id))
    for place in order:
        account = accounts[place]
        if not account.is_report:
            continue
        for measure, denied in _read(place, account, ledgers).items():
            ledgers[measure].denied += denied
    return ledgers


def _read(place: int, account: Account, ledgers: dict[Measure, _Ledger]) -> dict[Measure, list[Count]]:
    """Notes an account's first total of each measure; returns what it takes back."""
    told: dict[Measure, list[tuple[Line, Measured]]] = defaultdict(list)
    for line in (account.title, *account.lines):
        if (found := measured(line)) and not _names_other_months(line, account.at):
            for one in found:
                told[one.measure].append((line, one))
    denied: dict[Measure, list[Count]] = {}
    for measure, its in told.items():
        back = {one.figure.value for _line, one in its if one.is_denied}
        denied[measure] = [
            Count(place, measure.what, account.at, line, one.figure) for line, one in its if one.is_denied
        ]
        totals = [(line, one) for line, one in its if one.figure.value not in back and line.place < TOTALS_READ]
        if totals:
            line, one = _citable(totals)
            ledgers[measure].given.append(Count(place, measure.what, account.at, line, one.figure))
    _take_versions(place, account, told, denied)
    return denied


def _names_other_months(line: Line, at: datetime) -> bool:
    """Whether a sentence names a month that is neither that of the account nor the one before: it tells of another event."""
    near = {at.month, (at.month - 2) % 12 + 1}
    return any(time.month is not None and time.month not in near for time in line.times)


def _citable(totals: Sequence[tuple[Line, Measured]]) -> tuple[Line, Measured]:
    """The first total; where that is the headline's and the text repeats it, the sentence, which can be shown in place."""
    line, first = totals[0]
    again = (pair for pair in totals[1:] if pair[1].figure.value == first.figure.value)
    return (line, first) if line.place >= 0 else next(again, (line, first))


def _take_versions(
    place: int,
    account: Account,
    told: dict[Measure, list[tuple[Line, Measured]]],
    denied: dict[Measure, list[Count]],
) -> None:
    """A number that an older version of the article gave and this one does not was taken back by its publisher."""
    for lines in account.before:
        for line in lines:
            for one in measured(line):
                now = [(at, other) for at, other in told.get(one.measure, ()) if not other.is_denied]
                values = {other.figure.value for _at, other in now}
                if not now or one.is_denied or one.figure.value in values:
                    continue
                if one.measure.what in GROWING and min(values) > one.figure.value:
                    continue
                taken = Count(place, one.measure.what, account.at, now[0][0], one.figure)
                denied.setdefault(one.measure, []).append(taken)


def _difference(measure: Measure, ledger: _Ledger, accounts: Sequence[Account]) -> Difference | None:
    """The values of one measure, where there are several; None where all agree or too few speak for themselves."""
    own = [count for count in ledger.given if not accounts[count.account].copy_of]
    own = _of_one_size(own)
    if measure.what in RISING:
        own = _of_one_event(own)
    groups = _values(_sure(own, accounts) if measure.what not in GROWING else own)
    if len(groups) < 2:
        return None
    newest = max(own, key=lambda count: (count.at, count.account))
    values = [_value(group, ledger, accounts) for group in groups]
    latest = next(place for place, group in enumerate(groups) if newest in group)
    return Difference(measure, tuple(values), latest)


def _of_one_size(counts: Sequence[Count]) -> list[Count]:
    """Those counts that may be of one thing: the largest chain without a gap of more than a factor FARTHEST."""
    chains: list[list[Count]] = []
    for count in sorted(counts, key=lambda count: count.figure.value):
        if count.figure.value <= 0:
            continue
        if chains and count.figure.value <= chains[-1][-1].figure.value * FARTHEST:
            chains[-1].append(count)
        else:
            chains.append([count])
    largest = max(chains, key=len, default=[])
    return sorted(largest, key=lambda count: (count.at, count.account))


def _of_one_event(counts: Sequence[Count]) -> list[Count]:
    """Without a lone number that is far below what was given before: what only rises has not fallen, it is another event's."""
    given, kept, highest = Counter(count.figure.value for count in counts), [], 0.0
    for count in counts:
        value = count.figure.value
        if given[value] > 1 or value * FALLEN >= highest:
            kept.append(count)
            highest = max(highest, value)
    return kept


def _sure(counts: Sequence[Count], accounts: Sequence[Account]) -> list[Count]:
    """What does not grow is counted once: who gives the commonest number too, beside another, speaks of two things."""
    values = Counter(count.figure.value for count in counts)
    commonest = min(values, key=lambda value: (-values[value], value), default=0.0)
    return [one for one in counts if one.figure.value == commonest or commonest not in _numbers(accounts[one.account])]


def _numbers(account: Account) -> set[float]:
    return {figure.value for line in (account.title, *account.lines) for figure in line.figures}


def _values(counts: Sequence[Count]) -> list[list[Count]]:
    """Counts by number, in the order of time; what agrees with exact numbers goes behind the nearest of these."""
    exact = [count.figure for count in counts if _is_exact(count.figure)]
    groups: dict[float, list[Count]] = {}
    for count in sorted(counts, key=lambda count: not _is_exact(count.figure)):
        near = [one.value for one in exact if agrees(count.figure, one)]
        value = count.figure.value
        groups.setdefault(min(near, key=lambda one: abs(one - value), default=value), []).append(count)
    return sorted(groups.values(), key=lambda group: (group[0].at, group[0].account))


def _is_exact(figure: Figure) -> bool:
    return not figure.bound and not figure.is_rounded


def agrees(loose: Figure, exact: Figure) -> bool:
    """Whether a number, as far as it says, is another one: 'more than 40' is 43, 'about 45' is 43, '1.2 million' is 1,204,000."""
    value, other = loose.value, exact.value
    if value == other:
        return True
    if loose.bound == "more":
        return value < other <= value * OPEN_END
    if loose.bound == "less":
        return value / OPEN_END <= other < value
    if loose.bound == "about":
        return abs(value - other) <= ABOUT * value
    return loose.is_rounded and _rounded(other, value) == value


def _rounded(value: float, like: float) -> float:
    """A value with as many digits as another shows."""
    digits = len(f"{like:.6g}".replace(".", "").rstrip("0")) or 1
    return float(f"{value:.{max(1, digits)}g}")


def _value(group: Sequence[Count], ledger: _Ledger, accounts: Sequence[Account]) -> Value:
    """A number with those who give it, and who of them took it back, where the first of them did."""
    figure = next((count.figure for count in group if not count.figure.bound), group[0].figure)
    publisher = accounts[group[0].account].article.source
    back = next((one for one in ledger.denied if _takes_back(one, figure.value, publisher, ledger, accounts)), None)
    if back is None:
        return Value(figure, tuple(group))
    return Value(figure, tuple(group), back, tuple(_still(figure, publisher, ledger.given, accounts)))


def _takes_back(denial: Count, value: float, publisher: str, ledger: _Ledger, accounts: Sequence[Account]) -> bool:
    """Whether a publisher took a number back as wrong, and has not only been overtaken: in words, or for a lower one."""
    account = accounts[denial.account]
    if denial.figure.value != value or account.article.source != publisher:
        return False
    instead = [count.figure.value for count in ledger.given if count.account == denial.account]
    is_lower = denial.measure in RISING and any(other < value for other in instead)
    return is_lower or any(corrects(line.text) for line in (account.title, denial.line))


def _still(figure: Figure, but: str, given: Iterable[Count], accounts: Sequence[Account]) -> list[Count]:
    """Where a number still stands: the last word of each other publisher, copies too."""
    last: dict[str, Count] = {}
    for count in given:
        last[accounts[count.account].article.source] = count
    return [count for source, count in last.items() if source != but and count.figure.value == figure.value]
