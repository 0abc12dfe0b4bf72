"""Domains: why a formula has no value where it has none, said of the quantities that it comes from."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

from explainer.maths.arithmetic import PRINTED, Value
from explainer.maths.exact import decimal
from explainer.maths.formula import Call, Formula, Named, Quotient, parts, quantities, walk
from explainer.maths.quantity import CORRECTED, STATES, Quantity
from explainer.trace.names import Names

BEYOND = "its value is beyond the range of numbers; use smaller weights, inputs or a smaller learning rate"

NO_EPSILON = "give the optimizer an epsilon, such as 1e-8 (training.optimizer.epsilon)"

ROUNDED = "carry more digits (numbers.decimals), or use smaller weights"


def reason(formula: Formula, values: Callable[[Quantity], Value], names: Names) -> str:
    """Why a formula has no value: a logarithm of what is not positive, a division by 0, or a number beyond range."""
    for what, culprit in singularities(formula, values):
        found = dict.fromkeys(quantities(culprit))
        known = " and ".join(f"{names.typed(each)} is {as_decimal(values(each)).normalize():f}" for each in found)
        own = next((part.sign for part in walk(formula) if isinstance(part, Named)), None)
        optimized = any(each.role in STATES or each.role in CORRECTED for each in found)
        remedy = (
            f"{own} has no value there; change what goes in, or its formula"
            if own
            else NO_EPSILON
            if optimized
            else ROUNDED
        )
        return f"{what}, because {known}; {remedy}"
    return BEYOND


def singularities(formula: Formula, values: Callable[[Quantity], Value]) -> Iterator[tuple[str, Formula]]:
    """What within a formula has no value, and the part that makes it so."""
    for part in (formula.formula,) if isinstance(formula, Named) else parts(formula):
        yield from singularities(part, values)
    match formula:
        case Call("ln", (argument,)):
            value = exactly(argument, values)
            if value <= 0:
                yield f"the logarithm of {'0' if not value else 'a negative number'}", argument
        case Call("sqrt", (argument,)) if exactly(argument, values) < 0:
            yield "the square root of a negative number", argument
        case Quotient(_, denominator) if not exactly(denominator, values):
            yield "a division by 0", denominator


def exactly(formula: Formula, values: Callable[[Quantity], Value]) -> Decimal:
    """The value of a formula at the values carried; one beyond range counts as a 1."""
    value: Decimal = PRINTED.evaluate(formula, lambda quantity: as_decimal(values(quantity)), "")
    return value if value.is_finite() else Decimal(1)


def as_decimal(value: Value) -> Decimal:
    """A value as a decimal."""
    return decimal(value) if isinstance(value, Fraction) else Decimal(str(value))
