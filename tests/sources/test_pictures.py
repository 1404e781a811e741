"""Pictures come in small, clean and ours, or not at all."""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from PIL import Image, ImageCms

from octavo.sources.http import MAX_PICTURE, Door
from octavo.sources.manners import MemoryManners
from octavo.sources.pictures import fetch_picture, shrink
from octavo.sources.refusals import Reason, Refusal
from tests.sources.loopback import quick_settings, reply, serving


def picture(size: tuple[int, int] = (1600, 900), format: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert(mode)
    out = io.BytesIO()
    image.save(out, format, **options)  # type: ignore[arg-type]
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


def png(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG whose header says what it likes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_picture_is_made_into_two_sizes_of_webp(format: str):
    wide, narrow = shrink(picture(format=format))
    assert [(one.width, one.height) for one in (wide, narrow)] == [(1280, 720), (640, 360)]
    for one in (wide, narrow):
        assert (opened(one.body).format, opened(one.body).size) == ("WEBP", (one.width, one.height))


def test_a_small_picture_is_not_blown_up():
    assert [(one.width, one.height) for one in shrink(picture((400, 300)))] == [(400, 300)]
    assert [one.width for one in shrink(picture((800, 300)))] == [800, 640]


def test_a_very_tall_picture_is_bounded():
    assert all(one.height <= 2 * 1280 for one in shrink(picture((300, 9000))))


def test_what_it_carried_along_is_left_behind():
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    exif[0x0112] = 6
    body = picture(
        (800, 400),
        exif=exif,
        comment=b"a secret comment",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    assert b"secret" in body
    rendition = shrink(body)[0]
    assert b"secret" not in rendition.body
    assert (rendition.width, rendition.height) == (400, 800)
    assert not opened(rendition.body).getexif()
    assert "icc_profile" not in opened(rendition.body).info


def test_transparency_is_kept():
    image = Image.new("RGBA", (200, 100), (200, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    assert opened(shrink(out.getvalue())[0].body).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_an_animation_is_its_first_frame():
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue", "green")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    (still,) = shrink(out.getvalue())
    red, _, blue = opened(still.body).convert("RGB").getpixel((50, 50))  # type: ignore[misc]
    assert red > 200 > blue
    assert not getattr(opened(still.body), "is_animated", False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><p>Not found",
        picture((800, 600))[:3000],
        picture((800, 600), "PNG")[:200],
        picture((800, 600), "TIFF"),
        picture((800, 600), "BMP"),
        picture((1, 1), "GIF"),
        png(100, 100, b""),
    ],
    ids=["nothing", "svg", "html", "cut jpeg", "cut png", "tiff", "bmp", "tracking pixel", "no pixels"],
)
def test_what_is_no_picture_for_an_article_is_refused(body: bytes):
    with pytest.raises(Refusal) as caught:
        shrink(body)
    assert caught.value.reason is Reason.PICTURE


@pytest.mark.parametrize("size", [(30_000, 30_000), (65_000, 400), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]):
    began = time.process_time()
    with pytest.raises(Refusal):
        shrink(png(*size, b"\0" * 100_000))
    assert time.process_time() - began < 0.5


def test_a_large_photograph_is_decoded_at_a_fraction():
    assert shrink(picture((8000, 6000), quality=30))[0].width == 1280


async def test_a_picture_comes_through_the_door_and_is_bounded_there():
    answers = {"/a.jpg": reply(picture(), Content_Type="image/jpeg"), "/big": reply(bytes(MAX_PICTURE + 1))}
    settings = quick_settings(transfer_timeout=5.0)
    async with serving(answers) as site, Door(settings, MemoryManners(settings)) as door:
        assert shrink(await fetch_picture(door, site.url + "/a.jpg"))
        for path, reason in (("/big", Reason.TOO_LARGE), ("/none", Reason.PICTURE)):
            with pytest.raises(Refusal) as caught:
                await fetch_picture(door, site.url + path)
            assert caught.value.reason is reason
    accepted = site.asked[-1].headers["accept"]
    assert "image/webp" in accepted
    assert "svg" not in accepted
