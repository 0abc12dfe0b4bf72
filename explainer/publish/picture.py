"""A curve as a drawing of lines and marks, in millimeters, for LaTeX's own picture environment."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from math import hypot

from explainer.explain.document import Curve, Series
from explainer.publish import axes
from explainer.publish.printer import Printer

WIDTH, HEIGHT = 110, 60
"""The field that curves are drawn in."""

TICKS_ACROSS, TICKS_UP = 8, 8

MARKS = (r"\bullet", r"\times", "+", r"\circ", r"\ast", r"\diamond", r"\star", r"\triangle")
"""What marks the points of each curve."""

MOST_MARKS = 24
"""Of a curve of more points, only some are marked, those of each curve at other places."""

MOST_LINES = 100

SHORTEST = 0.3
"""No line is shorter, but for the last one of a curve: LaTeX draws none that is as short as it is thick."""

Point = tuple[float, float]


class Picture:
    """What a template draws: axes with their ticks, and curves with their lines and marks."""

    width, height = WIDTH, HEIGHT

    def __init__(self, curve: Curve, printer: Printer) -> None:
        self.curve = curve
        self.across, self.up = axes.across(curve, TICKS_ACROSS), axes.up(curve, TICKS_UP)
        self.ticks_across = self.ticks(self.across, WIDTH, printer)
        self.ticks_up = self.ticks(self.up, HEIGHT, printer)

    @staticmethod
    def ticks(axis: axes.Axis, length: int, printer: Printer) -> list[tuple[str, str]]:
        """Where each tick lies, and its number."""
        return [
            (f"{axis.at(tick) * length:.2f}", label)
            for tick, label in zip(axis.ticks, axis.labels(printer), strict=True)
        ]

    @property
    def lines(self) -> Iterator[str]:
        """The lines of all curves, each as where it begins, its middle, and where it ends."""
        for series in self.curve.series:
            for (left, low), (right, high) in pairwise(apart(axes.thinned(self.points(series), MOST_LINES))):
                middle = (left + right) / 2, (low + high) / 2
                yield "".join(f"({placed(point)})" for point in ((left, low), middle, (right, high)))

    @property
    def marks(self) -> Iterator[tuple[str, str]]:
        """Where each mark stands, and the mark; those of the first curve last, on top of the others."""
        count = len(self.curve.series)
        for place in reversed(range(count)):
            points = self.points(self.curve.series[place])
            apart = -(-len(points) // MOST_MARKS)
            for point in points[place * apart // count :: apart]:
                yield placed(point), MARKS[place]

    @property
    def legend(self) -> list[tuple[str, Series]]:
        """What the marks mean, where there are several curves."""
        return list(zip(MARKS, self.curve.series, strict=False)) if len(self.curve.series) > 1 else []

    def points(self, series: Series) -> list[Point]:
        """The points of a curve, each as a part of the width and of the height."""
        return [(self.across.at(Decimal(place)), self.up.at(value)) for place, value in series.points]


def apart(points: list[Point]) -> list[Point]:
    """The points but those that lie too close to the one before; the last one takes the place of its neighbor."""
    kept = points[:1]
    for point in points[1:]:
        if distance(kept[-1], point) >= SHORTEST:
            kept.append(point)
    if len(kept) > 1:
        kept[-1] = points[-1]
    return kept


def distance(one: Point, other: Point) -> float:
    """How many millimeters two points are apart."""
    return hypot((other[0] - one[0]) * WIDTH, (other[1] - one[1]) * HEIGHT)


def placed(point: Point) -> str:
    """Coordinates in millimeters."""
    across, up = point
    return f"{across * WIDTH:.2f},{up * HEIGHT:.2f}"
