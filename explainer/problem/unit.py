"""Units that stand alone in an exercise: their activation, their net input or output, and the loss behind them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from explainer.maths.formula import quantities
from explainer.maths.losses import LOSSES, Loss
from explainer.maths.parameters import Chosen
from explainer.maths.quantity import Quantity
from explainer.problem.families import named
from explainer.problem.model import Function
from explainer.problem.own_functions import Functions, own_of
from explainer.problem.read import function, number
from explainer.problem.schema import NUMBER, Schema, activation_schema, array, loss_schema

Table = Mapping[str, Any]

USUAL_LOSS = "half-squared-error"

GIVEN = ("net", "output", "target")
"""What is given of a unit, by a number; of all units of a softmax layer, by a list for each."""


class Measure(Struct, frozen=True):
    """The loss that a problem names, with its parameters."""

    name: str
    parameters: Mapping[str, Chosen]

    @property
    def loss(self) -> Loss:
        """The loss."""
        return LOSSES[self.name].make(**self.parameters)


class GivenUnit(Struct, frozen=True):
    """A unit of which the `net` input or the `output` is given, and of an output unit the `target`."""

    function: Function
    net: Decimal | None
    output: Decimal | None
    target: Decimal | None


def unit_fields() -> dict[str, Schema]:
    """The fields of a unit: its activation, and its net input or output."""
    return {
        "activation": activation_schema("The activation function of the unit."),
        "net": {**NUMBER, "description": "The net input of the unit; its output is then worked out."},
        "output": {**NUMBER, "description": "The output of the unit, in place of its net input."},
    }


def target_field() -> dict[str, Schema]:
    """The field of an output unit that others have not."""
    return {"target": {**NUMBER, "description": "What the output should be."}}


def or_lists(fields: Mapping[str, Schema]) -> dict[str, Schema]:
    """The same fields, each number of a unit also as a list with one for each unit of a softmax layer."""
    return {key: or_list(schema) if key in GIVEN else schema for key, schema in fields.items()}


def or_list(schema: Schema) -> Schema:
    """A number, or a list of such numbers."""
    words = f"{schema['description']} With softmax a list: one for each unit of the layer."
    return {
        "description": words,
        "if": {"type": "array"},
        "then": array(words, NUMBER, minItems=2, maxItems=MOST),
        "else": NUMBER,
    }


MOST = 100
"""The most units of a softmax layer."""


def loss_field() -> dict[str, Schema]:
    """The loss, as a field of the whole problem."""
    return {"loss": loss_schema()}


def measure(data: Table) -> Measure:
    """The loss of a valid table."""
    return Measure(*named(data.get("loss", USUAL_LOSS), LOSSES))


def given_unit(data: Table, functions: Functions, place: str) -> GivenUnit:
    """The unit of a valid table."""
    net, output, target = (number(data[key]) if key in data else None for key in GIVEN)
    return GivenUnit(activation_of(data, functions, place), net, output, target)


def given_units(data: Table, functions: Functions, place: str) -> tuple[GivenUnit, ...]:
    """The units of a valid table: one, or where lists are given one for each of their numbers."""
    lists = {key: data[key] for key in GIVEN if isinstance(data.get(key), Sequence)}
    if not lists:
        return (given_unit(data, functions, place),)
    singles = (dict(zip(lists, numbers, strict=True)) for numbers in zip(*lists.values(), strict=True))
    return tuple(given_unit({**data, **single}, functions, place) for single in singles)


def activation_of(data: Table, functions: Functions, place: str) -> Function:
    """The activation of the table at a place, a sigmoid where it states none."""
    given = data.get("activation", "sigmoid")
    own = own_of(functions, given, f"{place}.activation")
    return function(given) if own is None else Function("", {}, own)


def needs_net(function: Function) -> bool:
    """Whether the derivative of an activation can only be worked out from the net input."""
    net, output = Quantity("net"), Quantity("output")
    return net in quantities(function.formulas.forms[-1].derivative(net, output))
