"""Reads the curve of a page back, from its characters or from its LaTeX, knowing nothing of what drew it."""

import re
from dataclasses import dataclass
from math import log10

MARKS = "•×+o*#@%"
SIGNS = (r"\bullet", r"\times", "+", r"\circ", r"\ast", r"\diamond", r"\star", r"\triangle")


@dataclass(frozen=True)
class Scale:
    """A scale from two of its ticks: a place and its number, each."""

    one: tuple[float, float]
    other: tuple[float, float]
    logarithmic: bool = False

    def place(self, number: float) -> float:
        """Where a number lies."""
        (first, low), (last, high) = self.one, self.other
        low, high, here = (log10(each) if self.logarithmic else each for each in (low, high, number))
        return first + (here - low) / (high - low) * (last - first)


@dataclass(frozen=True)
class Drawn:
    """What a plot shows: its scales, and the places of the marks of each curve."""

    across: Scale
    up: Scale
    marks: dict[int, set[tuple[float, float]]]
    ticks: tuple[tuple[float, ...], tuple[float, ...]]


def number(label: str) -> float:
    """A number as a plot prints it."""
    plain = re.sub(r"(?<=10)([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", r"^\1", label.strip())
    plain = plain.translate(str.maketrans("−⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "-0123456789-")).replace("{", "").replace("}", "")
    mantissa, ten, power = re.sub(r"\s*(\\times |·)(?=10\^)", "·", plain).partition("10^")
    if not ten:
        return float(plain)
    return float(f"{mantissa.removesuffix('·') or 1}e{power}".replace("-e", "-1e"))


def read_text(lines: list[str], *, logarithmic: bool) -> Drawn:
    """A plot of characters: rows and columns are counted from the corner of the axes."""
    corner = next(row for row, line in enumerate(lines) if "└" in line)
    column = lines[corner].index("└") + 1
    rows = {corner - row: line for row, line in enumerate(lines[: corner + 1]) if re.search("[┤│└]", line)}
    ups = [(row, number(line[: column - 2])) for row, line in rows.items() if re.search("[┤└]", line)]
    marks: dict[int, set[tuple[float, float]]] = {}
    for row, line in rows.items():
        for place, letter in enumerate(line[column:]):
            if letter in MARKS:
                marks.setdefault(MARKS.index(letter), set()).add((place, row))
    labels = re.finditer(r"(?<=\s)[\d.·⁰¹²³⁴⁵⁶⁷⁸⁹]+(?=\s)", lines[corner + 1])
    acrosses = [(each.start() + len(each[0]) // 2 - column, number(each[0])) for each in labels]
    return Drawn(
        Scale(acrosses[0], acrosses[-1]),
        Scale(ups[0], ups[-1], logarithmic),
        marks,
        (tuple(each for _, each in acrosses), tuple(each for _, each in ups)),
    )


def read_latex(page: str, *, logarithmic: bool) -> tuple[Drawn, list[tuple[float, ...]]]:
    """A picture: its scales and marks, in its own units, and its lines."""
    picture = page[page.index(r"\begin{picture}") : page.index(r"\end{picture}")]
    across = re.findall(r"\\put\(([\d.]+),-2\)\{\\makebox\(0,0\)\[t\]\{\$(.*?)\$\}\}", picture)
    up = re.findall(r"\\put\(-2,([\d.]+)\)\{\\makebox\(0,0\)\[r\]\{\$(.*?)\$\}\}", picture)
    acrosses = [(float(place), number(label)) for place, label in across]
    ups = [(float(place), number(label)) for place, label in up]
    marks: dict[int, set[tuple[float, float]]] = {}
    for left, low, sign in re.findall(r"\\put\(([\d.]+),([\d.]+)\)\{\\makebox\(0,0\)\{\$(.*?)\$\}\}", picture):
        marks.setdefault(SIGNS.index(sign), set()).add((float(left), float(low)))
    lines = [tuple(map(float, re.findall(r"-?[\d.]+", line))) for line in re.findall(r"\\qbezier(.*)", picture)]
    scales = Scale(acrosses[0], acrosses[-1]), Scale(ups[0], ups[-1], logarithmic)
    return Drawn(*scales, marks, (tuple(n for _, n in acrosses), tuple(n for _, n in ups))), lines
