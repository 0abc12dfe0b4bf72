"""The page of a function at given points: worked, and as a table."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import repeat

from explainer.explain.document import Block, Derivation, Derivations, Inlines, Math, Section, Table, Term
from explainer.explain.exercise import exercise
from explainer.explain.given import named_within
from explainer.explain.own_functions import derived, own_definition
from explainer.explain.reading import Reading
from explainer.explain.working import Line
from explainer.maths.activations import ACTIVATIONS
from explainer.maths.formula import Call, Formula, Named, Number, SlopeOf, quantities
from explainer.maths.functions import FUNCTIONS
from explainer.maths.numerals import as_written
from explainer.maths.quantity import Phase, Quantity, Role
from explainer.problem.kinds.function import Points
from explainer.trace.derive import activation
from explainer.trace.kinds.function import NAMELESS, curve, output, slope
from explainer.trace.kinds.function import NET as POINT
from explainer.trace.kinds.function import OUTPUT as VALUE
from explainer.trace.names import Applied
from explainer.trace.trace import Step

Row = tuple[Inlines, ...]
"""A row of a table."""


def notation(reading: Reading) -> Iterator[tuple[Formula, Inlines]]:
    """The point, the function and its derivative, and the letter for its value, where the derivative needs it."""
    prose, task = reading.prose, reading.trace.problem.of(Points)
    yield POINT, prose("notation.point")
    yield value_at(task), prose("notation.value")
    yield slope_at(task), prose("notation.slope_of_function", net=reading.letters(POINT))
    if VALUE in quantities(derivative_sides(task)[-1]):
        yield VALUE, prose("notation.short_for", value=reading.letters(value_at(task)))


def value_at(task: Points) -> Formula:
    """The function at any point, by its name: σ(net), or f(net) of one that has none"""
    found = activation(task.function).value(POINT)
    return found if isinstance(found, Call | Named) else Named(NAMELESS, (POINT,), found)


def slope_at(task: Points) -> Formula:
    """Its derivative, by its name: σ′(net)"""
    found = activation(task.function).derivative(POINT, VALUE)
    if isinstance(found, Named) or (isinstance(found, Call) and found.function.endswith("'")):
        return found
    named = value_at(task)
    return SlopeOf(named) if isinstance(named, Call) else Named(f"{NAMELESS}′", (POINT,), found)


def derivative_sides(task: Points) -> tuple[Formula, ...]:
    """The derivative as a formula, and where that is only its name, what it stands for."""
    function = activation(task.function)
    found = function.derivative(POINT, VALUE)
    written = (function.slope(POINT, VALUE),) if function.slope else ()
    return written if written and found == slope_at(task) else (found, *written)


def given(reading: Reading) -> Iterator[Inlines]:
    """The function, its derivative and the points."""
    task = reading.trace.problem.of(Points)
    if task.function.own is not None:
        yield reading.prose("exercise.own_function", function=own_definition(reading, task.function.own))
    else:
        yield from named_function(reading, task)
    yield from kinks(reading)
    points: list[Inlines] = [(written(reading, point),) for point in worked_points(reading)]
    if points and not reading.in_letters:
        yield reading.prose.counted(
            "exercise.one_point", "exercise.points", len(points), list=reading.prose.enumerated(points)
        )


def named_function(reading: Reading, task: Points) -> Iterator[Inlines]:
    """A function of the registry and its derivative, and what else is named in them."""
    function, label = activation(task.function), ACTIVATIONS[task.function.activation].label
    stated = value_at(task), function.definition(POINT) if function.definition else function.value(POINT)
    yield reading.prose("exercise.function", function=reading.letters(*stated), name=label)
    told = list(named_within(reading, stated[-1], POINT))
    yield from told
    sides = derivative_sides(task)
    yield reading.prose("exercise.derivative", derivative=reading.letters(slope_at(task), *sides))
    yield from (each for each in named_within(reading, sides[-1], POINT) if each not in told)


def kinks(reading: Reading) -> Iterator[Inlines]:
    """What is taken for the derivative at a point where there is none."""
    task, index = reading.trace.problem.of(Points), reading.trace.index
    for point in worked_points(reading):
        if (
            task.points[point - 1] in activation(task.function).kinks
            and slope(point) in index
            and not reading.in_letters
        ):
            yield reading.prose("exercise.kink", point=written(reading, point), slope=reading.number(slope(point)))


def number(reading: Reading, point: int) -> Number:
    """A point as it is given; a slice needs it even where the derivative is the same everywhere."""
    value = reading.trace.problem.of(Points).points[point - 1]
    return Number(value, as_written(value))


def written(reading: Reading, point: int) -> Math:
    """A point within a line."""
    return Math((Term("", number(reading, point), reading.trace.numeral),))


def worked_points(reading: Reading) -> list[int]:
    """The numbers of the points to be worked out, of a slice those that it needs."""
    points = range(1, len(reading.trace.problem.of(Points).points) + 1)
    wanted = {step.quantity.sample for step in reading.trace} if reading.trace.wanted else set(points)
    return [point for point in points if point in wanted]


def solution(reading: Reading) -> Iterator[Block]:
    """Each point under its own heading."""
    own = reading.trace.problem.of(Points).function.own
    blocks: list[Block] = [] if own is None else list(derived(reading, own))
    blocks += [] if reading.in_letters else [at(reading, point) for point in worked_points(reading)]
    if blocks:
        yield reading.heading("solution", 2, blocks)


def at(reading: Reading, point: int) -> Section:
    """The value and the derivative at a point."""
    index = reading.trace.index
    steps = [index[quantity] for quantity in (output(point), slope(point)) if quantity in index]
    heading = Math((Term("", POINT, reading.trace.names), Term("=", number(reading, point), reading.trace.numeral)))
    return reading.heading(
        "at_point", 3, [Derivations(tuple(worked(reading, step) for step in steps))], point=(heading,)
    )


def worked(reading: Reading, step: Step) -> Derivation:
    """The working of a value or a derivative: its name tells the point, so that the numbers are put in at once."""
    working, names = reading.working, reading.trace.names
    if step.put_in:
        return working.derivation(step)
    letters, lines = working.chosen(step)
    named = ({each.role for each in quantities(formula)} for formula in letters)
    shown = [formula for formula, roles in zip(letters, named, strict=True) if roles and "net" not in roles]
    lines = [line for line in lines if not repeats(reading, step, line)]
    first, *others = working.numbers(step, letters[-1], lines)
    if shown and is_rounded(reading, step):
        first = Term(working.rounding_sign, first.formula, first.lens)
    return Derivation(
        (Term("", step.quantity, names), *(Term("=", formula, names) for formula in shown), first, *others)
    )


def is_rounded(reading: Reading, step: Step) -> bool:
    """Whether a value that is put in for σ(2) is not all of it."""
    index = reading.trace.index
    put_in = [index[each] for each in quantities(step.equation.formula) if each in index]
    return any(term.relation == "≈" for value in put_in for term in worked(reading, value).terms)


def repeats(reading: Reading, step: Step, line: Line) -> bool:
    """Whether a line prints what the step is called: σ(2)."""
    formula = line.formula
    if not isinstance(formula, Call) or not isinstance(formula.arguments[0], Quantity):
        return False
    name = reading.trace.names(step.quantity)
    return isinstance(name, Applied) and FUNCTIONS[formula.function].sign == name.base


def tables(reading: Reading) -> Iterator[Block]:
    """The points in a table, and those of the curve in another."""
    task = reading.trace.problem.of(Points)
    if len(task.points) > 1:
        yield reading.heading("values", 2, [table(reading, map(worked_row, repeat(reading), worked_points(reading)))])
    if task.curve:
        rows = table(reading, (curve_row(reading, *each) for each in curve(reading.trace.problem)))
        yield reading.heading("curve", 2, [reading.say("exercise.full_precision"), rows])


def table(reading: Reading, rows: Iterator[Row]) -> Table:
    """Point, value and derivative."""
    head = ((reading.letters(POINT),), reading.prose("exercise.value_head"), reading.prose("exercise.derivative_head"))
    return Table(head, tuple(rows))


def worked_row(reading: Reading, point: int) -> Row:
    """A point with the value and the derivative that were worked out."""
    return (written(reading, point),), (reading.figure(output(point)),), (reading.figure(slope(point)),)


def curve_row(reading: Reading, point: Decimal, value: Decimal, slope: Decimal) -> Row:
    """A point of the curve with the value and the derivative there, rounded only now."""
    ends = (rounded(reading, value, "output", "forward"), rounded(reading, slope, "slope", "backward"))
    return tuple(
        (Math((Term("", number, reading.trace.numeral),)),) for number in (Number(point, as_written(point)), *ends)
    )


def rounded(reading: Reading, value: Decimal, role: Role, phase: Phase) -> Number:
    """A value as a role is rounded in a phase, with its trailing zeros."""
    arithmetic = reading.trace.arithmetic
    rounding = arithmetic.rounding(role, phase)
    settled = arithmetic.settle(arithmetic.given(value), rounding)
    return Number(settled, reading.padded(arithmetic.numeral(settled, rounding), role, phase))


def remarks(reading: Reading) -> Iterator[Inlines]:
    """Where the derivative is largest."""
    points = range(1, len(reading.trace.problem.of(Points).points) + 1)
    values = [reading.trace.value(slope(point)) for point in points]
    if len(values) > 1 and values.count(max(values)) == 1:
        steepest = values.index(max(values)) + 1
        yield reading.prose("exercise.steepest", point=written(reading, steepest), slope=reading.value(slope(steepest)))


KIND = exercise("function", symbols=notation, given=given, solution=solution, further=(tables,), remarks=remarks)
