"""The net input and the output of one neuron."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from explainer.problem.faults import Fault, counted
from explainer.problem.kinds import Kind
from explainer.problem.model import Function, Task
from explainer.problem.own_functions import functions
from explainer.problem.read import number, row
from explainer.problem.schema import NUMBER, Schema, activation_schema, array, functions_schema, table
from explainer.problem.sizes import count, count_faults, part
from explainer.problem.unit import activation_of
from explainer.problem.unit_faults import function_faults


class Neuron(Task, frozen=True):
    """What comes into a neuron, with which weights, its bias or None, and its activation."""

    inputs: tuple[Decimal, ...]
    weights: tuple[Decimal, ...]
    bias: Decimal | None
    function: Function

    @property
    def sizes(self) -> tuple[int, ...]:
        """So many inputs, and one unit."""
        return (len(self.inputs), 1)


def fields() -> dict[str, Schema]:
    """The neuron."""
    return {
        "unit": table(
            "The neuron.",
            ["inputs", "weights"],
            inputs=array("What comes in.", NUMBER, minItems=1, maxItems=MOST),
            weights=array("One weight for each input.", NUMBER, minItems=1, maxItems=MOST),
            bias={**NUMBER, "description": "The bias; left out, there is none."},
            activation=activation_schema("The activation function of the neuron."),
        ),
        "functions": functions_schema(),
    }


MOST = 1000
"""The most inputs of a neuron."""


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """As many weights as inputs, and an activation that has these parameters."""
    unit = part(data, "unit")
    inputs = count(unit, "inputs")
    there = f"there {'is' if inputs == 1 else 'are'} {counted(inputs or 0, 'input')}"
    yield from count_faults("unit.weights", count(unit, "weights"), "weight", inputs, there)
    yield from function_faults(data, "unit")


def task(data: Mapping[str, Any]) -> Neuron:
    """The task of a valid table."""
    unit = data["unit"]
    bias = number(unit["bias"]) if "bias" in unit else None
    return Neuron(row(unit["inputs"]), row(unit["weights"]), bias, activation_of(unit, functions(data), "unit"))


KIND = Kind("One neuron whose net input and output are worked out.", fields, ("unit",), task, faults)
