"""The δ of an output unit, or of every unit of a softmax layer."""

from collections.abc import Iterator, Mapping
from typing import Any

from explainer.problem.faults import Fault
from explainer.problem.kinds import Kind
from explainer.problem.model import Derivation, Task
from explainer.problem.own_functions import functions, own_function_faults
from explainer.problem.schema import Schema, functions_schema, table
from explainer.problem.sizes import part
from explainer.problem.unit import (
    GivenUnit,
    Measure,
    given_units,
    loss_field,
    measure,
    or_lists,
    target_field,
    unit_fields,
)
from explainer.problem.unit_faults import known, loss_faults, output_unit_faults


class OutputDelta(Task, frozen=True):
    """An output unit, or all of a softmax layer, and the loss that says how far they are from their targets."""

    units: tuple[GivenUnit, ...]
    measure: Measure

    @property
    def derived(self) -> Derivation:
        """The loss, and the function of the unit."""
        return Derivation(self.measure.name, self.measure.parameters, self.units[0].function, (), biased=True)


def fields() -> dict[str, Schema]:
    """The output unit and the loss."""
    unit = table("The output unit.", ["target"], **or_lists({**unit_fields(), **target_field()}))
    return {"unit": unit, "functions": functions_schema(), **loss_field()}


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Faults of the unit, and of what it has to do with the loss."""
    wrong = list(own_function_faults(data))
    yield from wrong
    yield from loss_faults(data)
    if "unit" in data:
        yield from output_unit_faults(part(data, "unit"), "unit", known(data, wrong), lists=True)


def task(data: Mapping[str, Any]) -> OutputDelta:
    """The task of a valid table."""
    return OutputDelta(given_units(data["unit"], functions(data), "unit"), measure(data))


KIND = Kind("An output unit whose δ is worked out.", fields, ("unit",), task, faults)
