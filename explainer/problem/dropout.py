"""Dropout as a problem file gives it: `dropout = { rate = 0.5, mask = [[1, 0]] }` on a hidden layer."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from explainer.problem.faults import Fault, counted
from explainer.problem.model import Dropout
from explainer.problem.schema import LARGEST, MASK_ROW, Schema, array, choice, table
from explainer.problem.sizes import part, tables, units_of

DRAWN = "seed = 1 draws them"


def dropout(data: Mapping[str, Any]) -> Dropout:
    """The dropout of a valid table."""
    mask = data.get("mask")
    return Dropout(
        rate=Decimal(data["rate"]),
        form=data.get("form", "inverted"),
        mask=None if mask is None else tuple(tuple(map(bool, row)) for row in mask),
        seed=data.get("seed", 0),
    )


def dropout_schema() -> Schema:
    """The JSON Schema of a layer's dropout."""
    return table(
        "Which outputs of the layer are left out in training.",
        ["rate"],
        rate={
            "type": "number",
            "exclusiveMinimum": 0,
            "exclusiveMaximum": 1,
            "description": "The probability that an output is left out.",
        },
        mask=array(
            "A row for each sample that goes forward, step by step: 1 for an output that is kept, else 0.",
            {**MASK_ROW, "description": "The outputs of the layer."},
            minItems=1,
        ),
        seed={"type": "integer", "minimum": 0, "maximum": LARGEST, "description": "What the mask is drawn from."},
        form=choice(
            "Whether what is kept is divided by 1 − rate in training (inverted), or multiplied by it after (classic).",
            ["inverted", "classic"],
            "inverted",
        ),
    )


def dropout_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Where the dropout of a layer does not fit the network and the samples; its form is checked elsewhere."""
    layers = list(tables(part(data, "network"), "layers"))
    for index, layer in enumerate(layers):
        given, place = layer.get("dropout"), f"network.layers[{index}].dropout"
        if not isinstance(given, Mapping):
            continue
        if index == len(layers) - 1:
            yield Fault(place, "found in the output layer, whose outputs are the answer; expected it in a hidden layer")
        if {"mask", "seed"} <= given.keys():
            yield Fault(place, "found mask and seed, expected one of them")
        elif not {"mask", "seed"} & given.keys():
            yield Fault(place, f"found neither mask nor seed, expected one of them; {DRAWN}")
        yield from mask_faults(data, given.get("mask"), units_of(layer), f"{place}.mask")
        if part(data, "presentation").get("derivation") is True:
            yield Fault(
                "presentation.derivation", "found true, but there is no derivation with dropout; take one of them out"
            )


def mask_faults(data: Mapping[str, Any], mask: Any, units: int | None, place: str) -> Iterator[Fault]:
    """A mask that has not a row for each sample that goes forward, or not an entry for each unit."""
    if not isinstance(mask, list) or not all(isinstance(row, list) for row in mask):
        return
    for index, row in enumerate(mask):
        if units is not None and len(row) != units:
            told = f"{counted(len(row), 'number')}, but the layer has {counted(units, 'unit')}"
            yield Fault(f"{place}[{index}]", told)
    samples, epochs = data.get("samples", [{}]), part(data, "training").get("epochs", 1)
    if isinstance(samples, list) and isinstance(epochs, int) and len(mask) != len(samples) * epochs:
        told = f"found {counted(len(mask), 'row')}, expected {len(samples) * epochs}: one for each sample in each epoch"
        yield Fault(place, f"{told}; {DRAWN}")
