"""Which features an article's panel offers, and the words for what they show. What cannot work for a text is not offered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, gettext_lazy

from octavo.core.telling.quotes import Quote, quotes
from octavo.core.telling.retold import is_said
from octavo.core.telling.summary import SUMMARY_WORDS
from octavo.core.telling.verbs import REPORTING
from octavo.core.telling.words import base_language, words_of
from octavo.services.receipts import path_of
from octavo.store.models import Article
from octavo.web.abstracts import LABELS, Button

# A text of hardly more words than its summary would have is read at once.
WORTH_SUMMARISING: Final = 2 * SUMMARY_WORDS
# Whether somebody may be quoted is looked up in so much of a text; exactly it is found out when the quotes are asked for.
LOOKED_AT: Final = 40_000
_QUOTING: Final = re.compile(
    rf"[\"“”«»„]|\b(?:{'|'.join(sorted(map(re.escape, REPORTING)))}|according)\b", re.IGNORECASE
)
# Nobody in particular: whom such a word means, the text did not tell the engine; and the verb that it took for somebody.
_NOBODY: Final = REPORTING | words_of(
    """he she they it we i you who one another others some several someone somebody two three four many few both most
    neither nobody هو هي هم"""
)
FEATURE_LABELS: Final = {
    "summary": LABELS["summary"],
    "ask": gettext_lazy("Ask"),
    "quotes": gettext_lazy("Quotes"),
    "timeline": gettext_lazy("Timeline"),
    "views": gettext_lazy("Views"),
    "background": gettext_lazy("Background"),
}
KINDS: Final = {
    "direct": gettext_lazy("word for word"),
    "mixed": gettext_lazy("partly word for word"),
    "indirect": gettext_lazy("retold by the article"),
}


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature as the panel offers it: a link that opens in place, a link to the story, or a button that asks a model."""

    name: str
    label: str
    path: str = ""
    is_in_place: bool = True


@dataclass(frozen=True, slots=True)
class QuoteInPanel:
    """A quote as the panel shows it: its own words, what kind it is, and the path to its place."""

    text: str
    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom quotes are given to, and these; `name` is empty for those whose speaker the text does not name."""

    name: str
    said: list[QuoteInPanel]


def features(article: Article, asked_of_model: Iterable[Button] = ()) -> list[Feature]:
    """What can be opened for an article, in the order of the panel; no query.

    Where a model can be asked for the summary, that takes the place of the one made without it.
    """
    models = {button.name: button for button in asked_of_model}
    found = [_of_model(models["summary"])] if "summary" in models else []
    own = [name for name in FEATURE_LABELS if name not in models and _is_offered(name, article)]
    found += [Feature(name, str(FEATURE_LABELS[name]), _path(name, article), not _is_story(name)) for name in own]
    return found + [_of_model(button) for name, button in models.items() if name != "summary"]


def is_offered(name: str, article: Article) -> bool:
    """Whether a feature has a page for an article."""
    return name in FEATURE_LABELS and not _is_story(name) and _is_offered(name, article)


def _of_model(button: Button) -> Feature:
    label = gettext("Key points, reworded") if button.name == "points" else button.label
    return Feature(button.name, label)


def _is_story(name: str) -> bool:
    return name in ("timeline", "views")


def _path(name: str, article: Article) -> str:
    if _is_story(name):
        return f"/stories/{article.story_id}/#{name}-title"
    return f"/articles/{article.pk}/ask/" if name == "ask" else f"/articles/{article.pk}/panel/{name}/"


def _is_offered(name: str, article: Article) -> bool:
    text = article.version.text if article.version else ""
    if _is_story(name):
        return bool(getattr(article, f"has_{name}", False))
    if name == "summary":
        return article.word_count >= WORTH_SUMMARISING
    if name == "quotes":
        return is_quoting(text, base_language(article.language, text))
    return bool(text)


def is_quoting(text: str, language: str) -> bool:
    """Whether a text quotes somebody. In English by its marks and reporting words: labelling it takes twenty times as long."""
    if language == "en":
        return bool(_QUOTING.search(text, 0, LOOKED_AT))
    return bool(quotes(text[:LOOKED_AT], language))


def speakers(found_quotes: Iterable[Quote], article: Article) -> list[Speaker]:
    """Quotes under their speakers, in the order in which these first speak, each wording once; those of nobody named come last.

    What is only retold is shown where the text says in so many words that somebody said it.
    """
    found: dict[str, Speaker] = {}
    number, text = (article.version.number, article.version.text) if article.version else (0, "")
    for one in found_quotes:
        if one.kind == "indirect" and not is_said(one, text):
            continue
        name = "" if set(one.speaker.lower().split()) <= _NOBODY else one.speaker
        speaker = found.setdefault(name, Speaker(name, []))
        place = path_of(article.pk, number, one.start, one.end)
        if all(before.text != one.text for before in speaker.said):
            speaker.said.append(QuoteInPanel(one.text, str(KINDS.get(one.kind, one.kind)), place))
    return sorted(found.values(), key=lambda speaker: not speaker.name)
