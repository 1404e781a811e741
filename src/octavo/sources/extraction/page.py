"""From bytes to a parsed page, with size and depth bounded before anything looks at it. It never fetches."""

from __future__ import annotations

import codecs
import re

import lxml.html
from charset_normalizer import from_bytes
from lxml import etree

MAX_CHARACTERS = 6_000_000  # longer pages are cut; the longest honest article page seen is under 3 million
MAX_ATTRIBUTE = 20_000  # a longer run without '<' or '>' inside a tag is cut out: data: images, bombs
LARGE = 400_000  # characters: only in larger pages are long attributes looked for
MAX_DEPTH = 150  # elements; honest pages stay under 60, and some parsers take quadratic time in depth
DETECT_SAMPLE = 16_384  # bytes that charset detection may look at
BINARY_WINDOW = 4_096  # bytes in which a page is told from a file of another kind
# Of the kit's 981 pages none has a control byte there; programs, pictures, PDF and packed files have 9 % and more.
BINARY_SHARE = 0.03
# The bytes that text has no use for (WHATWG MIME Sniffing, 3: binary data bytes).
BINARY_BYTES = bytes(byte for byte in range(0x20) if byte not in b"\t\n\f\r\x1b")
META_WINDOW = 4_096  # bytes in which a charset declaration is looked for; the standard asks for 1,024

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
NEVER_GUESSED = ["utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_7"]  # they fit any bytes; only a BOM tells them
# Short Western texts are mistaken for these; an undeclared page in one of them is rarer than one in windows-1252.
WESTERN = frozenset(("cp1250", "cp1257", "cp1254", "cp1252", "cp437", "cp850", "cp858", "cp775", "latin_1", "iso8859_2", "iso8859_10", "iso8859_16", "mac_roman", "mac_latin2", "hp_roman8"))  # fmt: skip
META_CHARSET = re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.I)
XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([a-zA-Z0-9_:.-]{2,40})["']""", re.I)
# Browsers read these labels as the Windows page that contains them (WHATWG Encoding, 4.2).
WIDER = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}
WIDER |= {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-9": "cp1254", "tis-620": "cp874", "ks_c_5601-1987": "cp949"}
LONG_ATTRIBUTE = re.compile(rf"""=\s*(?:"[^"<>]{{{MAX_ATTRIBUTE},}}"|'[^'<>]{{{MAX_ATTRIBUTE},}}')""")
# XML forbids these, and lxml refuses a string that holds them.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


# Every element is an HtmlElement: forms and inputs need nothing more here, and asking which is which costs time.
PLAIN_ELEMENTS = etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement)
# Whether any element stands deeper than MAX_DEPTH: one step a level, so the cost is one look at each element.
IS_DEEP = etree.XPath("boolean(/" + "/".join("*" * MAX_DEPTH) + ")")


def known_charset(name: str) -> str:
    """Python's name of a charset as a browser would read it, or an empty string."""
    name = WIDER.get(name.strip().lower(), name.strip().lower())
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""


def declared_charsets(body: bytes, http_charset: str) -> list[str]:
    """The charsets that a page is said to be in, the most trustworthy first: BOM, HTTP, then the page itself."""
    found = [name for bom, name in BOMS if body.startswith(bom)]
    found.append(known_charset(http_charset))
    for pattern in (META_CHARSET, XML_ENCODING):
        match = pattern.search(body[:META_WINDOW])
        # A page that names UTF-16 in bytes that can be read as ASCII is not in UTF-16.
        name = known_charset(match[1].decode("ascii")) if match else ""
        found.append("utf-8" if name.startswith("utf-16") else name)
    return [name for name in found if name]


def is_binary(body: bytes) -> bool:
    """Whether the bytes are no text in any encoding: a picture, a program, a packed file."""
    begin = body[:BINARY_WINDOW]
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    return len(begin) - len(begin.translate(None, BINARY_BYTES)) > BINARY_SHARE * len(begin)


def decode(body: bytes, http_charset: str = "") -> str:
    """The text of a page's bytes: UTF-8 where they are valid UTF-8, else what is declared, else what they look like.

    Validity comes before declarations: text in an older encoding is practically never valid UTF-8 by chance, while
    wrong declarations are common. Bytes with escapes (ISO-2022) are left to their declaration.
    """
    declared = declared_charsets(body, http_charset)
    for name in (["utf-8"] if b"\x1b" not in body and declared[:1] != ["utf-16-le"] else []) + declared:
        try:
            return body.decode(name).lstrip("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    if declared:
        return body.decode(declared[0], "replace")
    best = from_bytes(body[:DETECT_SAMPLE], cp_exclusion=NEVER_GUESSED).best()
    guessed = best.encoding if best else "cp1252"
    return body.decode("cp1252" if guessed in WESTERN else guessed, "replace").lstrip("\ufeff")


def bounded(html: str) -> str:
    """The page without what could make a parser suffer: over-long pages and attributes, characters XML forbids."""
    html = html[:MAX_CHARACTERS]
    html = FORBIDDEN.sub(" ", html)
    return LONG_ATTRIBUTE.sub('=""', html) if len(html) > LARGE else html


def parse(html: str) -> lxml.html.HtmlElement:
    """The tree of a page; an empty one where there is none. libxml2 itself stops at a depth of 256 elements."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    parser.set_element_class_lookup(PLAIN_ELEMENTS)
    try:
        return lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return lxml.html.document_fromstring("<html><body></body></html>")


def is_deep(tree: lxml.html.HtmlElement) -> bool:
    """Whether the page nests deeper than any honest one."""
    return bool(IS_DEEP(tree))
