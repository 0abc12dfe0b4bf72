"""Matrices: their entries as formulas of numbers, and the laws of single units read as laws of whole vectors."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator

from explainer.maths.formula import (
    ONE,
    Array,
    Braced,
    Call,
    Constant,
    Formula,
    Grid,
    Hadamard,
    Inline,
    MatrixProduct,
    Named,
    Negation,
    Number,
    Ones,
    Power,
    Product,
    Rows,
    Sum,
    Transposed,
    parts,
    product,
    rebuilt,
    total,
)
from explainer.maths.quantity import Quantity

FIRST = 3
"""How many rows or columns of a large matrix stand before the dots."""

Place = tuple[int, int]
"""Row and column of an entry, from 0."""


def shown(size: int, fit: int) -> list[int]:
    """The places of a row or column that are printed: all, or the first ones and the last."""
    if size <= fit:
        return list(range(size))
    return [*range(max(1, min(FIRST, fit - 1))), size - 1]


def visible(rows: Rows, fit: tuple[int, int]) -> Grid:
    """The entries that are printed of rows for so many of which there is room."""
    height, width = len(rows), len(rows[0])
    across = shown(width, fit[1])
    return Grid(tuple(tuple(rows[row][column] for column in across) for row in shown(height, fit[0])), (height, width))


def shape(matrix: Formula) -> tuple[int, int]:
    """How many rows and columns a matrix has."""
    match matrix:
        case Array(_, rows, _):
            return len(rows), len(rows[0])
        case Grid(_, size):
            return size
        case Ones(count):
            return count, 1
        case Transposed(array):
            rows_before, columns_before = shape(array)
            return columns_before, rows_before
        case Braced(inner):
            return shape(inner)
        case MatrixProduct(factors):
            sizes = [shape(factor) for factor in factors if is_matrix(factor)]
            return sizes[0][0], sizes[-1][1]
    return next(shape(part) for part in parts(matrix) if is_matrix(part))


def places(matrix: Formula) -> list[Place]:
    """The places of the entries that are printed, row by row."""
    down, across = printed(matrix)
    return [(row, column) for row in down for column in across]


def printed(matrix: Formula) -> tuple[list[int], list[int]]:
    """The rows and the columns that are printed; of a product, those of what it comes to."""
    match matrix:
        case Array(_, rows, fit):
            return shown(len(rows), fit[0]), shown(len(rows[0]), fit[1])
        case Transposed(Array(_, rows, fit)):
            return shown(len(rows[0]), fit[0]), shown(len(rows), fit[1])
        case Grid(rows, (height, width)):
            return [*range(len(rows) - 1), height - 1], [*range(len(rows[0]) - 1), width - 1]
        case Ones(size):
            return list(range(size)), [0]
        case Transposed(Ones(size)):
            return [0], list(range(size))
    inner = [printed(part) for part in parts(matrix) if is_matrix(part)]
    return inner[0][0], inner[-1 if isinstance(matrix, MatrixProduct) else 0][1]


def is_matrix(formula: Formula) -> bool:
    """Whether a formula stands for more than one number."""
    return isinstance(formula, Array | Grid | Ones) or any(map(is_matrix, parts(formula)))


def entry(formula: Formula, place: Place) -> Formula:
    """One entry of a matrix formula, as a formula of numbers; a number counts as the same in every place."""
    if not is_matrix(formula):
        return formula
    row, column = place
    match formula:
        case Array(_, rows, _):
            return rows[row][column]
        case Grid(rows, _):  # the last one stands last, whatever is left out before it
            return rows[min(row, len(rows) - 1)][min(column, len(rows[0]) - 1)]
        case Ones() | Transposed(Ones()):
            return ONE
        case Transposed(array):
            return entry(array, (column, row))
        case Braced(matrix):
            return entry(matrix, place)
        case Sum(terms):
            return total(tuple(addends(entry(term, place) for term in terms)))
        case Hadamard(factors):
            return product(*(entry(factor, place) for factor in factors))
        case MatrixProduct(factors):
            return product_entry(factors, place)
        case Named(sign, arguments, inner):
            return Named(sign, tuple(entry(each, place) for each in arguments), entry(inner, place))
    return rebuilt(formula, tuple(entry(part, place) for part in parts(formula)))


def addends(terms: Iterable[Formula]) -> Iterator[Formula]:
    """The terms, each that is a sum itself by its own terms."""
    for term in terms:
        yield from term.terms if isinstance(term, Sum) else (term,)


def product_entry(factors: tuple[Formula, ...], place: Place) -> Formula:
    """Row times column, with the numbers that stand before the matrices before the sum."""
    numbers = [factor for factor in factors if not is_matrix(factor)]
    *left, right = (factor for factor in factors if is_matrix(factor))
    if not left:
        return product(*numbers, entry(right, place))
    (first,) = left
    row, column = place
    pairs = ((entry(first, (row, between)), entry(right, (between, column))) for between in range(shape(right)[0]))
    return product(*numbers, total(tuple(product(*pair) for pair in pairs)))


def lifted(formula: Formula, whole: Callable[[Formula], Formula | None]) -> Formula:
    """The formula of one unit as that of a whole layer, with what `whole` gives for its quantities, and other parts.

    What is multiplied unit by unit is then multiplied entry by entry.
    """
    found = whole(formula)
    if found is not None:
        return found
    if isinstance(formula, Quantity | Constant | Number):
        return formula
    inner = tuple(lifted(part, whole) for part in parts(formula))
    if isinstance(formula, Named):
        return Named(formula.sign, inner, lifted(formula.formula, whole))
    if isinstance(formula, Inline):
        return inner[0]
    matrices = [part for part in inner if is_matrix(part)]
    if isinstance(formula, Power) and matrices and isinstance(formula.exponent, int):
        return Hadamard(inner * formula.exponent)
    if isinstance(formula, Product) and matrices:
        if isinstance(inner[0], Negation) and len(matrices) > 1:  # the sign stands before all
            return Negation(multiplied((inner[0].term, *inner[1:])))
        return multiplied(inner)
    return rebuilt(formula, inner)


def multiplied(factors: tuple[Formula, ...]) -> Formula:
    """Matrices multiplied entry by entry, each with the numbers that stand before it."""
    found, numbers = list[Formula](), list[Formula]()
    for factor in factors:
        numbers.append(factor)
        if is_matrix(factor):
            found.append(with_numbers(*numbers))
            numbers = []
    whole = [*found[:-1], product(found[-1], *numbers)]
    return whole[0] if len(whole) == 1 else Hadamard(tuple(whole))


def with_numbers(*factors: Formula) -> Formula:
    """A matrix, which comes last, with numbers before it."""
    *numbers, matrix = factors
    if numbers and isinstance(matrix, MatrixProduct):
        return MatrixProduct((product(*numbers), *matrix.factors))
    return product(*factors)


def same(left: Formula, right: Formula) -> bool:
    """Whether two formulas of numbers are the same but for the order of their terms and factors."""
    return unordered(left) == unordered(right)


def unordered(formula: Formula) -> Hashable:
    """A formula without the order and the nesting of its terms and factors."""
    match formula:
        case Inline(_, inner):
            return unordered(inner)
        case Sum():
            return "sum", frozenset(Counter(terms(formula)).items())
        case Product() | Power() | Negation():
            return "product", frozenset(Counter(factors(formula)).items())
        case Call(function, arguments):
            return function, *map(unordered, arguments)
    inside = parts(formula)
    return (type(formula).__name__, *map(unordered, inside)) if inside else formula


def terms(formula: Formula) -> Iterator[Hashable]:
    """The terms of nested sums."""
    if isinstance(formula, Sum):
        for term in formula.terms:
            yield from terms(term)
    else:
        yield unordered(formula)


def factors(formula: Formula) -> Iterator[Hashable]:
    """The factors of nested products, a minus sign by itself."""
    match formula:
        case Product(inner):
            for factor in inner:
                yield from factors(factor)
        case Power(base, int(exponent)):
            for _ in range(exponent):
                yield from factors(base)
        case Power(base, exponent):
            yield "power", exponent, unordered(base)
        case Negation(term):
            yield "−"
            yield from factors(term)
        case _ if formula != ONE:
            yield unordered(formula)
