"""Chooses the sentences that tell how something went on, a line each, with the day or the time of each; it writes none.

A line is dated by the times of its own sentence, read from the day on which its text came out; or, where it opens a text
and tells something new, by when that came out. What a sentence only plans or remembers is no development.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Final

from octavo.core.telling.accounts import Account, Line
from octavo.core.telling.leaning import outside_quotes
from octavo.core.telling.measures import GROWING, Measure, measured
from octavo.core.telling.salience import QUOTE_MARKS
from octavo.core.telling.times import Time

# How many lines a timeline has at most, and how many sentences of each text are looked at.
MOST_LINES: Final = 12
READ: Final = 20
# A text is opened by its first sentence or the one behind it, where the first is a standfirst.
OPENS: Final = 1
# What so many first sentences count makes the first of them news.
COUNTED: Final = 3
# Of an opening's words so many must be new to all that came before, and so many of any line's the subject's.
NEW: Final = 0.34
SHARED: Final = 2
# An opening is news where so many of its words stand in the headline; Arabic stems keep endings that hide some.
SHARED_WITH_TITLE: Final = {"ar": 1}
# Two lines are one where so much of the lighter's words is in the other's, at most a day apart; words of the subject weigh
# more by the share of the texts that have them.
SAME: Final = 0.5
SAME_NEWS: Final = 0.66
# Older than this before its text came out, an event is background; in days.
OLDEST: Final = 60
# 'Tuesday' in a text of Monday is tomorrow or six days ago; nobody can tell.
CERTAIN_DAYS: Final = 5
# What a line is worth for opening its text, and for each further account that tells it.
OPENING, TOLD_AGAIN = 1.0, 0.7
# A word is the subject's where so many of the texts have it, and central where this share of them does.
COMMON: Final = 2
# 'Will' so many characters behind a time is said of that time.
PLANNED_BEHIND: Final = 25
CENTRAL: Final = 0.25

_PLANNED: Final = re.compile(
    r"\b(?:will|would|could|may|might|must|should|shall|opens|begins|starts|is due|are due|was due|due (?:to|in|on|for|by)|scheduled|planned|plans? to"
    r"|expected to|is to|are to|set to|hopes? to|ahead of|until|by (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow))\b"
    r"|سوف|\bس[يتن]\w{3,}|من المقرر|من المتوقع|يتوقع|المرتقب",
    re.I,
)
# Openings that count or name what another sentence told of, and people that it leaves unnamed.
_DANGLES: Final = re.compile(
    r"(?:All|The|These|Those|Both|Another|Others?)\s+(?:of\s+|the\s+)?(?:two|three|four|five|six|seven|eight|nine|ten|others?|rest|same|latter|former)\b"
)  # fmt: skip
# Captions, credits and what pages say of themselves.
_FURNITURE: Final = re.compile(
    r"\bphotos?\b|\bpictured?\b|\bcaption|post(?:ed)? (?:shared )?by|\(@|@\w|updated?:|newsletter|additional reporting|reporting by|editing by|sign up|playback|copyright|getty"
    r"|\b[ap]\.?m\.? (?:et|pst|gmt|bst)\b|\bis seen\b|\bare seen\b|did not immediately|immediately return|read more|request for comment|^\d+[.:]\d\d|^CLOSE|^\(?(?:AP|Reuters|AFP)\)",
    re.I,
)  # fmt: skip
_ENDS: Final = re.compile(r"[.!۔。][\"”’»)\]]*$")
_FROM: Final = re.compile(
    r"\b(?:since|until|till|before|after|from|than|as of|through|ahead of|منذ|قبل|بعد|حتى)\s+(?:(?:last|late|early|the)\s+)?$",
    re.I,
)
_FIRST_PERSON: Final = re.compile(r"\b(?:[Ww]e|I|[Oo]ur|[Mm]y)\b")
_PRONOUN: Final = re.compile(r"\b(?:he|she|they|him|them|this film|this video|this photo)\b")
_NAME: Final = re.compile(r"\b[A-Z]\w")
_THIS_DAY: Final = re.compile(r"\bthis (?:morning|afternoon|evening)\b|صباح اليوم|مساء اليوم|فجر اليوم", re.I)
_LAST_NIGHT: Final = re.compile(r"\blast night\b|الليلة الماضية|ليلة أمس", re.I)


# The share of the accounts that have each word of a subject.
Subject = Mapping[str, float]
# What is counted, with the numbers.
Counts = AbstractSet[tuple[Measure, float]]


@dataclass(frozen=True, slots=True)
class Development:
    """A line of a timeline: the account and its sentence, the day of what it tells, and how many accounts tell it.

    `at` is when its text came out, where that is what dates it; None where the sentence names the day itself.
    """

    account: int
    line: Line
    day: date
    at: datetime | None = None
    minute: int | None = None
    accounts: int = 1


@dataclass
class _Folded:
    """A line, what it counts, what it is worth, and the accounts that tell it."""

    development: Development
    counts: Counts
    worth: float
    accounts: set[int]


def timeline(accounts: Sequence[Account], most: int = MOST_LINES) -> list[Development]:
    """The developments that accounts tell, in the order in which they happened; those that most of them tell are kept.

    It is told in the commonest language of the accounts, out of reports that copy no other. Works for one story and for
    the articles of a subject alike.
    """
    language = _language(accounts)
    order = sorted(range(len(accounts)), key=lambda place: (accounts[place].at, accounts[place].article.id))
    chosen = [
        k for k in order if accounts[k].is_report and not accounts[k].copy_of and accounts[k].language == language
    ]
    subject = _subject([accounts[place] for place in chosen])
    folded: list[_Folded] = []
    for development, is_new in _candidates(accounts, chosen, subject):
        _fold(development, is_new, folded, subject)
    folded.sort(key=lambda one: -one.worth)
    kept = [replace(one.development, accounts=len(one.accounts)) for one in folded[:most]]
    return sorted(kept, key=lambda one: _when(one, accounts))


def _language(accounts: Sequence[Account]) -> str:
    """The language of most accounts, the first in the alphabet of equals."""
    counts = Counter(account.language for account in accounts)
    return min(counts, key=lambda language: (-counts[language], language), default="")


def _subject(accounts: Sequence[Account]) -> Subject:
    """The share of the accounts that have each word; words of one account alone are left out, where there are several."""
    counts: Counter[str] = Counter()
    for account in accounts:
        counts.update(account.title.words.union(*(line.words for line in account.lines[:READ])))
    least = min(COMMON, len(accounts))
    return {word: count / len(accounts) for word, count in counts.items() if count >= least}


def _candidates(
    accounts: Sequence[Account], chosen: Sequence[int], subject: Subject
) -> Iterator[tuple[Development, bool]]:
    """The sentences that could be lines, in the order in which they were published, and those that only tell one again."""
    known: set[str] = set()
    counted: set[tuple[Measure, float]] = set()
    for place in chosen:
        account = accounts[place]
        lines = [line for line in account.lines[:READ] if can_be_a_line(line) and _is_on(line, subject)]
        opening = _opening(lines, account)
        for line in lines:
            if (dated := _dated(line, account)) is not None:
                yield replace(dated, account=place), True
                counted.update(_counts(line))
            elif line is opening:
                is_new = _is_news(line, account, known, counted)
                yield Development(place, line, account.at.date(), account.at), is_new
                counted.update(_counts(line))
        known.update(account.title.words, *(line.words for line in account.lines[:READ]))


def can_be_a_line(line: Line) -> bool:
    """Whether a sentence reads alone as a report: no quotation first, nobody and nothing that it leaves to another."""
    if not line.reads_alone or line.text[0] in QUOTE_MARKS or not _ENDS.search(line.text):
        return False
    if _DANGLES.match(line.text) or _FURNITURE.search(line.text) or _FIRST_PERSON.search(outside_quotes(line.text)):
        return False
    pronoun = _PRONOUN.search(line.text)
    return pronoun is None or _NAME.search(line.text, 1, pronoun.start()) is not None


def _is_on(line: Line, subject: Subject) -> bool:
    """Whether a sentence tells of the subject: it has enough of the words that many accounts have."""
    return sum(subject.get(word, 0.0) >= CENTRAL for word in line.words) >= SHARED


def _opening(lines: Sequence[Line], account: Account) -> Line | None:
    """The sentence that opens a text as its headline says and names no other time: the standfirst or what stands below."""
    fitting = [line for line in lines if line.place <= OPENS and not any(time.minute is None for time in line.times)]
    least = SHARED_WITH_TITLE.get(account.language, SHARED)
    alike = [(_likeness(line, account.title), line) for line in fitting]
    alike = [(shared, line) for shared, line in alike if shared[0] or shared[1] >= least]
    return max(alike, key=lambda pair: (*pair[0], -pair[1].place), default=(None, None))[1]


def _likeness(line: Line, title: Line) -> tuple[int, int]:
    """How many numbers, and how many words, a sentence has from a headline."""
    return len(_numbers(line) & _numbers(title)), len(line.words & title.words)


def _is_news(line: Line, account: Account, known: set[str], counted: set[tuple[Measure, float]]) -> bool:
    """Whether an opening says what nobody said before: enough new words, or a new number of what grows."""
    told = set().union(*map(_counts, account.lines[:COUNTED]))
    return bool(told - counted) or len(line.words - known) >= NEW * len(line.words)


def _numbers(line: Line) -> set[float]:
    return {figure.value for figure in line.figures}


def _counts(line: Line) -> set[tuple[Measure, float]]:
    """What a sentence counts that grows as an event goes on, with the numbers."""
    told = (one for one in measured(line) if not one.is_denied and one.measure.what in GROWING)
    return {(one.measure, one.figure.value) for one in told}


def _dated(line: Line, account: Account) -> Development | None:
    """A sentence with the day that its own times name; None where they name none, several, or one to come."""
    parts = [match.end() for match in _THIS_DAY.finditer(line.text)]
    ends = [*(time.end for time in line.times), *parts]
    if any(_PLANNED.search(line.text, 0, min(len(line.text), end + PLANNED_BEHIND)) for end in ends):
        return None
    named = [time for time in line.times if not _is_a_name(time, line)]
    days = {day for time in named if (day := day_of(time, account.at)) is not None}
    if _THIS_DAY.search(line.text):
        days.add(account.at.date())
    if _LAST_NIGHT.search(line.text):
        days.add(account.at.date() - timedelta(days=1))
    if len(days) != 1 or any(_is_elsewhere(time, line) for time in named):
        return None
    day = days.pop()
    if not account.at.date() - timedelta(days=OLDEST) <= day <= account.at.date():
        return None
    minutes = {time.minute for time in line.times if time.minute is not None and time.is_half_known}
    return Development(0, line, day, minute=minutes.pop() if len(minutes) == 1 else None)


def _is_a_name(time: Time, line: Line) -> bool:
    """'Abranza Today': a capital within a sentence makes a name of the word."""
    return time.days is not None and time.start > 0 and line.text[time.start].isupper()


def _is_elsewhere(time: Time, line: Line) -> bool:
    """Whether a time leads away from one day: a month, a year, 'last week', 'since Monday', 'Monday's vote'."""
    is_loose = time.day is None and bool(time.year or time.month)
    is_owner = line.text.startswith(("'s", "’s", " week"), time.end)
    is_before = time.phrase.startswith(("last", "past")) and time.phrase != "last night"
    return is_loose or is_owner or is_before or bool(_FROM.search(line.text, 0, time.start))


def day_of(time: Time, at: datetime) -> date | None:
    """The day that a time means in a text that came out `at`: 'Sunday' is the last one, today included; None where it is none."""
    on = at.date()
    if time.days is not None:
        return on + timedelta(days=time.days)
    if time.weekday is not None:
        back = (on.weekday() - time.weekday) % 7
        return on - timedelta(days=back) if back <= CERTAIN_DAYS else None
    if time.day is None or time.month is None:
        return None
    year = time.year or (on.year if (time.month, time.day) <= (on.month, on.day) else on.year - 1)
    try:
        return date(year, time.month, time.day)
    except ValueError:
        return None


def _fold(development: Development, is_new: bool, folded: list[_Folded], subject: Subject) -> None:
    """Adds a line where it is new, or counts it for the one that tells the same already."""
    counts = _counts(development.line)
    for one in folded:
        if abs((one.development.day - development.day).days) <= 1 and _is_same(development, counts, one, subject):
            if development.account not in one.accounts:
                one.accounts.add(development.account)
                one.worth += TOLD_AGAIN
            return
    if is_new:
        words = development.line.words
        shared = sum(subject.get(word, 0.0) for word in words) / (len(words) + 5) ** 0.5
        worth = shared + OPENING / (1 + development.line.place)
        folded.append(_Folded(development, counts, worth, {development.account}))


def _is_same(development: Development, counts: Counts, other: _Folded, subject: Subject) -> bool:
    """Whether two lines tell one thing: with the same count, or in the same words and without another count.

    What opens a text with news repeats the subject's words for those who come to it late, so these weigh no more there.
    """
    if counts & other.counts or counts - other.counts:
        return bool(counts & other.counts)
    one, two = development.line.words, other.development.line.words
    if development.at is not None:
        return len(one & two) >= SAME_NEWS * len(one)
    return _weight(one & two, subject) >= SAME * min(_weight(one, subject), _weight(two, subject))


def _weight(words: Iterable[str], subject: Subject) -> float:
    return sum(0.3 + 1.2 * subject.get(word, 0.0) for word in words)


def _when(development: Development, accounts: Sequence[Account]) -> datetime:
    """Where a line stands: at its time of day where told, else when its text came out, or at the end of an earlier day."""
    at, day = accounts[development.account].at, development.day
    if development.minute is not None:
        return datetime.combine(day, time_of_day(*divmod(development.minute, 60)), at.tzinfo)
    return at if day == at.date() else datetime.combine(day, time_of_day.max, at.tzinfo)
