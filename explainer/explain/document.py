"""The document: what a page says, without any markup.

Mathematics stays a formula with the lens it is read through; a printer turns it into one markup.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from explainer.maths.formula import Formula
from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Quantity
from explainer.trace.names import Symbol

Lens = Callable[[Quantity], Symbol | Numeral]
"""How a quantity looks: its name (a symbol) or its value (a numeral)."""

Relation = Literal["", "=", "≈", "→"]


@dataclass(frozen=True, slots=True)
class Term:
    """One side of a chain of equalities, and how it follows from the side before it."""

    relation: Relation
    formula: Formula
    lens: Lens


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """A formula, or a chain of them, within a line of text."""

    terms: tuple[Term, ...]


Inline = Text | Math
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short points."""

    items: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Derivation:
    """The worked chain of one quantity: its symbol, then every side that follows.

    Without `stacked`, the lines of numbers are filled up, and the result stands on the last of them.
    """

    terms: tuple[Term, ...]
    stacked: bool = True


@dataclass(frozen=True, slots=True)
class Derivations:
    """Derivations that are shown together, aligned."""

    members: tuple[Derivation, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a head, and rows of as many cells. The first column is text, the others are figures."""

    head: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its heading; `level` 1 is the highest."""

    level: int
    title: Inlines
    blocks: tuple["Block", ...]


Block = Paragraph | Bullets | Derivation | Derivations | Table | Section


@dataclass(frozen=True, slots=True)
class Document:
    """A whole page."""

    title: str
    blocks: tuple[Block, ...]
    language: str = "en"
