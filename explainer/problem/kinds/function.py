"""An activation function and its derivative at given points."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from explainer.maths.numerals import CONTEXT, trimmed, unit
from explainer.problem.combinations import slope_faults
from explainer.problem.faults import Fault
from explainer.problem.kinds import Kind
from explainer.problem.model import Derivation, Function, Task
from explainer.problem.own_functions import functions
from explainer.problem.read import number, row
from explainer.problem.schema import NUMBER, Schema, activation_schema, array, functions_schema, table
from explainer.problem.sizes import part
from explainer.problem.unit import activation_of
from explainer.problem.unit_faults import function_faults


class Points(Task, frozen=True):
    """An activation function, the points to work it out at, and those of a curve."""

    function: Function
    points: tuple[Decimal, ...]
    curve: tuple[Decimal, ...]

    @property
    def derived(self) -> Derivation:
        """The function, of which the slope is derived."""
        return Derivation("half-squared-error", {}, self.function, (), biased=False)


def fields() -> dict[str, Schema]:
    """The function."""
    curve = table(
        "Evenly spaced points, for drawing the curve.",
        ["from", "to", "points"],
        **{
            "from": {**NUMBER, "description": "The first point."},
            "to": {**NUMBER, "description": "The last point."},
            "points": {"type": "integer", "minimum": 2, "maximum": MOST, "description": "How many points."},
        },
    )
    return {
        "function": table(
            "The function.",
            ["points"],
            activation=activation_schema("The activation function."),
            points=array("Where the function and its derivative are worked out.", NUMBER, minItems=1, maxItems=MOST),
            curve=curve,
        ),
        "functions": functions_schema(),
    }


MOST = 200
"""The most points, and the most points of a curve."""

PLACES = 6
"""The decimals of the points of a curve, where they have no end."""


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """An activation that has these parameters, and a curve that runs from left to right."""
    given = part(data, "function")
    yield from function_faults(data, "function")
    if part(data, "presentation").get("derivation") is True:
        yield from slope_faults(given.get("activation"), "function.activation")
    start, end = (part(given, "curve").get(key) for key in ("from", "to"))
    if isinstance(start, int | Decimal) and isinstance(end, int | Decimal) and start >= end:
        yield Fault("function.curve.to", f"found {end}, expected more than {start}, where the curve starts")


def task(data: Mapping[str, Any]) -> Points:
    """The task of a valid table."""
    given = data["function"]
    curve = tuple(spaced(given["curve"])) if "curve" in given else ()
    return Points(activation_of(given, functions(data), "function"), tuple(dict.fromkeys(row(given["points"]))), curve)


def spaced(curve: Mapping[str, Any]) -> Iterator[Decimal]:
    """Evenly spaced points from one end of a curve to the other."""
    start, end, last = number(curve["from"]), number(curve["to"]), curve["points"] - 1
    for index in range(last + 1):
        way = CONTEXT.divide(CONTEXT.multiply(CONTEXT.subtract(end, start), index), last)
        yield trimmed(CONTEXT.quantize(CONTEXT.add(start, way), unit(PLACES)))


KIND = Kind("A function, worked out with its derivative at given points.", fields, ("function",), task, faults)
