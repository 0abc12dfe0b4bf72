"""Printing matrices: the rules for them, which every printer has beside its rules for numbers."""

from collections.abc import Callable
from fractions import Fraction
from itertools import repeat
from typing import ClassVar

from explainer.explain.document import Lens
from explainer.maths.formula import (
    Array,
    Braced,
    Formula,
    Grid,
    Hadamard,
    MatrixProduct,
    Negation,
    Ones,
    Product,
    Quotient,
    SlopeOf,
    Transposed,
)
from explainer.maths.functions import FUNCTIONS
from explainer.maths.matrix import shape, visible
from explainer.maths.numerals import Numeral
from explainer.trace.names import Name, Symbol

BREAK = "\x1f"
"""Marks the places where a long line may be broken; layout uses it or takes it out."""


class MatrixRules:
    """Prints matrix forms. A markup says how it writes cells, dimensions, ⊙ and ᵀ; the rest is what a printer has."""

    dot: ClassVar[str]
    odot: ClassVar[str]
    one: ClassVar[str]
    transpose_sign: ClassVar[str]
    across: ClassVar[str]
    down: ClassVar[str]
    slanting: ClassVar[str]

    def __call__(self, formula: Formula, lens: Lens, around: int = 0) -> str:
        """A formula as it stands inside something that binds so tightly."""
        raise NotImplementedError

    def symbol(self, symbol: Symbol) -> str:
        """A name with what stands below and above it."""
        raise NotImplementedError

    def looking(self, look: Name | Numeral | Fraction, around: int) -> str:
        """What looks so: a name, or a number."""
        raise NotImplementedError

    def bracketed(self, text: str) -> str:
        """The text in brackets."""
        raise NotImplementedError

    def function(self, sign: str) -> str:
        """The name of a function."""
        raise NotImplementedError

    def unbroken(self, formula: Formula, lens: Lens, around: int = 0) -> str:
        """A formula that stays on one line."""
        raise NotImplementedError

    def negation(self, formula: Formula, lens: Lens, around: int) -> str:
        """−term"""
        raise NotImplementedError

    def in_cell(self, formula: Formula, lens: Lens) -> str:
        """An entry of a matrix."""
        return self.unbroken(formula, lens)

    def cells(self, cells: list[list[str]]) -> str:
        """A matrix of printed cells between brackets."""
        raise NotImplementedError

    def underbraced(self, matrix: str, rows: int, columns: int) -> str:
        """A printed matrix with its dimensions under a brace."""
        raise NotImplementedError

    def raised(self, base: str, exponent: str) -> str:
        """A power of two printed parts."""
        raise NotImplementedError

    @property
    def matrix_rules(self) -> dict[type, Callable[[Formula, Lens, int], str]]:
        """The rule of each matrix form."""
        return {
            Array: self.array,
            Grid: self.grid,
            Ones: self.ones,
            Transposed: self.transposed,
            Braced: self.braced,
            MatrixProduct: self.matrix_product,
            Hadamard: self.hadamard,
            SlopeOf: self.named_slope,
        }

    def array(self, formula: Formula, lens: Lens, around: int) -> str:
        """The name of an array, or its entries."""
        assert isinstance(formula, Array)
        name = name_of(formula, lens)
        return self.looking(name, around) if name else self.grid(visible(formula.rows, formula.fit), lens, around)

    def transposed(self, formula: Formula, lens: Lens, around: int) -> str:
        """nameᵀ, or the entries with rows and columns exchanged."""
        assert isinstance(formula, Transposed)
        array = formula.array
        if isinstance(array, Ones):
            return self.raised(self.one, self.transpose_sign)
        name = name_of(array, lens)
        if name is None:
            return self.grid(visible(tuple(zip(*array.rows, strict=True)), array.fit), lens, around)
        printed = self.looking(name, 0)
        single = isinstance(name, Symbol) and not name.above
        return self.raised(printed if single else f"({printed})", self.transpose_sign)

    def grid(self, formula: Formula, lens: Lens, around: int) -> str:
        """Entries in rows and columns; dots before the last where some are left out."""
        assert isinstance(formula, Grid)
        rows, columns = formula.shape
        cells = [[self.in_cell(each, lens) for each in row] for row in formula.rows]
        if len(cells[0]) < columns:
            cells = [[*row[:-1], self.across, row[-1]] for row in cells]
        if len(cells) < rows:
            dots = [self.slanting if cell == self.across else self.down for cell in cells[0]]
            cells.insert(-1, dots)
        return self.cells(cells)

    def ones(self, formula: Formula, lens: Lens, around: int) -> str:
        """A column of ones by its name."""
        return self.one

    def braced(self, formula: Formula, lens: Lens, around: int) -> str:
        """A matrix over its dimensions."""
        assert isinstance(formula, Braced)
        return self.underbraced(self(formula.matrix, lens), *shape(formula.matrix))

    def matrix_product(self, formula: Formula, lens: Lens, around: int) -> str:
        """Factors side by side."""
        assert isinstance(formula, MatrixProduct)
        first, *others = formula.factors
        if isinstance(first, Negation):
            return self.negation(Negation(MatrixProduct((first.term, *others))), lens, around)
        tight = (3 if place or isinstance(factor, Hadamard) else 2 for place, factor in enumerate(formula.factors))
        printed = [self.unbroken(*each) for each in zip(formula.factors, repeat(lens), tight, strict=False)]
        last = first.factors[-1] if isinstance(first, Product) else first
        before = [printed[0], self.dot] if isinstance(last, Quotient) else [printed[0]]
        return " ".join([*before, *printed[1:]])

    def hadamard(self, formula: Formula, lens: Lens, around: int) -> str:
        """Factors with ⊙ between them."""
        assert isinstance(formula, Hadamard)
        printed = f"{BREAK} {self.odot} ".join(self.unbroken(factor, lens, 2) for factor in formula.factors)
        return self.bracketed(printed) if around > 2 else printed

    def named_slope(self, formula: Formula, lens: Lens, around: int) -> str:
        """f′(z)"""
        assert isinstance(formula, SlopeOf)
        name = self.function(f"{FUNCTIONS[formula.call.function].sign}′")
        return f"{name}({self.unbroken(formula.call.arguments[0], lens)})"


def name_of(array: Array, lens: Lens) -> Name | None:
    """The name of an array through a lens of names; None through one of numbers."""
    if isinstance(lens(array.rows[0][0]), Numeral):
        return None
    name = lens(array.whole)
    assert not isinstance(name, Numeral)
    return name
