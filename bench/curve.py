"""Draws figures as one small SVG curve, light and dark; it measures nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 300, 64, 72, 48, 56
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #444 } .title { font-weight: 600; fill: #111 }
.grid { stroke: #ddd } .line { fill: none; stroke: #b3261e; stroke-width: 2 } .dot { fill: #b3261e }
@media (prefers-color-scheme: dark) { text { fill: #bbb } .title { fill: #eee } .grid { stroke: #444 } }
"""


@dataclass(frozen=True)
class Curve:
    """Values over labelled steps, drawn from 0 up."""

    title: str
    steps: str
    labels: Sequence[str]
    values: Sequence[float]

    def svg(self) -> str:
        """The picture."""
        top = max(self.values) * 1.25
        inner, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        xs = [LEFT + inner * at / max(len(self.values) - 1, 1) for at in range(len(self.values))]
        ys = [TOP + high * (1 - value / top) for value in self.values]
        body = [f'<text class="title" x="{LEFT}" y="24">{escape(self.title)}</text>']
        for part in range(5):
            y, value = TOP + high * (1 - part / 4), top * part / 4
            body.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
            body.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.2g}</text>')
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        body.append(f'<polyline class="line" points="{points}"/>')
        for x, y, label, value in zip(xs, ys, self.labels, self.values, strict=True):
            body.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
            body.append(f'<text x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle">{value:.2f}</text>')
            body.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{escape(label)}</text>')
        body.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">{escape(self.steps)}</text>')
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        return "\n".join([head, f"<style>{STYLE}</style>", *body, "</svg>", ""])
