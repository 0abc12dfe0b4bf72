"""Sums, products, quotients and powers as one writes them down after a rule has been applied.

Zeros and ones are dropped, signs joined, numbers put in front, equal factors and like terms collected, and what
stands both above and below a fraction bar is cancelled. Nothing else is simplified.
"""

from collections.abc import Iterator
from decimal import Context, Decimal
from fractions import Fraction

from explainer.maths.formula import (
    ONE,
    Call,
    Constant,
    Exponential,
    Formula,
    Letter,
    Negation,
    Power,
    Product,
    Quotient,
    Sum,
    parts,
    rebuilt,
)

Coefficient = Fraction | Decimal | int
Factors = dict[Formula, int]
"""What is multiplied, each with its exponent, in order."""

ZERO = Constant(0)
EXACT = Context(prec=2000)
"""Holds the product or sum of any numbers that a formula can have, to the last digit."""


def total(*terms: Formula) -> Formula:
    """terms[0] + terms[1] + …, multiplied out where that is shorter"""
    plain = collected(terms)
    opened = collected(tuple(piece for term in flat(plain) for piece in multiplied_out(term)))
    return opened if size(opened) < size(plain) else plain


def negation(term: Formula) -> Formula:
    """−term"""
    return scaled(*split(Negation(term)))


def product(*factors: Formula) -> Formula:
    """factors[0] · factors[1] · …; with a fraction among them, they go above its bar"""
    return scaled(*split(Product(factors)))


def power(base: Formula, exponent: int) -> Formula:
    """base ** exponent; (√u)² = u"""
    if exponent == 2 and isinstance(base, Call) and base.function == "sqrt":
        return base.arguments[0]
    return scaled(*split(Power(base, exponent)))


def quotient(above: Formula, below: Formula) -> Formula:
    """above / below"""
    return scaled(*split(Quotient(above, below)))


def tidied(formula: Formula, inner: tuple[Formula, ...]) -> Formula:
    """The formula around other parts, tidy."""
    match formula:
        case Sum():
            return total(*inner)
        case Product():
            return product(*inner)
        case Negation():
            return negation(*inner)
        case Quotient():
            return quotient(*inner)
        case Power(_, int(exponent)):
            return power(inner[0], exponent)
    return rebuilt(formula, inner)


def split(formula: Formula) -> tuple[Coefficient, Coefficient, Factors]:
    """A formula as one number over another, times factors; those below the bar have exponents below 0."""
    match formula:
        case Constant(value):
            return value, 1, {}
        case Negation(term):
            above, below, factors = split(term)
            return times(-1, above), below, factors
        case Power(base, int(exponent)):
            above, below, factors = split(base)
            raised = {factor: count * exponent for factor, count in factors.items()}
            return to_the(above, exponent), to_the(below, exponent), raised
        case Product(several):
            result: tuple[Coefficient, Coefficient, Factors] = 1, 1, {}
            for factor in several:
                result = joined(result, split(factor))
            return result
        case Quotient(numerator, denominator):
            above, below, factors = split(denominator)
            return joined(split(numerator), (below, above, {factor: -count for factor, count in factors.items()}))
    return 1, 1, {formula: 1}


def joined(
    left: tuple[Coefficient, Coefficient, Factors], right: tuple[Coefficient, Coefficient, Factors]
) -> tuple[Coefficient, Coefficient, Factors]:
    """The product of two that are split, equal factors collected."""
    factors = dict(left[2])
    for factor, count in right[2].items():
        factors[factor] = factors.get(factor, 0) + count
    return times(left[0], right[0]), times(left[1], right[1]), {factor: n for factor, n in factors.items() if n}


def with_sizes(formula: Formula) -> Formula:
    """The formula with u sign(u) written |u|, and tidied."""
    inner = tuple(map(with_sizes, parts(formula)))
    found = tidied(formula, inner) if inner else formula
    if not isinstance(found, Product | Quotient):
        return found
    above, below, factors = split(found)
    for sign in [factor for factor in factors if isinstance(factor, Call) and factor.function == "sign"]:
        (inner_formula,) = sign.arguments
        if factors[sign] > 0 and factors.get(inner_formula, 0) > 0:
            factors = {Call("abs", (inner_formula,)) if factor == sign else factor: n for factor, n in factors.items()}
            factors[inner_formula] -= 1
    return scaled(above, below, {factor: n for factor, n in factors.items() if n})


def scaled(above: Coefficient, below: Coefficient, factors: Factors) -> Formula:
    """The formula that was split: numbers first, then letters, then all else."""
    above, below = lowest(above, below)
    if not above:
        return ZERO
    negative = (above < 0) != (below < 0)
    top = multiplied(size_of(above), {factor: count for factor, count in factors.items() if count > 0})
    bottom = multiplied(size_of(below), {factor: -count for factor, count in factors.items() if count < 0})
    formula = top if bottom == ONE else Quotient(top, bottom)
    return Negation(formula) if negative else formula


def lowest(above: Coefficient, below: Coefficient) -> tuple[Coefficient, Coefficient]:
    """Two numbers in lowest terms where both are whole; a fraction above the bar stays one where it stands alone."""
    if above == below:
        return 1, 1
    if isinstance(above, Decimal) or isinstance(below, Decimal):
        return above, below
    reduced = Fraction(above) / Fraction(below)
    return (reduced, 1) if isinstance(above, Fraction) and below == 1 else (reduced.numerator, reduced.denominator)


def multiplied(number: Coefficient, factors: Factors) -> Formula:
    """A number times factors."""
    ordered = sorted(factors.items(), key=lambda item: rank(item[0]))
    written = [Constant(number)] if number != 1 else []
    all_factors = (*written, *(raised(base, count) for base, count in ordered))
    if not all_factors:
        return ONE
    return all_factors[0] if len(all_factors) == 1 else Product(all_factors)


def rank(factor: Formula) -> int:
    """Where a factor stands in a product: parameters, then z, then all else in the order it came."""
    return (1 if factor.name == "z" else 0) if isinstance(factor, Letter) else 2


def raised(base: Formula, count: int) -> Formula:
    """base ** count, of e^u the exponent multiplied"""
    if count == 1:
        return base
    if isinstance(base, Exponential):
        return Exponential(product(Constant(count), base.exponent))
    return Power(base, count)


def collected(terms: tuple[Formula, ...]) -> Formula:
    """The sum of the terms, like ones collected."""
    like: dict[frozenset[tuple[Formula, int]], tuple[Coefficient, Coefficient, Factors]] = {}
    for term in terms:
        for piece in flat(term):
            above, below, factors = split(piece)
            key = frozenset(factors.items())
            more = like.get(key, (0, 1, factors))
            like[key] = (*added((above, below), more[:2]), more[2])
    kept = [scaled(*each) for each in like.values() if each[0]]
    if not kept:
        return ZERO
    return kept[0] if len(kept) == 1 else Sum(tuple(kept))


def flat(term: Formula) -> Iterator[Formula]:
    """The terms of a sum and of the sums within it, each with its sign."""
    match term:
        case Sum(terms):
            for inner in terms:
                yield from flat(inner)
        case Negation(Sum(terms)):
            for inner in terms:
                yield from flat(negation(inner))
        case _:
            yield term


def multiplied_out(term: Formula) -> Iterator[Formula]:
    """A product that has one sum among its factors, term by term; all else as it is."""
    above, below, factors = split(term)
    sums = [factor for factor, count in factors.items() if isinstance(factor, Sum) and count == 1]
    if len(sums) != 1 or below != 1 or min(factors.values()) < 0:
        yield term
        return
    rest = scaled(above, below, {factor: count for factor, count in factors.items() if factor != sums[0]})
    for inner in flat(sums[0]):
        yield product(rest, inner)


def size(formula: Formula) -> int:
    """How many nodes a formula has."""
    return 1 + sum(map(size, parts(formula)))


def size_of(number: Coefficient) -> Coefficient:
    """|number|, to the last digit"""
    if isinstance(number, Decimal):
        return number.copy_abs()
    return -number if number < 0 else number


def times(left: Coefficient, right: Coefficient) -> Coefficient:
    """The product of two numbers, exactly; a decimal keeps its zeros."""
    if isinstance(left, Fraction) or isinstance(right, Fraction):
        return Fraction(left) * Fraction(right)
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return EXACT.multiply(Decimal(left), Decimal(right))
    return left * right


def to_the(number: Coefficient, exponent: int) -> Coefficient:
    """A whole power of a number, exactly."""
    result: Coefficient = 1
    for _ in range(exponent):
        result = times(result, number)
    return result


def added(
    left: tuple[Coefficient, Coefficient], right: tuple[Coefficient, Coefficient]
) -> tuple[Coefficient, Coefficient]:
    """The sum of two numbers, each one over another, exactly."""
    if left[1] == right[1]:
        return plus(left[0], right[0]), left[1]
    return plus(times(left[0], right[1]), times(right[0], left[1])), times(left[1], right[1])


def plus(left: Coefficient, right: Coefficient) -> Coefficient:
    """The sum of two numbers, exactly."""
    if isinstance(left, Fraction) or isinstance(right, Fraction):
        return Fraction(left) + Fraction(right)
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return EXACT.add(Decimal(left), Decimal(right))
    return left + right
