"""The test-bench of the claims gate: true sentences must be kept, corrupted ones vetoed.

    python evals/claims.py                 # a table by kind; exit 1 where a kind falls short
    python evals/claims.py --show KIND N   # the first N sentences of a kind that the gate judges wrongly
    python evals/claims.py --json

Sentences are made anew, from a seed, of the development articles of the evaluation kit, which is looked for where gate.py
looks; none is kept here. True ones: sentences of articles, shortened, joined (of one article, or of two articles of one
story), with numbers, dates and names written in other ways, attribution moved, and sentences that editors wrote of an
article (highlights, with the sentences of the article that cover them best). Corrupted ones are made of true ones that the
gate keeps, by what stands elsewhere in the same article or in another.
"""

from __future__ import annotations

import argparse
import calendar
import gzip
import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from gate import find_kit

from octavo.core.telling.claims import CitedText, check
from octavo.core.telling.figures import SCALES, UNITS, Figure, figures
from octavo.core.telling.names import names
from octavo.core.telling.sentences import sentences
from octavo.core.telling.speakers import speakers
from octavo.core.telling.times import times
from octavo.core.telling.verbs import BASE, lemma_of
from octavo.core.telling.words import subject_words
from octavo.core.types import Claim, Passage

SEED = 8
TRUE_EACH, CORRUPTED_EACH = 100, 100
KEPT, VETOED = 0.95, 0.95
# Reported without a floor: what words alone cannot tell in every case.
FREE = ("cause", "roles")
SHORTEST, LONGEST = 50, 320
# Of an editor's sentence so many subject words may be missing from the sentences that it is given as its passages.
UNCOVERED = 0.3
MONTHS = calendar.month_name[1:]
WEEKDAYS = list(calendar.day_name)

Rng = random.Random


@dataclass(frozen=True)
class Text:
    """One article of the kit; `lines` are its sentences' spans, `highlights` what editors wrote of it."""

    id: str
    text: str
    published: datetime | None
    story: str
    lines: tuple[tuple[int, int], ...]
    highlights: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """A sentence and its passages; `told_story` says whether the gate is told the stories."""

    kind: str
    text: str
    passages: tuple[tuple[Text, int, int], ...]
    told_story: bool = False

    def cited(self) -> str:
        """The passages' texts."""
        return "\n".join(one.text[start:end] for one, start, end in self.passages)

    def holds(self) -> tuple[bool, str]:
        """What the gate says, and why."""
        texts = {
            (t.id, 1): CitedText(t.text, t.published, "en", t.story if self.told_story else "")
            for t, _, _ in self.passages
        }
        claim = Claim(self.text, tuple(Passage(t.id, 1, start, end) for t, start, end in self.passages))
        decision = check(claim, texts)
        return decision.holds, ", ".join(f"{v.reason}: {v.what}" for v in decision.vetoes)


# ------------------------------------------------------------------ the articles


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@cache
def articles(kit: Path) -> list[Text]:
    """The articles of the summaries', stories' and quotes' sets."""
    data = kit / "data"
    stories = {row["id"]: row["story"] for row in rows(data / "stories/newscluster.gold.jsonl.gz")}
    edited = {row["id"]: row["reference"] for row in rows(data / "summaries/cnndm.gold.jsonl.gz")}
    found = []
    for name in ("summaries/cnndm.input", "stories/newscluster.articles", "quotes/polnear.input"):
        for row in rows(data / f"{name}.jsonl.gz"):
            published = datetime.fromisoformat(row["published"]) if row.get("published") else None
            lines = tuple(span for span in sentences(row["text"]) if SHORTEST <= span[1] - span[0] <= LONGEST)
            edits = tuple(line.rstrip(" .").replace(" ,", ",") + "." for line in edited.get(row["id"], "").split("\n"))
            if len(lines) >= 5:
                found.append(Text(row["id"], row["text"], published, stories.get(row["id"], ""), lines, edits))
    return found


def a_sentence(rng: Rng, kit: Path) -> Case:
    """A whole sentence that cites itself, and in two of five cases the next one too."""
    while True:
        one = rng.choice(articles(kit))
        place = rng.randrange(len(one.lines))
        start, end = one.lines[place]
        text = one.text[start:end]
        if text[0].isupper() and text[-1] in '.”"' and text.count('"') % 2 == 0 and text.count("“") == text.count("”"):
            after = [(one, *one.lines[place + 1])] if rng.random() < 0.4 and place + 1 < len(one.lines) else []
            return Case("sentence", text, ((one, start, end), *after))


def a_highlight(rng: Rng, kit: Path) -> Case | None:
    """What an editor wrote of an article, with the sentences that cover its words best, one after the other.

    Only where those sentences support it by a yardstick that is not the gate's: they have its digits and its capitalised
    words to the letter, and most of its other words. Editors also tell what stands elsewhere or nowhere in the text.
    """
    one = rng.choice([t for t in articles(kit) if len(t.highlights) > 1])
    text = rng.choice(one.highlights)
    wanted = bags_of(text)
    spans = [span for span in sentences(one.text) if span[1] - span[0] <= 2 * LONGEST]
    bags = [bags_of(one.text[s:e]) for s, e in spans]
    chosen: list[int] = []
    while wanted and len(chosen) < 5:
        best = max(range(len(spans)), key=lambda k: (len(bags[k] & wanted), -k))
        if not bags[best] & wanted:
            break
        chosen.append(best)
        wanted -= bags[best]
    facts = re.findall(r"\d[\d,.]*\d|\d|\b[A-Z][\w-]+", text[1:])
    cited = " ".join(one.text[slice(*spans[k])] for k in chosen)
    if (
        len(text) < 30
        or not chosen
        or len(wanted) > UNCOVERED * len(bags_of(text))
        or not all(f in cited for f in facts)
    ):
        return None
    return Case("highlight", text, tuple((one, *spans[k]) for k in sorted(chosen)))


def bags_of(text: str) -> set[str]:
    """The lemmas of a text's subject words."""
    return {lemma_of(word) for word in subject_words(text, "en")}


# ------------------------------------------------------------------ true ones


def shortened(rng: Rng, kit: Path) -> Case | None:
    """Without what stands between two commas, or before the first, or after the last."""
    case = a_sentence(rng, kit)
    if '"' in case.text or "“" in case.text:
        return None
    parts = case.text.split(", ")
    if len(parts) == 3 and not re.match(r"(and|or|but)\b", parts[2]) and len(parts[1].split()) > 2:
        text = f"{parts[0]} {parts[2]}" if parts[2][0].islower() or parts[0].split()[-1].islower() else ""
    elif len(parts) == 2 and re.match(
        r"(which|who|where|while|although|though|but|and|after|as|with|\w+ing)\b", parts[1]
    ):
        text = parts[0] + "."
    elif len(parts) == 2 and re.match(r"(In|On|At|After|Before|While|During|Since|Despite|According)\b", parts[0]):
        text = parts[1][0].upper() + parts[1][1:]
    else:
        return None
    return replace(case, kind="shortened", text=text) if len(text) > SHORTEST else None


def joined(rng: Rng, kit: Path) -> Case | None:
    """Two sentences of one article, or of two articles of one story, as one sentence."""
    one = a_sentence(rng, kit)
    first = one.passages[0][0]
    others = [t for t in articles(kit) if t.story and t.story == first.story and t is not first]
    other = rng.choice(others) if others else first
    start, end = rng.choice(other.lines)
    second = other.text[start:end]
    if (other is first and (start, end) == one.passages[0][1:]) or second[0] in '"“' or second.count('"') % 2:
        return None
    opening = second.split()[0]
    is_name = any(name.start == 0 for name in names(second))
    second = second if is_name or opening.isupper() else second[0].lower() + second[1:]
    tie = rng.choice((", and ", "; ", ", while "))
    text = one.text.rstrip(".") + tie + second
    return Case("joined", text, (one.passages[0], (other, start, end)), told_story=rng.random() < 0.5)


def number_rewritten(rng: Rng, kit: Path) -> Case | None:
    """A number in another way of writing it."""
    case = a_sentence(rng, kit)
    found = [
        f
        for f in figures(case.text, "en", dates_of(case.text))
        if not f.is_silent
        and not f.is_ordinal
        and case.text[: f.start][-1:] not in tuple("-“\"'")
        and not quoted(case.text, f.start)
    ]
    if not found:
        return None
    figure = rng.choice(found)
    written = case.text[figure.start : figure.end]
    new = rewritten(figure, written, rng)
    return None if new is None else changed(case, "number written otherwise", figure.start, figure.end, new)


def quoted(text: str, place: int) -> bool:
    """Whether a place is between quotation marks."""
    return text[:place].count('"') % 2 == 1 or text[:place].count("“") > text[:place].count("”")


def rewritten(figure: Figure, written: str, rng: Rng) -> str | None:
    """The same number in other signs."""
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    if written.lower() in words:
        return str(int(figure.value))
    if written.isdigit() and figure.value < len(words):
        return words[int(figure.value)]
    if "percent" in written or "per cent" in written:
        return re.sub(r"\s*per ?cent", "%", written)
    if re.fullmatch(r"\d+(\.\d+)?%", written):
        return written[:-1] + " percent"
    if match := re.fullmatch(r"([$£€]?)(\d+(?:\.\d+)?)[ -](million|billion)", written):
        whole = f"{match[1]}{figure.value:,.0f}"
        return rng.choice((whole, match[1] + match[2] + {"million": "m", "billion": "bn"}[match[3]]))
    if re.fullmatch(r"\d{1,3},\d{3}", written):
        return written.replace(",", "")
    if re.fullmatch(r"\d+,000", written):
        return written[:-4] + " thousand"
    return None


def date_rewritten(rng: Rng, kit: Path) -> Case | None:
    """A date in another way of writing it, or the date of a weekday by the day of publication."""
    case = a_sentence(rng, kit)
    on = case.passages[0][0].published
    for time in times(case.text):
        written = case.text[time.start : time.end]
        if time.month and time.day and (time.year or on):
            year = time.year or (on.year if on else 0)
            new = rng.choice((f"{time.day} {MONTHS[time.month - 1]}", f"{MONTHS[time.month - 1][:3]}. {time.day}",
                              f"{year}-{time.month:02}-{time.day:02}"))  # fmt: skip
        elif time.weekday is not None and on and f"n {written}" in case.text:
            day = on - timedelta(days=(on.weekday() - time.weekday) % 7)
            new = f"{MONTHS[day.month - 1]} {day.day}"
        else:
            continue
        return changed(case, "date written otherwise", time.start, time.end, new)
    return None


def name_shortened(rng: Rng, kit: Path) -> Case | None:
    """A full name by its surname, or a surname by the full name that the article gives it."""
    case = a_sentence(rng, kit)
    one = case.passages[0][0]
    for name in names(case.text):
        if len(name.words) in (2, 3) and not name.is_opening and name.words[-1].isalpha() and "of" not in name.words:
            return changed(case, "name shortened", name.start, name.end, name.words[-1])
        if len(name.words) == 1 and (full := [n for n in names(one.text) if n.words[1:] == name.words and n.words[0].isalpha() and not n.is_opening]):  # fmt: skip
            return changed(case, "name shortened", name.start, name.end, " ".join(full[0].words))
    return None


def attribution_moved(rng: Rng, kit: Path) -> Case | None:
    """'X said that it is so' as 'It is so, X said', and a quotation's speaker before it."""
    case = a_sentence(rng, kit)
    if match := re.fullmatch(r"[“\"]([^“”\"]+),[”\"] ((?:[A-Z][\w-]+ ?){1,3}) (said|told reporters)\.", case.text):
        text = f"{match[2]} {match[3]}: “{match[1]}.”"
    elif match := re.fullmatch(r"((?:[A-Z][\w-]+ ?){1,3}) said that ([^“”\"]+)\.", case.text):
        text = f"{match[2][0].upper()}{match[2][1:]}, {match[1].strip()} said."
    elif match := re.fullmatch(r"([A-Z][^“”\",]+), ((?:[A-Z]?[\w-]+ ?){1,3}) said\.", case.text):
        text = f"According to {match[2][0].lower() + match[2][1:] if match[2].startswith('The') else match[2]}, {match[1]}."
    else:
        return None
    return replace(case, kind="attribution moved", text=text)


def dates_of(text: str) -> list[tuple[int, int]]:
    """The spans of a text's times."""
    return [(time.start, time.end) for time in times(text)]


def changed(case: Case, kind: str, start: int, end: int, new: str) -> Case:
    """A case with one span of its sentence replaced."""
    return replace(case, kind=kind, text=case.text[:start] + new + case.text[end:])


TRUE: dict[str, Callable[[Rng, Path], Case | None]] = {
    "sentence": a_sentence,
    "shortened": shortened,
    "joined": joined,
    "number written otherwise": number_rewritten,
    "date written otherwise": date_rewritten,
    "name shortened": name_shortened,
    "attribution moved": attribution_moved,
    "highlight": a_highlight,
}


# ------------------------------------------------------------------ corrupted ones


def another(rng: Rng, case: Case, kit: Path) -> str:
    """The text from which a swap is taken: the same article, or in two of five cases another one."""
    return rng.choice(articles(kit)).text if rng.random() < 0.4 else case.passages[0][0].text


def name_swapped(rng: Rng, case: Case, kit: Path) -> Case | None:
    """A name by another of as many words that the passages do not have."""
    mine = [n for n in names(case.text) if not n.is_opening or len(n.words) > 1]
    if not mine:
        return None
    name = rng.choice(mine)
    cited = case.cited()
    others = [
        " ".join(n.words)
        for n in names(another(rng, case, kit))
        if len(n.words) == len(name.words) and not n.is_opening and not any(word in cited for word in n.words)
    ]
    return changed(case, "name", name.start, name.end, rng.choice(others)) if others else None


def number_swapped(rng: Rng, case: Case, kit: Path) -> Case | None:
    """A number by another of the article or of another one, with what it counts left as it is."""
    found = [f for f in figures(case.text, "en", dates_of(case.text)) if not f.is_silent]
    if not found:
        return None
    figure = rng.choice(found)
    source = another(rng, case, kit)
    others = [
        source[f.start : f.end]
        for f in figures(source, "en", dates_of(source))
        if f.value != figure.value
        and f.is_ordinal == figure.is_ordinal
        and bool(f.unit) == bool(figure.unit)
        and not f.is_silent
    ]
    return changed(case, "number", figure.start, figure.end, rng.choice(others)) if others else None


def unit_swapped(rng: Rng, case: Case, kit: Path) -> Case | None:
    """A unit or a scale by another of its kind."""
    swaps = {"million": "billion", "billion": "million", "thousand": "million", "hundred": "thousand", "$": "€", "£": "$",
             "€": "£", "percent": "people", "per cent": "people", "%": " points", "years": "months", "year": "month",
             "months": "weeks", "month": "year", "weeks": "days", "week": "month", "days": "hours", "day": "week",
             "hours": "minutes", "hour": "day", "minutes": "hours", "seconds": "minutes", "miles": "metres", "mile": "kilometre",
             "feet": "miles", "foot": "mile", "meters": "miles", "metres": "feet", "kilometers": "miles", "dollars": "euros",
             "pounds": "dollars", "tons": "pounds", "inches": "feet", "inch": "foot", "yards": "miles"}  # fmt: skip
    for figure in figures(case.text, "en", dates_of(case.text)):
        written = case.text[figure.start : figure.end]
        for old, new in swaps.items():
            pattern = re.escape(old) if not old.isalpha() else rf"\b{old}\b"
            if not figure.is_silent and (old in SCALES or old in UNITS or " " in old) and re.search(pattern, written):
                return changed(case, "unit", figure.start, figure.end, re.sub(pattern, new, written, count=1))
    return None


def date_swapped(rng: Rng, case: Case, kit: Path) -> Case | None:
    """A weekday, day, month or year by another."""
    found = [t for t in times(case.text) if t.weekday is not None or t.month or t.year]
    if not found:
        return None
    time = rng.choice(found)
    written = case.text[time.start : time.end]
    if time.weekday is not None:
        new = rng.choice([day for n, day in enumerate(WEEKDAYS) if n != time.weekday])
    elif time.month and (time.day is None or rng.random() < 0.5):
        spelt = re.search(r"[A-Za-z]+", written)
        new = (
            written.replace(spelt[0], rng.choice([m for n, m in enumerate(MONTHS, 1) if n != time.month]))
            if spelt
            else ""
        )
    elif time.day:
        new = re.sub(r"\b\d{1,2}\b", str(rng.choice([d for d in range(1, 29) if d != time.day])), written, count=1)
    else:
        new = re.sub(r"\d{4}", str((time.year or 0) + rng.choice((-10, -2, -1, 1, 2))), written)
    return changed(case, "date", time.start, time.end, new) if new and new != written else None


def quote_altered(rng: Rng, case: Case, kit: Path) -> Case | None:
    """A quotation with a word of another sentence in the place of one, without a word, or wholly another one."""
    match = re.search(r"(?:^|(?<=[\s(]))[“\"]([^“”\"]{12,}?)[”\"](?=[\s.,)]|$)", case.text)
    if not match:
        return None
    words = match[1].split()
    places = [n for n, word in enumerate(words[1:-1], 1) if word.isalpha() and word.islower() and len(word) > 3]
    if not places or len(words) < 3:
        return None
    place = rng.choice(places)
    pool = [
        w for w in another(rng, case, kit).split() if w.isalpha() and w.islower() and len(w) > 3 and w != words[place]
    ]
    way = rng.random()
    if way < 0.5 and pool:
        words[place] = rng.choice(pool)
    elif way < 0.8:
        del words[place]
    else:
        others = re.findall(r"[“\"]([^“”\"]{12,120})[”\"]", rng.choice(articles(kit)).text)
        words = rng.choice(others).split() if others else [*words[:1], *words[2:]]
    return changed(case, "quote", match.start(1), match.end(1), " ".join(words))


def negated(rng: Rng, case: Case, kit: Path) -> Case | None:
    """'Not' put in behind an auxiliary or before a verb, or taken away."""
    text = case.text
    if match := re.search(
        r"\b(did|does|do|is|was|were|are|has|have|had|will|would|could|can|should)(?: not|n[’']t)\b", text
    ):
        return changed(case, "negation", match.start(), match.end(), match[1])
    if match := re.search(r"\bnever\b|\bno longer\b", text):
        return changed(case, "negation", match.start(), match.end(), "always")
    auxiliary = list(
        re.finditer(
            r"\b(is|was|were|are|has|have|had|will|would|could|should|may|might)\b(?= [a-z]+(?:ed|en|ing|e)\b)", text
        )
    )
    if auxiliary:
        match = rng.choice(auxiliary)
        return changed(case, "negation", match.end(), match.end(), " not")
    past = [
        m
        for m in re.finditer(r"(?<=[a-z] )(\w+)\b(?= (?:the|a|an|his|her|their|its|to|in|on|at|that|for)\b)", text)
        if m[1] in BASE
    ]
    if past:
        match = rng.choice(past)
        return changed(case, "negation", match.start(), match.end(), "did not " + BASE[match[1]])
    return None


def modal_flipped(rng: Rng, case: Case, kit: Path) -> Case | None:
    """'May' for 'will', 'has' for 'may have', and what happened as what may have happened."""
    ways = (
        (r"\b(?:may|might|could) have (?=\w+(?:ed|en)\b)", ("had ",)), (r"\b(?:may|might|could|can) be\b", ("will be", "is")),
        (r"\b(?:may|might|could|can)\b(?= [a-z]+)", ("will",)), (r"\bwill be\b", ("may be", "might be", "was")),
        (r"\bwill\b(?= [a-z]+)", ("may", "might", "could")), (r"\bwould be\b", ("may be", "was")),
        (r"\bshould\b|\bmust\b", ("may", "will")),
        (r"\b(?:has|have|had) (?=\w+(?:ed|en)\b)", ("may have ", "could have ")),
        (r"\b(?:is|are) (?=\w+ing\b)", ("may be ", "could be ")), (r"\b(?:was|were) (?=\w+ed\b)", ("may have been ", "will be ")),
    )  # fmt: skip
    for pattern, new in ways:
        if (match := re.search(pattern, case.text)) and "May" not in match[0]:
            return changed(case, "modal", match.start(), match.end(), rng.choice(new))
    return None


def speaker_swapped(rng: Rng, case: Case, kit: Path) -> Case | None:
    """The name beside a verb of saying by another name of the article, in the passages or not."""
    spoken = {word for who in speakers(case.text) for word in who}
    mine = [n for n in names(case.text) if n.words[-1].lower() in spoken]
    if not mine:
        return None
    name = rng.choice(mine)
    near = case.text[max(0, name.start - 30) : name.end + 30]
    others = {
        " ".join(n.words)
        for n in names(another(rng, case, kit))
        if len(n.words) == len(name.words) and not n.is_opening and n.words[-1] not in near
    }
    return changed(case, "speaker", name.start, name.end, rng.choice(sorted(others))) if others else None


def cause_swapped(rng: Rng, case: Case, kit: Path) -> Case | None:
    """What stands behind 'because', 'after' or 'due to' by the cause, or another clause, of another sentence."""
    pattern = r"\b(because|after|due to|amid|over)\b ([^,.;“”\"]{15,})"
    source = another(rng, case, kit)
    causes = [m[2] for m in re.finditer(pattern, source) if m[0] not in case.cited()]
    match = re.search(pattern, case.text)
    if not causes:
        return None
    if match:
        return changed(case, "cause", match.start(2), match.end(2), rng.choice(causes))
    return replace(case, kind="cause", text=f"{case.text.rstrip('.')} because {rng.choice(causes)}.")


def stories_joined(rng: Rng, case: Case, kit: Path) -> Case | None:
    """Two sentences of two stories as one, each cited."""
    other = a_sentence(rng, kit)
    one, two = case.passages[0][0], other.passages[0][0]
    if one.id == two.id or (one.story and one.story == two.story):
        return None
    text = case.text.rstrip(".") + rng.choice((", and ", ", while ", "; ")) + other.text
    told = bool(one.story and two.story) and rng.random() < 0.5
    return Case("stories", text, (*case.passages, other.passages[0]), told_story=told)


def roles_swapped(rng: Rng, case: Case, kit: Path) -> Case | None:
    """Two names of the sentence in each other's place."""
    found = [n for n in names(case.text) if len(n.words) > 1]
    if len(found) < 2 or found[0].words == found[1].words:
        return None
    one, two = found[:2]
    text = case.text
    text = (
        text[: one.start]
        + text[two.start : two.end]
        + text[one.end : two.start]
        + text[one.start : one.end]
        + text[two.end :]
    )
    return replace(case, kind="roles", text=text)


CORRUPT: dict[str, Callable[[Rng, Case, Path], Case | None]] = {
    "name": name_swapped,
    "number": number_swapped,
    "unit": unit_swapped,
    "date": date_swapped,
    "quote": quote_altered,
    "negation": negated,
    "modal": modal_flipped,
    "speaker": speaker_swapped,
    "stories": stories_joined,
    "cause": cause_swapped,
    "roles": roles_swapped,
}


def true_cases(kit: Path, seed: int = SEED) -> list[Case]:
    """The true sentences, so many of each kind as there are, at most TRUE_EACH; of highlights twice as many."""
    found: list[Case] = []
    for kind, make in TRUE.items():
        rng = Rng(f"{seed} {kind}")
        wanted, made = TRUE_EACH * (2 if kind == "highlight" else 1), 0
        for _ in range(wanted * 120):
            if made < wanted and (case := make(rng, kit)) and not (kind != "sentence" and case.text in case.cited()):
                made += 1
                found.append(case)
    return found


def corrupted_cases(kit: Path, seed: int = SEED) -> list[Case]:
    """The corrupted sentences: made of whole, shortened and editors' sentences that the gate keeps."""
    found: list[Case] = []
    for kind, make in CORRUPT.items():
        rng, made = Rng(f"{seed} corrupted {kind}"), 0
        for _ in range(CORRUPTED_EACH * 120):
            if made == CORRUPTED_EACH:
                break
            base = rng.choice((a_sentence, a_sentence, shortened, a_highlight))(rng, kit)
            case = make(rng, base, kit) if base else None
            if base and case and case.text != base.text and base.holds()[0]:
                made += 1
                found.append(case)
    return found


def table(cases: list[Case], wanted: bool) -> dict[str, tuple[int, int]]:
    """By kind: how many, and how many the gate judges as wanted."""
    counts: dict[str, tuple[int, int]] = {}
    for case in cases:
        n, right = counts.get(case.kind, (0, 0))
        counts[case.kind] = n + 1, right + (case.holds()[0] == wanted)
    return counts


def figures_of(kit: Path, seed: int = SEED) -> dict[str, float]:
    """What gate.py holds against floors: the share of true ones kept, and of each corrupted kind vetoed."""
    true, corrupted = table(true_cases(kit, seed), True), table(corrupted_cases(kit, seed), False)
    kept = sum(right for _, right in true.values()) / sum(n for n, _ in true.values())
    measured = {
        "kept": kept,
        "true": sum(n for n, _ in true.values()),
        "corrupted": sum(n for n, _ in corrupted.values()),
    }
    measured |= {f"kept_{kind.replace(' ', '_')}": right / n for kind, (n, right) in true.items()}
    return measured | {f"vetoed_{kind}": right / n for kind, (n, right) in corrupted.items()}


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", nargs=2, metavar=("KIND", "N"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", type=int, default=SEED, help="other sentences than those of the floors")
    given, kit = parser.parse_args(), find_kit()
    if kit is None:
        print("There is no evaluation kit: name it in OCTAVO_EVAL.")
        return 2
    if given.show:
        show(kit, given.show[0], int(given.show[1]))
        return 0
    measured = figures_of(kit, given.seed)
    print(
        json.dumps(measured) if given.json else "\n".join(f"{key:<32}{value:9.4f}" for key, value in measured.items())
    )
    short = [k for k, v in measured.items() if k.startswith("vetoed_") and k[7:] not in FREE and v < VETOED]
    return int(bool(short) or measured["kept"] < KEPT)


def show(kit: Path, kind: str, most: int) -> None:
    """Prints what the gate judges wrongly."""
    for cases, wanted in ((true_cases(kit), True), (corrupted_cases(kit), False)):
        wrong = [(case, case.holds()[1]) for case in cases if case.kind == kind and case.holds()[0] != wanted]
        for case, why in wrong[:most]:
            print(f"\n{case.text}\n   CITED {case.cited()}\n   {why}")


if __name__ == "__main__":
    sys.exit(main())
