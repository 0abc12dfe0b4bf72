"""One neuron that learns from a table of samples, one after the other: one epoch."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from explainer.problem.faults import Fault, counted
from explainer.problem.kinds import Kind
from explainer.problem.model import Function, Sample, Task
from explainer.problem.own_functions import functions
from explainer.problem.read import number, row
from explainer.problem.schema import (
    NUMBER,
    Schema,
    activation_schema,
    array,
    choice,
    functions_schema,
    rate_schema,
    table,
)
from explainer.problem.sizes import count, count_faults, part, tables
from explainer.problem.unit import activation_of
from explainer.problem.unit_faults import function_faults

TRAINED = ("all", "weights")
"""Which parameters learn."""


class Epoch(Task, frozen=True):
    """The weights and the bias of a neuron before the epoch, the samples, and the learning rate."""

    function: Function
    weights: tuple[Decimal, ...]
    bias: Decimal | None
    trained: str
    samples: tuple[Sample, ...]
    rate: Decimal

    @property
    def sizes(self) -> tuple[int, ...]:
        """So many inputs, and one unit."""
        return (len(self.weights), 1)


def fields() -> dict[str, Schema]:
    """The neuron, the samples and the training."""
    sample = table(
        "One sample.",
        ["inputs", "target"],
        inputs=array("One number for each weight.", NUMBER, minItems=1, maxItems=MOST),
        target={**NUMBER, "description": "What should come out."},
    )
    return {
        "unit": table(
            "The neuron before the epoch.",
            ["weights"],
            activation=activation_schema("The activation function of the neuron."),
            weights=array("One weight for each input.", NUMBER, minItems=1, maxItems=MOST),
            bias={**NUMBER, "description": "The bias; left out, there is none."},
            trained=choice("Whether the bias learns too, or the weights alone.", TRAINED, TRAINED[0]),
        ),
        "functions": functions_schema(),
        "samples": array("The samples, in the order in which they are shown.", sample, minItems=1, maxItems=MOST),
        "training": table("How the weights change.", ["learning_rate"], learning_rate=rate_schema()),
    }


MOST = 100
"""The most samples, and the most inputs."""


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """As many inputs in each sample as there are weights, and an activation that has these parameters."""
    unit = part(data, "unit")
    yield from function_faults(data, "unit")
    weights = count(unit, "weights")
    there = f"the neuron has {counted(weights or 0, 'weight')}"
    for index, sample in enumerate(tables(data, "samples")):
        yield from count_faults(f"samples[{index}].inputs", count(sample, "inputs"), "input", weights, there)


def task(data: Mapping[str, Any]) -> Epoch:
    """The task of a valid table."""
    unit = data["unit"]
    return Epoch(
        function=activation_of(unit, functions(data), "unit"),
        weights=row(unit["weights"]),
        bias=number(unit["bias"]) if "bias" in unit else None,
        trained=unit.get("trained", TRAINED[0]),
        samples=tuple(Sample(row(one["inputs"]), (number(one["target"]),)) for one in data["samples"]),
        rate=number(data["training"]["learning_rate"]),
    )


KIND = Kind(
    "A neuron that learns from a table of samples, one after the other.",
    fields,
    ("unit", "samples", "training"),
    task,
    faults,
)
