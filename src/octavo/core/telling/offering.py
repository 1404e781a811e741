"""Decides what of an article's text a model gets to see: visible sentences, numbered, without what speaks to a machine.

A sentence that gives orders to a model, that carries an address, markup or what looks encoded, is not offered, so nothing
can cite it. That is a precaution against the plainest attacks, never the proof: whatever a model answers is judged by
`abstract.py` as if every word of the text were hostile.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from octavo.core.telling.claims import CitedText
from octavo.core.telling.sentences import sentences
from octavo.core.telling.words import WORD
from octavo.core.types import Passage

# A text is offered from its beginning to so many sentences; a longer sentence than this is none.
MOST_SENTENCES: Final = 300
LONGEST_SENTENCE: Final = 900
# What is shorter is a caption, a heading or a shout.
SHORTEST_SENTENCE: Final = 16
# Joiners that scripts need between letters; all other characters without a shape are taken out.
_JOINERS: Final = "\u200c\u200d"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_ADDRESS: Final = re.compile(
    r"(?:https?|hxxps?|ftp|javascript|data|file|mailto|tel|sms|whatsapp|bitcoin|ipfs)\s?:\s?(?://|\S)|\bwww\.\S|//[\w-]+\.\w"
    r"|[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+\s?(?:\.|\(dot\)|\[dot\])\s?\w|(?<!\w)@\w{3,}|\b0x[0-9a-f]{16,}"
    r"|\b[\w-]+(?:\[\.\]|\(dot\)|\[dot\])\w+|\w\.(?:com|org|net|io|info|biz|ru|cn|xyz|top|example|invalid|test|onion|ly|me|app|dev)/\S",
    re.IGNORECASE,
)
# A name with a domain's ending, as publishers and firms have it too.
DOMAIN: Final = re.compile(
    r"\b[\w-]+\.(?:com|org|net|io|info|biz|ru|cn|xyz|top|example|invalid|test|onion|app|dev|co\.\w\w)\b", re.I
)
_PHONE: Final = re.compile(
    r"(?<![\w.,])\+?\(?\d{2,4}\)?(?:[\s.\-/]\(?\d{2,4}\)?){2,}(?![\w,%])|(?<!\w)\+\d{7,}|\b\d{3}-\d{4}\b"
)
_MARKUP: Final = re.compile(
    r"<\s*/?\s*[a-zA-Z!?|][^>]*>|&(?:lt|gt|#\d+|#x[0-9a-f]+);|!?\[[^\]]*\]\s?\(|```|^\W{0,3}\[\d{1,4}\]|<<|>>|\{\{|\}\}|\{%|\[/?INST\]|^#{1,6}\s|[<>]\|",
    re.I,
)
# A run that no word is: base64, hexadecimal, percent or backslash codes.
_ENCODED: Final = re.compile(
    r"(?=[\w+/=]*\d)(?=[\w+/=]*[a-zA-Z])[\w+/=]{24,}|[A-Za-z0-9+/]{32,}={0,2}|(?:%[0-9a-f]{2}[^%]{0,40}){3}|(?:\\[xu][0-9a-f]{2,4}){2,}",
    re.I,
)
_TO_MACHINES: Final = re.compile(
    r"\b(?:ignor\w+|disregard\w*|forget|overrid\w+|bypass\w*|discard|skip)\b.{0,60}\b(?:instruction|prompt|rule|guideline|polic|previous|above|prior|earlier|safety|check|article|text)"
    r"|\b(?:system|developer|assistant|user|tool|human|ai)\s*(?:prompt|message|note|override|mode|:|>|\])"
    r"|\b(?:new|updated|real|actual|following|these|your|my|hidden|secret|further)\s+(?:instruction|order|task|directive|command|prompt)s?\b"
    r"|\b(?:attention|note|message|instruction|reminder)s?\s+(?:to|for)\s+(?:\w+\s+){0,3}(?:ai|assistant|model|llm|bot|summari[sz]er|translator|machine)s?\b"
    r"|\byou are (?:now |no longer )?(?:an?|the|in|being)\b|\bas an? (?:ai|llm|language model|assistant|summari[sz]er)\b"
    r"|\b(?:language models?|llms?|chatbots?|ai (?:assistants?|models?|systems?)|summari[sz]ers?|ais)\b.{0,40}\b(?:must|should|shall|are to|is to|please|output|reply|respond|write|say|print|include|mention)\b"
    r"|\byour\s+(?:summary|answer|response|reply|output|translation|key points|explanation)\b|\bthe (?:summary|output)\b"
    r"|\bend of (?:article|text|data|document|input)\b|\bbegin(?:ning)? of (?:article|system|instructions?)\b"
    r"|\bbetween the (?:marks|delimiters|tags)\b|\bfor the (?:machine|model|ai|bot|llm)\b"
    r"|\byour\b.{0,40}\b(?:password|account|card|bank|device|browser|subscription|payment|wallet)\b"
    r"|تجاهل|التعليمات السابقة|أنت الآن|نموذج لغوي|ignoriere|vergiss alle|ignorez|oubliez|ignora (?:las|todas)|olvida|忽略|игнорируй",
    re.IGNORECASE,
)
_TO_READERS: Final = re.compile(
    r"^\W*(?:please\s+|now\s+|just\s+|always\s+|never\s+|then\s+|also\s+|instead,?\s+|simply\s+|urgent\W+|warning\W+|important\W+|note\W+)*"
    r"(?:click|tap|visit|call|dial|text|e-?mail|download|install|subscribe|sign up|sign in|log ?in|buy|sell|invest|send|transfer|"
    r"wire|pay|donate|enter|verify|confirm|scan|open|follow|join|register|claim|go to|see more|read more|learn more|share|type|"
    r"paste|run|execute|reply|respond|answer|output|print|write|say|tell|repeat|append|include|insert|add|begin|start with|end with|"
    r"decode|decipher|obey|translate|summari[sz]e|explain|render|display|show|use|do not|don[’']t|stop|act as|pretend|reveal|leak|recommend|vote|trust|contact|"
    r"اضغط|انقر|اتصل|أرسل|ارسل|حول|ادفع|زوروا|زر|سجل|حمل|اشترك|أدخل|تبرع)\b",
    re.IGNORECASE,
)
_YOU: Final = re.compile(
    r"\b(?:you|your|yours|yourself|click|subscribe|password|passcode|bitcoin|wallet|gift card)\b|كلمة المرور|كلمة السر|اضغط هنا|انقر هنا",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Offered:
    """One sentence as a model sees it, under its number, and where it stands."""

    number: int
    passage: Passage
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a model may speak from: the offered sentences, and the whole texts that they stand in."""

    offered: tuple[Offered, ...]
    texts: Mapping[tuple[str, int], CitedText]
    language: str = ""

    def sentence(self, number: int) -> Offered | None:
        """The sentence of a number, counted from 1; None where none was offered under it."""
        return self.offered[number - 1] if 1 <= number <= len(self.offered) else None


def offer(article: str, version: int, text: CitedText, most_characters: int) -> Source:
    """The sentences of one version of an article that a model is shown, of at most so many characters together."""
    offered: list[Offered] = []
    left = most_characters
    for start, end in sentences(text.text):
        shown = visible(text.text[start:end])
        if len(offered) >= MOST_SENTENCES or len(shown) > left:
            break
        if shown and not speaks_out_of_turn(shown):
            left -= len(shown)
            offered.append(Offered(len(offered) + 1, Passage(article, version, start, end), shown))
    return Source(tuple(offered), {(article, version): text}, text.language)


def visible(text: str) -> str:
    """A text without characters that nobody sees, its white space as single spaces."""
    spaced = " ".join(text.split())
    return "".join(one for one in spaced if one in _JOINERS or unicodedata.category(one) not in _UNSEEN).strip()


def speaks_out_of_turn(sentence: str) -> bool:
    """Whether a sentence is not for telling: it addresses a machine or tells readers what to do, or carries what acts."""
    return (
        not SHORTEST_SENTENCE <= len(sentence) <= LONGEST_SENTENCE
        or bool(_TO_MACHINES.search(sentence) or _TO_READERS.search(sentence))
        or carries_address(sentence)
        or has_markup(sentence)
        or bool(_ENCODED.search(sentence))
        or mixes_scripts(sentence)
    )


def addresses_reader(sentence: str, cited: str) -> bool:
    """Whether a sentence speaks to 'you', or of what swindlers ask for, where the cited text does not."""
    return any(word[0].lower() not in cited.lower() for word in _YOU.finditer(sentence))


def carries_address(text: str) -> bool:
    """Whether a text has something to go to, write to or call."""
    return bool(_ADDRESS.search(text) or _PHONE.search(text))


def has_markup(text: str) -> bool:
    """Whether a text has marks of HTML, Markdown or a template."""
    return bool(_MARKUP.search(text))


def mixes_scripts(text: str) -> bool:
    """Whether a word has Latin letters and their lookalikes in one."""
    return any(len(_scripts(word)) > 1 for word in WORD.findall(text) if not word.isascii())


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha())
    return {name for name in names if name in ("LATIN", "CYRILLIC", "GREEK", "MATHEMATICAL", "FULLWIDTH", "CHEROKEE")}
