"""Reads the numbers of a text with their scale and unit; it judges none and reads no dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from octavo.core.words import fold

# What multiplies a number that stands before it.
SCALES: Final = {
    "hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12, "dozens": 12,
    "millions": 1e6, "millones": 1e6, "millón": 1e6, "milhões": 1e6, "milhão": 1e6, "millionen": 1e6,
    "milliards": 1e9, "milliard": 1e9, "milliarden": 1e9, "tausend": 1e3, "bilhões": 1e9, "bn": 1e9, "mn": 1e6,
    "مئة": 100, "مائة": 100, "مئه": 100, "ألف": 1e3, "الف": 1e3, "الاف": 1e3, "مليون": 1e6, "ملايين": 1e6,
    "مليار": 1e9, "مليارات": 1e9, "تريليون": 1e12, "الفا": 1e3, "مليونا": 1e6, "مليارا": 1e9,
}  # fmt: skip
# Scales that are written right behind digits only.
SHORT_SCALES: Final = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12, "trn": 1e12}
_ONES: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS: Final = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
_ARABIC: Final = {
    "اثنان": 2, "اثنين": 2, "اثنتان": 2, "اثنتين": 2, "ثلاث": 3, "ثلاثة": 3, "أربع": 4, "أربعة": 4, "خمس": 5,
    "خمسة": 5, "ست": 6, "ستة": 6, "سبع": 7, "سبعة": 7, "ثمان": 8, "ثماني": 8, "ثمانية": 8, "تسع": 9, "تسعة": 9,
    "عشر": 10, "عشرة": 10, "عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30, "أربعون": 40, "أربعين": 40,
    "خمسون": 50, "خمسين": 50, "ستون": 60, "ستين": 60, "سبعون": 70, "سبعين": 70, "ثمانون": 80, "ثمانين": 80,
    "تسعون": 90, "تسعين": 90, "مئتان": 200, "مئتين": 200, "مائتين": 200, "ثلاثمئة": 300, "ثلاثمائة": 300,
    "أربعمئة": 400, "أربعمائة": 400, "خمسمئة": 500, "خمسمائة": 500, "ستمئة": 600, "ستمائة": 600, "سبعمئة": 700,
    "سبعمائة": 700, "ثمانمئة": 800, "ثمانمائة": 800, "تسعمئة": 900, "تسعمائة": 900, "ألفان": 2000, "ألفين": 2000,
    "مئتا": 200, "مئتي": 200, "مائتا": 200, "مائتي": 200, "مليونان": 2e6, "مليونين": 2e6, "مليوني": 2e6, "ملياران": 2e9, "مليارين": 2e9, "ملياري": 2e9,
}  # fmt: skip
# These are numbers only in 11, 12, 21, 31 and so on; by themselves they are 'any', 'one of' and the like.
_ARABIC_FIRST: Final = {fold(word): n for n, words in ((1, "أحد إحدى احدى واحد واحدة"), (2, "اثنا اثني اثنتا اثنتي")) for word in words.split()}  # fmt: skip
_ARABIC_TEN: Final = frozenset(map(fold, ("عشر", "عشرة")))
# After a number these multiply; by themselves they are two thousand, two million and so on, or an accusative.
_ONLY_BEHIND: Final = frozenset(("الفا", "مليونا", "مليارا"))
NUMBER_WORDS: Final[dict[str, float]] = {
    **{word: n for n, word in enumerate(_ONES)},
    **{word: 10 * n for n, word in enumerate(_TENS, 2)},
    **{fold(word): n for word, n in _ARABIC.items()},
}
ORDINAL_WORDS: Final[dict[str, float]] = {
    **{word: n for n, word in enumerate(_ORDINALS) if n},
    **{word[:-1] + "ieth": 10 * n for n, word in enumerate(_TENS, 2)},
}
# These tell a number by the way: they support one, and need no support themselves.
SILENT: Final[dict[str, float]] = {
    "both": 2, "pair": 2, "couple": 2, "twice": 2, "double": 2, "doubled": 2, "twin": 2, "twins": 2, "once": 1,
    "single": 1, "one": 1, "a": 1, "an": 1, "trio": 3, "triple": 3, "tripled": 3,
}  # fmt: skip
# The ways of writing each unit.
UNITS: Final = {
    spelling: unit
    for unit, spellings in {
        "%": "% percent pct ٪ بالمئة بالمائة بالمئه بالمائه prozent",
        "points": "point points",
        "$": "$ dollar dollars usd دولار دولارا دولارات", "€": "€ euro euros eur يورو",
        "£": "£ pound pounds gbp quid جنيه", "¥": "¥ yen yuan renminbi", "₹": "₹ rupee rupees",
        "franc": "franc francs", "ruble": "ruble rubles rouble roubles", "riyal": "ريال riyal riyals",
        "dirham": "درهم dirham dirhams", "dinar": "دينار dinar dinars", "lira": "lira liras ليرة ليره",
        "cent": "cent cents pence", "m": "m metre metres meter meters متر مترا امتار",
        "km": "km kilometre kilometres kilometer kilometers كيلومتر كيلومترا",
        "cm": "cm centimetre centimetres centimeter centimeters", "mm": "mm millimetre millimeter millimeters",
        "mile": "mile miles mi ميل", "foot": "foot feet ft قدم", "inch": "inch inches", "yard": "yard yards yds",
        "mph": "mph", "kph": "kph kmh", "knot": "knot knots",
        "kg": "kg kilogram kilograms kilo kilos كيلوغرام", "g": "g gram grams gramme grammes غرام",
        "tonne": "tonne tonnes ton tons طن طنا", "lb": "lb lbs", "ounce": "ounce ounces oz",
        "litre": "litre litres liter liters لتر", "gallon": "gallon gallons", "barrel": "barrel barrels برميل",
        "acre": "acre acres", "hectare": "hectare hectares", "degree": "degree degrees ° درجة درجات درجه",
        "second": "second seconds ثانية ثانيه", "minute": "minute minutes min mins دقيقة دقائق دقيقه",
        "hour": "hour hours hr hrs ساعة ساعات ساعه", "day": "day days يوم يوما ايام",
        "week": "week weeks اسبوع اسابيع", "month": "month months شهر شهرا اشهر شهور",
        "year": "year years yr yrs عام عاما سنة سنوات سنه اعوام", "decade": "decade decades",
        "century": "century centuries", "megawatt": "mw megawatt megawatts", "gigawatt": "gw gigawatt gigawatts",
        "kilowatt": "kw kilowatt kilowatts",
    }.items()
    for spelling in spellings.split()
}  # fmt: skip
MONEY: Final = frozenset({"$", "€", "£", "¥", "₹", "franc", "ruble", "riyal", "dirham", "dinar", "lira"})
# Without one of these a number is another number: 12 is not 12 %, and 5 dollars are not 5 people.
STRICT: Final = MONEY | {"%", "points"}
_SIZES: Final = re.compile(r"deep|long|high|tall|wide|sprint|race|hurdles|depth|height|metre|meter|above|below", re.I)
_BOUND: Final = re.compile(
    r"(?:(?P<more>more than|over|at least|above|exceeding|no fewer than|no less than|upwards of|أكثر من|ما لا يقل عن)"
    r"|(?P<less>less than|fewer than|under|below|at most|up to|as many as|no more than|nearly|almost|أقل من)"
    r"|(?P<about>about|around|roughly|some|approximately|estimated|close to|نحو|حوالي|زهاء|قرابة))"
    r"(?:\s+(?:a|an|the|about|another))?\s*[$€£]?\s*$",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(
    r"(?P<sign>(?:US|A|C|HK)?\$|[€£¥₹])?(?P<digits>(?:(?<=\bو)|(?<![\w.,٫٬]))\d+(?:[.,٬٫'’\u00a0\u202f]\d+)*)(?P<tail>[^\W\d_]+)?"
    r"|(?P<word>[^\W\d_]+)|(?P<mark>[^\s\w])",
    re.IGNORECASE,
)
_DASHES: Final = "-‐‑–—"
_GROUPED: Final = re.compile(r"\d{1,3}(?:[,٬'’\u00a0\u202f]\d{3})+(?:[.٫]\d+)?$")
_DOTTED: Final = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?$")
# Languages that group thousands by full stops and write a comma before decimals.
_COMMA_DECIMALS: Final = frozenset({"de", "es", "fr", "it", "pt", "nl", "tr", "id", "ru", "pl", "sv", "da", "nb"})
_TYING: Final = frozenset({"to", "-", "–", "and", "or", "إلى", "و", "bis", "a", "à"})

Token = re.Match[str]


# No number is larger: what a text piles up ('billion billion billion') would pass what JSON and pages can hold.
LARGEST: Final = 1e24
# A number in words begins with one of these.
_OPENING: Final = frozenset().union(NUMBER_WORDS, ORDINAL_WORDS, SCALES, _ARABIC_FIRST)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at `start` to `end` of a text, its unit included. `unit` is its one spelling, '' where none is told.

    `bound` is more, less or about where the text says so; `counted` is the next word in small letters, '' where there is
    none; `is_rounded` tells that a scale word ('million') rounds it; `is_silent` that it is told by the way ('both').
    """

    start: int
    end: int
    value: float
    unit: str = ""
    bound: str = ""
    counted: str = ""
    is_ordinal: bool = False
    is_rounded: bool = False
    is_silent: bool = False


def figures(text: str, language: str = "", without: Sequence[tuple[int, int]] = ()) -> list[Figure]:
    """The numbers of a text in its order; what stands in the spans of `without` (dates) is no number here."""
    tokens = list(_TOKEN.finditer(text))
    if without:
        tokens = [t for t in tokens if not any(s <= t.start() < e for s, e in without)]
    return _share_units(text, list(_read(text, tokens, language)))


def value_of(digits: str, language: str = "") -> float:
    """The value of written digits of any script, by the language's marks of thousands and decimals."""
    plain = fold(digits)
    if _GROUPED.match(plain) and not (language in _COMMA_DECIMALS and plain.count(",") == 1):
        return float(re.sub(r"[^\d.]", "", plain.replace("٫", ".")))
    if language in _COMMA_DECIMALS and (_DOTTED.match(plain) or "," in plain):
        plain = plain.replace(".", "").replace(",", ".")
    whole, _, part = plain.replace("٫", ".").replace(",", ".").partition(".")
    return float(re.sub(r"\D", "", whole) + "." + (re.sub(r"\D", "", part) or "0"))


def _read(text: str, tokens: list[Token], language: str) -> Iterator[Figure]:
    at = 0
    while at < len(tokens):
        token, word = tokens[at], fold(tokens[at]["word"] or "")
        if token["digits"]:
            figure, after = _from_digits(text, tokens, at, language)
        elif _may_open(word) and (told := _from_words(tokens, at)):
            figure, after = told
        elif word in SILENT:
            figure, after = Figure(token.start(), token.end(), SILENT[word], is_silent=True), at + 1
        else:
            at += 1
            continue
        yield _finished(text, tokens, after, replace(figure, value=min(figure.value, LARGEST)))
        at = after


def _from_digits(text: str, tokens: list[Token], at: int, language: str) -> tuple[Figure, int]:
    """A number that begins with digits, with its sign, the letters behind it and scale words."""
    token, tail = tokens[at], (tokens[at]["tail"] or "").lower()
    value, unit = value_of(token["digits"], language), ""
    is_length = tail == "m" and not token["sign"] and _SIZES.search(text[max(0, token.start() - 30) : token.end() + 30])
    is_rounded = tail in SHORT_SCALES and not is_length
    if is_rounded:
        value *= SHORT_SCALES[tail]
    elif tail in UNITS:
        unit = UNITS[tail]
    after, factor = _scale(tokens, at + 1)
    if token["sign"]:
        unit = UNITS[token["sign"][-1]]
    is_ordinal = tail in ("st", "nd", "rd", "th")
    end = tokens[after - 1].end()
    return Figure(token.start(), end, value * factor, unit, "", "", is_ordinal, is_rounded or factor >= 1000), after


def _scale(tokens: list[Token], at: int) -> tuple[int, float]:
    """Where the scale words at a place end, and by what they multiply."""
    factor = 1.0
    while at < len(tokens):
        place = at + 1 if tokens[at][0] in _DASHES and at + 1 < len(tokens) else at
        word = fold(tokens[place]["word"] or "")
        if word not in SCALES:
            break
        factor, at = factor * SCALES[word], place + 1
    return at, factor


def _may_open(word: str) -> bool:
    """Whether a number in words can begin with a word: nearly none can, and the rest is read no further."""
    return word in _OPENING or word.removeprefix("و") in NUMBER_WORDS


def _from_words(tokens: list[Token], at: int) -> tuple[Figure, int] | None:
    """A number in words and where it ends; None where there is none. A lone 'one' is a pronoun more often than not."""
    start, total, part, last, is_ordinal, is_rounded = at, 0.0, 0.0, 0.0, False, False
    while at < len(tokens) and not is_ordinal:
        word = _bare(tokens, at, start)
        if word in _ARABIC_TEN and _makes_teen(tokens, at, last):
            last = 10 + last
            part += 10
        elif word in NUMBER_WORDS and _adds(NUMBER_WORDS[word], last, not word.isascii()):
            last = NUMBER_WORDS[word]
            part += last
        elif word in _ARABIC_FIRST and _adds(1, last, True) and _goes_on(tokens, at):
            last = _ARABIC_FIRST[word]
            part += last
        elif word in ORDINAL_WORDS and _adds(ORDINAL_WORDS[word], last, False):
            part, is_ordinal = part + ORDINAL_WORDS[word], True
        elif word in SCALES and (part or _opens_with_scale(tokens, at, start)):
            part, last = (part or 1) * SCALES[word], SCALES[word]
            if last >= 1000:
                total, part, is_rounded = total + part, 0.0, True
        elif not (at > start and _ties(tokens, at, last)):
            break
        at += 1
    if total + part == 0 or (at == start + 1 and _bare(tokens, start, start) == "one"):
        return None
    return Figure(tokens[start].start(), tokens[at - 1].end(), total + part, is_ordinal=is_ordinal, is_rounded=is_rounded), at  # fmt: skip


def _bare(tokens: list[Token], at: int, start: int) -> str:
    """A word as number words are written: the Arabic 'and' before it goes, and inside a number before a scale too."""
    word = fold(tokens[at]["word"] or "") if at < len(tokens) else ""
    bare = word.removeprefix("و")
    return bare if bare in NUMBER_WORDS or (at > start and bare != word) else word


def _adds(value: float, last: float, is_arabic: bool) -> bool:
    """Whether a number word goes on after `last`: 'twenty' 'five', 'hundred' 'ten'; in Arabic 'five and twenty'."""
    return (
        last == 0
        or last >= 100
        or (last >= 20 and value < 10)
        or (last < 10 and value > 10 and value % 10 == 0 and is_arabic)
    )


def _makes_teen(tokens: list[Token], at: int, last: float) -> bool:
    """'خمسة عشر': an Arabic number below ten directly before 'ten', without 'and', is one between 11 and 19."""
    return 1 <= last < 10 and not fold(tokens[at]["word"] or "").startswith("و")


def _goes_on(tokens: list[Token], at: int) -> bool:
    """Whether an Arabic 'one' or 'two' is the first word of 11, 12 or of 'one and twenty'."""
    following = fold(tokens[at + 1]["word"] or "") if at + 1 < len(tokens) else ""
    return following in _ARABIC_TEN or (following.startswith("و") and NUMBER_WORDS.get(following[1:], 0) >= 20)


def _opens_with_scale(tokens: list[Token], at: int, start: int) -> bool:
    """'a dozen', 'a million', 'مليون': a scale word that stands for one of it."""
    word = tokens[at]["word"] or ""
    if fold(word) in _ONLY_BEHIND:
        return False
    return at == start and (not word.isascii() or (at > 0 and tokens[at - 1][0].lower() in ("a", "an")))


def _ties(tokens: list[Token], at: int, last: float) -> bool:
    """Whether a dash or 'and' ties the words around it to one number."""
    following = _bare(tokens, at + 1, at)
    goes_on = following in NUMBER_WORDS or following in ORDINAL_WORDS or following in SCALES
    if tokens[at][0] in _DASHES:
        return goes_on and (last >= 20 or following in SCALES)
    return tokens[at][0].lower() == "and" and last >= 100 and goes_on


def _finished(text: str, tokens: list[Token], after: int, figure: Figure) -> Figure:
    """A number with the unit and the word after it, and the bound before it."""
    place = after + 1 if after < len(tokens) and tokens[after][0] in _DASHES else after
    unit, length = _unit(tokens, place)
    end = figure.end
    if unit and not figure.unit:
        end, place = tokens[place + length - 1].end(), place + length
    counted = (tokens[place]["word"] or "").lower() if place < len(tokens) else ""
    bound = _BOUND.search(text[max(0, figure.start - 24) : figure.start])
    return replace(figure, unit=figure.unit or unit, end=end, counted=counted, bound=(bound and bound.lastgroup) or "")


def _unit(tokens: list[Token], at: int) -> tuple[str, int]:
    """The unit at a place and how many tokens it takes; '' where there is none."""
    word = fold(tokens[at][0]) if at < len(tokens) else ""
    following = tokens[at + 1][0].lower() if at + 1 < len(tokens) else ""
    if word == "per" and following == "cent":
        return "%", 2
    if word in ("percentage", "basis") and following in ("point", "points"):
        return "points", 2
    if word in ("us", "american", "australian", "canadian", "british") and following in UNITS:
        return UNITS[following], 2
    if word in ("في", "ب") and following.startswith(("المئة", "المائة")):
        return "%", 2
    return UNITS.get(word, ""), 1


def _share_units(text: str, found: list[Figure]) -> list[Figure]:
    """'10 to 12 percent', '5-6 million': the first number has the unit of the second."""
    for place in range(len(found) - 2, -1, -1):
        one, two = found[place], found[place + 1]
        if not one.unit and two.unit and text[one.end : two.start].strip().lower() in _TYING:
            found[place] = replace(one, unit=two.unit)
    return found
