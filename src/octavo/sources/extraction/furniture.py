"""Tells which blocks stand in the small boxes that interrupt an article: advertisements, 'read also', newsletters, shares.

It goes by what the page's own markup calls a container, and by the label over an advertisement; never by what is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from octavo.sources.extraction.blocks import Block

BOX_WORDS = 80  # a container with more words is a part of the article, whatever its name
BOX_SHARE = 0.25  # of the kept words: so is one that holds as much as this
LABEL_WORDS = 60  # the same for a container that begins with the word 'Advertisement'
LABEL_LENGTH = 48  # characters

_LABELS = """advertisement advertisements advertising advert adverts ad ads sponsored sponsor promoted anzeige anzeigen werbung
publicité publicidad publicidade pubblicità publicitate advertentie advertenties annonce annons annonser reklame reklam
reklama reklamy реклама mainos mainokset hirdetés διαφήμιση oglas oglasi inzerce reclame reclamă pub publi iklan
إعلان اعلان إعلانات اعلانات آگهی تبلیغات اشتہار פרסומת 广告 廣告 広告 광고 विज्ञापन বিজ্ঞাপন โฆษณา"""
_PHRASES = (
    "sponsored content", "paid content", "paid post", "partner content", "promoted content", "skip advertisement",
    "skip ad", "article continues below", "article continues after", "story continues below", "story continues after",
    "continue reading below", "continues after advertisement", "scroll to continue", "contenu sponsorisé",
    "contenido patrocinado", "conteúdo patrocinado", "quảng cáo", "محتوى دعائي", "محتوى إعلاني", "إعلان مدفوع", "مادة إعلانية",
    "تستمر القراءة بعد الإعلان", "continua dopo la pubblicità", "lees verder onder de advertentie", "die anzeige wird geladen",
)  # fmt: skip
LABEL = re.compile(
    rf"[\W_]*(?:(?:{'|'.join(_LABELS.split())})|(?:{'|'.join(map(re.escape, _PHRASES))})"
    rf"(?:\s+(?:this\s+)?(?:{'|'.join(_LABELS.split())}))?)[\W_]*",
    re.I,
)


def is_label(block: Block) -> bool:
    """Whether a block is nothing but the word that the law wants over an advertisement, in any of many languages."""
    return len(block.text) <= LABEL_LENGTH and bool(LABEL.fullmatch(block.text))


def furniture(blocks: Sequence[Block], kept: Sequence[int]) -> set[int]:
    """The numbers of kept blocks that are furniture: in a small container named so, or under an advertisement's label."""
    words = {number: len(blocks[number].text.split()) for number in kept}
    most = BOX_SHARE * sum(words.values())
    boxes: Counter[int] = Counter()
    parents: Counter[int] = Counter()
    for number in kept:
        parents[blocks[number].parent] += words[number]
        boxes.update(dict.fromkeys(blocks[number].boxes, words[number]))
    small = {box for box, size in boxes.items() if size <= min(BOX_WORDS, most)}
    labels = {number for number, block in enumerate(blocks) if is_label(block)}  # kept or not, it says what follows
    labelled = {blocks[number].parent for number in labels}
    labelled = {parent for parent in labelled if parents[parent] <= min(LABEL_WORDS, most)}
    return {
        number
        for number in kept
        if number in labels or blocks[number].parent in labelled or not small.isdisjoint(blocks[number].boxes)
    }
