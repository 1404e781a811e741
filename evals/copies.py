"""Edits articles in ways of its own and reports which edits are recognised as shared text, and what is taken for it wrongly.

    python evals/copies.py KIT [--articles 1500] [--seed 1]

The articles are those of KIT's corpus that are not in its set dedup/dedup, on which the thresholds of
`core/folding/sharing.py` were set; the edits are not those of that set either. No floor hangs on it: it tells whether the
thresholds hold on other articles and other edits.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from octavo.core.folding.copies import Copies
from octavo.core.types import Article

Paragraphs = list[str]
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
FOOTERS = [
    "Sign up for the morning letter of the {0} and have what matters on your table by six, every day but Sunday.",
    "The {0} welcomes letters of up to two hundred words; please give your name, street and town. Shorter ones go first.",
    "All that the {0} prints belongs to its readers' trust. Reprints by leave of the editor only, in writing and for a fee.",
]
SOURCES = [f"Paper {letter}" for letter in "ABCDEFGH"]


@dataclass(frozen=True)
class Made:
    """An article of the stream: the original that it stands for, and how it was made."""

    article: Article
    origin: str
    edit: str


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a packed JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def originals(kit: Path) -> list[Article]:
    """Articles of the corpus that the set of the kit was not made from."""
    used = {row["text"][200:300] for row in rows(kit / "data/dedup/dedup.articles.jsonl.gz")}
    found = rows(kit / "data/corpus/allsides_pre2016.jsonl.gz")
    return [
        Article(row["id"], row["title"] or "", row["text"], None, row["source"] or "")
        for row in found
        if row["text"][200:300] not in used and len(paragraphs(row["text"])) >= 8
    ]


def paragraphs(text: str) -> Paragraphs:
    """The paragraphs of a text."""
    return [part for part in re.split(r"\s*\n\s*", text) if part]


class Editor:
    """Edits paragraphs by chance; `others` are articles to borrow from."""

    def __init__(self, chance: random.Random, others: Sequence[Article]) -> None:
        self.chance, self.others, self.used = chance, others, 0

    def foreign(self, count: int) -> Paragraphs:
        """Paragraphs of another article, from anywhere in it."""
        its = paragraphs(self.chance.choice(self.others).text)
        return self.chance.sample(its, min(count, len(its)))

    def head(self, text: Paragraphs) -> Paragraphs:
        """Only the beginning, an eighth to a half."""
        return text[: max(2, round(len(text) * self.chance.uniform(0.12, 0.5)))]

    def abridged(self, text: Paragraphs) -> Paragraphs:
        """The first paragraph and a third of the others, in order."""
        kept = sorted(self.chance.sample(range(1, len(text)), max(2, len(text) // 3)))
        return [text[0], *(text[k] for k in kept)]

    def thinned(self, text: Paragraphs) -> Paragraphs:
        """Each sentence but the first left out by one in three."""
        first = True
        thin = []
        for part in text:
            kept = [one for one in SENTENCE.split(part) if first or self.chance.random() > 1 / 3]
            first = False
            thin += [" ".join(kept)] if kept else []
        return thin

    def new_lead(self, text: Paragraphs) -> Paragraphs:
        """A new beginning over the whole text, as of a follow-up that repeats it all."""
        return [*self.foreign(2), *text]

    def updated(self, text: Paragraphs) -> Paragraphs:
        """New paragraphs in three places."""
        for _ in range(3):
            text = [*text[: (at := self.chance.randint(1, len(text)))], *self.foreign(1), *text[at:]]
        return text

    def reworded(self, text: Paragraphs, share: float = 0.2) -> Paragraphs:
        """One word in five exchanged, left out or added."""
        words = paragraphs(self.chance.choice(self.others).text)[0].split()

        def other(word: str) -> str:
            return self.chance.choice(("", self.chance.choice(words), f"{word} {self.chance.choice(words)}"))

        return [" ".join(other(w) if self.chance.random() < share else w for w in part.split()) for part in text]

    def shuffled(self, text: Paragraphs) -> Paragraphs:
        """The first paragraph, the others in any order."""
        return [text[0], *self.chance.sample(text[1:], len(text) - 1)]

    def typeset(self, text: Paragraphs) -> Paragraphs:
        """Other quotes, dashes, capitals and breaks."""
        whole = " ".join(text).replace('"', "”").replace("'", "’").replace(" - ", " — ")
        return [whole[: len(whole) // 3].upper(), whole[len(whole) // 3 :]]

    def framed(self, text: Paragraphs) -> Paragraphs:
        """Lines of the page around it."""
        return ["Photo: archive", *text[:3], "Read also", *self.foreign(1), *text[3:], *FOOTERS]

    def two(self, text: Paragraphs) -> Paragraphs:
        """Two edits, one after the other."""
        for edit in self.chance.sample([self.abridged, self.reworded, self.updated, self.shuffled, self.framed], 2):
            text = edit(text)
        return text

    def background(self, text: Paragraphs) -> Paragraphs:
        """No copy: an article of its own with two to four paragraphs of another one, its first among them."""
        own = paragraphs(self.others[self.used].text)
        self.used += 1
        borrowed = text[: self.chance.randint(2, 4)]
        at = self.chance.randint(len(own) // 2, len(own))
        return [*own[:at], *borrowed, *own[at:]] if words(own) > 2 * words(borrowed) else own

    def digest(self, text: Paragraphs) -> Paragraphs:
        """No copy: the beginnings of eight articles in a row, this one's among them."""
        parts = [text[:3], *(paragraphs(one.text)[:3] for one in self.chance.sample(self.others, 7))]
        self.chance.shuffle(parts)
        return [part for its in parts for part in its]


def words(text: Paragraphs) -> int:
    """How many words there are."""
    return sum(len(part.split()) for part in text)


COPIES = ("head", "abridged", "thinned", "new_lead", "updated", "reworded", "shuffled", "typeset", "framed", "two")
STRANGERS = ("background", "digest")


def stream(articles: Sequence[Article], chance: random.Random, count: int) -> list[Made]:
    """The first `count` articles and an edit of each, at other publishers and mostly under other titles, in any order.

    The others are there to be borrowed from, and are not in the stream themselves.
    """
    shown, spare = articles[:count], articles[count:]
    editor = Editor(chance, spare)
    made = [Made(one, one.id, "original") for one in shown]
    for k, one in enumerate(shown):
        name = (*COPIES, *STRANGERS)[k % (len(COPIES) + len(STRANGERS))]
        edit: Callable[[Paragraphs], Paragraphs] = getattr(editor, name)
        source = chance.choice(SOURCES)
        text = "\n\n".join(part.format(source) if part in FOOTERS else part for part in edit(paragraphs(one.text)))
        own = name in STRANGERS
        title = chance.choice(spare).title if own else retitled(one, chance)
        made.append(Made(Article(f"{one.id}+", title, text, None, source), f"{one.id}+" if own else one.id, name))
    chance.shuffle(made)
    return made


def retitled(article: Article, chance: random.Random) -> str:
    """Its title, or one made of its first words."""
    return article.title if chance.random() < 0.3 else " ".join(article.text.split()[: chance.randint(6, 11)])


def report(made: Sequence[Made]) -> None:
    """Prints, for each edit, the share that stands in one group with its original and with no other text."""
    copies = Copies(window=len(made))
    group = {one.article.id: copies.arrive(one.article).copy_of or one.article.id for one in made}
    members = defaultdict(list)
    for one in made:
        members[group[one.article.id]].append(one)
    found, alone, count = Counter[str](), Counter[str](), Counter[str]()
    for one in made:
        its = members[group[one.article.id]]
        count[one.edit] += 1
        found[one.edit] += any(other.origin == one.origin and other is not one for other in its)
        alone[one.edit] += all(other.origin == one.origin for other in its)
    for edit in ("original", *COPIES, *STRANGERS):
        with_own = f"{found[edit] / count[edit]:.3f}" if edit in COPIES else "-"
        print(
            f"{edit:12} {count[edit]:5}   with its original {with_own:>5}   with no other {alone[edit] / count[edit]:.3f}"
        )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    articles = originals(given.kit)
    chance.shuffle(articles)
    report(stream(articles, chance, given.articles))


if __name__ == "__main__":
    main()
