"""A unit that stands alone in an exercise: its activation, and its net input or its output, whichever is given."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from explainer.maths.activations import ACTIVATIONS
from explainer.maths.formula import quantities
from explainer.maths.losses import LOSSES
from explainer.maths.quantity import Quantity
from explainer.problem.faults import Fault
from explainer.problem.model import Function
from explainer.problem.read import function, number
from explainer.problem.schema import NUMBER, Schema, activation_schema, choice
from explainer.problem.sizes import activation_faults

Table = Mapping[str, Any]

USUAL_LOSS = "half-squared-error"


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


def loss_field() -> dict[str, Schema]:
    """The loss, as a field of the whole problem."""
    any_targets = [name for name, family in LOSSES.items() if family.suits == "any"]
    return {"loss": choice("The error that is made smaller.", any_targets, USUAL_LOSS)}


def given_unit(data: Table) -> GivenUnit:
    """The unit of a valid table."""
    net, output, target = (number(data[key]) if key in data else None for key in ("net", "output", "target"))
    return GivenUnit(activation_of(data), net, output, target)


def activation_of(data: Table) -> Function:
    """The activation of a table, a sigmoid where it states none."""
    return function(data.get("activation", "sigmoid"))


def unit_faults(data: Table, place: str) -> Iterator[Fault]:
    """Where the fields of a unit do not fit together."""
    yield from activation_faults(data.get("activation"), f"{place}.activation")
    found = data.keys() & {"net", "output"}
    if len(found) == 2:
        yield Fault(place, "found net and output, expected one of them")
    elif not found:
        yield Fault(place, "missing net or output, expected one of them")
    elif found == {"output"} and needs_net(data.get("activation", "sigmoid")):
        yield Fault(f"{place}.output", "this activation's derivative is not a formula in the output; give net instead")


def needs_net(activation: Any) -> bool:
    """Whether the derivative of an activation can only be worked out from the net input."""
    given = activation if isinstance(activation, Mapping) else {"name": activation}
    name = given.get("name")
    family = ACTIVATIONS.get(name) if isinstance(name, str) else None
    if family is None:
        return False
    net, output = Quantity("net"), Quantity("output")
    return net in quantities(family.make(**family.defaults).derivative(net, output))
