"""Parameters with names of their own, and which parameters are trained: reading and checking both.

A name stands in the place of a number, as often as one likes: the number is then shared by all these places.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from explainer.maths.functions import FUNCTIONS
from explainer.maths.quantity import Role
from explainer.problem.faults import Fault, suggestion
from explainer.problem.model import Parameter, Place
from explainer.problem.sizes import part, tables, trained_by
from explainer.problem.validate import dotted, shown

Table = Mapping[str, Any]

NAME = re.compile(r"[A-Za-zΑ-Ωα-ω]+(_[A-Za-z0-9]+)?")
"""A symbol as it is typed: a letter or a word, and what stands below it."""

TAKEN = frozenset({"e", "i", "j", "k", "h", "l", *(function.sign for function in FUNCTIONS.values())})
"""What pages need for themselves: the base of powers, indices, and functions."""


class Use(Struct, frozen=True):
    """A place of the network where a name stands; `key` is where that is in the file."""

    name: str
    place: Place
    key: str
    connected: bool

    @property
    def role(self) -> Role:
        """What the parameter is there."""
        return "weight" if self.place[2] else "bias"


def uses(network: Table) -> Iterator[Use]:
    """Every name that stands in place of a weight or a bias: layer by layer, the weights first."""
    for layer, data in enumerate(tables(network, "layers"), 1):
        key = f"network.layers[{layer - 1}]"
        mask = data.get("mask")
        for unit, row in enumerate(entries(data.get("weights"))):
            for source, entry in enumerate(entries(row)):
                if isinstance(entry, str):
                    place = layer, unit + 1, source + 1
                    yield Use(entry, place, f"{key}.weights[{unit}][{source}]", is_connected(mask, unit, source))
        for unit, entry in enumerate(entries(data.get("biases"))):
            if isinstance(entry, str):
                yield Use(entry, (layer, unit + 1, 0), f"{key}.biases[{unit}]", connected=True)


def entries(value: Any) -> list[Any]:
    """The entries of a list; of what is none, none."""
    return value if isinstance(value, list) else []


def is_connected(mask: Any, unit: int, source: int) -> bool:
    """Whether a mask leaves a connection; where it has no such entry, that is another fault."""
    try:
        return mask is None or bool(mask[unit][source])
    except (LookupError, TypeError):
        return True


# -- reading ----------------------------------------------------------------------------------------


def named_parameters(network: Table) -> Iterator[Parameter]:
    """The parameters with names of their own that stand anywhere in a valid network."""
    found = list(uses(network))
    for name, value in named_values(network).items():
        places = tuple(use.place for use in found if use.name == name and use.connected)
        if places:
            yield Parameter(name, value, is_trained(network, name, found), places)


def named_values(network: Table) -> dict[str, Decimal]:
    """The number of each name."""
    given = part(network, "parameters")
    values = {name: entry["value"] if isinstance(entry, Mapping) else entry for name, entry in given.items()}
    return {name: value if isinstance(value, Decimal) else Decimal(value) for name, value in values.items()}


def is_trained(network: Table, name: str, found: Sequence[Use]) -> bool:
    """Whether a named parameter is trained: as it says itself, else as the layers where it stands are."""
    entry = part(network, "parameters")[name]
    if says_itself(entry):
        return bool(entry["trained"])
    return all(is_trained_at(network, use) for use in found if use.name == name)


def says_itself(entry: Any) -> bool:
    """Whether the entry of a parameter says itself whether it is trained."""
    return isinstance(entry, Mapping) and "trained" in entry


def is_trained_at(network: Table, use: Use) -> bool:
    """Whether the layer of a use trains parameters of its kind."""
    return use.role in trained_by(list(tables(network, "layers"))[use.place[0] - 1])


# -- checking ---------------------------------------------------------------------------------------


def parameter_faults(data: Table) -> Iterator[Fault]:
    """Every name that is no symbol, stands nowhere or is not given, and whose training is in doubt."""
    network = part(data, "network")
    given, found = part(network, "parameters"), list(uses(network))
    for name in given:
        yield from name_faults(network, name, [use for use in found if use.name == name])
    for use in found:
        if use.name not in given:
            yield Fault(use.key, unknown(use.name, list(given)))
    if not trains_anything(network, found):
        yield Fault("network.layers", "nothing is trained; expected a layer or a parameter that is")


def name_faults(network: Table, name: str, found: list[Use]) -> Iterator[Fault]:
    """Faults of one name, given where it stands."""
    place = dotted(["network", "parameters", name])
    trained = {use.key: is_trained_at(network, use) for use in found}
    if not NAME.fullmatch(name) or name.endswith("_new"):
        yield Fault(place, f"not a symbol; expected a letter or a word, and after _ what stands below it{mended(name)}")
    elif name in TAKEN:
        yield Fault(place, f"every page uses {name} for itself; expected another name, such as {name}_1")
    elif not found:
        yield Fault(place, "stands nowhere; expected its name in place of a number among the weights or biases")
    elif len({use.role for use in found}) > 1:
        yield Fault(place, "stands among the weights and among the biases; expected one or the other")
    elif len({*trained.values()}) > 1 and not says_itself(part(network, "parameters")[name]):
        one, other = (next(key for key, value in trained.items() if value is wanted) for wanted in (True, False))
        yield Fault(
            place,
            f"trained at {one}, but not at {other}; expected {{ value = …, trained = … }}, to say which holds",
        )


def mended(name: str) -> str:
    """A symbol that is near to a name that is none, as an example."""
    letters = re.search(r"[A-Za-zΑ-Ωα-ω]+", name)
    below = re.sub(r"[^A-Za-z0-9]", "", name[letters.end() :].removesuffix("_new")) if letters else ""
    return f', for example "{letters[0]}_{below or 1}"' if letters else ""


def unknown(name: str, given: list[str]) -> str:
    """What is said of a name that no parameter has."""
    if not given:
        return f"found {shown(name)}, expected a number, or a name that [network.parameters] gives a number"
    return f"unknown parameter {shown(name)}{suggestion(name, given)}"


def trains_anything(network: Table, found: list[Use]) -> bool:
    """Whether any number or name among the parameters is trained."""
    layers = list(tables(network, "layers"))
    for layer in layers:
        roles, rows = trained_by(layer), layer.get("weights")
        if "weight" in roles and not (isinstance(rows, list) and all(map(are_names, rows))):
            return True
        if "bias" in roles and layer.get("biases") and not are_names(layer["biases"]):
            return True
    return not layers or any(is_trained(network, name, found) for name in part(network, "parameters"))


def are_names(row: Any) -> bool:
    """Whether a row has nothing but names."""
    return isinstance(row, list) and all(isinstance(entry, str) for entry in row)
