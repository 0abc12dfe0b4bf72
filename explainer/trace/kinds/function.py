"""The equations of a function at given points: its value and its derivative."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from explainer.maths.arithmetic import PRINTED
from explainer.maths.differentiation import VARIABLE
from explainer.maths.formula import Call, Formula
from explainer.maths.functions import FUNCTIONS
from explainer.maths.numerals import as_written
from explainer.maths.quantity import Quantity
from explainer.problem.faults import fault
from explainer.problem.kinds.function import Points
from explainer.problem.model import Problem
from explainer.trace.derive import Equation, activation
from explainer.trace.domain import singularities
from explainer.trace.kinds import Kind
from explainer.trace.names import Applied, Name, Names, Symbol
from explainer.trace.unit import spelled

NAMELESS = "f"
"""What a function is called that has no name of its own."""


class PointNames(Names):
    """Names of the values of a function: σ(2), σ′(2)."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.convention, ())
        self.points: Mapping[int, Decimal] = dict(enumerate(problem.of(Points).points, 1))
        self.function = problem.of(Points).function
        self.sign = sign(problem)

    def new_name(self, quantity: Quantity) -> Name:
        """The function at its point; a net input by its number, without a layer, or as an own formula calls it, z."""
        if quantity.role not in ("output", "slope") or quantity.sample not in self.points:
            symbol = self.symbol(quantity)
            is_variable = quantity.role == "net" and self.function.own is not None
            return Symbol(VARIABLE if is_variable else symbol.base, symbol.below)
        prime = "′" if quantity.role == "slope" else ""
        return Applied(self.sign + prime, argument=as_written(self.points[int(quantity.sample)]))


def sign(problem: Problem) -> str:
    """What the function is called."""
    function = problem.of(Points).function
    if function.own is not None:
        return function.own.sign
    value = activation(function).value(Quantity("net"))
    return FUNCTIONS[value.function].sign if isinstance(value, Call) else NAMELESS


def net(point: int) -> Quantity:
    """A point, by its number from 1."""
    return Quantity("net", sample=point)


def output(point: int) -> Quantity:
    """The value at a point."""
    return Quantity("output", sample=point)


def slope(point: int) -> Quantity:
    """The derivative at a point."""
    return Quantity("slope", sample=point)


def curve(problem: Problem) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    """Each point of the curve with the value and the derivative there, nothing rounded.

    Raises:
        ProblemError: the function has no value at one of them.
    """
    task = problem.of(Points)
    function = activation(task.function)
    for point in task.curve:
        values = {NET: point}
        values[OUTPUT] = defined(problem, function.value(NET), values)
        yield point, values[OUTPUT], defined(problem, function.derivative(NET, OUTPUT), values)


NET, OUTPUT = Quantity("net"), Quantity("output")
"""Any point, and the value there."""


def defined(problem: Problem, formula: Formula, values: Mapping[Quantity, Decimal]) -> Decimal:
    """The value of a formula at a point, which has to have one."""
    try:
        found = Decimal(PRINTED.evaluate(formula, values.__getitem__, ""))
    except ArithmeticError:
        found = Decimal("NaN")
    if not found.is_finite():
        what, _ = next(singularities(formula, values.__getitem__), ("a number beyond range", NET))
        message = f"{what} at {VARIABLE} = {values[NET]:f}; {sign(problem)} has no value there"
        raise fault("function.curve", message)
    return found


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The points."""
    for index, point in enumerate(problem.of(Points).points, 1):
        yield net(index), point


def derive(problem: Problem) -> Iterator[Equation]:
    """The value and the derivative at each point; first it is seen that the curve has values."""
    task = problem.of(Points)
    tuple(curve(problem))
    function = activation(task.function)
    for point in range(1, len(task.points) + 1):
        written = function.definition(net(point)) if function.definition else None
        yield Equation(output(point), function.value(net(point)), "value", "forward", written)
        steep = [form.derivative(net(point), output(point)) for form in function.forms]
        yield Equation(slope(point), steep[0], "slope", "backward", spelled(steep))


KIND = Kind(given, derive, PointNames)
