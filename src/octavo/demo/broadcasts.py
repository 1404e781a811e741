"""Makes the small sound and film files of podcast and video entries: real, playable, and without any encoder program.

The sound is a station's interval signal as WAV. The film is WebM: each frame is a lossy WebP picture, whose payload is
a VP8 key frame (RFC 9649, section 2.5; RFC 6386), laid into Matroska (RFC 9559).
"""

from __future__ import annotations

import struct
import wave
from functools import lru_cache
from io import BytesIO

import numpy as np

from octavo.demo.drawings import paint
from octavo.demo.edition import fingerprint

SAMPLE_RATE = 8_000
NOTE_SECONDS = 0.55
NOTES = 7
SOUND_SECONDS = NOTES * NOTE_SECONDS
SCALE = (262, 294, 330, 392, 440, 523, 587)  # a pentatonic scale and a little over, in hertz
FILM_SIZE = (640, 360)
FRAMES = 12
FRAME_MILLISECONDS = 500
FILM_SECONDS = FRAMES * FRAME_MILLISECONDS / 1000
KEPT = 32  # of each, about 50 kB a file


@lru_cache(maxsize=KEPT)
def sound(name: str) -> bytes:
    """A few bell notes that depend on the name: mono WAV, about four seconds, about 60 kB."""
    chance = np.random.default_rng(fingerprint(name))
    moments = np.arange(int(SAMPLE_RATE * NOTE_SECONDS)) / SAMPLE_RATE
    ring = np.exp(-4.5 * moments) * np.minimum(1, moments * 200)
    notes = [
        ring * (np.sin(2 * np.pi * pitch * moments) + 0.4 * np.sin(4.02 * np.pi * pitch * moments))
        for pitch in chance.choice(SCALE, NOTES)
    ]
    samples = (np.concatenate(notes) * 14_000).astype("<i2")
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


@lru_cache(maxsize=KEPT)
def film(subject: str) -> bytes:
    """Six seconds in which the eye moves over the subject's picture: WebM with VP8, two frames a second."""
    frames = _frames(subject)
    header = _element(
        0x1A45DFA3,  # EBML: versions, longest id and length, document type
        _number(0x4286, 1),
        _number(0x42F7, 1),
        _number(0x42F2, 4),
        _number(0x42F3, 8),
        _element(0x4282, b"webm"),
        _number(0x4287, 2),
        _number(0x4285, 2),
    )
    blocks = [_simple_block(frame, number * FRAME_MILLISECONDS) for number, frame in enumerate(frames)]
    cluster = _element(0x1F43B675, _number(0xE7, 0), *blocks)
    return header + _element(0x18538067, _information(len(frames)), _tracks(), cluster)


def _frames(subject: str) -> list[bytes]:
    """VP8 key frames of windows that glide over the picture from left to right."""
    width, height = FILM_SIZE
    picture = paint(subject).resize((width * 5 // 4, height * 5 // 4))
    top = (picture.height - height) // 2
    frames = []
    for step in range(FRAMES):
        left = round((picture.width - width) * step / (FRAMES - 1))
        window = picture.crop((left, top, left + width, top + height))
        buffer = BytesIO()
        window.save(buffer, "WEBP", quality=60, method=0)
        frames.append(_vp8_payload(buffer.getvalue()))
    return frames


def _vp8_payload(webp: bytes) -> bytes:
    """The VP8 chunk of a WebP file: chunks are a four-letter name, a length and a payload padded to even length."""
    position = 12
    while position < len(webp):
        name, length = webp[position : position + 4], struct.unpack_from("<I", webp, position + 4)[0]
        if name == b"VP8 ":
            return webp[position + 8 : position + 8 + length]
        position += 8 + length + length % 2
    raise ValueError("no lossy picture in the WebP file")


def _information(frames: int) -> bytes:
    duration = struct.pack(">d", float(frames * FRAME_MILLISECONDS))
    return _element(
        0x1549A966,
        _number(0x2AD7B1, 1_000_000),  # one tick is a millisecond
        _element(0x4489, duration),
        _element(0x4D80, b"octavo"),
        _element(0x5741, b"octavo"),
    )


def _tracks() -> bytes:
    width, height = FILM_SIZE
    video = _element(0xE0, _number(0xB0, width), _number(0xBA, height))
    entry = _element(0xAE, _number(0xD7, 1), _number(0x73C5, 1), _number(0x83, 1), _element(0x86, b"V_VP8"), video)
    return _element(0x1654AE6B, entry)


def _simple_block(frame: bytes, milliseconds: int) -> bytes:
    return _element(0xA3, b"\x81" + struct.pack(">hB", milliseconds, 0x80) + frame)


def _number(identity: int, value: int) -> bytes:
    return _element(identity, value.to_bytes(max(1, (value.bit_length() + 7) // 8)))


def _element(identity: int, *parts: bytes) -> bytes:
    """An EBML element; its length is written in eight bytes, which is always allowed."""
    content = b"".join(parts)
    name = identity.to_bytes((identity.bit_length() + 7) // 8)
    return name + (len(content) | 1 << 56).to_bytes(8) + content
