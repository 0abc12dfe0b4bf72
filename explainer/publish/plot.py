"""A curve as a plot of characters, for plain text and for Markdown."""

from collections.abc import Callable
from decimal import Decimal

from explainer.explain.document import Curve, Inlines
from explainer.publish import axes
from explainer.publish.axes import Axis
from explainer.publish.text import TextPrinter

MARKS = "•×+o*#@%"
"""What marks the points of each curve."""

COLUMNS, ROWS = 50, 15
"""The largest field that points are drawn in; with its labels and what is counted a plot is at most 70 wide."""

TICKS_ACROSS, TICKS_UP = 6, 8

PRINTER = TextPrinter()


def plot(curve: Curve, words: Callable[[Inlines], str]) -> list[str]:
    """The lines of a plot.

    Every tick lies on a row or a column of its own, so that every point can be read off. Where several
    curves run through the same place, the mark of the first of them stands there.
    """
    across, up = axes.across(curve, TICKS_ACROSS), axes.up(curve, TICKS_UP)
    labels = up.labels(PRINTER)
    margin = max(map(len, labels))
    rows, columns = room(up, ROWS), room(across, COLUMNS)
    field = drawn(curve, across, up, columns, rows)
    told = {round(up.at(tick) * rows): label for tick, label in zip(up.ticks, labels, strict=True)}
    lines = [f"{words(curve.up):>{margin}}"]
    lines += (
        f"{told.get(row, ''):>{margin}} {'┤' if row in told else '│'}{field[row]}".rstrip()
        for row in range(rows, 0, -1)
    )
    lines.append(f"{told[0]:>{margin}} {floor(field[0], across, columns)}")
    lines.append(" " * (margin + 1) + below(across, columns, words(curve.across)))
    if len(curve.series) > 1:
        lines += (f"{'':{margin}}  {MARKS[place]} {words(each.name)}" for place, each in enumerate(curve.series))
    return lines


def room(axis: Axis, most: int) -> int:
    """How many characters the axis is long, the same from each tick to the next."""
    gaps = len(axis.ticks) - 1
    return most // gaps * gaps


def drawn(curve: Curve, across: Axis, up: Axis, columns: int, rows: int) -> list[str]:
    """The rows of the field, the lowest first."""
    cells = [[" "] * (columns + 1) for _ in range(rows + 1)]
    for mark, series in reversed(list(zip(MARKS, curve.series, strict=False))):
        for place, value in series.points:
            cells[round(up.at(value) * rows)][round(across.at(Decimal(place)) * columns)] = mark
    return ["".join(row) for row in cells]


def floor(row: str, across: Axis, columns: int) -> str:
    """The lowest row, on which the axis lies."""
    ticks = {round(across.at(tick) * columns) for tick in across.ticks}
    line = (mark if mark != " " else "┴" if place in ticks else "─" for place, mark in enumerate(row))
    return "└" + "".join(line)


def below(across: Axis, columns: int, name: str) -> str:
    """The numbers below the axis, each under its tick, and what is counted."""
    line = ""
    for tick, label in zip(across.ticks, across.labels(PRINTER), strict=True):
        place = 1 + round(across.at(tick) * columns)
        line = line.ljust(place - len(label) // 2) + label
    return f"{line}  {name}"
