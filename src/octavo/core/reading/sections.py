"""Maps the names that publishers give their sections to the sections of the front page; it reads no article.

A name is looked up whole, then by its words, English, Arabic and some other languages; the address of a page often has
the section as a part of its path. What fits none, or several alike, is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from octavo.core.types import SECTIONS
from octavo.core.words import fold_arabic

# Words and phrases of each section; single words also count as a part of a longer name ("Global Economy").
NAMES = {
    "world": "world, international, global, foreign, africa, asia, europe, americas, middle east, mideast, americas, "
    "latin america, world news, welt, ausland, monde, mundo, internacional, international news, mondo, esteri, wereld, "
    "buitenland, العالم, عالم, دولي, دوليات, عربي ودولي, الشرق الأوسط, شؤون دولية, أخبار العالم, عربي, أخبار عربية, "
    "العالم العربي, dünya, monde arabe, utrikes, udland, verden, świat, мир, в мире, 国际, 国際",
    "politics": "politics, political, election, elections, government, parliament, congress, white house, policy, "
    "uspolitics, politik, politique, política, politica, politiek, binnenland, inland, سياسة, السياسة, سياسي, انتخابات, "
    "الانتخابات, برلمان, siyaset, polityka, политика, 政治",
    "business": "business, economy, economic, economics, finance, financial, markets, market, money, companies, trade, "
    "personal finance, real estate, energy business, wirtschaft, économie, entreprises, economía, negocios, economia, "
    "economie, finanzen, اقتصاد, الاقتصاد, أعمال, مال وأعمال, مال, أسواق, بورصة, مال واعمال, ekonomi, gospodarka, экономика, "
    "бизнес, 经济, 経済",
    "technology": "technology, tech, digital, internet, gadgets, ai, artificial intelligence, computing, software, "
    "cybersecurity, security tech, telecom, gaming tech, technologie, technik, netzwelt, tecnología, tecnologia, pixels, "
    "numérique, تكنولوجيا, التكنولوجيا, تقنية, التقنية, علوم وتكنولوجيا, تقنيات, teknoloji, teknik, технологии, 科技",
    "science": "science, sciences, space, physics, biology, astronomy, archaeology, research, nature, wissenschaft, "
    "wissen, ciencia, scienza, scienze, wetenschap, علوم, العلوم, فضاء, الفضاء, bilim, nauka, наука, 科学",
    "health": "health, medicine, medical, wellness, wellbeing, well being, coronavirus, covid 19, gesundheit, santé, salud, "
    "salute, saúde, gezondheid, صحة, الصحة, طب, صحتك, sağlık, zdrowie, здоровье, 健康",
    "environment": "environment, climate, climate change, climate crisis, weather, wildlife, energy, sustainability, "
    "green, earth, umwelt, klima, klimat, planète, environnement, climat, medio ambiente, clima, clima y medio ambiente, "
    "ambiente, milieu, klimaat, بيئة, البيئة, مناخ, المناخ, طقس, çevre, экология, 环境",
    "culture": "culture, arts, art, entertainment, books, book, film, films, movies, music, television, tv, theatre, "
    "theater, celebrity, celebrities, lifestyle, life and style, style, fashion, travel, food, food and drink, arts and "
    "culture, entertainment and arts, media, kultur, feuilleton, cultura, spettacoli, gente, cultuur, cinéma, ثقافة, "
    "الثقافة, فن, فنون, ثقافة وفن, ثقافة وفنون, منوعات, سينما, فن ومشاهير, مشاهير, kültür, sanat, kultura, культура, 文化",
    "sports": "sports, sport, football, soccer, cricket, tennis, rugby, golf, basketball, baseball, hockey, olympics, "
    "formula 1, f1, nba, nfl, mlb, nhl, cycling, athletics, boxing, fußball, fussball, futbol, fútbol, deportes, esporte, "
    "esportes, desporto, calcio, voetbal, رياضة, الرياضة, كرة القدم, كرة قدم, رياضي, spor, спорт, 体育",
    "opinion": "opinion, opinions, commentary, comment, editorial, editorials, columns, columnists, columnist, op ed, "
    "oped, opeds, comment is free, commentisfree, viewpoint, perspective, letters, views, analysis and opinion, meinung, "
    "kommentar, kommentare, débats, idées, opinión, opiniones, opinião, opinioni, opinie, رأي, الرأي, آراء, مقالات, مقالات "
    "الرأي, كتاب, أعمدة, görüş, yorum, мнения, 评论",
}
# Words that say nothing of a section beside others.
EMPTY_WORDS = frozenset(
    ("news", "latest", "top", "stories", "the", "and", "all", "more", "home", "rss", "feed", "أخبار", "اخبار", "و")
)
# An address's path is read as far as this many parts: beyond them stand the words of the headline.
PATH_PARTS = 3

_WORD = re.compile(r"[^\W_]+")


def section_of(*names: str) -> str:
    """The section that the names given by a feed, a page or a category mean together; '' for none.

    The first name counts before the others: a publisher's own section is worth more than a tag.
    """
    for name in names:
        found = _section_of_name(name)
        if found:
            return found
    return ""


def section_of_categories(categories: Iterable[str]) -> str:
    """The section that most of an entry's categories mean; '' where none does or the first two are even."""
    votes = Counter(found for name in categories if (found := _section_of_name(name)))
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]


def section_of_address(url: str) -> str:
    """The section that the first parts of an address's path name (`/sport/football/...`); '' for none."""
    try:
        parts = [part for part in unquote(urlsplit(url).path).split("/") if part][:-1]
    except ValueError:
        return ""
    return section_of(*parts[:PATH_PARTS])


@lru_cache(maxsize=4096)
def _section_of_name(name: str) -> str:
    """The section of one name: looked up whole, then its words, when all that mean one mean the same."""
    words = [word for word in _words(name) if word not in EMPTY_WORDS]
    if not words or len(words) > 6:
        return ""
    whole = _LOOKUP.get(" ".join(words)) or _LOOKUP.get(" ".join(_words(name)))
    if whole:
        return whole
    found = {_LOOKUP[word] for word in words if word in _LOOKUP}
    if len(found) > 1:
        found -= {"world"}
    return found.pop() if len(found) == 1 else ""


def _words(name: str) -> list[str]:
    """The words of a name, folded: no case, no marks on Arabic letters, alef and its kin alike."""
    text = fold_arabic(unicodedata.normalize("NFKC", name).casefold())
    return _WORD.findall(text.replace("&", " and "))


EMPTY_WORDS = frozenset(word for name in EMPTY_WORDS for word in _words(name))
_LOOKUP: dict[str, str] = {}
for _section in SECTIONS:
    for _name in NAMES[_section].split(","):
        _LOOKUP.setdefault(" ".join(_words(_name)), _section)
