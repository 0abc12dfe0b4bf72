"""The page of a hidden δ."""

from collections.abc import Iterator

from explainer.explain.document import Inlines
from explainer.explain.exercise import exercise, numbers
from explainer.explain.reading import Reading
from explainer.explain.unit import direction, function, loss, meaning
from explainer.maths.quantity import Quantity
from explainer.problem.kinds.hidden_delta import HiddenDelta
from explainer.problem.model import Function
from explainer.trace.kinds.hidden_delta import UNIT, fed
from explainer.trace.unit import HIDDEN, NEXT

DELTA = Quantity("delta", HIDDEN, UNIT)


def functions(reading: Reading) -> Iterator[Inlines]:
    """The activations, each said once, and the loss where an output δ is worked out."""
    task = reading.trace.problem.of(HiddenDelta)
    units = [(HIDDEN, UNIT, task.unit), *((NEXT, name, each.unit) for name, each in fed(task) if each.unit)]
    told: list[tuple[Function, bool]] = []
    for layer, name, unit in units:
        used = unit.net is not None
        shown = Quantity("delta", layer, name) in reading.trace.index
        if shown and (unit.function, used) not in told:
            told.append((unit.function, used))
            yield function(reading, unit.function, Quantity("net", layer, name), used=used)
    outputs = [step.quantity.unit for step in reading.trace if step.equation.law == "output_delta"]
    if outputs:
        measured = outputs[0] if len(outputs) == 1 else "k"
        yield reading.prose(
            "given.loss", what=reading.prose("given.whole_loss"), loss=loss(reading, task.loss, NEXT, measured)
        )


def remarks(reading: Reading) -> Iterator[Inlines]:
    """What the sign of δ says, and whether it is smaller than every δ that it comes from."""
    yield direction(reading, DELTA)
    value = reading.trace.value
    sources = [abs(value(Quantity("delta", NEXT, name))) for name, _ in fed(reading.trace.problem.of(HiddenDelta))]
    if 0 < abs(value(DELTA)) < min(sources):
        yield reading.prose("exercise.shrinks_one" if len(sources) == 1 else "exercise.shrinks")


def given(reading: Reading) -> Iterator[Inlines]:
    """The given numbers, told from the hidden unit."""
    deltas = [quantity for quantity in reading.trace.given if quantity.role == "delta"]
    fed_units = len(reading.trace.problem.of(HiddenDelta).downstream)
    told = "delta_onward" if len(deltas) == fed_units else "delta_partly"
    yield from numbers(reading, {"weight": "weight_onward", "delta": told})


def notes(reading: Reading) -> Iterator[Inlines]:
    """What a given δ stands for."""
    deltas = [quantity for quantity in reading.trace.given if quantity.role == "delta"]
    if deltas:
        yield from meaning(reading, deltas[0] if len(deltas) == 1 else Quantity("delta", NEXT, "k"))


KIND = exercise(
    "hidden_delta",
    given=given,
    functions=functions,
    notes=notes,
    remarks=remarks,
)
