"""Checking a table: whether its functions, its loss and its targets can go together. Each refusal names the remedy."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from explainer.maths.activations import ACTIVATIONS, ActivationFamily
from explainer.maths.losses import LOSSES
from explainer.problem.faults import Fault
from explainer.problem.sizes import examples

Data = Mapping[str, Any]


def combination_faults(data: Data) -> Iterator[Fault]:
    """Every combination of a table that contradicts itself; what has faults of form is passed over."""
    network = data.get("network")
    layers = tables(network.get("layers")) if isinstance(network, Mapping) else []
    for index, layer in enumerate(layers):
        yield from layer_faults(layer, f"network.layers[{index}].activation")
    training = data.get("training")
    loss = name_of(training.get("loss", "half-squared-error") if isinstance(training, Mapping) else None)
    if layers and loss in LOSSES:
        last = len(layers) - 1
        yield from output_faults(loss, layers[-1].get("activation", "sigmoid"), f"network.layers[{last}].activation")
        for place, sample in examples(data):
            yield from target_faults(loss, numbers(sample.get("targets")), f"{place}.targets")


def layer_faults(layer: Data, place: str) -> Iterator[Fault]:
    """An activation that no step of gradient descent can train, or that a single unit cannot have."""
    given = layer.get("activation", "sigmoid")
    yield from slope_faults(given, place)
    family, weights = family_of(given), layer.get("weights")
    if family and family.of_layer and isinstance(weights, list) and len(weights) == 1:
        message = "softmax shares 1 out among the units of its layer, so that a single one always gives 1"
        yield Fault(place, f"{message}; take sigmoid")


def slope_faults(given: Any, place: str) -> Iterator[Fault]:
    """An activation that has no slope to go by."""
    family = family_of(given)
    if family and not family.trainable:
        message = "has no slope for gradient descent to go by; take sigmoid, which is a step made smooth"
        yield Fault(place, f"{family.label} {message}")


def output_faults(loss: str, given: Any, place: str) -> Iterator[Fault]:
    """A loss that needs probabilities or a distribution, behind outputs that are none."""
    family = family_of(given)
    if family and LOSSES[loss].suits == "probabilities" and not family.probabilities:
        yield Fault(
            place,
            f"{loss} takes the logarithm of outputs between 0 and 1, which {family.label} does not give; take sigmoid",
        )

    if family and LOSSES[loss].suits == "distribution" and not family.of_layer:
        wanted = "outputs that are a distribution"
        yield Fault(place, f"{loss} takes {wanted}, which {family.label} does not give; take softmax")


def target_faults(loss: str, targets: list[Decimal] | None, place: str, *, alone: bool = False) -> Iterator[Fault]:
    """Targets that a loss is not for; one that stands `alone` is only a part of a distribution."""
    if targets is None:
        return
    suits = LOSSES[loss].suits
    fits, wanted = TARGETS["probabilities" if alone and suits == "distribution" else suits]
    if not fits(targets):
        yield Fault(place, f"{loss} takes {wanted}")


TARGETS: Mapping[str, tuple[Callable[[list[Decimal]], bool], str]] = {
    "any": (lambda targets: True, ""),
    "probabilities": (
        lambda targets: all(0 <= each <= 1 for each in targets),
        "targets from 0 to 1: they are probabilities; for others take half-squared-error",
    ),
    "distribution": (
        lambda targets: all(each >= 0 for each in targets) and sum(targets) == 1,
        "targets that are a distribution: none below 0, and together 1, such as [0, 1, 0]",
    ),
    "signs": (
        lambda targets: all(abs(each) == 1 for each in targets),
        "targets 1 and -1, for the two classes",
    ),
}
"""What the targets of a loss must be, and how that is said."""


def family_of(given: Any) -> ActivationFamily | None:
    """The family of an activation, where it is known."""
    return ACTIVATIONS.get(name_of(given))


def name_of(given: Any) -> str:
    """The name of an activation or a loss; nothing where it is none."""
    found = given.get("name") if isinstance(given, Mapping) else given
    return found if isinstance(found, str) else ""


def numbers(given: Any) -> list[Decimal] | None:
    """A list of numbers as decimals, or those that are given by labels, where all are numbers."""
    given = list(given.values()) if isinstance(given, Mapping) else given
    if not isinstance(given, list) or not all(type(each) in (int, Decimal) for each in given):
        return None
    found = [Decimal(each) for each in given]
    return found if all(each.is_finite() for each in found) else None


def tables(given: Any) -> list[Data]:
    """The tables of a list; what is no table counts as one without entries."""
    return [each if isinstance(each, Mapping) else {} for each in given] if isinstance(given, list) else []
