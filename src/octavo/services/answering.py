"""Answers a reader's question in a model's words where one is set up, behind the same check as all that a model says.

It decides which sentences the model sees. What the extractive answer cites stands in for what is vetoed, and is what is
shown where there is no answer; a question is paid for once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.conf import settings

from octavo.ai.prompting import prompt
from octavo.ai.provider import characters_for
from octavo.core.telling.abstract import may_stand
from octavo.core.telling.claims import CitedText
from octavo.core.telling.offering import Offered, Source, offer
from octavo.core.telling.reporting import guess_language
from octavo.core.telling.words import base_language
from octavo.core.types import Passage
from octavo.services.abstracts import MOST_CHARACTERS, Feature, Telling
from octavo.services.questions import Cited
from octavo.store.models import Article, ArticleVersion

# An answer in a model's words has at most so many sentences, from so many texts at once.
ASK: Final = Feature("ask", 3, lambda _version, _language: ())
MOST_TEXTS: Final = 8


def telling_of(question: str, versions: Sequence[ArticleVersion], found: Sequence[Cited]) -> Telling:
    """What would be asked: the texts that answer already first, as many as the model can take in."""
    citing = {one.version.pk for one in found}
    chosen = sorted(versions, key=lambda one: one.pk not in citing)[:MOST_TEXTS]
    only: Article | None = chosen[0].article if len(versions) == 1 else None
    language = base_language(only.language, chosen[0].text) if only else guess_language(question) or "en"
    asking = prompt(ASK.name)
    room = characters_for(settings.OCTAVO.model_context, asking.words, asking.tokens, [one.text for one in chosen])
    source = _together(chosen, language, min(MOST_CHARACTERS, room) // max(1, len(chosen)))
    passages = (Passage(str(one.article.pk), one.version.number, one.start, one.end) for one in found)
    spare = tuple(one for one in passages if (one.article, one.version) in source.texts and may_stand(source, one))
    return Telling(ASK, only, source, spare, language, asking, question)


def _together(versions: Sequence[ArticleVersion], language: str, most_characters: int) -> Source:
    """The sentences of several texts under one numbering."""
    offered: list[Offered] = []
    texts: dict[tuple[str, int], CitedText] = {}
    for version in versions:
        article = version.article
        text = CitedText(version.text, article.published_at, article.language, str(article.story_id or ""))
        own = offer(str(article.pk), version.number, text, most_characters)
        offered += [replace(one, number=len(offered) + one.number) for one in own.offered]
        texts |= own.texts
    return Source(tuple(offered), texts, language)
