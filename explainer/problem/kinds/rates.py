"""The same update at several learning rates, side by side."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from explainer.problem.kinds import Kind
from explainer.problem.kinds.update import ANY_NETWORK, update_fields
from explainer.problem.model import Derivation, Task
from explainer.problem.read import number, row
from explainer.problem.schema import Schema, array, rate_schema, table


class Rates(Task, frozen=True):
    """A weight, the δ of the unit it leads into, the input that comes along it, and the learning rates to compare."""

    weight: Decimal
    delta: Decimal
    signal: Decimal
    rates: tuple[Decimal, ...]

    @property
    def derived(self) -> Derivation:
        """Any network."""
        return ANY_NETWORK


def fields() -> dict[str, Schema]:
    """The update, with all its learning rates."""
    rates = array("The learning rates to compare.", rate_schema(), minItems=1, maxItems=MOST)
    required = [*update_fields(), "learning_rates"]
    return {"update": table("The update.", required, **update_fields(), learning_rates=rates)}


MOST = 50
"""The most learning rates that a page compares."""


def task(data: Mapping[str, Any]) -> Rates:
    """The task of a valid table."""
    update = data["update"]
    weight, delta, signal = (number(update[key]) for key in ("weight", "delta", "input"))
    return Rates(weight, delta, signal, row(update["learning_rates"]))


KIND = Kind("A weight that is updated at several learning rates.", fields, ("update",), task)
