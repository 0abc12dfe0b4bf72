"""How much double precision leaves in doubt: a bound for the rounding of every operation, carried from step to step.

Where two numbers nearly cancel, as in 1 − o for an output close to 1, few digits are left, and all that follows from
them is as uncertain  [Higham, Accuracy and Stability of Numerical Algorithms, §3.3: running error analysis].
"""

from decimal import Context, Decimal, localcontext
from functools import lru_cache
from itertools import product
from math import prod

from explainer.maths.arithmetic import PRINTED
from explainer.maths.formula import Constant, Formula, Negation, Number, Product, Quotient, Sum, parts
from explainer.maths.numerals import CONTEXT
from explainer.maths.quantity import Quantity
from explainer.trace.differences import Exact, worked_exactly
from explainer.trace.trace import Trace

UNIT = Decimal(2) ** -52
"""The relative error of one operation, with a factor of two to spare."""

OF_FUNCTION = 8 * UNIT
"""That of a function of a library, which takes several."""

Doubtful = tuple[Decimal, Decimal]
"""A value, and how far double precision may be from it."""


@lru_cache(maxsize=2)
def doubts(trace: Trace) -> Exact:
    """How far the value that double precision carries may be from the exact one, for every quantity of a trace."""
    values = worked_exactly(trace, trace.given)
    found: Exact = {quantity: abs(number) * UNIT for quantity, number in trace.given.items()}
    with localcontext(Context(prec=CONTEXT.prec, Emax=CONTEXT.Emax, Emin=CONTEXT.Emin, traps=[])):
        for step in trace:
            found[step.quantity] = Decimal(0) if step.put_in else doubtful(step.equation.formula, values, found)[1]
    return found


def doubtful(formula: Formula, values: Exact, found: Exact) -> Doubtful:
    """The value of a formula, and how far off it may be."""
    match formula:
        case Quantity():
            return values[formula], found[formula]
        case Number() | Constant():
            above, below = PRINTED.evaluate(formula, values.__getitem__, "").as_integer_ratio()
            value = Decimal(above) / Decimal(below)
            return value, abs(value) * UNIT
    inner = [doubtful(part, values, found) for part in parts(formula)]
    sizes = [abs(value) for value, _ in inner]
    most = [size + doubt for size, (_, doubt) in zip(sizes, inner, strict=True)]
    value = Decimal(PRINTED.apply(formula, [each for each, _ in inner]))
    match formula:
        case Negation():
            return value, inner[0][1]
        case Sum():
            return value, sum((doubt for _, doubt in inner), Decimal(0)) + len(inner) * UNIT * sum(most)
        case Product():
            return value, prod(most) * (1 + len(inner) * UNIT) - prod(sizes)
        case Quotient():
            least = sizes[1] - inner[1][1]
            return value, most[0] / least * (1 + UNIT) - sizes[0] / sizes[1] if least > 0 else Decimal("Infinity")
    ends = product(*((each - doubt, each + doubt) for each, doubt in inner))
    moved = max(abs(Decimal(PRINTED.apply(formula, list(end))) - value) for end in ends)
    return value, moved + OF_FUNCTION * (abs(value) + moved)
