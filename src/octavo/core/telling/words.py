"""Knows the little words of languages, which tell no subject, and which words of a text can."""

from __future__ import annotations

import re

from octavo.core.words import primary


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is written as a text."""
    return frozenset(text.split())


WORD = re.compile(r"[^\W_]+(?:[’'\-][^\W_]+)*")

# Words that carry no subject. English and Arabic in full; for the rest, what is frequent and long enough to be mistaken.
STOPWORDS: dict[str, frozenset[str]] = {
    "en": words_of(
        """a about above after again against all almost also although always am among an and another any anyone
        anything are around as at away back be became because become been before began behind being below
        between both but by called came can cannot could day days did do does doing done down during each
        early either else end enough even ever every few first five following for former found four from
        further gave get give go going gone good got had has have having he held help her here herself high
        him himself his home how however i if in including inside instead into is it its itself just keep
        kept know known last late later least less let like likely little long made make many may me might
        million month months more most much must my near need never new next no nor not nothing now number
        of off often old on once one only or other others our out over own part people per percent put quite
        rather really right said same saw say saying says second see seen several shall she should show
        since six small so some someone something soon still such take taken tell ten than that the their
        them themselves then there these they thing things think third this those though three through time
        times to today together told tomorrow too took toward towards two under until up upon us use used
        using very want was way we week weeks well went were what when where whether which while who whole
        whom whose why will with within without won would year years yes yesterday yet you your monday
        tuesday wednesday thursday friday saturday sunday january february march april may june july august
        september october november december mr mrs ms dr"""
    ),
    "ar": words_of(
        """في من على إلى الى عن أن ان إن انه أنه إنه التي الذي الذين اللذين هذا هذه ذلك تلك هو هي هم هما نحن
        أنا كان كانت كانوا يكون تكون قد لقد لم لن لا ما ليس ليست كل بعض غير بين بعد قبل عند عندما حتى حيث
        كما لكن ولكن أو او ثم مع منذ خلال حول ضد دون أي أيضا ايضا كذلك أكثر أقل منها منه فيه فيها عليه عليها
        إليه إليها به بها له لها لهم وهو وهي وهم وقد وكان وكانت وفي ومن وعلى وإلى وأن وان قال قالت وقال
        وقالت أضاف وأضاف أضافت وأضافت ذكر وذكر أكد وأكد اليوم أمس يوم عام سنة أول الأول الأولى ثلاثة أربعة
        خمسة نحو أمام فوق تحت إذا اذا لأن بأن مثل عدة عدد يمكن فقط ولم ولا وما بسبب وذلك وهذا وهذه الى أما
        عبر لدى وبعد وبين ومع ماذا لماذا متى كيف أين هل الآن نعرف يعرف تعرف نقول يقول تقول غدا صباح مساء أيام
        شهر أسبوع ساعة ساعات"""
    ),
    "fr": words_of(
        """alors ainsi après aussi autre autres avant avec avoir cela celle celui cette ceux chez comme contre
        dans depuis deux dont elle elles encore entre était être fait fois font leur leurs lors mais même
        moins nous notre pour plus plusieurs pendant quand quel quelle sans selon sera sont sous tous tout
        toute toutes très trois vers vous ans année"""
    ),
    "de": words_of(
        """aber alle allem allen alles also andere auch beim bereits bisher dabei damit dann dass dazu deren
        dessen dies diese diesem diesen dieser dieses doch dort durch eine einem einen einer eines etwa
        gegen habe haben hatte hatten ihre ihrem ihren ihrer immer jahr jahre jahren jetzt kann kein keine
        können mehr mehrere nach nicht noch nur oder ohne rund sagte schon sehr sei seien sein seine seinem
        seinen seiner seit sich sind soll sollen sowie über unter viele vom vor waren weil weiter wenn
        werden wieder will wird worden wurde wurden zwei zwischen zum zur"""
    ),
    "es": words_of(
        """además ahora algunos años ante antes aunque bajo cada como con contra cuando cual cuya desde después
        donde dos durante ella ellos entre era eran esta este esto estos está están fue fueron había hace
        hacia hasta hoy más menos mientras mismo mucho muy nada otra otras otros para pero poco porque puede
        que quien sea según ser será sido sobre solo también tiene tienen toda todas todo todos tras tres
        una unos"""
    ),
    "pt": words_of(
        """ainda além algumas anos antes após aquele assim cada como com contra depois desde dois durante ela
        elas ele eles entre era essa esse esta estão este está foi foram isso mais mas mesmo muito nos onde
        outra outros para pela pelo pelos pode por porque quando que quem são segundo seja sem ser será seu
        sobre sua também tem têm toda todos três uma"""
    ),
}
# Short words tell a subject only in scripts without spaces or in Arabic.
SHORTEST = {"ar": 3, "he": 3, "zh": 1, "ja": 1, "ko": 2}
SHORTEST_ELSEWHERE = 4
SHORTEST_ENGLISH = 3

_ARABIC = re.compile(r"[\u0600-\u06ff]")


def base_language(language: str, text: str = "") -> str:
    """`en` of `en-GB`; where no language is told, Arabic by its letters, otherwise English."""
    if language:
        return primary(language)
    return "ar" if _ARABIC.search(text[:200]) else "en"


def subject_words(text: str, language: str) -> list[str]:
    """The words of a text that can tell its subject, in lower case and in order."""
    stop = STOPWORDS.get(language, frozenset())
    shortest = SHORTEST_ENGLISH if language == "en" else SHORTEST.get(language, SHORTEST_ELSEWHERE)
    found = (word.lower().removesuffix("’s").removesuffix("'s") for word in WORD.findall(text))
    return [word for word in found if len(word) >= shortest and word not in stop and not word.isdigit()]
