"""Undoes a body's gzip as it arrives and stops at a bound. It never holds more than the bound and one chunk."""

from __future__ import annotations

import zlib

from octavo.sources.refusals import Reason, Refusal

GZIP_MAGIC = b"\x1f\x8b"
# zlib's number for 'gzip with the largest window'.
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class Body:
    """Collects a body. Identity or gzip, of one or several members; at most `bound` bytes, sent and decoded.

    With `cut` a longer body is kept up to the bound (robots.txt); without, it is refused.
    """

    def __init__(self, bound: int, *, gzip: bool, cut: bool = False) -> None:
        self.is_full = False
        self._bound = bound
        self._cut = cut
        self._sent = 0
        self._held = bytearray()
        self._gzip = gzip
        self._member = zlib.decompressobj(_GZIP_WINDOW)

    def take(self, chunk: bytes) -> None:
        """One more piece as it came over the wire. Raises Refusal (too-large, encoding)."""
        self._sent += len(chunk)
        # Empty gzip blocks decode to nothing: what is sent is bounded as well as what comes of it.
        if self._sent > self._bound:
            chunk = chunk[: len(chunk) - (self._sent - self._bound)]
        self._keep(self._inflate(chunk) if self._gzip else chunk)
        if self._sent > self._bound:
            self._overflow()

    def finish(self) -> bytes:
        """The whole body. Raises Refusal (cut-short) where gzip's end is missing."""
        if self._gzip and self._sent and not self._member.eof and not self.is_full:
            raise Refusal(Reason.CUT_SHORT, "The compressed body ends too early")
        return bytes(self._held)

    def _keep(self, piece: bytes) -> None:
        room = self._bound - len(self._held)
        self._held += piece[:room]
        if len(piece) > room:
            self._overflow()

    def _overflow(self) -> None:
        self.is_full = True
        if not self._cut:
            raise Refusal(Reason.TOO_LARGE, f"The body is larger than {self._bound:,} bytes")

    def _inflate(self, chunk: bytes) -> bytes:
        """What a chunk decodes to, at most one byte more than there is room for."""
        most = self._bound - len(self._held) + 1
        out = bytearray()
        try:
            while chunk and len(out) < most and self._open_member(chunk):
                out += self._member.decompress(chunk, most - len(out))
                chunk = self._member.unused_data
        except zlib.error:
            raise Refusal(Reason.ENCODING, "The body says that it is gzip and is damaged") from None
        return bytes(out)

    def _open_member(self, chunk: bytes) -> bool:
        """Whether there is a member to read; after the end of one the next begins (RFC 1952, 2.2), or padding."""
        if self._member.eof:
            if not chunk.startswith(GZIP_MAGIC[:1]):
                return False
            self._member = zlib.decompressobj(_GZIP_WINDOW)
        return True


def gunzip(body: bytes, bound: int) -> bytes:
    """A gzip file's content, such as a sitemap's, at most `bound` bytes. Raises Refusal."""
    inflated = Body(bound, gzip=True)
    inflated.take(body)
    return inflated.finish()
