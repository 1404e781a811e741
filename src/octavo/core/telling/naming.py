"""Says whom a mention beside a quote means, by the names in its text; where two persons could be meant it does not guess.

A surname means the one person of the text whose full name ends with it. 'He' and 'she' mean the person who spoke last, or
the only one named nearby, unless title or first name speak against it. Every other mention means itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from octavo.core.telling.mentions import NO_NAME, Mention
from octavo.core.telling.tokens import Words
from octavo.core.telling.words import words_of

# A person named longer ago than so many paragraphs is not meant by a pronoun.
REMEMBERED = 2
LONGEST_NAME = 5
# So many persons of one last name, and so many names before a pronoun, are looked at.
NAMESAKES, NEARBY = 4, 30
# A mention of more words before its first comma is a clause ('there was reason to hope') and no name.
LONGEST_HEAD = 12
_JOINING = words_of("de la del von van der den bin al el du des da do ben ibn")
# Titles that are never a part of a name, and words before names that may be.
_CLEAR_TITLES = words_of(
    """mr mrs ms dr prof professor president president-elect minister premier chancellor sen senator rep representative gov governor mayor
    secretary congressman congresswoman councilman councilwoman ambassador spokesman spokeswoman chairman chairwoman
    director sgt sergeant lt capt captain col colonel gen adm admiral sheriff detective leader"""
)
_TITLES = _CLEAR_TITLES | words_of(
    """miss sir dame lord lady vice prime judge justice king queen prince princess pope bishop cardinal rev reverend imam
    rabbi sheikh general officer chief coach foreign former deputy attorney assistant analyst republican democratic
    candidate press campaign state house"""
)
# A name with one of these is an institution's, a place's or a paper's.
_NO_PERSON = words_of(
    """committee council affairs party house senate congress university college school institute department ministry
    office agency bureau commission court union association society company corporation inc group bank fund foundation
    center centre times post news journal tribune herald press network radio television street avenue city county state
    states kingdom republic nations army navy force forces police service services church hospital museum museum club
    league board authority administration act bill law amendment day week month year north south east west new united
    american national international federal republican democratic republicans democrats campaign project report"""
)
_HE, _SHE = words_of("he him his himself"), words_of("she her hers herself")
_MALE = words_of(
    """mr sir lord king prince congressman councilman chairman spokesman father brother pope james john robert michael
    william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul andrew joshua
    kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry
    justin scott brandon benjamin samuel gregory alexander frank patrick raymond jack dennis jerry tyler aaron jose adam
    nathan henry peter zachary douglas kyle noah ethan jeremy walter keith roger terry sean austin carl arthur lawrence
    jesse dylan bryan joe jordan billy bruce albert willie gabriel logan alan juan wayne roy ralph randy eugene vincent
    russell louis philip bobby johnny bradley mike tom jim bill bob steve dan ben tim ted ken greg chris jeff matt nick
    tony fred simon martin ian neil graham colin derek stuart hans jean pierre carlos luis pedro miguel antonio marco
    giovanni ahmed ahmad mohammed muhammad mohamed omar ali hassan hussein ibrahim khalid yusuf mustafa abdullah vladimir
    sergei ivan dmitry boris igor hiroshi kenji wei"""
)
_FEMALE = words_of(
    """mrs ms miss dame lady queen princess congresswoman councilwoman chairwoman spokeswoman mother sister mary patricia
    jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily donna
    michelle carol amanda melissa deborah stephanie dorothy rebecca sharon laura cynthia amy kathleen angela shirley brenda
    emma anna pamela nicole samantha katherine christine helen debra rachel carolyn janet maria catherine heather diane
    olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith andrea hannah megan cheryl
    jacqueline martha madison teresa gloria sara janice ann anne kathryn abigail sophia frances jean alice judy isabella
    julia grace amber denise danielle marilyn beverly charlotte natalie theresa diana brittany doris kayla alexis lori
    marie hillary ivanka kate claire fiona fatima aisha layla leila mariam zainab noor huda nadia elena olga natasha
    svetlana ingrid sofia carmen lucia rosa isabel ana priya mei yuki sue jane lucy ellen"""
)


@dataclass(frozen=True, slots=True)
class Person:
    """A name of two words or more, without titles; `is_male` is None where nothing tells."""

    name: str
    is_male: bool | None


@dataclass
class Cast:
    """The persons of a text: by their last names, and where in the text each is named (word, person), in order."""

    by_last: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    named: list[tuple[int, Person]] = field(default_factory=list)

    def with_last(self, last: str) -> Person | None:
        """The one person with a last name; None where there are several or none."""
        found = self.by_last.get(last, [])
        return found[0] if len({one.name for one in found}) == 1 else None


def cast_of(words: Words) -> Cast:
    """The persons of a text. A name in capitals of two to five words counts as a person's: pronouns ask for no others."""
    cast = Cast()
    runs = list(_runs(words))
    for first, last in runs:
        start = _name_start(words, first, last)
        if 1 <= last - start < LONGEST_NAME and _may_be_person(words, start, last):
            name = words.between(start, last)
            known = cast.by_last[words.forms[last]]
            if len(known) < NAMESAKES and name not in {one.name for one in known}:
                known.append(Person(name, _is_male(words.forms[first : start + 1])))
    for first, last in runs:
        person = cast.with_last(words.forms[last])
        if person is not None:
            cast.named.append((first, person))
    return cast


def _runs(words: Words) -> Iterator[tuple[int, int]]:
    """The runs of capitalised words, with what joins them."""
    at, count = 0, len(words)
    while at < count:
        last = at
        if words.forms[at][0].isupper():
            while words.goes_on(last) and _joins(words, last + 1):
                last += 1
            while not words.forms[last][0].isupper():
                last -= 1
            yield at, last
        at = last + 1


def _may_be_person(words: Words, first: int, last: int) -> bool:
    forms = {form.lower() for form in words.forms[first : last + 1]}
    return "of" not in forms and "and" not in forms and forms.isdisjoint(_NO_PERSON)


def _joins(words: Words, at: int) -> bool:
    form = words.forms[at]
    return form[0].isupper() or form in _JOINING or (form == "." and not words.ends[at])


def _name_start(words: Words, first: int, last: int) -> int:
    """Where a name begins behind weekdays, titles and what stands before a title ('Despite Mr. Vale')."""
    for at in range(last - 1, first, -1):
        if words.forms[at].lower() in _CLEAR_TITLES:
            first = at
            break
    while first < last and (words.forms[first].lower() in _TITLES | NO_NAME or words.forms[first] == "."):
        first += 1
    return first


def _is_male(forms: Sequence[str]) -> bool | None:
    low = {form.lower() for form in forms}
    male, female = not low.isdisjoint(_MALE), not low.isdisjoint(_FEMALE)
    return male if male != female else None


_BREAKS = frozenset((",", "(", "who", "that", "which", "—", "–", "-", ";", ":"))
_PREPOSITIONS = words_of("of in at on with for from")


class Namer:
    """Names the speakers of one text, in the order of its quotes; it remembers who spoke last."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._cast = cast_of(words)
        self._last: tuple[int, Person] | None = None

    def name(self, mention: Mention) -> str:
        """Whom a mention means: a full name, or the mention's own words; empty where it is a clause that names nobody."""
        words = self._words
        form = words.forms[mention.last].lower()
        if mention.first == mention.last and form in _HE | _SHE:
            person = self._of_pronoun(mention.first, form in _HE)
        elif mention.first == mention.last and form == "who":
            person = self._named_before(mention.first)
        else:
            return self._of_words(mention)
        if person is None:
            return words.between(mention.first, mention.last)
        self._last = mention.first, person
        return person.name

    def _of_words(self, mention: Mention) -> str:
        """The name that a mention ends with, in full where the text has it in full; else its words."""
        words, last = self._words, _end_of_head(self._words, mention)
        if last - mention.first >= LONGEST_HEAD:
            return ""
        if not words.forms[last][0].isupper() or words.forms[last].lower() in NO_NAME:
            self._last = None
            return words.between(mention.first, _trimmed(words, mention.first, last))
        first = last
        while first > mention.first and _joins(words, first - 1):
            first -= 1
        while not words.forms[first][0].isupper():
            first += 1
        ahead = {form.lower() for form in words.forms[mention.first : first]}
        start = _name_start(words, first, last)
        name = words.between(start, last)
        person = self._cast.with_last(words.forms[last])
        if person is None or name not in (person.name, words.forms[last]):
            person = Person(name, _is_male(words.forms[first : start + 1]))
        if not ahead.isdisjoint(_PREPOSITIONS) or (start == first and name == person.name and ahead & {"a", "an"}):
            return words.between(mention.first, last)
        self._last = mention.first, person
        return person.name

    def _of_pronoun(self, at: int, is_male: bool) -> Person | None:
        """The person who spoke last, if nobody fitting is named since; else the only one nearby who is known to fit."""
        paragraph = self._words.paragraph
        nearby = [
            (where, one)
            for where, one in self._before(at)
            if paragraph[at] - paragraph[where] < REMEMBERED and one.is_male in (None, is_male)
        ]
        if self._last is not None and self._last[1].is_male in (None, is_male):
            where, person = self._last
            since = {one.name for other, one in nearby if other > where}
            if paragraph[at] - paragraph[where] <= REMEMBERED and since <= {person.name}:
                return person
        fitting = {one.name: one for _, one in nearby}
        known = [one for one in fitting.values() if one.is_male is is_male]
        return known[0] if len(known) == len(fitting) == 1 else None

    def _before(self, at: int) -> list[tuple[int, Person]]:
        """The persons named before a word, the nearest of them, in order."""
        end = bisect_left(self._cast.named, at, key=itemgetter(0))
        return self._cast.named[max(0, end - NEARBY) : end]

    def _named_before(self, at: int) -> Person | None:
        """The person named right before 'who'."""
        words = self._words
        end = at - 1 - (at > 0 and words.forms[at - 1] == ",")
        near = [one for where, one in self._before(at) if end - where < LONGEST_NAME]
        return near[-1] if near and words.forms[end][:1].isupper() else None


def _end_of_head(words: Words, mention: Mention) -> int:
    """The last word of a mention before what describes it further: a comma, a bracket, 'who', or 'of' behind a person."""
    for at in range(mention.first + 1, mention.last + 1):
        form = words.forms[at]
        if form in _BREAKS or (form in _PREPOSITIONS and _is_named_person(words, mention.first, at - 1)):
            return at - 1
    end = mention.last
    while end > mention.first and words.forms[end] in ("'s", "’s"):
        end -= 1
    return end


def _is_named_person(words: Words, first: int, last: int) -> bool:
    """Whether words end with a name of two words or a title and a name, as persons have."""
    start = last
    while start > first and _joins(words, start - 1):
        start -= 1
    return start < last and words.forms[last][0].isupper() and _may_be_person(words, start, last)


def _trimmed(words: Words, first: int, last: int) -> int:
    while last > first and not words.forms[last][0].isalnum():
        last -= 1
    return last
