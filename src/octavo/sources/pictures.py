"""Makes a publisher's lead image ours: bounded, re-encoded, without what it carried along. It never shows the original.

`fetch_picture` brings the bytes through the door; `shrink` decodes them. Decoders are where hostile pictures bite, so
`shrink` is a plain function of bytes that belongs into a process with bounds on time and memory, which may be killed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from octavo.sources.http import Door, Request
from octavo.sources.refusals import Reason, Refusal

# SVG is a program, TIFF and the rest are not what a web page shows.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
WIDTHS = (1280, 640)
# A picture may be this many times as high as it is wide at most before it is cut down further.
TALLEST = 2
# What a header may declare, and what is decoded: a JPEG is decoded at a fraction of its size, the others whole.
MAX_DECLARED_PIXELS = 80_000_000
MAX_DECODED_PIXELS = 24_000_000
# Less than this is a tracking pixel or an icon and no picture for an article.
MIN_SIDE = 48
WEBP_QUALITY = 78
# 0 is fastest, 6 smallest.
WEBP_EFFORT = 4


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture in one size, as WebP; width and height in pixels."""

    width: int
    height: int
    body: bytes


async def fetch_picture(door: Door, url: str) -> bytes:
    """A picture's bytes as the publisher sends them. Raises Refusal, also where the answer is no success."""
    reply = await door.fetch(Request(url, kind="picture"))
    if reply.status != 200 or not reply.body:
        raise Refusal(Reason.PICTURE, f"The publisher answers {reply.status} for it", url)
    return reply.body


def shrink(body: bytes, widths: tuple[int, ...] = WIDTHS) -> tuple[Rendition, ...]:
    """The picture at each width, the widest first, never wider than it came. Raises Refusal (picture).

    The first frame of an animation, turned upright, in sRGB; comments, positions and profiles are left behind.
    """
    try:
        image = _upright(_open(body, max(widths)))
        wanted = sorted({min(width, image.width) for width in widths}, reverse=True)
        return tuple(_render(image, width) for width in wanted)
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise Refusal(Reason.PICTURE, f"It is none of {', '.join(FORMATS)}, or far too large") from None
    except (OSError, SyntaxError, ValueError, ArithmeticError, EOFError):
        raise Refusal(Reason.PICTURE, "It is damaged") from None


def _open(body: bytes, width: int) -> Image.Image:
    """The picture with its size checked before anything is decoded."""
    image: Image.Image = Image.open(io.BytesIO(body), formats=FORMATS)
    if min(image.size) < MIN_SIDE:
        raise Refusal(Reason.PICTURE, f"It is only {image.width} by {image.height} pixels")
    if image.width * image.height <= MAX_DECLARED_PIXELS:
        image.draft("RGB", (width, width * TALLEST))
    if image.width * image.height > MAX_DECODED_PIXELS:
        raise Refusal(Reason.PICTURE, f"It is {image.width} by {image.height} pixels, more than is decoded here")
    return image


def _upright(image: Image.Image) -> Image.Image:
    """The pixels alone: turned as the camera was held, with the colours of sRGB."""
    profile = image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image)
    is_transparent = turned.has_transparency_data
    if profile and turned.mode in ("RGB", "RGBA", "CMYK") and (converted := _to_srgb(turned, profile)):
        return converted
    return turned.convert("RGBA" if is_transparent else "RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """The picture in sRGB by its own profile; None where that profile is unusable."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _render(image: Image.Image, width: int) -> Rendition:
    scaled = image.copy()
    scaled.thumbnail((width, width * TALLEST), Image.Resampling.LANCZOS)
    # Whatever stood beside the pixels would be written out again.
    scaled.info = {}
    out = io.BytesIO()
    scaled.save(out, "WEBP", quality=WEBP_QUALITY, method=WEBP_EFFORT)
    return Rendition(scaled.width, scaled.height, out.getvalue())
