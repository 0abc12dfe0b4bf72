"""The document: what a page says, without any markup.

Mathematics stays a formula with the lens it is read through; a printer turns it into one markup.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from explainer.maths.formula import Formula
from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Quantity
from explainer.trace.names import Name

Lens = Callable[[Quantity], Name | Numeral]
"""How a quantity looks: its name or its value."""

Relation = Literal["", "=", "≈", "→", ">", "<", "≥", "≤"]


class Term(Struct, frozen=True, gc=False):
    """One side of a chain of equalities, and how it follows from the side before it.

    `reason` names the rule, where the chain is a derivation from first principles.
    """

    relation: Relation
    formula: Formula
    lens: Lens
    reason: "Inlines" = ()


class Text(Struct, frozen=True, gc=False):
    """Plain words."""

    text: str


class Math(Struct, frozen=True, gc=False):
    """A formula, or a chain of them, within a line of text."""

    terms: tuple[Term, ...]


Inline = Text | Math
Inlines = tuple[Inline, ...]


class Paragraph(Struct, frozen=True, gc=False):
    """A paragraph."""

    content: Inlines


class Bullets(Struct, frozen=True, gc=False):
    """A list of short points."""

    items: tuple[Inlines, ...]


class Derivation(Struct, frozen=True, gc=False):
    """The worked chain of one quantity: its symbol, then every side that follows.

    Without `stacked`, the lines of numbers are filled up, and the result stands on the last of them.
    The last line has `ending` sides: the result, and what is said beside it.
    """

    terms: tuple[Term, ...]
    stacked: bool = True
    ending: int = 1


class Derivations(Struct, frozen=True, gc=False):
    """Derivations that are shown together, aligned."""

    members: tuple[Derivation, ...]


class Table(Struct, frozen=True, gc=False):
    """A table: a head, and rows of as many cells. A column that holds words is set to the left, figures to the right.

    Where it tells of `changes`, the last three cells of each row are an old figure, a new one, and their difference.
    """

    head: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    changes: bool = False


class Glossary(Struct, frozen=True, gc=False):
    """A table of two columns of words: its head, and each term with its meaning."""

    head: tuple[Inlines, Inlines]
    entries: tuple[tuple[Inlines, Inlines], ...]


class Series(Struct, frozen=True, gc=False):
    """The points of one curve, from left to right, and what it is called."""

    name: Inlines
    points: tuple[tuple[int, Decimal], ...]


class Curve(Struct, frozen=True, gc=False):
    """Curves over the same axes: what is counted `across`, what is measured `up`; perhaps on a `logarithmic` scale."""

    across: Inlines
    up: Inlines
    series: tuple[Series, ...]
    logarithmic: bool = False


class Section(Struct, frozen=True, gc=False):
    """A section with its heading; `level` 1 is the highest."""

    level: int
    title: Inlines
    blocks: tuple["Block", ...]


Block = Paragraph | Bullets | Derivation | Derivations | Table | Glossary | Curve | Section


class Document(Struct, frozen=True, gc=False):
    """A whole page."""

    title: str
    blocks: tuple[Block, ...]
    language: str = "en"
