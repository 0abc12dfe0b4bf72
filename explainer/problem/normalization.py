"""Batch normalization as a problem file gives it: `normalization = { gamma = [1, 1], beta = [0, 0] }` on a layer."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from explainer.problem.faults import Fault, counted
from explainer.problem.model import Normalization
from explainer.problem.schema import NUMBER, Schema, array, table
from explainer.problem.sizes import count, count_faults, part, tables, units_of

ALONE = "a mean over it is the sample itself"


def normalization(data: Mapping[str, Any], units: int) -> Normalization:
    """The normalization of a valid table, on a layer of so many units."""
    usual = Normalization(gamma=(Decimal(1),) * units, beta=(Decimal(0),) * units)
    return Normalization(
        gamma=tuple(map(Decimal, data.get("gamma", usual.gamma))),
        beta=tuple(map(Decimal, data.get("beta", usual.beta))),
        epsilon=Decimal(data.get("epsilon", usual.epsilon)),
        momentum=Decimal(data.get("momentum", usual.momentum)),
    )


def normalization_schema() -> Schema:
    """The JSON Schema of a layer's normalization."""
    return table(
        "Net inputs are brought to mean 0 and variance 1 over the batch, and then scaled and shifted.",
        [],
        gamma=array("The scale of each unit; left out, 1.", NUMBER),
        beta=array("The shift of each unit; left out, 0.", NUMBER),
        epsilon={
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "description": "What is added to every variance; left out, 0.001.",
        },
        momentum={
            "type": "number",
            "minimum": 0,
            "exclusiveMaximum": 1,
            "description": "How much of the running mean and variance a step keeps; left out, 0.9.",
        },
    )


def normalization_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Where the normalization of a layer does not fit the network and the batches; its form is checked elsewhere."""
    layers = list(tables(part(data, "network"), "layers"))
    for index, layer in enumerate(layers):
        given, place, units = layer.get("normalization"), f"network.layers[{index}].normalization", units_of(layer)
        if not isinstance(given, Mapping):
            continue
        if index == len(layers) - 1:
            yield Fault(place, "found in the output layer; expected it in a hidden layer")
        for key, noun in (("gamma", "number"), ("beta", "number")):
            reason = f"the layer has {counted(units or 0, 'unit')}"
            yield from count_faults(f"{place}.{key}", count(given, key), noun, units, reason)
        if alone(data):
            remedy = "expected at least 2 in each; give more samples, or another training.batch"
            yield Fault(place, f"found a step over 1 sample, and {ALONE}; {remedy}")
        if part(data, "presentation").get("derivation") is True:
            yield Fault(
                "presentation.derivation",
                "found true, but there is no derivation with batch normalization; take one of them out",
            )


def alone(data: Mapping[str, Any]) -> bool:
    """Whether a step goes over a single sample: all of them do, or what is left over at the end of an epoch does."""
    samples, batch = data.get("samples", [{}]), part(data, "training").get("batch", "full")
    if not isinstance(samples, list):
        return False
    if isinstance(batch, int) and batch > 0:
        return len(samples) % batch == 1 or batch == 1
    return batch == "online" or len(samples) == 1
