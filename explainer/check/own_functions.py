"""The derivative of each function that a problem defines, against SymPy's. Imports SymPy where there is one."""

from decimal import Decimal

from explainer.check.findings import Finding
from explainer.maths.own_function import OwnFunction
from explainer.problem.own_functions import functions
from explainer.trace.trace import Trace

POINTS = ("-3.7", "-1.3", "-0.6", "0.2", "0.9", "2.4")
AGREED = Decimal("1e-25")
DIGITS = 34


def own_functions(trace: Trace) -> Finding | None:
    """The lines of each derivative, and the form that the problem gives it; None where the problem defines none."""
    found = {each.sign: each for each in functions(trace.problem.data).values()}
    if not found:
        return None
    wrong = [line for function in found.values() for line in faults(function)]
    return Finding("own functions", len(found) - len(wrong), tuple(wrong))


def faults(function: OwnFunction) -> list[str]:
    """Where a derivative is not SymPy's, at points where both have a value."""
    import sympy

    from explainer.maths.symbolic import expression

    z = sympy.Symbol("z", real=True)
    numbers = {sympy.Symbol(name, real=True): sympy.Rational(str(it)) for name, it in function.parameters.items()}
    whole = expression(function.formula, no_quantity).subs(numbers)
    right = sympy.diff(whole, z)
    lines = [*function.derivative.lines, *([function.display] if function.display else [])]
    wrong = []
    for line in lines:
        given = expression(line, no_quantity).subs(numbers).subs(sympy.Symbol("o", real=True), whole)
        for point in map(sympy.Rational, POINTS):
            gap, size = (sympy.N(each.subs(z, point).doit(), DIGITS) for each in (given - right, right))
            if gap.is_real and size.is_real and abs(gap) > AGREED * max(1, abs(size)):
                wrong.append(f"{function.sign}′ at z = {point}: off SymPy's derivative by {float(gap):.3g}")
                break
    return wrong


def no_quantity(quantity: object) -> object:
    """A function refers to letters only."""
    raise TypeError(f"the formula of a function refers to {quantity!r}")
