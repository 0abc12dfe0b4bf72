"""Reads the mathematics of a rendered page back, knowing nothing of the program that wrote it.

A page is read into chains: a symbol and the sides that it is said to equal. Every side is parsed into a
small tree. What cannot be parsed is an error, so that a page that a person could misread is found here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tests.mathematics import Law, Node, parsed

# -- pages ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """One side of a chain, and the relation before it ("" on the first)."""

    relation: str
    text: str
    node: Node


Chain = tuple[Side, ...]

DISPLAYED = re.compile(r"\\begin\{(aligned|align\*)\}(.*?)\\end\{\1\}", re.DOTALL)
WORD = re.compile(r"\\[A-Za-z]+|-")
"""A letter or sign of the prose that LaTeX sets as mathematics, such as $\\times$."""

INLINE = re.compile(r"(?<![\\$])\$(?!\$)([^$]+)\$")
PAGE_BREAK = re.compile(r"\\displaybreak(?:\[\d\])?")
CASES = re.compile(r"\\begin\{cases\}.*?\\end\{cases\}", re.DOTALL)
CASE = re.compile(r" for |\\text\{ ?for \}")
"""What a function is in one of several cases: a statement without a number."""

ROW_END = re.compile(r"\\\\(?:\*|\[[^\]]*\])*")
RELATION = re.compile(r"(=|≈|\\approx(?![a-zA-Z])|\\to(?![a-zA-Z]))")
RELATIONS = {"\\approx": "≈", "\\to": "→"}


def formulas(page: str, markup: str) -> list[str]:
    """Everything on a page that is mathematics, each chain in one string, in order of display."""
    if markup == "text":
        return list(text_formulas(page))
    page = page.replace("\\allowbreak ", " ")
    displayed = [chain for block in DISPLAYED.finditer(page) for chain in joined_rows(block[2])]
    return displayed + inline_formulas(page)


def inline_formulas(page: str) -> list[str]:
    """The mathematics within lines of text and in tables."""
    between = DISPLAYED.sub("", page).replace("$$", "")
    return [match[1] for match in INLINE.finditer(between) if not WORD.fullmatch(match[1])]


def in_one_row(cases: re.Match[str]) -> str:
    """Cases that stand below each other, without the ends of their rows."""
    return re.sub(r"\\\\\n|&", " ", cases[0])


def joined_rows(block: str) -> Iterator[str]:
    """The chains of a displayed block, each put together from its rows."""
    chain = ""
    for row in ROW_END.split(PAGE_BREAK.sub("", CASES.sub(in_one_row, block))):
        subject, _, body = row.partition("&")
        body = body.strip()
        if subject.strip():
            if chain:
                yield chain
            chain = f"{subject.strip()} {body}"
        else:
            chain += " " + body.removeprefix("\\qquad {}").strip()
    if chain:
        yield chain


GIVEN_IN_TEXT = re.compile(
    r"(?<!\S)(?<![−+·]\s)(?!ⁿᵉʷ)[^\W\d][^\s()|ⱼᵢₖₕ]*(?:\sⁿᵉʷ)?(?:\s−\s[^\W\d][^\s()|ⱼᵢₖₕ]*(?:\sⁿᵉʷ)?)?\s[=≈]\s−?\d+(?:\.\d+)?(?:·10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻−]+)?(?=[,.;:]?(?:\s|$))(?!\s[^\w\s(•])"
)
"""A name, or the difference of two, and its number in a line of plain text: x₁ = 0.5, E − Eⁿᵉʷ = 0.002"""


def text_formulas(page: str) -> Iterator[str]:
    """The displayed chains of a page of plain text, and what its sentences say that names are.

    The rows of a displayed chain are indented, and the symbol stands on the first.
    """
    for line in page.split("\n"):
        if not line.startswith("    "):
            yield from (match[0].replace("\u00a0", " ") for match in GIVEN_IN_TEXT.finditer(line))
    for block in re.split(r"\n[ ]*\n", page):
        lines = block.strip("\n").split("\n")
        if not all(line.startswith("    ") for line in lines) or not RELATION.search(lines[0]):
            continue
        chain = ""
        for line in lines:
            if line[4] != " " and chain:
                yield chain
                chain = ""
            chain += " " + line.strip()
        yield chain.strip()


def chains(page: str, markup: str) -> list[Chain]:
    """Every chain of a page, parsed."""
    return [sides(formula, markup) for formula in formulas(page, markup)]


@lru_cache(maxsize=50_000)
def sides(formula: str, markup: str) -> Chain:
    """The sides of a chain."""
    pieces = RELATION.split(formula)
    relations = ["", *(RELATIONS.get(piece, piece) for piece in pieces[1::2])]
    return tuple(
        Side(relation, text.strip(), Law(text) if CASE.search(text) else parsed(text.strip(), markup))
        for relation, text in zip(relations, pieces[::2], strict=True)
    )


def table_rows(page: str) -> list[tuple[Node, ...]]:
    """The rows of the tables of a page, all their cells that hold mathematics."""
    lines = [line for line in page.split("\n") if line.count("|") > 4 or line.count("&") == 3]
    rows = [tuple(parsed(cell) for cell in INLINE.findall(line)) for line in lines if "&=" not in line]
    return [row for row in rows if row]
