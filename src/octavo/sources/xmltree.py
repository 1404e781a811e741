"""Opens the bytes of a feed as an XML tree, whatever their encoding and however broken; it knows nothing of feeds.

Well-formed bytes take one strict parse. Everything else is decoded, cleaned and repaired step by step, and each repair
leaves a note. Entities from outside are never fetched; entities of the document itself are expanded within the
bounds of libxml2, and a document that exceeds them is read without its own.
"""

from __future__ import annotations

import codecs
import html.entities
import re
from collections.abc import Iterator
from typing import NamedTuple

from charset_normalizer import from_bytes
from lxml import etree

from octavo.core.types import Note

# How much of a body tells its encoding, where neither a mark nor a declaration does.
SAMPLE = 64 * 1024
# A body declared as UTF-8 is taken for another encoding when more than this share of its non-ASCII bytes do not fit.
UNFIT_SHARE = 0.2
# Encodings in which nearly any bytes can be read, so that text which reads as UTF-8 is UTF-8 whatever is declared.
SINGLE_BYTE = re.compile(r"(?:iso-?8859|latin|windows-?125|cp125|us-?ascii|ascii|ansi|macintosh|koi8)", re.IGNORECASE)
# The WHATWG encoding standard reads these names as their Windows supersets, and so do publishers' editors.
SUPERSETS = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "iso8859-8": "cp1255",
}  # fmt: skip
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
XML_NUMBERS = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;", "apos": "&#39;"}
XML_ENTITIES = frozenset(XML_NUMBERS)

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}>", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]+)", re.IGNORECASE)
_DOCTYPE_START = re.compile("<!DOCTYPE", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_DECLARED_ENTITY = re.compile(r"<!ENTITY\s+([\w.-]+)\s")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# An element whose CDATA section has no end before the element's own end tag.
_UNCLOSED_CDATA = re.compile(
    r"(?P<start><(?P<tag>[\w:]+)(?:\s[^<>]*)?>\s*<!\[CDATA\[)(?P<inside>(?:(?!\]\]>|<!\[CDATA\[).)*?)</(?P=tag)\s*>",
    re.DOTALL,
)
_XML_ENTITY = re.compile("&(amp|lt|gt|quot|apos);")
_LITERAL = re.compile(r"<!\[CDATA\[|<!--")
LITERAL_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_AMPERSAND = re.compile(
    r"&(?:#(?P<dec>\d{1,7});|#[xX](?P<hex>[0-9a-fA-F]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9.]{0,31});)?"
)
# `&#146;` names a control character; whoever wrote it meant the quotation mark of Windows' code page.
_WINDOWS_REFERENCE = re.compile(rb"&#(?:1(?:2[89]|[34]\d|5\d)|[xX]0{0,4}[89][0-9a-fA-F]);")
# The same mistake made by converting Windows' code page to UTF-8 as if it were ISO 8859-1.
_UTF8_CONTROL = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")
_CONTROL = re.compile("[\x80-\x84\x86-\x9f]")


class Tree(NamedTuple):
    """A parsed document, the text that it was parsed from where it had to be repaired, and what was repaired."""

    root: etree._Element
    text: str
    notes: tuple[Note, ...]

    @property
    def is_broken(self) -> bool:
        """Whether tags were missing, so that the tree's shape is the parser's guess."""
        return any(note.kind == "xml-broken" for note in self.notes)


def open_tree(body: bytes, charset: str = "", base: str = "") -> Tree | None:
    """The tree of a document; None where not even a broken one can be found. `charset` is what HTTP declared."""
    body = _WINDOWS_REFERENCE.sub(_windows_reference, body)
    if _is_plain_utf8(body) and not _UTF8_CONTROL.search(body):
        root = _parsed(body, _STRICT, base)
        if root is not None:
            return Tree(root, "", ())
    return _open_broken(body, charset, base)


def decode(body: bytes, charset: str = "") -> tuple[str, tuple[Note, ...]]:
    """Text of a body: a byte order mark wins, then whatever of declaration, HTTP and guesses really fits the bytes.

    RFC 7303 would let HTTP win over the declaration; servers set it for all files alike, so the first that fits does.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace"), ()
    declared = _declared_encoding(body)
    encoding = _first_fitting(body, declared, charset)
    if encoding:
        return body.decode(encoding), _encoding_note(declared or charset or "utf-8", encoding)
    return _decode_unfit(body, declared or charset or "utf-8")


def _open_broken(body: bytes, charset: str, base: str) -> Tree | None:
    """A tree by repair: encoding, control characters, junk in front, ampersands and entities, unclosed tags."""
    text, notes = decode(body, charset)
    text, cleaned = _cleaned(text)
    notes += cleaned
    root = _parsed(text.encode(), _STRICT, base)
    if root is not None:
        return Tree(root, text, notes)
    mended = mend_references(text)
    if mended != text:
        notes += (Note("xml-references", "bare ampersands or undefined entities were read as text"),)
    root = _parsed(mended.encode(), _STRICT, base)
    without = _without_doctype(mended)
    if root is None and without != mended:
        notes += (Note("xml-doctype", "the document type was left out"),)
        mended = mend_references(without)
        root = _parsed(mended.encode(), _STRICT, base)
    if root is None:
        mended = _UNCLOSED_CDATA.sub(r"\g<start>\g<inside>]]></\g<tag>>", mended)
        mended, is_cut = cut_back(mended)
        notes += (Note("xml-cut", "the document ends in the middle"),) if is_cut else ()
        notes += (Note("xml-broken", _fault(mended)),)
        root = _parsed(_numbered(mended).encode(), _FORGIVING, base)
    return None if root is None else Tree(root, mended, notes)


def cut_back(text: str) -> tuple[str, bool]:
    """A document that ends before its last end tag, without the element that was being written; and whether it did so.

    A link that was cut would be a wrong address, so nothing of its element is kept.
    """
    if text.rstrip().endswith(">") and text.rfind("<![CDATA[") <= text.rfind("]]>"):
        return text, False
    if text.rfind("<![CDATA[") > text.rfind("]]>"):
        return text[: text.rfind("<![CDATA[")], True
    ends = max(text.rfind("/>"), _last_end_tag(text))
    return (text[: text.find(">", ends) + 1], True) if ends >= 0 else (text, False)


def _last_end_tag(text: str) -> int:
    """Where the last end tag that is whole begins; -1 where there is none."""
    at = text.rfind("</")
    return at if at < 0 or ">" in text[at:] else text.rfind("</", 0, at)


def mend_references(text: str) -> str:
    """Text in which every ampersand begins a reference that XML knows; CDATA sections and comments stay as they are."""
    declared = frozenset(_DECLARED_ENTITY.findall(text[:SAMPLE])) | XML_ENTITIES if "<!ENTITY" in text else XML_ENTITIES

    def mended(found: re.Match[str]) -> str:
        name = found["name"]
        if name is not None:
            known = html.entities.html5.get(name + ";")
            return found[0] if name in declared else known if known and known not in "<>&" else f"&amp;{found[0][1:]}"
        number = int(found["dec"]) if found["dec"] else int(found["hex"], 16) if found["hex"] else -1
        return (
            found[0]
            if number in (9, 10, 13) or (32 <= number <= 0x10FFFF and not _is_forbidden(number))
            else (f"&amp;{found[0][1:]}" if number < 0 else "")
        )

    return "".join(piece if is_literal else _AMPERSAND.sub(mended, piece) for piece, is_literal in _pieces(text))


def _numbered(text: str) -> str:
    """A document with `&amp;` and its kin written as numbers: libxml2 2.14 drops them behind an error, numbers it keeps."""
    return "".join(
        piece if is_literal else _XML_ENTITY.sub(lambda found: XML_NUMBERS[found[1]], piece)
        for piece, is_literal in _pieces(text)
    )


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """A document in pieces, each with whether it is a CDATA section or a comment; in time linear in its length."""
    at, endless = 0, set()
    for found in _LITERAL.finditer(text):
        if found.start() < at or found[0] in endless:
            continue
        end = text.find(LITERAL_ENDS[found[0]], found.end())
        if end < 0:
            endless.add(found[0])
            continue
        yield text[at : found.start()], False
        at = end + 3
        yield text[found.start() : at], True
    yield text[at:], False


def _without_doctype(text: str) -> str:
    """A document without its document type declaration, which stands before the first element or nowhere."""
    found = _DOCTYPE_START.search(text, 0, SAMPLE)
    declaration = _DOCTYPE.match(text, found.start()) if found else None
    return text[: declaration.start()] + text[declaration.end() :] if declaration else text


def _is_forbidden(number: int) -> bool:
    return bool(_FORBIDDEN.match(chr(number)))


def _is_plain_utf8(body: bytes) -> bool:
    """Whether the parser may read the bytes as they are, without being led astray by a wrong declaration."""
    declared = _declared_encoding(body)
    return body.isascii() or not declared or declared.lower() in ("utf-8", "utf8")


def _declared_encoding(body: bytes) -> str:
    """The encoding that the XML declaration names, of those that have ASCII at their base; otherwise ''."""
    found = _DECLARED.search(body[:512])
    name = found[1].decode("ascii") if found else ""
    return "" if name.lower().startswith(("utf-16", "utf16", "ucs", "utf-32", "utf32", "utf-7", "utf7")) else name


def _first_fitting(body: bytes, declared: str, charset: str) -> str:
    """The first encoding in which the bytes can be read without a fault; '' where there is none."""
    if body[:8].count(0) >= 2:
        return next(
            (name for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be") if _looks_like(body, name)), ""
        )
    if _fits(body, "utf-8") and (not declared or SINGLE_BYTE.match(declared) or declared.lower() == "utf-8"):
        return "utf-8"
    for name in (declared, charset):
        superset = _superset(name)
        if superset and superset not in ("utf-8", "utf-7") and _fits(body, superset):
            return superset
    return "utf-8" if _fits(body, "utf-8") else ""


def _decode_unfit(body: bytes, declared: str) -> tuple[str, tuple[Note, ...]]:
    """Bytes that fit no declared encoding: UTF-8 with stray bytes of Windows' code page, or a guess from statistics."""
    text = body.decode("utf-8", "octavo-windows")
    foreign = len(re.findall(rb"[\x80-\xff]", body))
    stray = len(re.findall("[\ue000-\ue07f]", text))
    if stray <= max(8, foreign * UNFIT_SHARE) and declared.lower().startswith("utf"):
        return _windows_strays(text), (Note("encoding", f"{stray} bytes that are no UTF-8 were read as windows-1252"),)
    best = from_bytes(_line_sample(body)).best()
    guess = best.encoding if best is not None else "cp1252"
    return body.decode(guess, "replace"), (Note("encoding", f"declared {declared}, read as {guess}"),)


def _line_sample(body: bytes) -> bytes:
    """The lines with foreign letters, as many as a guess needs: markup would drown them."""
    return b"\n".join(line for line in body.split(b"\n") if not line.isascii())[:SAMPLE]


def _encoding_note(declared: str, used: str) -> tuple[Note, ...]:
    """A note where the bytes were read otherwise than declared."""
    same = _superset(declared) == used or declared.lower().replace("_", "-") == used
    return () if same else (Note("encoding", f"declared {declared}, read as {used}"),)


def _superset(name: str) -> str:
    """Python's name of an encoding, or of the Windows encoding that holds it; '' for an unknown one."""
    try:
        known = codecs.lookup(name.strip().lower().replace("x-", "", 1) if name.lower().startswith("x-") else name).name
    except LookupError:
        return ""
    except ValueError:
        return ""
    return SUPERSETS.get(known, known)


def _fits(body: bytes, encoding: str) -> bool:
    """Whether bytes can be read in an encoding without a fault."""
    try:
        body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _looks_like(body: bytes, encoding: str) -> bool:
    return body[:400].decode(encoding, "replace").lstrip("\ufeff \r\n\t").startswith("<") and _fits(body, encoding)


def _stray_byte(error: UnicodeError) -> tuple[str, int]:
    """Marks each byte that is no UTF-8 by a private character, to be counted and read later."""
    assert isinstance(error, UnicodeDecodeError)
    return "".join(chr(0xE000 + (b & 0x7F)) for b in error.object[error.start : error.end]), error.end


def _windows_strays(text: str) -> str:
    """Marked bytes read in Windows' code page."""
    return re.sub(
        "[\ue000-\ue07f]", lambda found: bytes([ord(found[0]) - 0xE000 | 0x80]).decode("cp1252", "replace"), text
    )


codecs.register_error("octavo-windows", _stray_byte)


def _windows_reference(found: re.Match[bytes]) -> bytes:
    """A reference to a control character as the character of Windows' code page that was meant."""
    digits = found[0][2:-1]
    number = int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)
    return b"&#%d;" % ord(bytes([number]).decode("cp1252", "ignore") or " ") if 0x80 <= number < 0xA0 else found[0]


def _cleaned(text: str) -> tuple[str, tuple[Note, ...]]:
    """Text without what no XML may hold: junk before the first tag, its declaration, control characters."""
    notes: list[Note] = []
    start = text.find("<")
    if start > 0 and text[:start].strip("\ufeff \t\r\n\x00"):
        notes.append(Note("xml-junk", f"{start} characters before the first tag were left out"))
    text = _DECLARATION.sub("", text[max(start, 0) :], count=1).lstrip()
    text, count = _CONTROL.subn(lambda found: bytes([ord(found[0])]).decode("cp1252", "ignore"), text)
    if count:
        notes.append(Note("encoding", f"{count} control characters were read as windows-1252"))
    cleaned, count = _FORBIDDEN.subn("", text)
    if count:
        notes.append(Note("xml-controls", f"{count} control characters were left out"))
    return cleaned, tuple(notes)


def _fault(text: str) -> str:
    """Where and why a document is broken, for people."""
    try:
        etree.fromstring(text.encode(), _STRICT)
    except etree.XMLSyntaxError as error:
        return str(error)[:200]
    return ""


def _parser(*, recover: bool) -> etree.XMLParser:
    """A parser that opens no file and no connection, and keeps libxml2's bounds on size, depth and expansion."""
    return etree.XMLParser(
        recover=recover, resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False, encoding="utf-8",
    )  # fmt: skip


_STRICT = _parser(recover=False)
_FORGIVING = _parser(recover=True)


def _parsed(body: bytes, parser: etree.XMLParser, base: str) -> etree._Element | None:
    """The root of a document; None where the parser gives none."""
    try:
        return etree.fromstring(body, parser, base_url=base or None)
    except (etree.XMLSyntaxError, ValueError):
        return None
