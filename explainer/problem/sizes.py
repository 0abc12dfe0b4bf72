"""Checking a table: whether its sizes, and the fields that depend on each other, fit together."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from explainer.maths.activations import ACTIVATIONS
from explainer.maths.losses import LOSSES
from explainer.maths.optimizers import OPTIMIZERS
from explainer.maths.quantity import Role
from explainer.problem.families import parameter_faults
from explainer.problem.faults import Fault, counted
from explainer.problem.model import TRAINED
from explainer.problem.schema import MOST_UNITS


def size_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Every place where the sizes, or the fields, of a table do not fit together.

    The table may have faults of form; what is of the right form is checked all the same.
    """
    network = part(data, "network")
    inputs = inputs_of(network)
    first = f"the network has {counted(inputs or 0, 'input')}"
    units, before, outputs = inputs, first, None
    for index, layer in enumerate(tables(network, "layers")):
        place = f"network.layers[{index}]"
        yield from layer_faults(layer, place, units, before)
        units = outputs = units_of(layer)
        before = f"layer {index} has {counted(units or 0, 'unit')}"
    last = f"the last layer has {counted(outputs or 0, 'unit')}"
    for place, sample in examples(data):
        yield from count_faults(f"{place}.inputs", count(sample, "inputs"), "input", inputs, first)
        yield from count_faults(f"{place}.targets", count(sample, "targets"), "target", outputs, last)
    for key, families in (("loss", LOSSES), ("optimizer", OPTIMIZERS)):
        yield from parameter_faults(part(data, "training").get(key), f"training.{key}", families)


REMEDY = "; take step, training, output-delta, hidden-delta, update, rates or function"

WITHOUT_RULES = ("error", "neuron", "epoch")
"""The kinds of problems on whose pages there is no δ, no update and no slope, or one by another rule."""


def shared_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Where the fields that every kind of problem has do not fit together."""
    if {"decimals", "significant"} <= part(data, "numbers").keys():
        yield Fault("numbers", "found decimals and significant, expected one of them")
    if part(data, "presentation").get("derivation") is True and data.get("kind") in WITHOUT_RULES:
        yield Fault("presentation.derivation", f"found true, but {data['kind']} has no rule that is derived{REMEDY}")
    for key in ("steps", "parameters"):
        if key in part(data, "presentation") and data.get("kind") not in (None, "training"):
            yield Fault(f"presentation.{key}", "found where nothing is trained; only a training has steps to show")
    if part(data, "presentation").get("sections") and data.get("kind") not in (None, "step", "training"):
        yield Fault("presentation.sections", "found where no network is trained; only steps on a network have them")


def layer_faults(layer: Mapping[str, Any], place: str, units: int | None, before: str) -> Iterator[Fault]:
    """Faults within one layer, given how many units send to it, where that is known."""
    rows = layer.get("weights")
    widths = [len(row) for row in rows] if isinstance(rows, list) and all(isinstance(row, list) for row in rows) else []
    if len(set(widths)) > 1:
        odd = next(row for row, width in enumerate(widths) if width != widths[0])
        message = f"row {odd} has {counted(widths[odd], 'column')}, but row 0 has {widths[0]}"
        yield Fault(f"{place}.weights", message if units is None else f"{message}; expected {units} in each")
    elif widths and widths[0] and units not in (None, widths[0]):
        swapped = " (are rows and columns exchanged?)" if len(widths) == units else ""
        yield Fault(f"{place}.weights", f"{counted(widths[0], 'column')}, but {before}{swapped}")
    own = units_of(layer)
    for key, noun in (("biases", "bias"), ("thresholds", "threshold")):
        reason = f"the layer has {counted(own or 0, 'unit')}"
        yield from count_faults(f"{place}.{key}", count(layer, key), noun, own, reason)
    if {"biases", "thresholds"} <= layer.keys():
        yield Fault(place, "found biases and thresholds, expected one of them")
    yield from mask_faults(layer, f"{place}.mask", widths or [units] * (own or 0))
    yield from activation_faults(layer.get("activation"), f"{place}.activation")


def activation_faults(activation: Any, place: str) -> Iterator[Fault]:
    """Parameters that an activation function does not have."""
    yield from parameter_faults(activation, place, ACTIVATIONS)


def count_faults(place: str, found: int | None, noun: str, wanted: int | None, reason: str) -> Iterator[Fault]:
    """A fault if a list has not as many items as wanted, where both are known."""
    if found is not None and wanted is not None and found != wanted:
        yield Fault(place, f"{counted(found, noun)}, but {reason}")


def mask_faults(layer: Mapping[str, Any], place: str, widths: Sequence[int | None]) -> Iterator[Fault]:
    """A fault if a mask has other rows or columns than the weights, given how many columns each row of these has."""
    rows = layer.get("mask")
    if not widths or not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return
    if len(rows) != len(widths):
        yield Fault(place, f"{counted(len(rows), 'row')}, but the layer has {counted(len(widths), 'unit')}")
    for index, (row, width) in enumerate(zip(rows, widths, strict=False)):
        if width is not None and len(row) != width:
            yield Fault(f"{place}[{index}]", f"{counted(len(row), 'column')}, but {counted(width, 'unit')} send to it")


def inputs_of(network: Mapping[str, Any]) -> int | None:
    """How many inputs a network has, by their number or by their names."""
    inputs = network.get("inputs")
    return len(inputs) or None if isinstance(inputs, list) else how_many(inputs)


def how_many(units: Any) -> int | None:
    """The number of inputs or units, where it is one that a network can have."""
    return units if type(units) is int and 0 < units <= MOST_UNITS else None


def units_of(layer: Mapping[str, Any]) -> int | None:
    """How many units a layer has, by its weights, or as it says where it has none."""
    return count(layer, "weights") if "weights" in layer else how_many(layer.get("units"))


def examples(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The samples to learn from and those that are only measured, each with its place."""
    for key in ("samples", "validation"):
        yield from ((f"{key}[{index}]", sample) for index, sample in enumerate(tables(data, key)))


def trained_by(layer: Mapping[str, Any]) -> frozenset[Role]:
    """The roles of the parameters that a layer trains; all of them where what it says is nothing known."""
    return next((roles for name, roles in TRAINED.items() if name == layer.get("trained")), TRAINED["all"])


def part(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A table within a table; without any entries where there is none."""
    found = data.get(key)
    return found if isinstance(found, Mapping) else {}


def tables(data: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """The tables of a list within a table; what is no table counts as one without any entries."""
    found = data.get(key)
    for each in found if isinstance(found, list) else []:
        yield each if isinstance(each, Mapping) else {}


def count(data: Mapping[str, Any], key: str) -> int | None:
    """How many items a list within a table has, where there is such a list; no weights at all are another fault."""
    found = data.get(key)
    return len(found) if isinstance(found, list) and (found or key != "weights") else None
