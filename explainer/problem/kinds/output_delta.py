"""The δ of an output unit."""

from collections.abc import Iterator, Mapping
from typing import Any

from explainer.problem.faults import Fault
from explainer.problem.kinds import Kind
from explainer.problem.model import Task
from explainer.problem.schema import Schema, table
from explainer.problem.sizes import part
from explainer.problem.unit import USUAL_LOSS, GivenUnit, given_unit, loss_field, target_field, unit_faults, unit_fields


class OutputDelta(Task, frozen=True):
    """An output unit, and the loss that says how far it is from its target."""

    unit: GivenUnit
    loss: str


def fields() -> dict[str, Schema]:
    """The output unit and the loss."""
    return {"unit": table("The output unit.", ["target"], **unit_fields(), **target_field()), **loss_field()}


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Faults of the unit."""
    if "unit" in data:
        yield from unit_faults(part(data, "unit"), "unit")


def task(data: Mapping[str, Any]) -> OutputDelta:
    """The task of a valid table."""
    return OutputDelta(given_unit(data["unit"]), data.get("loss", USUAL_LOSS))


KIND = Kind("An output unit whose δ is worked out.", fields, ("unit",), task, faults)
