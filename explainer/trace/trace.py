"""The trace: every quantity of a problem with its value, in the order they are worked out."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar

from msgspec import Struct

from explainer.maths.arithmetic import Arithmetic, Places, Value
from explainer.maths.arithmetics import ARITHMETICS
from explainer.maths.exact import fraction, is_readable
from explainer.maths.formula import Call, Formula, Number
from explainer.maths.numerals import Numeral, Rounding, as_written
from explainer.maths.quantity import PHASES, Phase, Quantity, Role
from explainer.maths.reduction import Reduction
from explainer.problem.faults import Fault, ProblemError, every, fault
from explainer.problem.model import Numbers, Problem
from explainer.trace.connections import Connections
from explainer.trace.derive import Equation
from explainer.trace.domain import reason
from explainer.trace.finder import Finder
from explainer.trace.kinds import kind_of_equations
from explainer.trace.names import Names, Slope, Symbol, clashes

if TYPE_CHECKING:
    import sympy

LARGEST = 10**12
"""The size of the largest number that may be given or put in."""

NO_VALUES = "cannot be put in: in letters no quantity has a value"

GUARD_DIGITS = 2
"""By hand, sub-results keep so many places more than results."""


class Step(Struct, frozen=True, gc=False):
    """One equation with the value that was worked out for it, None in letters; `put_in` if given from outside."""

    equation: Equation
    value: Value
    names: Names
    put_in: bool = False

    @property
    def name(self) -> str:
        """The name of the quantity, typed plainly: delta_5, w_14_new."""
        return self.names.typed(self.quantity)

    @property
    def expression(self) -> "sympy.Expr":
        """The formula as a SymPy expression, its symbols called as quantities are typed."""
        import sympy

        from explainer.maths.symbolic import expression

        return expression(self.equation.formula, lambda it: sympy.Symbol(self.names.typed(it), real=True))

    @property
    def quantity(self) -> Quantity:
        """The quantity that the step defines."""
        return self.equation.quantity

    @property
    def phase(self) -> Phase:
        """The phase that the step belongs to."""
        return self.equation.phase


class Given(Struct, frozen=True):
    """A given quantity with its value."""

    quantity: Quantity
    value: Value
    names: Names

    @property
    def name(self) -> str:
        """The name of the quantity, typed plainly: w_14, x_1."""
        return self.names.typed(self.quantity)


class Trace:
    """The steps of one problem, indexed by name, iterated in order.

    `trace["delta_5"].value` is the value as carried: a `Decimal`, a `float` or a `Fraction`, as the arithmetic has it,
    and None in letters.
    """

    def __init__(
        self,
        problem: Problem,
        names: Names,
        arithmetic: Arithmetic,
        given: Mapping[Quantity, Decimal],
        steps: tuple[Step, ...],
        put_in: frozenset[Quantity] = frozenset(),
        wanted: tuple[Quantity, ...] = (),
        carried: Mapping[Quantity, Value] | None = None,
    ) -> None:
        self.problem = problem
        self.names = names
        self.arithmetic = arithmetic
        self.given = given
        self.steps = steps
        self.put_in = put_in
        """The quantities whose values were put in from outside."""
        self.wanted = wanted
        """The quantities that a slice was cut for; empty for a whole trace."""
        self.carried = carried or {}
        """The values of those given quantities that the step before has left."""

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, name: str | Quantity) -> "Step | Given":
        """The step of a quantity, or the quantity as given, by its name typed plainly or in Unicode.

        Raises:
            KeyError: no quantity has this name.
        """
        try:
            quantity = self.find(name) if isinstance(name, str) else name
        except ProblemError as error:
            raise KeyError(str(error)) from None
        step = self.index.get(quantity)
        return Given(quantity, self.value(quantity), self.names) if step is None else step

    @cached_property
    def numerals(self) -> dict[Quantity, Numeral]:
        """The numerals made so far."""
        return {}

    @cached_property
    def index(self) -> dict[Quantity, Step]:
        """Every step by its quantity."""
        return {step.quantity: step for step in self.steps}

    @cached_property
    def connections(self) -> Connections:
        """Which parameter stands at each place of the network."""
        return Connections(self.problem.network)

    @cached_property
    def phases(self) -> dict[Phase, list[Step]]:
        """The steps of each phase."""
        grouped: dict[Phase, list[Step]] = {phase: [] for phase in PHASES}
        for step in self.steps:
            grouped[step.phase].append(step)
        return grouped

    @cached_property
    def find(self) -> Finder:
        """Finds a quantity of this trace by name."""
        return Finder(self.names, [*self.given, *(step.quantity for step in self.steps)])

    def value(self, quantity: Quantity) -> Value:
        """The value carried for a quantity, given or worked out."""
        step = self.index.get(quantity)
        if step is not None:
            return step.value
        return self.carried[quantity] if quantity in self.carried else self.arithmetic.given(self.given[quantity])

    def numeral(self, quantity: Quantity) -> Numeral:
        """The numeral that prints a quantity. It is a lens: formulas are read through it as numbers."""
        found = self.numerals.get(quantity)
        if found is None:
            found = self.numerals[quantity] = self.new_numeral(quantity)
        return found

    def new_numeral(self, quantity: Quantity) -> Numeral:
        """The numeral of a quantity, made for the first time."""
        step = self.index.get(quantity)
        if step is None and quantity in self.carried:
            return self.arithmetic.numeral(self.carried[quantity], self.arithmetic.rounding(quantity.role, "update"))
        if step is None:
            return as_written(self.given[quantity])
        if step.put_in:
            return as_written(self.arithmetic.written(step.value))
        return self.arithmetic.numeral(step.value, self.rounding(step))

    @property
    def in_fractions(self) -> bool:
        """Whether values are put in as fractions, or by their names."""
        return self.arithmetic.in_fractions

    def figure(self, quantity: Quantity) -> Numeral | Symbol | Slope:
        """How a quantity looks where it is put into a formula: its numeral; exactly, a fraction or else its name."""
        if not self.in_fractions:
            return self.numeral(quantity)
        value = self.value(quantity)
        if is_readable(value):
            return fraction(value)
        as_given = quantity in self.given and quantity not in self.carried
        return self.numeral(quantity) if as_given else self.names(quantity)

    @property
    def has_values_put_in(self) -> bool:
        """Whether any value was put in from outside."""
        return bool(self.put_in)

    def rounding(self, step: Step) -> Rounding:
        """The rounding of a step's result."""
        return self.arithmetic.rounding(step.quantity.role, step.phase)

    def rounded_once(self, formula: Formula, phase: Phase) -> Value:
        """The value of a formula; that of |t − o| from a difference that is not written down, and so not rounded."""
        if not isinstance(formula, Call):
            return self.arithmetic.evaluate(formula, self.value, phase)
        inner = [self.arithmetic.evaluate(each, self.value, phase) for each in formula.arguments]
        return self.arithmetic.apply(formula, inner)

    def worked(self, formula: Formula, role: Role, phase: Phase) -> Number:
        """The value of a formula that has no step of its own, rounded as a role is in a phase."""
        rounding = self.arithmetic.rounding(role, phase)
        value = self.arithmetic.settle(self.rounded_once(formula, phase), rounding)
        return Number(value, self.arithmetic.numeral(value, rounding))

    def is_near(self, formula: Formula, step: Step) -> bool:
        """Whether a formula that a step equals still gives its value in the arithmetic, and has not lost its digits."""
        try:
            return self.arithmetic.is_near(self.arithmetic.evaluate(formula, self.value, step.phase), step.value)
        except ArithmeticError:
            return False

    def reduction(self, phase: Phase) -> Reduction:
        """The step-by-step reduction of formulas of a phase."""
        return Reduction(self.arithmetic, self.value, self.numeral, phase)

    def of(self, problem: Problem) -> Self:
        """The same steps as those of another problem, which differs from its own in what is told of them."""
        return type(self)(
            problem, self.names, self.arithmetic, self.given, self.steps, self.put_in, self.wanted, self.carried
        )

    def only(self, *names: str) -> Self:
        """The backward slice: the steps that these quantities need, and no others.

        Raises:
            ProblemError: there is no such quantity.
        """
        wanted = tuple(dict.fromkeys(self.find(name) for name in names))
        equations, given = needed(wanted, [step.equation for step in self.steps], self.given, self.put_in)
        steps = tuple(self.index[equation.quantity] for equation in equations)
        return type(self)(self.problem, self.names, self.arithmetic, given, steps, self.put_in, wanted, self.carried)


def needed(
    wanted: Iterable[Quantity],
    equations: Sequence[Equation],
    given: Mapping[Quantity, Decimal],
    put_in: Collection[Quantity],
) -> tuple[list[Equation], dict[Quantity, Decimal]]:
    """The equations that some quantities follow from, in order, and the given numbers that stand in them."""
    found, kept = set(wanted), []
    for equation in reversed(equations):
        if equation.quantity in found:
            kept.append(equation)
            found.update(() if equation.quantity in put_in else equation.refers_to)
    return kept[::-1], {quantity: number for quantity, number in given.items() if quantity in found}


Kind = TypeVar("Kind", bound=Trace)


def trace(problem: Problem, overrides: Mapping[str, Any] | None, kind: type[Kind], only: Collection[str] = ()) -> Kind:
    """Works out every equation of a problem, in order.

    Args:
        problem: what is given.
        overrides: values put in for quantities by name, such as {"o_4": "0.33"}; what follows from
            them is worked out with these.
        kind: the class of trace to make.
        only: the names of quantities; where there are any, only what they follow from is worked out.

    Raises:
        ProblemError: a name is that of no quantity, an override is no number, or a value leaves the range of numbers.
    """
    kind_of = kind_of_equations(problem.kind)
    names = kind_of.names(problem)
    arithmetic = arithmetic_of(problem)
    numbers = dict(kind_of.given(problem))
    equations: Sequence[Equation] = tuple(kind_of.derive(problem))
    if clashing := tuple(clashes(names, [*numbers, *(equation.quantity for equation in equations)])):
        raise ProblemError(clashing)
    if overrides and arithmetic.in_letters:
        raise ProblemError([Fault(name, NO_VALUES) for name in overrides])
    put_in = overridden(names, numbers, equations, overrides or {})
    numbers.update({quantity: number for quantity, number in put_in.items() if quantity in numbers})
    wanted: tuple[Quantity, ...] = ()
    if only:
        find = Finder(names, [*numbers, *(equation.quantity for equation in equations)])
        wanted = tuple(dict.fromkeys(every(find, only, "--only")))
        equations, numbers = needed(wanted, equations, numbers, put_in)
    steps = tuple(worked_out(equations, arithmetic, carried(arithmetic, numbers), put_in, names))
    return kind(problem, names, arithmetic, numbers, steps, frozenset(put_in), wanted)


def arithmetic_of(problem: Problem) -> Arithmetic:
    """The arithmetic that a problem is worked in, rounding as it asks for."""
    kind = ARITHMETICS[problem.numbers.arithmetic]
    return kind(places(problem.numbers), keep_zeros=problem.numbers.trailing_zeros)


def carried(arithmetic: Arithmetic, numbers: Mapping[Quantity, Decimal]) -> dict[Quantity, Value]:
    """Given numbers as the values that an arithmetic carries."""
    return {quantity: arithmetic.given(number) for quantity, number in numbers.items()}


def worked_out(
    equations: Iterable[Equation],
    arithmetic: Arithmetic,
    values: dict[Quantity, Value],
    put_in: Mapping[Quantity, Decimal],
    names: Names,
) -> Iterator[Step]:
    """The steps of the equations, each worked out from the `values` before it, to which its own is added."""
    look_up = values.__getitem__
    for equation in equations:
        quantity, phase = equation.quantity, equation.phase
        if quantity in put_in:
            step = Step(equation, arithmetic.given(put_in[quantity]), names, put_in=True)
        else:
            rounding = arithmetic.rounding(quantity.role, phase)
            try:
                value = arithmetic.work(equation.formula, equation.definition, rounding, look_up, phase)
            except (ArithmeticError, ValueError):  # beyond the range of a float, or of a function
                raise fault(names.typed(quantity), reason(equation.formula, look_up, names)) from None
            if not arithmetic.finite(value):
                raise fault(names.typed(quantity), reason(equation.formula, look_up, names))
            step = Step(equation, value, names)
        values[quantity] = step.value
        yield step


def places(numbers: Numbers) -> Places:
    """The rounding of every role and sub-result that a problem asks for."""
    guard = GUARD_DIGITS if numbers.arithmetic == "decimal" else 0
    return Places(numbers.rounding, numbers.rounding.widened(guard), dict(numbers.exceptions))


def overridden(
    names: Names,
    numbers: Mapping[Quantity, Decimal],
    equations: Sequence[Equation],
    overrides: Mapping[str, Any],
) -> dict[Quantity, Decimal]:
    """The values put in, by quantity."""
    if not overrides:
        return {}
    find = Finder(names, [*numbers, *(equation.quantity for equation in equations)])
    return {find(name): put_in(name, value) for name, value in overrides.items()}


def put_in(name: str, value: Any) -> Decimal:
    """A value put in, as a decimal."""
    try:
        number = Decimal(str(value).replace("−", "-"))
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite() or number.copy_abs() > LARGEST:
        raise ProblemError([Fault(name, f'found "{value}", expected a number within ±{LARGEST:.0e}')])
    return number
