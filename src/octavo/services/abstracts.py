"""Tells an article in a model's words where one is set up: every sentence checked, every call noted, nothing paid for twice.

It decides whether a call may be made (the switch, the caps of the day, a rest after failures) and never shows a sentence
that the check has not passed. Without a model, and whatever an endpoint does, there are the sentences of the text itself.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import get_language_info

from octavo.ai.prompting import Prompt, prompt, question
from octavo.ai.provider import Asking, Attempt, Endpoint, Outcome, Question, characters_for
from octavo.core.telling.abstract import Told, may_stand, told
from octavo.core.telling.claims import CitedText
from octavo.core.telling.drafts import Draft, DraftReader
from octavo.core.telling.offering import Source, offer
from octavo.core.telling.summary import summary
from octavo.core.telling.translating import translated
from octavo.core.telling.words import base_language
from octavo.core.types import Claim, Passage
from octavo.settings import Settings
from octavo.store.models import Article, ArticleVersion, Egress, Generation

log = logging.getLogger(__name__)

# After a call that failed no other is made for so long: readers get the text's own sentences at once.
REST: Final = timedelta(seconds=60)
FAILURES: Final = (Outcome.SLOW, Outcome.UNREACHABLE, Outcome.LIMITED, Outcome.FAULTY, Outcome.CUT)
# No text is offered beyond this, whatever the model can take in; a translation is as long as its original.
MOST_CHARACTERS: Final = 40_000
MOST_TRANSLATED: Final = 6_000
# A text of fewer sentences needs no telling.
FEWEST_SENTENCES: Final = 3
# An answer that is still waited for after so many times its bound was left by a process that died.
ABANDONED: Final = 3


@dataclass(frozen=True, slots=True)
class Feature:
    """What a model can do with an article: at most `most` sentences, in the text's language or in the reader's."""

    name: str
    most: int
    spare: Callable[[ArticleVersion, str], Sequence[Sequence[int]]]
    is_translation: bool = False


def _summary(version: ArticleVersion, language: str) -> Sequence[Sequence[int]]:
    return summary(version.text, language, version.title)


def _points(version: ArticleVersion, language: str) -> Sequence[Sequence[int]]:
    return [(start, end) for start, end in version.key_points]


FEATURES: Final = {
    one.name: one
    for one in (
        Feature("summary", 3, _summary),
        Feature("points", 5, _points),
        Feature("simple", 8, _points),
        Feature("translate", 200, _points, is_translation=True),
    )
}


def endpoint(chosen: Settings | None = None) -> Endpoint | None:
    """The model that may be asked; None where none is set up, or the switch forbids it."""
    chosen = chosen or settings.OCTAVO
    if not chosen.model_url:
        return None
    price_in, price_out = chosen.price
    found = Endpoint(
        chosen.model_url, chosen.model_name, chosen.model_key, price_in, price_out, seconds=chosen.model_seconds
    )
    return found if found.is_here or not chosen.offline else None


def features_for(article: Article, reader_language: str) -> list[str]:
    """What can be asked for an article by a reader of a language; nothing where there is no model or too little text."""
    version = article.version
    if endpoint() is None or version is None or len(version.key_points) < FEWEST_SENTENCES:
        return []
    is_foreign = base_language(article.language, version.text) != reader_language
    return [name for name, one in FEATURES.items() if not one.is_translation or is_foreign]


@dataclass(frozen=True)
class Telling:
    """What a model would be shown and asked of an article or several, and the sentences that the text has for it.

    `article` is None where several are asked; `asked` is a reader's question, empty for what is told without one.
    """

    feature: Feature
    article: Article | None
    source: Source
    spare: tuple[Passage, ...]
    language: str
    prompt: Prompt
    asked: str = ""

    def question(self, mark: str) -> Question:
        """The question, with the texts between such marks."""
        return question(
            self.prompt,
            mark,
            self.source.offered,
            language=_name_of(self.language),
            most=self.feature.most,
            asked=self.asked,
        )

    def sentences(self, drafts: Iterator[Draft]) -> Iterator[Told]:
        """What is shown for an answer."""
        if self.feature.is_translation:
            return translated(drafts, self.source, self.language)
        return told(drafts, self.source, self.spare, self.feature.most)

    def without_model(self) -> list[Told]:
        """What is shown where there is no answer."""
        return list(self.sentences(iter(())))

    def input_hash(self, asked: Endpoint) -> str:
        """One hash over all that decides an answer, but for the marks, which are random."""
        put = self.question("")
        parts = self.feature.name, asked.url, asked.model, self.prompt.version, put.system, put.user
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def telling_of(name: str, article: Article, reader_language: str) -> Telling:
    """What would be asked of an article's newest version. The article needs a version."""
    feature, version = FEATURES[name], article.version
    assert version is not None
    language = base_language(article.language, version.text)
    target = reader_language if feature.is_translation else language
    chosen = prompt(name)
    bound = MOST_TRANSLATED if feature.is_translation else MOST_CHARACTERS
    room = characters_for(settings.OCTAVO.model_context, chosen.words, chosen.tokens, [version.text])
    key = str(article.pk)
    text = CitedText(version.text, article.published_at, language, str(article.story_id or ""))
    source = offer(key, version.number, text, min(bound, room))
    spans = feature.spare(version, language)
    spare = (Passage(key, version.number, start, end) for start, end in spans)
    return Telling(feature, article, source, tuple(one for one in spare if may_stand(source, one)), target, chosen)


def tell(name: str, article: Article, reader_language: str) -> Iterator[Told]:
    """The sentences of a feature for an article, each as soon as it is checked. Never raises for what an endpoint does."""
    yield from tell_all(telling_of(name, article, reader_language))


def tell_all(telling: Telling) -> Iterator[Told]:
    """The sentences of one telling: kept ones, a model's as they are checked, or the text's own."""
    asked, name = endpoint(), telling.feature.name
    if asked is None or not telling.source.offered:
        yield from telling.without_model()
        return
    digest = telling.input_hash(asked)
    if (kept := Generation.objects.filter(input_hash=digest, finished_at__isnull=False).first()) is not None:
        _note_kept(asked, name)
        yield from read_claims(kept.claims)
        return
    ledger = StoreLedger(asked, name, settings.OCTAVO)
    if is_resting(asked) or (row := _reserve(telling, asked, digest)) is None:
        yield from telling.without_model()
        return
    yield from _ask(telling, asked, ledger, row)


def _ask(telling: Telling, asked: Endpoint, ledger: StoreLedger, row: Generation) -> Iterator[Told]:
    """Asks, tells and keeps; an answer that did not come whole is told as far as it holds, and not kept."""
    asking = Asking(asked, telling.question(secrets.token_hex(12)), ledger)
    shown: list[Told] = []
    is_whole = False
    try:
        with closing(iter(asking)) as pieces:
            for one in telling.sentences(_drafts(pieces)):
                shown.append(one)
                yield one
        is_whole = asking.outcome in (Outcome.ANSWERED, Outcome.LEFT)
    finally:
        if is_whole:
            _keep(row, shown, ledger)
        else:
            row.delete()


def _drafts(pieces: Iterator[str]) -> Iterator[Draft]:
    reader = DraftReader()
    for piece in pieces:
        yield from reader.read(piece)


def _reserve(telling: Telling, asked: Endpoint, digest: str) -> Generation | None:
    """The row of an answer that this process alone will ask for; None where another one is at it."""
    now = timezone.now()
    oldest = now - timedelta(seconds=ABANDONED * asked.seconds)
    Generation.objects.filter(input_hash=digest, finished_at=None, asked_at__lt=oldest).delete()
    try:
        with transaction.atomic():
            return Generation.objects.create(
                feature=telling.feature.name,
                article=telling.article,
                language=telling.language,
                model=asked.model[:120],
                prompt_version=telling.prompt.version,
                input_hash=digest,
                asked_at=now,
            )
    except IntegrityError:
        return None


def _keep(row: Generation, shown: Sequence[Told], ledger: StoreLedger) -> None:
    row.claims = [written(one) for one in shown]
    row.tokens_in, row.tokens_out, row.cost = ledger.tokens_in, ledger.tokens_out, ledger.cost
    row.finished_at = timezone.now()
    row.save()


def written(one: Told) -> dict[str, Any]:
    """A sentence as it is kept."""
    passages = [[p.article, p.version, p.start, p.end] for p in one.claim.passages]
    return {"text": one.claim.text, "is_models": one.is_models, "passages": passages}


def read_claims(kept: Sequence[Mapping[str, Any]]) -> Iterator[Told]:
    """Kept sentences."""
    for one in kept:
        yield Told(Claim(one["text"], tuple(Passage(*each) for each in one["passages"])), one["is_models"])


def is_resting(asked: Endpoint) -> bool:
    """Whether the last call to an endpoint failed a moment ago."""
    last = Egress.objects.filter(host=asked.host, is_kept=False).order_by("-id").values_list("outcome", "at").first()
    return last is not None and last[0] in FAILURES and last[1] > timezone.now() - REST


@dataclass(frozen=True, slots=True)
class Today:
    """What calls to the model have cost today (UTC), and may at most."""

    calls: int
    cost: float
    most_calls: int
    most_money: float


def spent_today() -> Today:
    """The day's calls and cost beside their caps; one query."""
    chosen: Settings = settings.OCTAVO
    today = Egress.objects.filter(day=timezone.now().date(), is_kept=False)
    found = today.aggregate(calls=Count("pk"), cost=Sum("cost"))
    return Today(found["calls"], found["cost"] or 0.0, chosen.model_calls_per_day, chosen.model_money_per_day)


class StoreLedger:
    """The ledger in the store. A call is written down before the caps are looked at, so that two at once both count."""

    def __init__(self, asked: Endpoint, purpose: str, chosen: Settings) -> None:
        self._endpoint, self._purpose, self._chosen = asked, purpose, chosen
        self._row: Egress | None = None
        self.tokens_in = self.tokens_out = 0
        self.cost = 0.0

    def begin(self, attempt: Attempt) -> bool:
        """Notes a call with the most that it may cost; False, and no note, where it would pass a cap."""
        now = timezone.now()
        row = Egress.objects.create(
            at=now,
            day=now.date(),
            host=self._endpoint.host[:260],
            purpose=self._purpose,
            model=self._endpoint.model[:120],
            bytes_out=attempt.bytes_out,
            tokens_in=attempt.tokens_in,
            tokens_out=attempt.tokens_out,
            cost=self._endpoint.cost(attempt.tokens_in, attempt.tokens_out),
            outcome=attempt.outcome,
        )
        if not self._is_within(row):
            row.delete()
            return False
        self._row = row
        return True

    def _is_within(self, row: Egress) -> bool:
        """Whether this call and those noted before it are within the caps of the day."""
        today = Egress.objects.filter(day=row.day, is_kept=False, pk__lte=row.pk)
        spent = today.aggregate(cost=Sum("cost"))["cost"] or 0.0
        is_affordable = not row.cost or spent <= self._chosen.model_money_per_day
        return is_affordable and today.count() <= self._chosen.model_calls_per_day

    def end(self, attempt: Attempt) -> None:
        """Notes how the call ended and what it cost."""
        row = self._row
        if row is None:
            return
        cost = self._endpoint.cost(attempt.tokens_in, attempt.tokens_out)
        row.bytes_in, row.outcome, row.cost = attempt.bytes_in, attempt.outcome, cost
        row.tokens_in, row.tokens_out = attempt.tokens_in, attempt.tokens_out
        row.seconds = (timezone.now() - row.at).total_seconds()
        row.save()
        self.tokens_in += attempt.tokens_in
        self.tokens_out += attempt.tokens_out
        self.cost += cost
        if attempt.outcome is not Outcome.ANSWERED:
            log.warning("the model at %s: %s (status %s)", row.host, attempt.outcome, attempt.status or "none")


def _note_kept(asked: Endpoint, purpose: str) -> None:
    """Notes that a stored answer was given: nothing left, nothing was paid."""
    now = timezone.now()
    Egress.objects.create(
        at=now, day=now.date(), host=asked.host[:260], purpose=purpose, model=asked.model[:120],
        outcome=Outcome.ANSWERED, is_kept=True,
    )  # fmt: skip


def _name_of(language: str) -> str:
    """A language's English name for a model; its code where it has none here."""
    try:
        return str(get_language_info(language)["name"])
    except KeyError:
        return language
