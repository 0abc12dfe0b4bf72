"""Parameters of functions and losses: what a problem file may give beside their names."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

Chosen = Decimal | str
"""The value of a parameter: a number, or one of several words."""


class Parameter(Struct, frozen=True):
    """What a parameter is, its usual value, and its limits.

    A number is at least `least`, more than `above`, less than `below` and not more than `most`, and perhaps `whole`; a
    word is one of `choices`.
    """

    description: str
    default: Chosen
    above: int | None = None
    below: int | None = None
    most: int | None = None
    least: int | None = None
    choices: tuple[str, ...] = ()
    whole: bool = False


Parameters = Mapping[str, Parameter]


class Family(Struct, frozen=True):
    """Functions of one name, which the values of some parameters tell apart."""

    parameters: Parameters = {}

    @property
    def defaults(self) -> dict[str, Chosen]:
        """The usual value of each parameter."""
        return {name: parameter.default for name, parameter in self.parameters.items()}
