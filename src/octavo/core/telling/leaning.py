"""Decides whether a sentence can be read without the one before it; it changes and chooses none."""

from __future__ import annotations

import re
from typing import Final

from octavo.core.telling.datelines import behind_dateline
from octavo.core.telling.salience import QUOTE_MARKS
from octavo.core.telling.words import WORD, words_of

# Openings that make no sense without the sentence before.
LEANING: dict[str, frozenset[str]] = {
    "en": words_of(
        """he she it they this that these those his her its their him them but and or so however meanwhile also
        then therefore thus instead nevertheless nonetheless moreover furthermore besides still yet such
        both either another others there here which who whose because hence otherwise similarly likewise
        consequently additionally afterwards afterward previously earlier later if indeed unless except"""
    ),
    "ar": words_of(
        """هو هي هم هذا هذه ذلك تلك هؤلاء وهو وهي وهم وهذا وهذه وذلك كما لكن ولكن غير أما وأما كذلك وكذلك أيضا
        وأضاف وأضافت وتابع وتابعت وأوضح وأوضحت وأشار وأشارت ولفت ولفتت لذلك ولذلك ومع إلا بينما فيما حيث
        وكان وكانت وقد ثم أنا نحن إنه إنها وإنه"""
    ),
    "fr": words_of(
        """il elle ils elles ce cela cette ces celui-ci celle-ci mais et or donc ainsi cependant toutefois
        pourtant aussi ensuite enfin puis son sa ses leur leurs je nous"""
    ),
    "de": words_of(
        """er sie es dies diese dieser dieses das aber und oder doch jedoch deshalb daher dennoch trotzdem
        zudem außerdem dabei damit dann auch sein seine ihr ihre ich wir so dort hier"""
    ),
    "es": words_of(
        """él ella ellos ellas este esta esto estos estas ese esa eso pero y o así además también sin embargo
        entonces luego su sus aunque por"""
    ),
    "pt": words_of(
        """ele ela eles elas este esta isto isso esse essa mas e ou assim também além porém entretanto então
        depois seu sua seus suas"""
    ),
}
# Who speaks so stands in no sentence before, but in the byline: it leans, except where a text opens with it.
NARRATING: Final = words_of("i we you my our your us me أنا نحن je nous ich wir yo nosotros eu nós")
# Openings of several words that lean.
_PHRASES: Final = re.compile(
    r"(?:only then|even so|even then|not so|as such|as a result|as a consequence|in addition|in turn|in response|in contrast|in return"
    r"|in fact|in other words|in the meantime|in that case|by then|by that time|at the same time|at the time|at that (?:time|point)"
    r"|after that|since then|until then|from there|to that end|for (?:example|instance|that reason)|on the (?:other hand|contrary)"
    r"|that said|for (?:his|her|their|its) part|one of (?:them|those|these)|some of (?:them|those|these)|many of (?:them|those|these)"
    r"|most of (?:them|those|these)|all of (?:them|those|these|this|that)|none of (?:them|those|these|this|that)"
    r"|(?:in|on|with|at|to|from|by|under|for|of|about|without) (?:it|them|him|her)(?= (?!own\b)|,)|of course|to be sure|after all(?=,)|no wonder"
    r"|needless to say|one (?=(?:recently|later|also|then|was|is|has|had|said|died|told|came|went)\b)"
    r"|what (?:this|these|that|those)|the (?:former|latter)(?=,)|the (?:former|latter|same|first|second|third|other|others|duo|pair|two|trio)(?= (?:is|are|was|were|has|have|had|then|also|will|would|said)\b)"
    r")\b",
    re.IGNORECASE,
)  # fmt: skip
# 'She's', 'that’s', 'they've'.
_CONTRACTED: Final = re.compile(r"[’'](?:s|re|ve|d|ll|m)$")
# English pronouns of one person, and nouns that such a pronoun can mean.
_PERSONAL: Final = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b")
_PERSONS: Final = re.compile(
    r"\b(?:\w*(?:man|woman|person|mother|father|son|daughter|brother|sister|child|boy|girl|wife|husband|parent)"
    r"|\w{2,}(?:ist|ician|ee|ant|yer|tor|sor|cer|der|ger|ker|ler|mer|ner|per|rer|ster|ver|her|ser|ter|ian)"
    r"|kid|mom|mum|dad|baby|teen|aunt|uncle|friend|spouse|bride|groom|widow|king|queen|prince|princess|chief|head|star|guest|victim|coach"
    r"|suspect|pilot|nurse|guard|captain|judge|clerk|cook|chef|monk|nun|priest|pope|bishop|imam|rabbi|sheikh|host|star|fan|pal|one"
    r"|someone|somebody|anyone|anybody|everyone|everybody|who|whoever|native|graduate|candidate|athlete|scribe|hero|spy|aide|boss|ally)s?\b",
    re.IGNORECASE,
)  # fmt: skip
# Adverbs and the like that end as persons do.
_NO_PERSONS: Final = re.compile(
    r"\b(?:after|over|under|never|ever|however|whether|other|another|further|rather|later|longer|number|together|water|winter"
    r"|summer|matter|center|quarter|october|november|december|september|power|order|paper|letter|corner|border|shoulder|finger|factor"
    r"|constant|significant|important|relevant|instant|distant|either|neither|here|there|where|their|weather|whatever|whenever|every"
    r"|sugar|remember|consider|wonder|offer|suffer|enter|chapter|cover|river|silver|fever|server|former|per|her)s?\b",
    re.IGNORECASE,
)  # fmt: skip
# A name: a capital letter within the sentence.
_NAME: Final = re.compile(r"(?<=[^\W_][ ,;’'])[A-Z][\w’'-]+|^(?:Mr|Mrs|Ms|Dr|Sir|Lady)\b")
# Openings that mean somebody by where they are from, without a name: 'The Frenchwoman was', 'For a moment the Brazilian had'.
_DESCRIBED: Final = re.compile(
    r"(?:(?:For|At|In|On|By|With|After|Before|But|And|Yet)\b[^,.;]{0,60}?,? )?[Tt]he "
    r"(?:(?:[A-Z][a-z]+(?:man|woman)|American|Argentine|Argentinian|Australian|Austrian|Belgian|Bolivian|Brazilian|Briton|Bulgarian|Canadian"
    r"|Chilean|Colombian|Croat|Croatian|Cuban|Czech|Dane|Egyptian|Finn|German|Greek|Hungarian|Indian|Iranian|Iraqi|Israeli|Italian"
    r"|Jamaican|Kenyan|Lebanese|Mexican|Moroccan|Nigerian|Norwegian|Pakistani|Peruvian|Pole|Portuguese|Romanian|Russian|Scot|Serb|Serbian"
    r"|Slovak|South African|Spaniard|Swede|Swiss|Syrian|Tunisian|Turk|Ukrainian|Uruguayan|Venezuelan)"
    r"(?=,| (?:was|is|has|had|have|will|would|can|could|may|might|must|did|does|said|says|told|also|then|who|won|lost|made|took|scored|added"
    r"|beat|began|became|came|finished|went|got|joined|left|played|returned|moved|led|hit|gave|insisted|believes|admitted)\b))"
)
# A time or event that the sentence points back at: 'that day', 'during that short period'.
_POINTED_AT: Final = re.compile(
    r"\b(?:on|in|at|during|for|after|before|since|of|until|from|by|later|earlier|early|late|sustained|died|happened|occurred) that"
    r"(?: (?:same|very|short|brief|single|fateful))* (?:day|night|morning|afternoon|evening|week|weekend|month|year|season|summer|winter|spring"
    r"|period|time|moment|game|match|meeting|incident|attack|crash|case|trial|election)\b|\b(?:he|she|they|it) \w+ that day\b",
    re.IGNORECASE,
)
# A date, or a name for a time or event, to which such a word can point within the sentence.
_DATED: Final = re.compile(
    r"\d|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:when|where|night|game|match|attack|crash|trial|election)\b"
)
# An end that leaves out what was told before: 'could tell you that', 'only if the court says it is'.
_LEFT_OUT: Final = re.compile(
    r"\b(?:tell|told) \w+ (?:that|this|so)\.\s*$"
    r"|(?<!what )(?<!who )(?<!how )(?<!where )(?<!when )(?<!as )(?<!than )(?<!like )\b(?:it|he|she|they)"
    r" (?:is|was|were|are|does|did|do|has|have|will|would|can|could)\.\s*$"
)
_QUOTED: Final = re.compile(r"\"[^\"]*+\"|“[^”]*+”|«[^»]*+»|„[^“”]*+[“”]")


def outside_quotes(sentence: str) -> str:
    """A sentence without what stands in quotation marks."""
    return _QUOTED.sub(" ", sentence)


def leans(sentence: str, language: str, *, is_first: bool = False) -> bool:
    """Whether a sentence, or what says whose its quotation is, points at what a sentence before it told.

    It opens with a pronoun or connective, or its 'he' or 'she' can mean nobody whom it names. `is_first`: it opens its
    text, where 'I' and 'we' are the author's.
    """
    bare = sentence.strip()
    bare = bare[behind_dateline(bare) :]
    told = outside_quotes(bare).strip() if bare[:1] in QUOTE_MARKS else bare
    opening = WORD.search(told)
    if opening is None:
        return False
    word = _CONTRACTED.sub("", opening[0].lower())
    if word in NARRATING:
        return not is_first
    return word in LEANING.get(language, frozenset()) or (
        language == "en" and _misses_somebody(told[opening.start() :])
    )


def _misses_somebody(sentence: str) -> bool:
    """Whether an English sentence opens with a phrase that leans, or means by its pronoun somebody whom it does not name."""
    told = outside_quotes(sentence)
    if _PHRASES.match(sentence) or _DESCRIBED.match(told) or _points_back(told) or _LEFT_OUT.search(told):
        return True
    if not _PERSONAL.search(told):
        return False
    return not _NAME.search(told) and not _PERSONS.search(_NO_PERSONS.sub("", told))


def _points_back(sentence: str) -> bool:
    """Whether a sentence means by 'that day' and the like what it has not told before."""
    pointing = _POINTED_AT.search(sentence)
    return pointing is not None and not _DATED.search(sentence, 0, pointing.start())
