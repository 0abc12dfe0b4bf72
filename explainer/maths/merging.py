"""Merging: the formulas of all entries of a matrix, as one formula of matrices.

Where all entries are alike, what they are made of is gathered into matrices: 0.9·2 + 0.1·3 and 0.9·4 + 0.1·5 are
0.9 [2 4] + 0.1 [3 5].
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from explainer.maths.formula import (
    ATOMS,
    Call,
    Constant,
    Formula,
    Grid,
    Hadamard,
    Inline,
    MatrixProduct,
    Negation,
    Power,
    Product,
    Quotient,
    Sum,
    parts,
    product,
    rebuilt,
)

Formulas = tuple[Formula, ...]
"""One formula for each entry that is shown, row by row."""


Path = tuple[int, ...]
"""The way from a formula to one inside it: which part, of this which part, and so on."""


class Merging(Struct, frozen=True):
    """Gathers entries into matrices of so many shown `columns`, each matrix of this size.

    What is at one of the paths `common` is one number for all entries, as is a constant. A sum that is narrow enough,
    by `fits`, stays within its entry.
    """

    columns: int
    size: tuple[int, int]
    common: frozenset[Path]
    fits: Callable[[Formulas], bool]

    def __call__(self, formulas: Formulas) -> Formula:
        """The entries as a formula of matrices; a sum as one of matrices."""
        if isinstance(formulas[0], Sum) and self.are_alike(formulas):
            return Sum(self.inside(formulas, ()))
        found = self.merged(formulas, ())
        return found if is_merged(found) else self.grid(formulas)

    def merged(self, formulas: Formulas, path: Path) -> Formula:
        """The entries as a formula of matrices, or as a number that is common to all of them."""
        first = formulas[0]
        if path in self.common or isinstance(first, Constant):
            return first
        if type(first) in ATOMS or not self.are_alike(formulas):
            return self.grid(formulas)
        inner = self.inside(formulas, path)
        match first:
            case Inline():
                return inner[0]
            case Sum() if self.fits(formulas):
                return self.grid(formulas)
            case Negation() | Quotient() | Call() | Sum():
                return rebuilt(first, inner)
            case Product():
                return multiplied(inner)
        return self.grid(formulas)

    def inside(self, formulas: Formulas, path: Path) -> Formulas:
        """What is directly inside the entries, as formulas of matrices."""
        columns = zip(*map(parts, formulas), strict=True)
        return tuple(self.merged(each, (*path, place)) for place, each in enumerate(columns))

    def are_alike(self, formulas: Formulas) -> bool:
        """Whether all entries are the same operation of as many parts."""
        first = formulas[0]
        if isinstance(first, Call) and any(getattr(each, "function", "") != first.function for each in formulas):
            return False
        if isinstance(first, Power) and any(getattr(each, "exponent", 0) != first.exponent for each in formulas):
            return False
        return all(type(each) is type(first) and len(parts(each)) == len(parts(first)) for each in formulas)

    def grid(self, formulas: Formulas) -> Grid:
        """The entries as they are, in one matrix."""
        rows = range(0, len(formulas), self.columns)
        return Grid(tuple(formulas[first : first + self.columns] for first in rows), self.size)


def paths(formula: Formula, is_common: Callable[[Formula], bool], path: Path = ()) -> Iterator[Path]:
    """The paths to what is common to all entries."""
    if is_common(formula):
        yield path
    else:
        for place, part in enumerate(parts(formula)):
            yield from paths(part, is_common, (*path, place))


def is_merged(formula: Formula) -> bool:
    """Whether a merged formula has a matrix in it."""
    return isinstance(formula, Grid) or any(map(is_merged, () if type(formula) in ATOMS else parts(formula)))


def multiplied(factors: Formulas) -> Formula:
    """The numbers among the factors before the matrices, and these multiplied entry by entry; a sign before all."""
    numbers = [each for each in factors if not is_merged(each)]
    matrices = [each for each in factors if is_merged(each)]
    if not matrices:
        return product(*numbers)
    first, *others = matrices
    signed = bool(numbers) and isinstance(numbers[0], Negation)
    if signed:
        numbers[0] = parts(numbers[0])[0]
    if isinstance(first, Negation):
        signed, first = not signed, first.term
    if numbers:
        first = MatrixProduct((product(*numbers), first))
    whole = Hadamard((first, *others)) if others else first
    return Negation(whole) if signed else whole
