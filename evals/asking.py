"""Asks questions that the articles do not answer, which must find nothing, and plain ones that they do.

    python evals/asking.py [--json]              # a table; exit 1 where too many are answered
    python evals/asking.py --show KIND N         # the first N questions of a kind with their answers

The articles are those of the evaluation kit's questions; the questions are made of them anew, from a seed. Unanswerable: what
another event's article tells, asked of this one; what this article tells, of a name of another event; facts of its people
whose words stand nowhere in it. Answerable: who did what a sentence tells, and when, where or how many.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from claims import rows
from gate import find_kit

from octavo.cli.storylines import read_article
from octavo.core.telling.answers import answer
from octavo.core.telling.claims import likeness, weighed
from octavo.core.telling.figures import figures
from octavo.core.telling.names import Name, names
from octavo.core.telling.phrases import is_verb
from octavo.core.telling.sentences import sentences
from octavo.core.telling.times import times
from octavo.core.types import Article

SEED, EACH = 8, 100
MOST_ANSWERED, FEWEST_FOUND = 0.10, 0.75
# Articles less alike than this tell of two events.
OTHER_EVENT = 0.1
# Facts that news may tell of a person, and the words of which none may stand in an article that does not tell them.
FACTS = (
    ("Where was {} born?", "born birth native birthplace"), ("Who is {} married to?", "married wife husband spouse wed"),
    ("How tall is {}?", "tall height feet inches"), ("When did {} graduate?", "graduate graduated university college school"),
    ("What did {} eat?", "eat ate food lunch dinner breakfast"), ("How much does {} earn?", "earn earns salary paid pay wage income"),
    ("What car does {} drive?", "car cars drive driver"), ("Which school did {} attend?", "school college university attended"),
    ("Why did {} sue the newspaper?", "sue sued suing lawsuit"), ("When did {} arrive in Paris?", "paris"),
    ("How many children does {} have?", "children child son daughter kids sons daughters"), ("Who taught {} to swim?", "swim swimming taught"),
    ("What instrument does {} play?", "instrument piano guitar violin"), ("Where did {} buy the house?", "house bought buy"),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question of a kind, the article that it is asked of, and the phrase that answers ('' for none)."""

    kind: str
    question: str
    article: Article
    gold: str = ""


@cache
def articles(kit: Path) -> list[Article]:
    """The articles, each once."""
    found = {
        row["articles"][0]["id"]: row["articles"][0] for row in rows(kit / "data/questions/giveme5w1h.input.jsonl.gz")
    }
    return [read_article(row) for row in found.values()]


@cache
def likenesses(kit: Path) -> dict[tuple[str, str], float]:
    """How alike each two articles are."""
    seen = [(one.id, weighed(f"{one.title}\n{one.text}", "en")) for one in articles(kit)]
    return {(a, b): likeness(x, y) for a, x in seen for b, y in seen}


def others(kit: Path, article: Article) -> list[Article]:
    """The articles of other events."""
    alike = likenesses(kit)
    return [one for one in articles(kit) if alike[article.id, one.id] < OTHER_EVENT]


def told(article: Article) -> Iterator[tuple[str, Name, str, str]]:
    """Sentences that say what somebody with a name did: the sentence, the name, the verb phrase, the clause."""
    for start, end in sentences(article.text):
        line = article.text[start:end]
        opening = next(iter(names(line)), None)
        if not opening or opening.start > 4 or not 40 < len(line) < 220 or re.search(r"[“”\"\[(]", line):
            continue
        action = re.match(r"\s+((?:has |have |had )?([a-z]+)\s[^,;:.]{12,110})(?=[,;:.])", line[opening.end :])
        if action and is_verb(action[2]) and action[2] not in ("is", "was", "said", "says"):
            yield line, opening, action[1], line[opening.start : opening.end] + " " + action[1]


def questions_of(article: Article) -> Iterator[Asked]:
    """Plain questions that the article answers."""
    for _, name, action, clause in told(article):
        yield Asked("who", f"Who {action}?", article, " ".join(name.words))
        for time in times(clause):
            around = re.sub(r"\s*\b(?:on|in|at|late|early|since|by)?\s*$", "", clause[: time.start])
            if time.phrase == "" and len(around.split()) > 3 and time.end > len(clause) - 12:
                yield Asked("when", f"When was it that {around}?", article, clause[time.start : time.end])
        for figure in figures(clause, "en", [(t.start, t.end) for t in times(clause)]):
            is_plain = not (figure.is_silent or figure.unit or figure.is_ordinal) and clause[: figure.start][-1:] == " "
            if is_plain and len(figure.counted) > 3:
                rest = clause[figure.end :].strip()
                yield Asked(
                    "amount",
                    f"How many {rest} in: {clause[: figure.start].strip()}?",
                    article,
                    clause[figure.start : figure.end],
                )


def unanswerable(kit: Path, seed: int) -> list[Asked]:
    """Questions that nothing in their article answers."""
    rng = random.Random(f"{seed} unanswerable")
    found: list[Asked] = []
    every = [asked for article in articles(kit) for asked in questions_of(article)]
    rng.shuffle(every)
    found += [
        replace(asked, kind="other event", article=rng.choice(others(kit, asked.article)), gold="")
        for asked in every[:EACH]
    ]
    rng.shuffle(every)
    for asked in [one for one in every if one.kind != "who"] * 3 + [
        one for one in every if len(names(one.question)) > 0
    ] * 2:
        if len(found) == 2 * EACH:
            break
        if swapped := with_other_name(rng, kit, asked):
            found.append(swapped)
    while len(found) < 3 * EACH:
        article = rng.choice(articles(kit))
        people = [" ".join(n.words) for n in names(article.text) if len(n.words) == 2]
        question, needed = rng.choice(FACTS)
        if people and not re.search(rf"\b(?:{needed.replace(' ', '|')})\b", article.text + article.title, re.I):
            found.append(Asked("fact absent", question.format(rng.choice(people)), article))
    return found


def with_other_name(rng: random.Random, kit: Path, asked: Asked) -> Asked | None:
    """A question with one name replaced by one of another event that the article does not have."""
    mine = [name for name in names(asked.question) if name.start > 3]
    theirs = [" ".join(n.words) for n in names(rng.choice(others(kit, asked.article)).text) if not n.is_opening]
    theirs = [name for name in theirs if not any(word in asked.article.text for word in name.split())]
    if not mine or not theirs:
        return None
    name = rng.choice(mine)
    return Asked(
        "name swapped", asked.question[: name.start] + rng.choice(theirs) + asked.question[name.end :], asked.article
    )


def answerable(kit: Path, seed: int) -> list[Asked]:
    """Questions that a sentence of their article answers."""
    rng = random.Random(f"{seed} answerable")
    every = [asked for article in articles(kit) for asked in questions_of(article)]
    rng.shuffle(every)
    return [asked for kind in ("who", "when", "amount") for asked in [one for one in every if one.kind == kind][:EACH]]


def is_right(asked: Asked) -> tuple[bool, bool, str]:
    """Whether a question is answered, whether with the gold, and the answer."""
    found = answer(asked.question, [asked.article])
    text = found.text if found else ""
    return found is not None, bool(text) and bool(asked.gold) and (asked.gold in text or text in asked.gold), text


def figures_of(kit: Path, seed: int = SEED) -> dict[str, float]:
    """What gate.py holds against floors."""
    measured: dict[str, float] = {}
    silent = [(asked.kind, not is_right(asked)[0]) for asked in unanswerable(kit, seed)]
    spoken = [(asked.kind, *is_right(asked)[:2]) for asked in answerable(kit, seed)]
    measured["unanswerable"] = len(silent)
    measured["unanswered"] = sum(quiet for _, quiet in silent) / len(silent)
    for kind in ("other event", "name swapped", "fact absent"):
        of_kind = [quiet for k, quiet in silent if k == kind]
        measured[f"unanswered_{kind.replace(' ', '_')}"] = sum(of_kind) / max(1, len(of_kind))
    measured["answerable"] = len(spoken)
    measured["answered"] = sum(one[1] for one in spoken) / len(spoken)
    measured["right"] = sum(one[2] for one in spoken) / len(spoken)
    for kind in ("who", "when", "amount"):
        of_kind = [right for k, _, right in spoken if k == kind]
        measured[f"right_{kind}"] = sum(of_kind) / max(1, len(of_kind))
    return measured


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--show", nargs=2, metavar=("KIND", "N"))
    given, kit = parser.parse_args(), find_kit()
    if kit is None:
        print("There is no evaluation kit: name it in OCTAVO_EVAL.")
        return 2
    if given.show:
        show(kit, given.show[0], int(given.show[1]), given.seed)
        return 0
    measured: dict[str, Any] = figures_of(kit, given.seed)
    print(json.dumps(measured) if given.json else "\n".join(f"{k:<28}{v:9.4f}" for k, v in measured.items()))
    return int(measured["unanswered"] < 1 - MOST_ANSWERED or measured["answered"] < FEWEST_FOUND)


def show(kit: Path, kind: str, most: int, seed: int) -> None:
    """Prints questions with their answers."""
    for asked in [one for one in [*unanswerable(kit, seed), *answerable(kit, seed)] if one.kind == kind][:most]:
        print(f"{asked.question}  OF {asked.article.title!r}\n    GOLD {asked.gold!r}  SAID {is_right(asked)[2]!r}")


if __name__ == "__main__":
    sys.exit(main())
