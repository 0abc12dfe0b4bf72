"""Matrices in plain text: a row of text with matrices in it becomes several lines, the matrices drawn in brackets.

A printed matrix is one string until a page is set, so that it can be put together as all text is: its cells and
rows are set apart by signs of their own.
"""

import re
from collections.abc import Sequence
from unicodedata import combining

OPENING, CLOSING, CELL, ROW, LABEL, END = map(chr, range(0xE000, 0xE006))
"""What a printed matrix consists of: OPENING cells CLOSING, and its dimensions between LABEL and END."""

MATRIX = re.compile(f"{OPENING}([^{CLOSING}]*){CLOSING}(?:{LABEL}([^{END}]*){END})?")

GAP = "  "
"""What stands between two columns."""


def matrix(cells: list[list[str]]) -> str:
    """A matrix of printed cells, in one string."""
    return OPENING + ROW.join(CELL.join(row) for row in cells) + CLOSING


def labeled(printed: str, label: str) -> str:
    """A printed matrix with a label to go below it."""
    return f"{printed}{LABEL}{label}{END}"


def width(text: str) -> int:
    """How many characters the widest line of a row takes."""
    return len(drawn(text)[0]) if OPENING in text else columns(text)


def columns(text: str) -> int:
    """How many columns a line of text takes: an accent that stands on the letter before it takes none."""
    return len(text) if text.isascii() else sum(not combining(letter) for letter in text)


def filled(text: str, width: int, *, after: bool = True) -> str:
    """A text with blanks up to a width, after it or before."""
    blanks = " " * (width - columns(text))
    return text + blanks if after else blanks + text


def set_in_lines(text: str) -> str:
    """A row of text as it stands on the page, its matrices drawn."""
    return "\n".join(line.rstrip() for line in drawn(text)) if OPENING in text else text


def drawn(text: str) -> list[str]:
    """The lines of a row, all of one length; what is no matrix stands on the middle one."""
    pieces, at = [], 0
    for found in MATRIX.finditer(text):
        pieces += [[text[at : found.start()]], box(found[1], found[2] or "")]
        at = found.end()
    pieces.append([text[at:]])
    above = max(middle(piece) for piece in pieces)
    below = max(len(piece) - middle(piece) for piece in pieces)
    columns = []
    for piece in pieces:
        blank = " " * len(piece[0])
        before = above - middle(piece)
        columns.append([blank] * before + piece + [blank] * (above + below - before - len(piece)))
    return ["".join(parts) for parts in zip(*columns, strict=True)]


def middle(piece: list[str]) -> int:
    """The line of a piece that its neighbors stand beside, from 0."""
    rows = sum(line[:1] in BRACKETS for line in piece)
    return (rows - 1) // 2 if rows else 0


def box(cells: str, label: str) -> list[str]:
    """The lines of one matrix, its label below."""
    columns = zip(*(row.split(CELL) for row in cells.split(ROW)), strict=True)
    rows = list(zip(*map(aligned, columns), strict=True))
    lines = []
    for place, row in enumerate(rows):
        left, right = brackets(place, len(rows))
        lines.append(f"{left}{GAP.join(row)}{right}")
    if label:
        wide = max(len(lines[0]), len(label))
        lines = [line.ljust(wide) for line in lines] + [label.center(wide)]
    return lines


def aligned(column: Sequence[str]) -> list[str]:
    """The cells of a column in one width: numbers at their decimal points, dots between, anything else at the left."""
    if not all(NUMBER.fullmatch(cell) for cell in column if cell not in DOTS):
        return [cell.ljust(max(map(len, column))) for cell in column]
    before = [len(cell.partition(".")[0]) for cell in column]
    padded = [" " * (max(before) - length) + cell for cell, length in zip(column, before, strict=True)]
    widest = max(map(len, padded))
    return [
        (cell.center if cell in DOTS else filled.ljust)(widest) for cell, filled in zip(column, padded, strict=True)
    ]


NUMBER = re.compile(r"−?\d+(\.\d+)?")

DOTS = "⋯⋮⋱"

BRACKETS = "[⎡⎢⎣"


def brackets(place: int, rows: int) -> tuple[str, str]:
    """The brackets left and right of a row."""
    if rows == 1:
        return "[", "]"
    if place == 0:
        return "⎡", "⎤"
    return ("⎣", "⎦") if place == rows - 1 else ("⎢", "⎥")
