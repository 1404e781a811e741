"""Draws a lead image for a subject: flat layers in a few inks, the same picture for the same words; it reads no file."""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from octavo.demo.edition import fingerprint

WIDTH, HEIGHT = 1200, 675
SCALE = 2  # drawn larger and shrunk, so that edges are smooth
KEPT = 24  # pictures kept in memory
COLOURS = 48  # of the finished picture; flat inks need few
W, H = WIDTH * SCALE, HEIGHT * SCALE

Ink = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Inks:
    """The inks of one print: paper first, then from the palest to the deepest, and one accent."""

    paper: Ink
    pale: Ink
    middle: Ink
    deep: Ink
    accent: Ink


def _ink(code: str) -> Ink:
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


PRINTS = tuple(
    Inks(*(_ink(code) for code in codes.split()))
    for codes in (
        "f3ead9 c9d3cf 7f9ea3 1f3f4f d9573b",  # harbour morning
        "f1e6d2 e3c39a b97a56 4a2f27 2f6b68",  # clay
        "eef0ea bccbb4 6f9377 24463b e0a93b",  # meadow
        "f2e9e1 d9bfb7 a2736d 43303c c9a13f",  # dusk
        "e9eef0 b4c5d2 5f85a3 1c2f4a e2b24a",  # north
        "f5efe0 d8d2b0 97995f 3d4427 c5502f",  # olive
        "efe8dd cdbfae 8b7d78 2d2c33 3f7f8c",  # stone
    )
)


class Canvas:
    """A sheet with its inks, and the chances of its subject."""

    def __init__(self, subject: str) -> None:
        self.chance = np.random.default_rng(fingerprint(subject))
        self.inks = PRINTS[int(self.chance.integers(len(PRINTS)))]
        self.image = Image.new("RGB", (W, H), self.inks.paper)
        self.draw = ImageDraw.Draw(self.image)

    def between(self, low: float, high: float) -> float:
        """A number from a range, in the units of the range."""
        return float(self.chance.uniform(low, high))

    def disc(self, x: float, y: float, radius: float, ink: Ink) -> None:
        """A filled circle; all in fractions of the height, `x` of the width."""
        cx, cy, r = x * W, y * H, radius * H
        self.draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=ink)

    def block(self, left: float, top: float, right: float, bottom: float, ink: Ink) -> None:
        """A filled rectangle in fractions of the sheet."""
        self.draw.rectangle((left * W, top * H, right * W, bottom * H), fill=ink)

    def ridge(self, level: float, height: float, roughness: int, ink: Ink) -> None:
        """Land below a line of hills around `level`; more `roughness` gives sharper ones."""
        self.draw.polygon([*self._line(level, height, roughness), (W, H), (0, H)], fill=ink)

    def slope(self, level: float, height: float, ink: Ink) -> None:
        """Land below two long swells."""
        xs = np.linspace(0, 1, 120)
        first, second = self.between(0, 6), self.between(0, 6)
        swell = np.sin(first + 4.5 * xs) + 0.45 * np.sin(second + 9 * xs)
        line = [(float(x) * W, float(level - height * y / 2) * H) for x, y in zip(xs, swell, strict=True)]
        self.draw.polygon([*line, (W, H), (0, H)], fill=ink)

    def strokes(self, top: float, bottom: float, ink: Ink, count: int) -> None:
        """Short level strokes, as a graver leaves them on water."""
        for step in np.linspace(top, bottom, count):
            depth = (step - top) / max(bottom - top, 1e-6)
            x = self.between(0, 0.9)
            length = self.between(0.04, 0.16) * (0.5 + depth)
            y = step * H
            self.draw.line((x * W, y, (x + length) * W, y), fill=ink, width=int(3 + 6 * depth))

    def _line(self, level: float, height: float, roughness: int) -> list[Point]:
        points = np.array([self.between(-1, 1), self.between(-1, 1)])
        spread = 0.9
        for _ in range(roughness):
            middles = (points[:-1] + points[1:]) / 2 + self.chance.uniform(-spread, spread, len(points) - 1)
            merged = np.empty(len(points) + len(middles))
            merged[0::2], merged[1::2] = points, middles
            points, spread = merged, spread * 0.52
        xs = np.linspace(0, W, len(points))
        return [(float(x), float((level - height * p / 2) * H)) for x, p in zip(xs, points, strict=True)]


Motif = Callable[[Canvas], None]


def sky(sheet: Canvas) -> None:
    """A pale sky with a sun or a moon."""
    sheet.block(0, 0, 1, 1, _mix(sheet.inks.paper, sheet.inks.pale, 0.45))
    sheet.disc(sheet.between(0.2, 0.8), sheet.between(0.2, 0.42), sheet.between(0.1, 0.19), sheet.inks.accent)


def sea(sheet: Canvas) -> None:
    """Open water under a low sun, a far coast, and a sail, a steamer or a lighthouse."""
    sky(sheet)
    inks, horizon = sheet.inks, sheet.between(0.52, 0.6)
    sheet.ridge(horizon - 0.02, 0.1, 5, inks.middle)
    sheet.block(0, horizon, 1, 1, _mix(inks.deep, inks.middle, 0.35))
    sheet.strokes(horizon + 0.02, 0.97, inks.pale, 26)
    x, size = sheet.between(0.25, 0.75), sheet.between(0.12, 0.2)
    landmark = (_sail, _steamer, _lighthouse)[int(sheet.chance.integers(3))]
    landmark(sheet, x, horizon + sheet.between(0.06, 0.16), size)


def mountains(sheet: Canvas) -> None:
    """Three ranges, the nearest the darkest."""
    sky(sheet)
    inks = sheet.inks
    sheet.ridge(0.46, 0.6, 7, inks.pale)
    sheet.ridge(0.64, 0.4, 6, inks.middle)
    sheet.ridge(0.82, 0.26, 5, inks.deep)


def town(sheet: Canvas) -> None:
    """A skyline in two rows, some windows lit."""
    sky(sheet)
    for base, ink, lit in ((0.46, sheet.inks.middle, False), (0.6, sheet.inks.deep, True)):
        left = -0.02
        while left < 1:
            width, top = sheet.between(0.05, 0.13), base + sheet.between(-0.16, 0.16)
            sheet.block(left, top, left + width, 1, ink)
            if lit:
                _windows(sheet, left, top, width)
            left += width + (0.004 if lit else 0)


def colonnade(sheet: Canvas) -> None:
    """The front of a public house: steps, columns and a gable."""
    inks, left, right = sheet.inks, 0.18, 0.82
    sheet.block(0, 0, 1, 1, _mix(inks.paper, inks.pale, 0.45))
    sheet.draw.polygon([(left * W, 0.36 * H), (right * W, 0.36 * H), (0.5 * W, 0.16 * H)], fill=inks.deep)
    sheet.block(left, 0.38, right, 0.43, inks.middle)
    count = int(sheet.chance.integers(6, 10))
    gap = (right - left) / count
    sheet.block(left + 0.02, 0.43, right - 0.02, 0.82, _mix(inks.deep, inks.middle, 0.5))
    for column in range(count):
        x = left + gap * (column + 0.5)
        sheet.block(x - gap * 0.24, 0.43, x + gap * 0.24, 0.82, inks.paper)
        sheet.block(x + gap * 0.1, 0.43, x + gap * 0.24, 0.82, inks.pale)
    for step in range(4):
        sheet.block(left - 0.02 * (step + 1), 0.82 + 0.045 * step, right + 0.02 * (step + 1), 1, _shade(inks, step))


def field(sheet: Canvas) -> None:
    """Furrows that run to the horizon."""
    sky(sheet)
    inks, horizon, eye = sheet.inks, 0.52, sheet.between(0.3, 0.7)
    sheet.ridge(horizon, 0.1, 4, inks.middle)
    sheet.block(0, horizon, 1, 1, inks.deep)
    for furrow in np.linspace(-2.2, 3.2, 34):
        a, b = furrow, furrow + 0.07
        sheet.draw.polygon([(eye * W, horizon * H), (a * W, H), (b * W, H)], fill=inks.middle)
    sheet.block(0, horizon - 0.004, 1, horizon + 0.006, inks.pale)


def ball(sheet: Canvas) -> None:
    """A pitch from above and the ball that everybody looks at."""
    inks = sheet.inks
    for band in range(8):
        sheet.block(band / 8, 0, (band + 1) / 8, 1, inks.middle if band % 2 else _mix(inks.middle, inks.deep, 0.25))
    x, y, r = sheet.between(0.3, 0.7), sheet.between(0.4, 0.6), 0.3
    for radius, ink in ((r + 0.012, inks.paper), (r, _mix(inks.middle, inks.deep, 0.12))):
        sheet.disc(0.5, 0.5, radius, ink)
    sheet.block(0.497, 0, 0.503, 1, inks.paper)
    sheet.disc(x + 0.012, y + 0.03, 0.1, inks.deep)
    sheet.disc(x, y, 0.1, inks.paper)
    for turn in np.linspace(0, 2 * np.pi, 6)[:-1]:
        sheet.disc(x + 0.062 * np.cos(turn) * H / W, y + 0.062 * np.sin(turn), 0.018, inks.deep)
    sheet.disc(x, y, 0.026, inks.accent)


def chart(sheet: Canvas) -> None:
    """Columns and the line over them."""
    inks = sheet.inks
    sheet.block(0, 0, 1, 1, _mix(inks.paper, inks.pale, 0.25))
    for rule in np.linspace(0.2, 0.8, 7):
        sheet.block(0.08, rule, 0.92, rule + 0.003, inks.pale)
    heights = np.cumsum(sheet.chance.normal(0.1, 1, 14))
    heights = 0.15 + 0.5 * (heights - heights.min()) / max(float(np.ptp(heights)), 1e-6)
    xs = np.linspace(0.12, 0.88, 14)
    for x, height in zip(xs, heights, strict=True):
        sheet.block(x - 0.019, 0.84 - height * 0.8, x + 0.019, 0.84, inks.middle)
    line = [(float(x) * W, float(0.78 - height) * H) for x, height in zip(xs, heights, strict=True)]
    sheet.draw.line(line, fill=inks.accent, width=16, joint="curve")
    for x, y in line:
        sheet.disc(x / W, y / H, 0.014, inks.deep)
    sheet.block(0.08, 0.84, 0.92, 0.848, inks.deep)


def river(sheet: Canvas) -> None:
    """A river that winds down through flat land, and a bridge."""
    sky(sheet)
    inks = sheet.inks
    sheet.ridge(0.46, 0.14, 5, inks.middle)
    sheet.block(0, 0.5, 1, 1, _mix(inks.middle, inks.deep, 0.55))
    phase, bends = sheet.between(0, 6), sheet.between(5, 8)
    bank: list[Point] = []
    other: list[Point] = []
    for depth in np.linspace(0, 1, 80):
        middle = 0.5 + 0.22 * np.sin(phase + bends * np.sqrt(depth)) * (0.35 + depth)
        half = 0.012 + 0.17 * depth**1.5
        bank.append(((middle - half) * W, (0.5 + 0.5 * depth) * H))
        other.append(((middle + half) * W, (0.5 + 0.5 * depth) * H))
    sheet.draw.polygon(bank + other[::-1], fill=inks.pale)
    _bridge(sheet, 0.6)


def forest(sheet: Canvas) -> None:
    """Firs in three rows."""
    sky(sheet)
    inks = sheet.inks
    for base, size, ink in ((0.66, 0.3, inks.pale), (0.82, 0.42, inks.middle), (1.04, 0.58, inks.deep)):
        x = -0.03
        while x < 1.05:
            _fir(sheet, x, base + sheet.between(-0.03, 0.03), size * sheet.between(0.7, 1.1), ink)
            x += size * sheet.between(0.08, 0.16)
        sheet.block(0, min(base, 1), 1, 1, ink)


def dunes(sheet: Canvas) -> None:
    """Long soft slopes, lit from one side."""
    sky(sheet)
    inks = sheet.inks
    layers = (inks.pale, _mix(inks.pale, inks.middle, 0.5), inks.middle, inks.deep)
    for level, ink in zip((0.52, 0.62, 0.74, 0.9), layers, strict=True):
        sheet.slope(level, 0.1, ink)


def stars(sheet: Canvas) -> None:
    """A night sky with the tracks of stars round one point."""
    inks = sheet.inks
    sheet.block(0, 0, 1, 1, _mix(inks.deep, (0, 0, 0), 0.25))
    cx, cy = sheet.between(0.3, 0.7) * W, sheet.between(0.25, 0.5) * H
    for radius in np.linspace(0.05, 1.25, 46):
        r, start = radius * H, sheet.between(0, 360)
        ink = (inks.pale, inks.middle, inks.paper)[int(sheet.chance.integers(3))]
        sheet.draw.arc((cx - r, cy - r, cx + r, cy + r), start, start + sheet.between(20, 75), fill=ink, width=5)
    sheet.disc(cx / W, cy / H, 0.012, inks.accent)
    sheet.ridge(0.88, 0.14, 6, _mix(inks.deep, (0, 0, 0), 0.6))


def rails(sheet: Canvas) -> None:
    """Tracks to a vanishing point."""
    sky(sheet)
    inks, horizon, eye = sheet.inks, 0.48, sheet.between(0.35, 0.65)
    sheet.ridge(horizon, 0.16, 5, inks.middle)
    sheet.block(0, horizon, 1, 1, _mix(inks.pale, inks.middle, 0.4))
    for depth in np.linspace(0.08, 1, 22) ** 2:
        y = horizon + (1 - horizon) * depth
        half = 0.42 * depth
        sheet.block(eye - half, y, eye + half, y + 0.022 * depth, inks.deep)
    for side in (-1, 1):
        foot = eye + side * 0.3
        sheet.draw.polygon([(eye * W, horizon * H), ((foot - 0.02) * W, H), ((foot + 0.02) * W, H)], fill=inks.accent)


def page(sheet: Canvas) -> None:
    """An open book, seen from above."""
    inks = sheet.inks
    sheet.block(0, 0, 1, 1, inks.middle)
    sheet.block(0.205, 0.19, 0.815, 0.87, inks.deep)
    for left, right, ink in ((0.19, 0.5, inks.paper), (0.5, 0.81, _mix(inks.paper, inks.pale, 0.35))):
        sheet.block(left, 0.15, right, 0.84, ink)
        for row in np.linspace(0.25, 0.74, 11):
            end = right - 0.03 - sheet.between(0, 0.05)
            sheet.block(left + 0.03, row, end, row + 0.012, inks.pale if row > 0.27 else inks.accent)
    sheet.block(0.498, 0.15, 0.502, 0.84, inks.deep)


def waves(sheet: Canvas) -> None:
    """The trace of a sound."""
    inks = sheet.inks
    sheet.block(0, 0, 1, 1, inks.deep)
    shape = np.abs(np.convolve(sheet.chance.normal(0, 1, 96), np.hanning(9), "same"))
    shape = shape / shape.max() * np.hanning(96) ** 0.4
    for x, height in zip(np.linspace(0.06, 0.94, 96), shape, strict=True):
        ink = inks.accent if abs(x - 0.5) < 0.06 else inks.pale
        sheet.block(x - 0.0028, 0.5 - 0.36 * height - 0.006, x + 0.0028, 0.5 + 0.36 * height + 0.006, ink)


def lights(sheet: Canvas) -> None:
    """A round of overlapping discs, for what has no likeness."""
    inks = sheet.inks
    sheet.block(0, 0, 1, 1, _mix(inks.paper, inks.pale, 0.3))
    for turn, ink in zip(np.linspace(0, 2 * np.pi, 6)[:-1], (inks.pale, inks.middle, inks.deep) * 2, strict=False):
        sheet.disc(0.5 + 0.14 * np.cos(turn), 0.5 + 0.17 * np.sin(turn), sheet.between(0.12, 0.24), ink)
    sheet.disc(0.5, 0.5, 0.13, inks.accent)


def tiles(sheet: Canvas) -> None:
    """Quarter rounds on a grid, each turned by chance, for what has no likeness either."""
    inks, side = sheet.inks, H // 3
    choices = (inks.pale, inks.middle, inks.deep, inks.accent)
    for left in range(0, W, side):
        for top in range(0, H, side):
            ground = _mix(inks.paper, inks.pale, sheet.between(0, 0.5))
            sheet.draw.rectangle((left, top, left + side, top + side), fill=ground)
            turn = int(sheet.chance.integers(4))
            x, y = left - side * (turn in (1, 2)), top - side * (turn in (2, 3))
            ink = choices[min(3, int(sheet.chance.exponential(1.1)))]
            mask = Image.new("L", (side, side))
            ImageDraw.Draw(mask).ellipse((x - left, y - top, x - left + 2 * side, y - top + 2 * side), fill=255)
            sheet.image.paste(ink, (left, top, left + side, top + side), mask)


# Words of a subject that call for a motif; the word that stands first in the subject decides.
MOTIFS: tuple[tuple[Motif, str], ...] = (
    (waves, "radio microphone sound recording studio concert choir orchestra voice song opera violin piano bell"),
    (waves, "إذاعة صوت موسيقى تسجيل"),
    (ball, "ball football match pitch cup goal goalkeeper stadium striker sport team كرة ملعب مباراة"),
    (chart, "chart graph rate price inflation budget market currency export curve bar مؤشر أسعار ميزانية رسم"),
    (rails, "rail railway train track tram tunnel road motorway bus cyclist lorry truck قطار سكة طريق"),
    (stars, "star telescope comet satellite night moon space aurora dark lamp candle نجوم قمر مرصد ليل"),
    (page, "book logbook library manuscript page letter ballot paper archive school register document folder"),
    (page, "notebook newspaper ledger print كتاب مكتبة مخطوط صفحة مدرسة أوراق دفتر سجل"),
    (sea, "sea ferry ship port harbour coast tide lighthouse fishing wave boat quay lifeboat trawler sail cable"),
    (sea, "beach island whale fish vessel container storm بحر ميناء سفينة سفينتا قارب قوارب ساحل عبارة موجة منارة"),
    (river, "river flood bridge weir dam canal water rain pump نهر سيل جسر سد ماء مطر أنابيب"),
    (forest, "forest tree wood wildfire fire pine park garden leaf غابة شجر حريق"),
    (dunes, "desert dune sand heat drought صحراء رمال كثبان واحة نخيل"),
    (field, "field farm wheat grain silo harvest crop vineyard orchard soil plain bread meal حقل مزرعة قمح صوامع"),
    (field, "حصاد زيتون شمسية ألواح"),
    (mountains, "mountain valley quake earthquake avalanche snow glacier volcano peak ridge hill cliff stone rock"),
    (mountains, "crack fault canton helicopter جبل جبال جبلي وادي وادٍ زلزال ثلج"),
    (colonnade, "parliament court courtroom courthouse minister president government bank museum theatre crown hall"),
    (colonnade, "ministry judge podium برلمان محكمة متحف وزارة مصرف"),
    (town, "city town street skyline factory hospital clinic office tower square house window shop queue crane"),
    (town, "building apartment pump station nurse ward مدينة شارع مصنع مستشفى برج حي سوق"),
)
CALLS = {word: motif for motif, words in MOTIFS for word in words.split()}
ABSTRACT = (lights, tiles)


@lru_cache(maxsize=KEPT)
def draw_picture(subject: str) -> bytes:
    """The picture of a subject as PNG, 1200 x 675."""
    buffer = BytesIO()
    finished = _paint(subject).quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    finished.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def paint(subject: str) -> Image.Image:
    """The picture of a subject in full colour, 1200 x 675."""
    return _paint(subject)


def motif_for(subject: str) -> Motif:
    """The motif that a word of the subject calls for, or an abstract one."""
    for word in subject.lower().split():
        bare = word.strip(".,:;،'\"")
        for form in (bare, bare.removesuffix("s"), bare.removesuffix("es"), bare.removeprefix("ال")):
            if form in CALLS:
                return CALLS[form]
    return ABSTRACT[fingerprint(subject) % len(ABSTRACT)]


def _paint(subject: str) -> Image.Image:
    sheet = Canvas(subject)
    motif_for(subject)(sheet)
    margin = int(0.032 * H)
    sheet.draw.rectangle((0, 0, W - 1, H - 1), outline=sheet.inks.paper, width=margin)
    return sheet.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)


def _mix(one: Ink, other: Ink, share: float) -> Ink:
    """`share` of the other ink laid over the one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _shade(inks: Inks, step: int) -> Ink:
    hue, light, full = colorsys.rgb_to_hls(*(part / 255 for part in inks.middle))
    red, green, blue = colorsys.hls_to_rgb(hue, max(0.0, light - 0.07 * step), full)
    return round(red * 255), round(green * 255), round(blue * 255)


def _windows(sheet: Canvas, left: float, top: float, width: float) -> None:
    for x in np.arange(left + 0.012, left + width - 0.016, 0.017):
        for y in np.arange(top + 0.04, 0.97, 0.05):
            if sheet.chance.random() < 0.3:
                sheet.block(
                    x, y, x + 0.007, y + 0.022, sheet.inks.accent if sheet.chance.random() < 0.5 else sheet.inks.pale
                )


def _shape(sheet: Canvas, x: float, y: float, size: float, corners: Sequence[Point], ink: Ink) -> None:
    """A filled outline around a place; its corners are in multiples of `size`, which is a fraction of the height."""
    sheet.draw.polygon([(x * W + a * size * H, (y + b * size) * H) for a, b in corners], fill=ink)


def _sail(sheet: Canvas, x: float, y: float, size: float) -> None:
    _shape(sheet, x, y, size, [(-0.5, 0.0), (0.6, 0.0), (0.4, 0.22), (-0.35, 0.22)], sheet.inks.deep)
    for side, ink in ((1, sheet.inks.paper), (-1, sheet.inks.pale)):
        _shape(sheet, x, y, size, [(0.04 * side, -1.3), (0.04 * side, -0.08), (0.55 * side, -0.08)], ink)


def _steamer(sheet: Canvas, x: float, y: float, size: float) -> None:
    inks = sheet.inks
    _shape(sheet, x, y, size, [(0.45, -0.95), (0.7, -0.95), (0.72, -0.3), (0.42, -0.3)], inks.accent)
    _shape(sheet, x, y, size, [(-0.6, -0.55), (1.0, -0.55), (1.1, -0.28), (-0.8, -0.28)], inks.pale)
    _shape(sheet, x, y, size, [(-1.0, -0.3), (1.3, -0.3), (1.3, 0.0), (-1.2, 0.0)], inks.paper)
    _shape(sheet, x, y, size, [(-1.4, -0.02), (1.4, -0.02), (1.2, 0.32), (-1.1, 0.32)], inks.deep)


def _lighthouse(sheet: Canvas, x: float, y: float, size: float) -> None:
    inks = sheet.inks
    _shape(sheet, x, y, size, [(-1.1, 0.5), (-0.7, 0.12), (-0.2, 0.02), (0.4, 0.05), (0.9, 0.3), (1.2, 0.5)], inks.deep)
    for step in range(5):
        low, high = 0.34 - 0.034 * step, 0.34 - 0.034 * (step + 1)
        top, foot = 0.1 - 0.36 * (step + 1), 0.1 - 0.36 * step
        ink = inks.accent if step % 2 else inks.paper
        _shape(sheet, x, y, size, [(-low, foot), (low, foot), (high, top), (-high, top)], ink)
    _shape(sheet, x, y, size, [(-0.11, -2.0), (0.11, -2.0), (0.11, -1.7), (-0.11, -1.7)], inks.paper)
    _shape(sheet, x, y, size, [(-0.2, -1.98), (0.2, -1.98), (0.0, -2.22)], inks.deep)


def _bridge(sheet: Canvas, y: float) -> None:
    sheet.block(0.22, y, 0.78, y + 0.016, sheet.inks.deep)
    for x in np.linspace(0.26, 0.74, 7):
        sheet.block(x - 0.004, y, x + 0.004, y + 0.08, sheet.inks.deep)
    for x in np.linspace(0.26, 0.66, 6):
        box = (x * W, (y - 0.05) * H, (x + 0.08) * W, (y + 0.05) * H)
        sheet.draw.arc(box, 180, 360, fill=sheet.inks.deep, width=8)


def _fir(sheet: Canvas, x: float, base: float, size: float, ink: Ink) -> None:
    for tier in range(3):
        top, foot = base - size * (1 - 0.22 * tier), base - size * (0.5 - 0.25 * tier)
        half = size * (0.1 + 0.05 * tier)
        sheet.draw.polygon([(x * W, top * H), (x * W - half * H, foot * H), (x * W + half * H, foot * H)], fill=ink)
