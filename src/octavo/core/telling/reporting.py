"""Finds quotes and speakers by quotation marks and reporting words, for languages without fitted weights.

What stands in marks is a quote where a reporting word stands beside it, or where it is a sentence long; so titles and
words held at arm's length stay out. The speaker is the name beside the reporting word. Nothing unmarked is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from octavo.core.telling.mentions import Mention, Told
from octavo.core.telling.tokens import Words
from octavo.core.telling.words import WORD, words_of

# Words of reporting in their commonest forms of news.
REPORTING = {
    "ar": words_of(
        """قال قالت وقال وقالت يقول تقول أكد أكدت وأكد وأكدت أضاف أضافت وأضاف وأضافت صرح صرحت وصرح أعلن أعلنت وأعلن
        أوضح أوضحت وأوضح وأوضحت أشار أشارت وأشار وأشارت ذكر ذكرت وذكر وذكرت كتب كتبت وكتب وكتبت تابع وتابع وتابعت
        اعتبر واعتبر شدد وشدد نقل ونقلت قائلا قائلة مضيفا مؤكدا موضحا"""
    ),
    "fr": words_of(
        """dit disait déclaré déclare déclarait affirmé affirme affirmait expliqué explique expliquait ajouté ajoute ajoutait
        assuré assure estimé estime annoncé annonce indiqué indique souligné souligne écrit répondu répond regrette regretté
        lance lancé insiste insisté précise précisé confié confie raconte raconté selon poursuit reconnaît dénonce dénoncé"""
    ),
    "de": words_of(
        """sagte sagt sagten erklärte erklärt betonte betont meinte meint schrieb schreibt sagen teilte mitgeteilt ergänzte
        kritisierte forderte warnte antwortete berichtete erläuterte zitierte zitiert laut sprach nannte bekräftigte"""
    ),
    "es": words_of(
        """dijo dice dijeron afirmó afirma declaró declara aseguró asegura explicó explica añadió añade agregó agrega señaló
        señala indicó indica manifestó sostuvo escribió escribe comentó destacó advirtió anunció según respondió reconoció"""
    ),
    "pt": words_of(
        """disse diz disseram afirmou afirma declarou explicou explica acrescentou acrescenta garantiu escreveu comentou
        destacou alertou anunciou segundo respondeu contou ressaltou informou"""
    ),
    "it": words_of(
        """ha detto dice disse dichiarato dichiara affermato afferma spiegato spiega aggiunto aggiunge scritto scrive
        sottolineato sottolinea secondo risposto commentato commenta annunciato"""
    ),
    "nl": words_of(
        "zei zegt zeggen verklaarde stelt stelde aldus volgens schrijft schreef vertelde vertelt antwoordde"
    ),
    "tr": words_of("dedi söyledi belirtti açıkladı ifade kaydetti vurguladı diyor ekledi"),
    "ru": words_of(
        "сказал сказала заявил заявила заявили отметил отметила добавил добавила сообщил сообщила написал говорит"
    ),
}
_ANY = frozenset().union(*REPORTING.values())
# Small words by which a language is known where none is told.
_SMALL = {
    "en": words_of("the of and to in that is was for on with he said has"),
    "fr": words_of("le la les des et une est que dans pour qui sur du au"),
    "de": words_of("der die das und ist nicht den von mit ein eine auf dem sich"),
    "es": words_of("el la los las y que del una por con para se no lo"),
    "pt": words_of("o os as e que do da em uma para com não um se"),
    "it": words_of("il la di che è gli una per con non sono del della nel"),
    "nl": words_of("de het een van en in dat is op te zijn niet voor met"),
    "tr": words_of("ve bir bu için da de ile olarak çok olan"),
}
GUESSED_FROM = 2_000
# A marked stretch of so many words is a quote without a reporting word; with one, so many are enough.
A_SENTENCE, A_FEW = 6, 2
# How many words around a marked stretch are searched for a reporting word, and around that for a name.
REACH, NAME_REACH = 12, 6
_SPEAKER_ENDS = words_of("إن أن إنه إنها أنه أنها بأن في خلال على إلى بعد قبل عن من لـ")


def guess_language(text: str) -> str:
    """The language of a text by the letters and small words of its beginning; empty where none is known."""
    forms = [form.lower() for form in WORD.findall(text[:GUESSED_FROM])]
    letters = [letter for form in forms for letter in form if letter.isalpha()]
    for language, low, high in (("ar", "\u0600", "\u06ff"), ("ru", "\u0400", "\u04ff")):
        if 2 * sum(low <= letter <= high for letter in letters) > len(letters) > 0:
            return language
    if 2 * sum(letter > "\u024f" for letter in letters) > len(letters):
        return ""
    counts = {language: sum(form in small for form in forms) for language, small in _SMALL.items()}
    return max(counts, key=lambda language: (counts[language], language == "en"))


def reported(words: Words, language: str) -> Iterator[tuple[Told, Mention | None]]:
    """The quotes of a text in order, each with the mention of its speaker, None where none stands beside it."""
    reporting = REPORTING.get(language, _ANY)
    cues = [inside < 0 and form.lower() in reporting for form, inside in zip(words.forms, words.marked, strict=True)]
    at, count = 0, len(words)
    while at < count:
        number, last = words.marked[at], at
        while last + 1 < count and words.marked[last + 1] == number:
            last += 1
        if number >= 0:
            size = sum(form[0].isalnum() for form in words.forms[at : last + 1])
            cue = _cue_beside(words, cues, at, last)
            if size >= A_SENTENCE or (cue >= 0 and size >= A_FEW):
                yield Told(at, last, "direct"), _speaker(words, cues, cue, language) if cue >= 0 else None
        at = last + 1


def _cue_beside(words: Words, cues: Sequence[bool], first: int, last: int) -> int:
    """The nearest reporting word outside of marks in the same paragraph, behind the stretch or before it; -1 for none."""
    for step in range(1, REACH + 1):
        for at in (last + step, first - step):
            if 0 <= at < len(words) and cues[at] and words.paragraph[at] == words.paragraph[first]:
                return at
    return -1


def _speaker(words: Words, cues: Sequence[bool], cue: int, language: str) -> Mention | None:
    """The name beside a reporting word: in Arabic what follows it, elsewhere the nearest words in capitals."""
    if language == "ar":
        last = cue
        while last - cue < NAME_REACH and words.goes_on(last) and _goes_on_in_arabic(words, last + 1):
            last += 1
        return Mention(cue + 1, last, "name") if last > cue else None
    for step in range(1, NAME_REACH + 1):
        for at in (cue + step, cue - step):
            if _is_name(words, cues, at, cue):
                first = last = at
                while words.goes_on(last) and _is_name(words, cues, last + 1, cue):
                    last += 1
                while first and _is_name(words, cues, first - 1, cue):
                    first -= 1
                return Mention(first, last, "name")
    return None


def _goes_on_in_arabic(words: Words, at: int) -> bool:
    return words.marked[at] < 0 and words.forms[at][0].isalpha() and words.forms[at] not in _SPEAKER_ENDS


def _is_name(words: Words, cues: Sequence[bool], at: int, cue: int) -> bool:
    return (
        0 <= at < len(words)
        and words.paragraph[at] == words.paragraph[cue]
        and words.marked[at] < 0
        and not cues[at]
        and words.forms[at][0].isupper()
        and not (at and words.ends[at - 1] and len(words.forms[at]) < 4)
    )
