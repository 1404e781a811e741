"""What a bench found: figures with their limits, and the table in which they are read; it measures nothing itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured value. `least` and `most` are what it must reach; None where it is only told."""

    name: str
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None
    note: str = ""

    @property
    def is_short(self) -> bool:
        """Whether it misses its limit."""
        below = self.least is not None and self.value < self.least
        return below or (self.most is not None and self.value > self.most)

    @property
    def limit(self) -> str:
        """The limit as it is written in the table."""
        if self.least is not None:
            return f">= {number(self.least)}"
        return f"<= {number(self.most)}" if self.most is not None else ""


@dataclass
class Report:
    """The figures of one bench, in the order in which they are read, and the noise under which they were taken."""

    bench: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    noise: dict[str, float] = field(default_factory=dict)

    def tell(self, name: str, value: float, unit: str = "", **limits: Any) -> None:
        """Adds a figure; `least`, `most` and `note` as in Figure."""
        self.figures.append(Figure(name, float(value), unit, **limits))

    @property
    def shortfalls(self) -> list[Figure]:
        """The figures that miss their limits."""
        return [figure for figure in self.figures if figure.is_short]

    def as_dict(self) -> dict[str, Any]:
        """For the JSON file."""
        return asdict(self)

    def table(self) -> str:
        """For a person: a line a figure, those that fall short marked."""
        width = max((len(figure.name) for figure in self.figures), default=0)
        lines = [f"\n{self.bench}"]
        for figure in self.figures:
            mark = "SHORT" if figure.is_short else "ok" if figure.limit else ""
            value = f"{number(figure.value)} {figure.unit}".strip()
            lines.append(f"  {figure.name:<{width}}  {value:>16}  {figure.limit:>10}  {mark:<5} {figure.note}".rstrip())
        lines += [f"  {note}" for note in self.notes]
        if self.noise:
            lines.append("  noise: " + ", ".join(f"{name} {number(value)}" for name, value in self.noise.items()))
        return "\n".join(lines)


def number(value: float | None) -> str:
    """Three figures that count, and no more than are needed."""
    if value is None:
        return ""
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def middle(values: list[float]) -> float:
    """The median; 0 of nothing."""
    return median(values) if values else 0.0


def share_below(values: list[float], share: float) -> float:
    """The value below which this share of the values lies (nearest rank); 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
