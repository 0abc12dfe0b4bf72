"""Labels: what the inputs and outputs of a network mean, and samples that are given by them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from explainer.problem.faults import Fault, counted, suggestion
from explainer.problem.sizes import count_faults, examples, part, tables, units_of
from explainer.problem.validate import dotted, shown

Table = Mapping[str, Any]


def ordered(numbers: Any, labels: Sequence[str]) -> Any:
    """The numbers of a sample as a list, in the order of the labels where they are given by them."""
    return [numbers[label] for label in labels] if isinstance(numbers, Mapping) else numbers


def label_faults(data: Table) -> Iterator[Fault]:
    """Labels that are given twice or are too many, and samples given by other labels than the network has."""
    network = part(data, "network")
    units = [units_of(layer) for layer in tables(network, "layers")]
    for key in ("inputs", "outputs"):
        yield from repeated(labels_of(network, key), f"network.{key}")
    outputs = labels_of(network, "outputs")
    if outputs and units:
        last = f"the last layer has {counted(units[-1] or 0, 'unit')}"
        yield from count_faults("network.outputs", len(outputs), "name", units[-1], last)
    for place, sample in examples(data):
        for key, labels in (("inputs", "inputs"), ("targets", "outputs")):
            if isinstance(sample.get(key), Mapping):
                yield from sample_faults(sample[key], labels_of(network, labels), f"{place}.{key}", labels)


def labels_of(network: Table, key: str) -> list[str]:
    """The labels of the inputs or outputs; none where they are only counted."""
    found = network.get(key)
    return [each for each in found if each and isinstance(each, str)] if isinstance(found, list) else []


def repeated(labels: list[str], place: str) -> Iterator[Fault]:
    """A fault for each label that has been given before."""
    for index, label in enumerate(labels):
        if label in labels[:index]:
            yield Fault(f"{place}[{index}]", f"{shown(label)} is already the name of {place}[{labels.index(label)}]")


def sample_faults(given: Table, labels: list[str], place: str, what: str) -> Iterator[Fault]:
    """Faults of numbers that are given by labels."""
    if not labels:
        message = f"found a table, but network.{what} gives no names; expected a list of numbers"
        yield Fault(place, message)
        return
    for label in given:
        if label not in labels:
            yield Fault(f"{place}.{dotted([label])}", f"unknown name{suggestion(label, labels)}")
    for label in labels:
        if label not in given:
            yield Fault(f"{place}.{dotted([label])}", "missing; expected a number")
