"""The δ of a hidden unit, from the units that it feeds."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from explainer.problem.faults import Fault
from explainer.problem.kinds import Kind
from explainer.problem.model import Derivation, Task
from explainer.problem.own_functions import Functions, functions, own_function_faults
from explainer.problem.read import number
from explainer.problem.schema import NUMBER, Schema, array, functions_schema, table
from explainer.problem.sizes import part, tables
from explainer.problem.unit import GivenUnit, Measure, given_unit, loss_field, measure, target_field, unit_fields
from explainer.problem.unit_faults import known, lone_faults, loss_faults, output_unit_faults, unit_faults


class Fed(Struct, frozen=True):
    """A unit that the hidden unit feeds: the weight that leads there, and its δ or what δ is worked out from."""

    weight: Decimal
    delta: Decimal | None
    unit: GivenUnit | None


class HiddenDelta(Task, frozen=True):
    """A hidden unit, the units that it feeds, and the loss of those that are output units."""

    unit: GivenUnit
    downstream: tuple[Fed, ...]
    measure: Measure

    @property
    def derived(self) -> Derivation:
        """The function of the unit; of those that it feeds only δ has a part in the rule."""
        function = self.unit.function
        return Derivation(self.measure.name, self.measure.parameters, function, (function,), biased=True)


def fields() -> dict[str, Schema]:
    """The hidden unit with the units that it feeds, and the loss."""
    fed = table(
        "A unit that the hidden unit feeds; its δ is given, or the output and the target that it comes from.",
        ["weight"],
        weight={**NUMBER, "description": "The weight from the hidden unit to this one."},
        delta={**NUMBER, "description": "The δ of this unit."},
        **unit_fields(),
        **target_field(),
    )
    downstream = array("The units that the hidden unit feeds.", fed, minItems=1, maxItems=MOST)
    unit = table("The hidden unit.", ["downstream"], **unit_fields(), downstream=downstream)
    return {"unit": unit, "functions": functions_schema(), **loss_field()}


MOST = 100
"""The most units that a hidden unit feeds."""


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Faults of the unit, and of each that it feeds."""
    wrong = list(own_function_faults(data))
    yield from wrong
    yield from loss_faults(data)
    if "unit" not in data:
        return
    unit, there = part(data, "unit"), known(data, wrong)
    yield from unit_faults(unit, "unit", there)
    yield from lone_faults(unit, "unit")
    for index, fed in enumerate(tables(unit, "downstream")):
        place = f"unit.downstream[{index}]"
        sources = fed.keys() & {"activation", "net", "output", "target"}
        if "delta" in fed:
            for key in sorted(sources):
                yield Fault(f"{place}.{key}", "found delta too, which needs nothing to be worked out from")
        elif "target" not in sources or not {"net", "output"} & sources:
            yield Fault(place, "missing delta, or output and target to work it out from")
        else:
            yield from output_unit_faults(fed, place, there, lists=False)


def task(data: Mapping[str, Any]) -> HiddenDelta:
    """The task of a valid table."""
    unit, own = data["unit"], functions(data)
    fed = (fed_unit(each, own, f"unit.downstream[{index}]") for index, each in enumerate(unit["downstream"]))
    return HiddenDelta(given_unit(unit, own, "unit"), tuple(fed), measure(data))


def fed_unit(data: Mapping[str, Any], own: Functions, place: str) -> Fed:
    """A unit that the hidden unit feeds."""
    if "delta" in data:
        return Fed(number(data["weight"]), number(data["delta"]), None)
    return Fed(number(data["weight"]), None, given_unit(data, own, place))


KIND = Kind("A hidden unit whose δ is worked out from those of the units it feeds.", fields, ("unit",), task, faults)
