"""Formats: from a document to a text in one markup.

A format is a math printer, an escape map and a folder of templates, with one macro for each node of the
document, named after its class. Templates decide markup only; an unknown node has no macro and raises.
"""

import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from explainer.explain.document import Block, Curve, Document, Glossary, Inlines, Math, Table, Text
from explainer.problem.faults import fault, suggestion
from explainer.publish import boxes, escape
from explainer.publish.latex import LatexPrinter, TexPrinter
from explainer.publish.layout import Row, inline, rows
from explainer.publish.picture import Picture
from explainer.publish.plot import plot
from explainer.publish.printer import Printer
from explainer.publish.text import TextPrinter
from explainer.resources import TEMPLATES


class Format(Struct, frozen=True):
    """One kind of file: what it is called, how it ends, and how mathematics and words are set."""

    name: str
    suffixes: tuple[str, ...]
    printer: Printer
    escape: escape.Escape
    fragments: bool = False
    """Whether a page can also be written without what frames it, to be included in another document."""


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("markdown", (".md", ".markdown"), LatexPrinter(), escape.markdown),
        Format("latex", (".tex",), TexPrinter(), escape.latex, fragments=True),
        Format("text", (".txt",), TextPrinter(), escape.plain),
    )
}

NOTHING = Text("–")
"""What stands in a cell of a column of figures that has none."""

WIDTH = 79
"""The width of a page of plain text."""

MARGIN = 4
"""How far mathematics is set in."""


def render(page: Document, format: str = "markdown", *, fragment: bool = False) -> str:
    """The page in a format.

    Args:
        page: what `explain` gave.
        format: one of `FORMATS`.
        fragment: without what frames the page, to be included in another document (LaTeX).

    Raises:
        ProblemError: there is no such format, or it has no fragments.
    """
    chosen = FORMATS.get(format)
    if chosen is None:
        raise fault("format", f'unknown format "{format}"{suggestion(format, list(FORMATS))}')
    if fragment and not chosen.fragments:
        whole = [each.name for each in FORMATS.values() if each.fragments]
        raise fault("fragment", f"{format} pages have no frame to leave out (only: {', '.join(whole)})")
    return rendering(format)(page, fragment=fragment)


KEPT = 1024
"""So many printed formulas are kept at hand: a page names its quantities again and again."""


class Rendering:
    """One format at work: hands each node to its macro; what the macros need is at hand as filters."""

    def __init__(self, chosen: Format) -> None:
        self.format = chosen
        filters = (
            self.beside, self.cells, self.entries, self.escaped, self.kind, self.picture, self.plot, self.printed,
            self.reason, self.rows, self.sides, self.words,
        )  # fmt: skip
        environment = templates({each.__name__: each for each in filters})
        self.macros = environment.get_template(f"{chosen.name}/page.j2").module
        self.math = lru_cache(KEPT)(self.macros.Math)  # type: ignore[attr-defined]

    def __call__(self, page: Document, *, fragment: bool) -> str:
        """The whole page."""
        written: str = self.macros.Document(page, fragment)  # type: ignore[attr-defined]
        return written.strip() + "\n"

    def printed(self, node: Block) -> str:
        """One block, by the macro of its name."""
        written: str = getattr(self.macros, type(node).__name__)(node)
        return written

    def kind(self, node: Block) -> str:
        """The class of a block, for templates that set some of them closer together."""
        return type(node).__name__

    def words(self, content: Inlines) -> str:
        """A line of words and mathematics."""
        return "".join(map(self.one_inline, content))

    def one_inline(self, piece: Text | Math) -> str:
        """A piece of a line: words escaped, mathematics printed."""
        if isinstance(piece, Text):
            return self.format.escape(piece.text)
        written: str = self.math(inline(piece, self.format.printer))
        return written

    def rows(self, node: Any) -> list[Any]:
        """The rows of a derivation or of several."""
        return rows(node, self.format.printer)

    def reason(self, row: Row) -> str:
        """The rule beside a row of mathematics: words as text within it, mathematics as it is."""
        return "".join(
            self.format.printer.words(self.format.escape(piece.text))
            if isinstance(piece, Text)
            else inline(piece, self.format.printer)
            for piece in row.reason
        )

    def beside(self, rows: list[Row], width: int) -> Iterator[str]:
        """The lines of a derivation in plain text, each reason beside its line, or below it where there is no room."""
        room = WIDTH - MARGIN
        lines = [f"{boxes.filled(row.subject, width)} {row.relation or '   '} {row.body}" for row in rows]
        reasons = list(map(self.reason, rows))
        column = max(map(len, lines)) + 3
        aligned = column + max(map(len, reasons)) <= room
        for line, words in zip(lines, reasons, strict=True):
            if aligned:
                yield (line.ljust(column) + words).rstrip()
            elif not words or len(line) + 3 + len(words) <= room:
                yield line + words.rjust(room - len(line)) if words else line
            else:
                yield from (line, words.rjust(room))

    def escaped(self, text: str) -> str:
        """Words from the problem, escaped."""
        return self.format.escape(text)

    def entries(self, glossary: Glossary) -> list[list[str]]:
        """The lines of a glossary, its head first, padded so that columns line up."""
        lines = [[self.words(cell) for cell in entry] for entry in (glossary.head, *glossary.entries)]
        width = max(boxes.columns(term) for term, _ in lines)
        return [[boxes.filled(term, width), meaning] for term, meaning in lines]

    def cells(self, table: Table) -> list[list[str]]:
        """The cells of a table, its head first, padded so that columns line up."""
        lines = [[self.words(cell) for cell in row] for row in (table.head, *table.rows)]
        widths = [max(map(boxes.columns, column)) for column in zip(*lines, strict=True)]
        sides = self.sides(table)
        return [
            [boxes.filled(cell, width, after=side != "r") for side, cell, width in zip(sides, row, widths, strict=True)]
            for row in lines
        ]

    def plot(self, curve: Curve) -> list[str]:
        """The lines of a plot of characters."""
        return plot(curve, lambda content: rendering("text").words(content).replace("\u00a0", " "))

    def picture(self, curve: Curve) -> Picture:
        """A drawing, as points and lines."""
        return Picture(curve, self.format.printer)

    @staticmethod
    def sides(table: Table) -> list[str]:
        """The side that each column is set to: r for figures, l for the first column and for words."""
        columns = list(zip(*table.rows, strict=True))
        words = [
            any(type(piece) is Text and piece != NOTHING for cell in column for piece in cell) for column in columns
        ]
        return ["r" if place and not worded else "l" for place, worded in enumerate(words)]


@cache
def rendering(format: str) -> Rendering:
    """A format at work, its templates read."""
    return Rendering(FORMATS[format])


def templates(filters: Mapping[str, Callable[..., Any]]) -> Environment:
    """The environment of templates with these filters: one set of delimiters that no format uses itself."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 every format escapes its words itself
        auto_reload=False,
    )
    made.filters.update({"wrapped": wrapped, "columns": boxes.columns, "drawn": boxes.set_in_lines, **filters})
    return made


def wrapped(text: str, first: str = "", others: str = "") -> str:
    """A paragraph of plain text in lines, none broken within a formula."""
    filled = textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=others or first,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return filled.replace("\u00a0", " ")
