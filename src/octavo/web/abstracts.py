"""How a model's checked sentences stand on pages: each escaped, with a small mark that leads to its passages. It checks none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from octavo.core.telling.abstract import Told
from octavo.core.types import Passage
from octavo.services import abstracts
from octavo.services.receipts import path_of
from octavo.store.models import Article
from octavo.web.rows import language_attributes

LABELS: Final = {
    "summary": gettext_lazy("Summary"),
    "points": gettext_lazy("Key points"),
    "simple": gettext_lazy("Explain simply"),
    "translate": gettext_lazy("Translate"),
    "ask": gettext_lazy("Ask"),
}
OUTCOMES: Final = {
    "asked": gettext_lazy("not ended"),
    "answered": gettext_lazy("answered"),
    "cut": gettext_lazy("broke off"),
    "slow": gettext_lazy("took too long"),
    "unreachable": gettext_lazy("could not be reached"),
    "limited": gettext_lazy("too many calls, it said"),
    "refused": gettext_lazy("refused"),
    "faulty": gettext_lazy("failed there"),
    "too long": gettext_lazy("answered too long"),
    "left": gettext_lazy("enough was read"),
}


@dataclass(frozen=True, slots=True)
class Button:
    """A feature that can be asked for, and how its button is called."""

    name: str
    label: str


def buttons(article: Article) -> list[Button]:
    """What a reader can ask a model about an article; none where there is no model, so that no button is dead."""
    names = abstracts.features_for(article, language_spoken())
    return [Button(name, str(LABELS[name])) for name in names]


def can_be_told(article: Article) -> dict[str, Any]:
    """What the article's page needs to offer a model's words; no query."""
    shown = buttons(article)
    can_translate = any(abstracts.FEATURES[button.name].is_translation for button in shown)
    return {
        "told_buttons": shown,
        "told_names": [button.label for button in shown],
        "told_host": host_told(),
        "told_can_translate": can_translate,
    }


def language_spoken() -> str:
    """The language of the page, such as en."""
    return (translation.get_language() or "en").partition("-")[0]


def host_told() -> str:
    """The host that an article's text goes to; empty where it stays on this machine."""
    asked = abstracts.endpoint()
    return "" if asked is None or asked.is_here else asked.host


def elements(name: str, article: Article) -> Iterator[SafeString]:
    """A list element for each sentence of a feature as soon as it is checked, each on one line, in the page's language."""
    spoken = language_spoken()
    for number, one in enumerate(abstracts.tell(name, article, spoken), 1):
        # A stream is read when the request is over: another may have changed this thread's language since.
        with translation.override(spoken):
            is_translated = abstracts.FEATURES[name].is_translation and one.is_models
            original = _original(one, article) if is_translated else ""
            yield _element(one, number, "" if is_translated else article.language, original)


def answer_elements(told: Iterable[Told], language: str) -> Iterator[SafeString]:
    """A list element for each sentence of an answer in a language, each on one line, in the page's language."""
    spoken = language_spoken()
    for number, one in enumerate(told, 1):
        with translation.override(spoken):
            yield _element(one, number, language)


def _element(one: Told, number: int, language: str, original: str = "") -> SafeString:
    said = language_attributes(language)
    css = "" if one.is_models else ' class="own"'
    page = f' lang="{language_spoken()}" dir="{"rtl" if translation.get_language_bidi() else "ltr"}"'
    mark = "" if one.is_models else f' <small class="meta"{page}>{escape(gettext("from the text"))}</small>'
    return SafeString(f"<li{css}{said}><div>{escape(one.claim.text)}{_marks(one, number)}{mark}{original}</div></li>")


def _marks(one: Told, number: int) -> str:
    """A mark for each passage: it opens the article with the passage marked."""
    return "".join(_mark(passage, number) for passage in one.claim.passages)


def _mark(passage: Passage, number: int) -> str:
    address = escape(path_of(passage.article, passage.version, passage.start, passage.end))
    return f'<a class="receipt" href="{address}" aria-label="{escape(gettext("Where it stands in the text"))}">{number}</a>'


def _original(one: Told, article: Article) -> str:
    """The sentence that was translated, in its own words."""
    version = article.version
    texts = [version.text[p.start : p.end] for p in one.claim.passages if version and p.version == version.number]
    return f'<small class="original"{language_attributes(article.language)}>{escape(" ".join(" ".join(texts).split()))}</small>'
