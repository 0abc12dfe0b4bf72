"""Checking a table: whether it has the numbers that its arithmetic works with. Only letters do without any."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from explainer.maths.optimizers import OPTIMIZERS
from explainer.problem.faults import Fault
from explainer.problem.initialization import is_drawn
from explainer.problem.schema import LETTERS
from explainer.problem.sizes import inputs_of, part, tables, units_of

REMEDY = f'only numbers.arithmetic = "{LETTERS}" works without numbers, and network.initialization draws them'

MOST_WEIGHTS = 100_000
"""More weights are no matter of letters; with numbers it is the file that grows."""

NEEDED = {"samples": "a list of tables", "training": "a table"}
"""What a calculation with numbers starts from, beside the network."""


def missing_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Every number that is missing, or that is given twice over; what is of the wrong form is another fault."""
    letters, network = part(data, "numbers").get("arithmetic") == LETTERS, part(data, "network")
    for index, layer in enumerate(tables(network, "layers")):
        place = f"network.layers[{index}]"
        if "weights" in layer and "units" in layer:
            yield Fault(f"{place}.units", "found weights too, expected one of them")
        elif is_drawn(network, layer):
            if "units" not in layer:
                yield Fault(f"{place}.units", "missing; expected how many units the weights are to be drawn for")
            continue
        elif "weights" not in layer and "units" not in layer:
            yield Fault(f"{place}.weights", "missing; expected a list of lists of numbers")
        elif "units" in layer and not letters:
            yield Fault(f"{place}.units", f"found no weights, but {REMEDY}; expected weights")
        if layer.get("biases") is True and not letters:
            yield Fault(f"{place}.biases", f"found true, but {REMEDY}; expected one number for each unit")
    if letters:
        yield from too_many(part(data, "network"))
        return
    for key, expected in NEEDED.items():
        if key not in data:
            yield Fault(key, f"missing; expected {expected}")
    if isinstance(data.get("training"), Mapping):
        yield from rate_faults(data["training"])


def rate_faults(training: Mapping[str, Any]) -> Iterator[Fault]:
    """A learning rate that is missing, or that the optimizer does not have and something else needs."""
    given = training.get("optimizer", "sgd")
    name = given.get("name") if isinstance(given, Mapping) else given
    rated = not isinstance(name, str) or name not in OPTIMIZERS or OPTIMIZERS[name].rated
    if rated and "learning_rate" not in training:
        yield Fault("training.learning_rate", "missing; expected a number")
    if not rated and "weight_decay" in part(training, "regularization"):
        told = f"{name} has no learning rate to multiply it by; take l2, or another optimizer"
        yield Fault("training.regularization.weight_decay", told)


def too_many(network: Mapping[str, Any]) -> Iterator[Fault]:
    """A network that a few lines ask for and that no page can show."""
    sizes = [inputs_of(network), *map(units_of, tables(network, "layers"))]
    weights = sum((before or 0) * (units or 0) for before, units in pairwise(sizes))
    if weights > MOST_WEIGHTS:
        yield Fault("network", f"{weights} weights, expected at most {MOST_WEIGHTS} in letters")
