"""Quantities: the identity of one number, and nothing about its looks."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Role = Literal[
    "input",
    "target",
    "rate",
    "weight",
    "bias",
    "scale",
    "shift",
    "net",
    "mean",
    "variance",
    "normalized",
    "scaled",
    "output",
    "mask",
    "thinned",
    "slope",
    "error",
    "loss",
    "loss_sum",
    "data_loss",
    "penalty",
    "delta",
    "by_scaled",
    "by_normalized",
    "by_variance",
    "by_mean",
    "data_gradient",
    "gradient",
    "norm_square",
    "norm",
    "factor",
    "clipped",
    "change",
    "setting",
    "ahead",
    "velocity",
    "square_sum",
    "square_mean",
    "change_mean",
    "first_moment",
    "second_moment",
    "largest",
    "first_corrected",
    "second_corrected",
    "running_mean",
    "running_variance",
]
Phase = Literal["given", "ahead", "forward", "error", "backward", "update", "check", "inference"]

ROLES: tuple[Role, ...] = (
    "input", "target", "rate", "weight", "bias", "scale", "shift", "net", "mean", "variance", "normalized", "scaled",
    "output", "mask", "thinned", "slope", "error", "loss", "loss_sum", "data_loss", "penalty", "delta", "by_scaled",
    "by_normalized", "by_variance", "by_mean", "data_gradient", "gradient", "norm", "norm_square", "factor", "clipped",
    "change", "setting", "ahead", "velocity", "square_sum", "square_mean", "change_mean", "first_moment",
    "second_moment", "largest", "first_corrected", "second_corrected", "running_mean", "running_variance",
)  # fmt: skip
STATES: tuple[Role, ...] = (
    "velocity", "square_sum", "square_mean", "change_mean", "first_moment", "second_moment", "largest",
)  # fmt: skip
"""The roles of what an optimizer keeps of every parameter, from step to step."""

CORRECTED: tuple[Role, ...] = ("first_corrected", "second_corrected")
"""The roles of what an optimizer makes of that in a step, freed of the bias towards its beginning at 0."""

SCALE, SHIFT = -1, -2
"""What stands in place of a sending unit in the scale and the shift of a normalized unit."""

NO_WEIGHTS: Mapping["Index", Role] = {0: "bias", SCALE: "scale", SHIFT: "shift"}
"""The roles of parameters that are no weights, by what stands in place of a sending unit."""

PARAMETERS: tuple[Role, ...] = ("weight", "bias", "scale", "shift")
"""The roles of what a step changes."""

PHASES: tuple[Phase, ...] = ("ahead", "forward", "error", "backward", "update", "check", "inference")

Index = int | str
"""A unit's place in its layer, from 1; a letter where a law is stated for any unit."""


ALL = ""
"""The index that stands for every unit of a layer at once."""


OUTPUT = "N"
"""The output layer, where a law is stated for any number of layers."""


class Quantity(Struct, frozen=True, order=True, gc=False):
    """One number of a calculation: what it is (`role`) and where it stands.

    `layer` counts from 0 (the inputs). `unit` is the receiving unit and `source` the sending one, each counted from 1
    within its layer; `source` 0 stands for the bias, and `SCALE` and `SHIFT` for those of a normalized unit. `sample`
    counts from 1, and is 0 where there is but one, or for all of them. `iteration` counts from 0: a weight of iteration
    1 is the weight after one update, and a net input of iteration 1 is computed with it.

    A large network has hundreds of thousands; they hold no cycles, so the garbage collector is kept off them.
    """

    role: Role
    layer: Index = 0
    unit: Index = 0
    source: Index = 0
    sample: Index = 0
    iteration: int = 0

    def after(self) -> "Quantity":
        """The same quantity one iteration later."""
        return Quantity(self.role, self.layer, self.unit, self.source, self.sample, self.iteration + 1)

    def original(self) -> "Quantity":
        """The same quantity before any update."""
        return Quantity(self.role, self.layer, self.unit, self.source, self.sample)

    def change(self) -> "Quantity":
        """The change of a parameter."""
        return Quantity("change", self.layer, self.unit, self.source, self.sample, self.iteration)

    def gradient(self) -> "Quantity":
        """The derivative of the loss by a parameter."""
        return Quantity("gradient", self.layer, self.unit, self.source, self.sample, self.iteration)

    def of_parameter(self, role: Role) -> "Quantity":
        """What a weight or a bias has of a role, such as its clipped gradient."""
        return Quantity(role, self.layer, self.unit, self.source, self.sample, self.iteration)

    def ahead(self) -> "Quantity":
        """A weight or a bias where its velocity alone would take it."""
        return self.of_parameter("ahead")

    def parameter(self) -> "Quantity":
        """The parameter that a change is a change of."""
        return Quantity(parameter_role(self.source), self.layer, self.unit, self.source, self.sample, self.iteration)


def parameter_role(source: Index) -> Role:
    """What kind of parameter stands at a place, by its sending unit."""
    return NO_WEIGHTS.get(source, "weight")


FIXED_SIGNAL = Quantity("input", 0, 0)
"""The input that is always 1, where a bias is written as a weight on it."""
