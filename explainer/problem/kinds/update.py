"""One update of one weight."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from explainer.problem.kinds import Kind
from explainer.problem.model import Derivation, Function, Task
from explainer.problem.read import number
from explainer.problem.schema import NUMBER, Schema, rate_schema, table

ANY_NETWORK = Derivation("half-squared-error", {}, Function("sigmoid", {}), (), biased=False)
"""A network; the rule for its weights is the same whatever its loss and its functions are."""


class Update(Task, frozen=True):
    """A weight, the δ of the unit it leads into, the input that comes along it, and the learning rate."""

    weight: Decimal
    delta: Decimal
    signal: Decimal
    rate: Decimal

    @property
    def derived(self) -> Derivation:
        """Any network."""
        return ANY_NETWORK


def update_fields() -> dict[str, Schema]:
    """The fields of an update but for the learning rate."""
    return {
        "weight": {**NUMBER, "description": "The weight before the update."},
        "delta": {**NUMBER, "description": "The δ of the unit that the weight leads into, as the convention means it."},
        "input": {**NUMBER, "description": "What comes in along the weight."},
    }


def fields() -> dict[str, Schema]:
    """The update."""
    required = [*update_fields(), "learning_rate"]
    return {"update": table("The update.", required, **update_fields(), learning_rate=rate_schema())}


def task(data: Mapping[str, Any]) -> Update:
    """The task of a valid table."""
    update = data["update"]
    return Update(*(number(update[key]) for key in ("weight", "delta", "input", "learning_rate")))


KIND = Kind("A weight that is updated once.", fields, ("update",), task)
