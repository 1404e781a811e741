"""Names the wire agency that a text credits, in its dateline, byline or closing credit. It decides nothing by it."""

from __future__ import annotations

import re
from typing import Final

# Where a credit stands: characters from the beginning, and from the end.
HEAD: Final = 240
FOOT: Final = 240

# Agencies by the name under which they are told, with the other forms in which they are credited.
AGENCIES: Final = {
    "AP": ("AP", "A.P.", "Associated Press", "The Associated Press", "أسوشيتد برس", "اسوشيتد برس", "أ ب", "أ.ب"),
    "AFP": ("AFP", "Agence France-Presse", "Agence France Presse", "أ ف ب", "أ.ف.ب", "أ. ف. ب", "ا ف ب", "فرانس برس"),
    "Reuters": ("Reuters", "Thomson Reuters", "REUTERS", "رويترز"),
    "dpa": ("dpa", "DPA", "dpa-AFX", "Deutsche Presse-Agentur", "د ب أ", "د.ب.أ"),
    "UPI": ("UPI", "United Press International", "يو بي آي"),
    "EFE": ("EFE", "Agencia EFE"),
    "ANSA": ("ANSA",),
    "TASS": ("TASS", "ITAR-TASS", "ТАСС", "تاس"),
    "RIA Novosti": ("RIA Novosti", "РИА Новости"),
    "Interfax": ("Interfax", "Интерфакс"),
    "Xinhua": ("Xinhua", "新华社", "شينخوا"),
    "Kyodo": ("Kyodo", "Kyodo News", "共同通信", "共同"),
    "Yonhap": ("Yonhap", "연합뉴스"),
    "Bloomberg": ("Bloomberg", "Bloomberg News", "بلومبرغ", "بلومبيرغ"),
    "PA": ("PA", "PA Media", "Press Association", "Press Association Reporters"),
    "AAP": ("AAP",),
    "CP": ("CP", "The Canadian Press", "Canadian Press"),
    "PTI": ("PTI", "Press Trust of India"),
    "ANI": ("ANI",),
    "IANS": ("IANS",),
    "APA": ("APA",),
    "ATS": ("ATS", "Keystone-ATS"),
    "SDA": ("SDA", "Keystone-SDA"),
    "ANP": ("ANP",),
    "Belga": ("Belga",),
    "Lusa": ("Lusa", "LUSA"),
    "Europa Press": ("Europa Press",),
    "Notimex": ("Notimex",),
    "TT": ("TT",),
    "NTB": ("NTB",),
    "Ritzau": ("Ritzau",),
    "STT": ("STT",),
    "PAP": ("PAP",),
    "ČTK": ("ČTK", "CTK"),
    "MTI": ("MTI",),
    "Tanjug": ("Tanjug",),
    "Anadolu": ("Anadolu", "Anadolu Agency", "AA", "الأناضول", "الاناضول"),
    "SPA": ("SPA", "واس"),
    "WAM": ("WAM", "وام"),
    "QNA": ("QNA", "قنا"),
    "KUNA": ("KUNA", "كونا"),
    "BNA": ("BNA", "بنا"),
    "MENA": ("MENA", "أ ش أ", "أ.ش.أ"),
    "Petra": ("Petra", "بترا"),
    "SANA": ("SANA", "سانا"),
    "INA": ("INA", "واع"),
    "WAFA": ("WAFA", "وفا"),
    "APS": ("APS", "وأج"),
    "MAP": ("MAP", "و م ع"),
    "TAP": ("TAP", "وات"),
    "IRNA": ("IRNA", "إرنا"),
    "News agencies": ("News agencies", "Agencies", "agencies", "وكالات", "الوكالات"),
}  # fmt: skip
_CANONICAL: Final = {form: name for name, forms in AGENCIES.items() for form in forms}
# Names that no word of ordinary prose could be, which a credit may hold without brackets or marks.
_SPELT_OUT: Final = sorted(
    (form for form in _CANONICAL if len(form) > 6 and form.lower() not in ("agencies", "bloomberg")),
    key=len,
    reverse=True,
)
_NAMES: Final = "|".join(re.escape(form) for form in sorted(_CANONICAL, key=len, reverse=True))
_DASH: Final = r"\s*(?:-{1,2}|–|—|―|:|/)\s"

# 'HARBOUR CITY (Reuters) - ', 'LONDON, March 3 (AP/AFP) — ', '(رويترز) - '.
_DATELINE: Final = re.compile(rf"^(?P<place>[^\n()]{{0,60}})\((?P<name>[^()\n]{{2,40}})\){_DASH}", re.MULTILINE)
# 'Reuters - ', 'الخرطوم - رويترز: '.
_BARE_DATELINE: Final = re.compile(rf"^(?:[^\n()-]{{2,40}}\s[-–—]\s)?(?P<name>{_NAMES})\s*(?:[-–—:]|\n)", re.MULTILINE)
_BYLINE: Final = re.compile(
    rf"^\s*(?:by\s[^\n]{{0,60}}?|von\s[^\n]{{0,60}}?|par\s[^\n]{{0,60}}?)(?:,\s*|\s*[-–—|(]\s*|\s*/\s*|\s)(?P<name>{_NAMES})\)?\s*$",
    re.MULTILINE | re.IGNORECASE,
)
# '(Reporting by A; Editing by B)' closes what Reuters writes; others sign, or tell whose the rights are.
_CREDITS: Final = (
    re.compile(rf"(?:copyright|©|\(c\)|source|credit|quelle|fuente|المصدر)[\s:]*(?:\(c\)\s*)?(?:\d{{4}}\s*)?(?:the\s)?(?P<name>{_NAMES})\b", re.IGNORECASE),
    re.compile(rf"(?:^|\n)\s*[-–—(\[]{{1,2}}\s*(?P<name>{_NAMES})\s*[)\]]?\s*\.?\s*$"),
    re.compile(rf"[(\[](?P<name>{_NAMES})[)\]]\s*\.?\s*$"),
)  # fmt: skip
_REUTERS_CLOSE: Final = re.compile(r"\(?Reporting by [^\n]{2,200}; ?(?:Editing|Writing) by ", re.IGNORECASE)
_ABBREVIATION: Final = re.compile(r"[A-Z][A-Za-z]{1,9}|[A-Z]{2,6}")
_FOLDED: Final = {form.casefold(): name for form, name in _CANONICAL.items()}


def agency_of(text: str, authors: str = "") -> str:
    """The agency that a text credits; empty where it credits none. `authors` is its byline, where that is apart."""
    head, foot = text[:HEAD], text[-FOOT:]
    return (
        _known(authors)
        or _in_dateline(head)
        or _matched(_BYLINE, head)
        or _matched(_BARE_DATELINE, head)
        or next((name for credit in _CREDITS if (name := _matched(credit, foot))), "")
        or ("Reuters" if _REUTERS_CLOSE.search(foot) else "")
    )


def _in_dateline(head: str) -> str:
    """The agency in brackets between a place and a dash: a known one, or what is written like the name of one."""
    for match in _DATELINE.finditer(head):
        parts = [part.strip() for part in re.split(r"[/,&]|\sand\s", match["name"])]
        if known := next((name for part in parts if (name := _known(part))), ""):
            return known
        if match["place"].strip() and match["place"].split(",")[0].strip().isupper() and _is_name(parts[0]):
            return parts[0]
    return ""


def _is_name(part: str) -> bool:
    """Whether a word in a dateline's brackets is written like the short name of an agency."""
    return _ABBREVIATION.fullmatch(part) is not None


def _matched(pattern: re.Pattern[str], part: str) -> str:
    """The known agency that a pattern finds in a part of a text."""
    match = pattern.search(part)
    return _known(match["name"]) if match else ""


def _known(name: str) -> str:
    """The name under which an agency is told; a longer credit is searched for what is spelt out."""
    name = name.strip()
    found = _CANONICAL.get(name) or _FOLDED.get(name.casefold() if len(name) > 4 else name, "")
    return found or next((_CANONICAL[form] for form in _SPELT_OUT if len(name) > len(form) and form in name), "")
