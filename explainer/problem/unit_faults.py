"""Checking a table: whether what is said of units that stand alone fits together. Each refusal names the remedy."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from explainer.maths.losses import LOSSES
from explainer.problem.combinations import family_of, name_of, numbers, output_faults, slope_faults, target_faults
from explainer.problem.families import parameter_faults
from explainer.problem.faults import Fault
from explainer.problem.own_functions import Functions, functions, own_function_faults, own_of
from explainer.problem.sizes import activation_faults, count_faults, part
from explainer.problem.unit import GIVEN, USUAL_LOSS, activation_of, needs_net

Table = Mapping[str, Any]

ONE, COARSE = Decimal(1), Decimal("0.1")
"""Numbers with one decimal are not taken to be rounded."""


class Known(Struct, frozen=True):
    """What of a table the faults of its units depend on: its own functions, its loss, and which way δ is worked."""

    functions: Functions
    loss: str
    short: bool


def known(data: Table, wrong: list[Fault]) -> Known:
    """What is known of a table with these faults of its own functions."""
    loss = name_of(data.get("loss", USUAL_LOSS))
    short = part(data, "presentation").get("output_delta", "short") == "short"
    return Known({} if wrong else functions(data), loss if loss in LOSSES else "", short)


def function_faults(data: Table, place: str) -> Iterator[Fault]:
    """Faults of the functions of a table, and of the one activation that it has, which is of a single unit."""
    yield from own_function_faults(data)
    owner = part(data, place)
    yield from activation_faults(owner.get("activation"), f"{place}.activation")
    yield from lone_faults(owner, place)


def loss_faults(data: Table) -> Iterator[Fault]:
    """Parameters that the loss does not have."""
    yield from parameter_faults(data.get("loss"), "loss", LOSSES)


def lone_faults(owner: Table, place: str) -> Iterator[Fault]:
    """A function of a whole layer, where a unit stands alone."""
    family = family_of(given(owner))
    if family and family.of_layer:
        message = f"{family.label} shares 1 out among the units of a layer, and here is one alone"
        yield Fault(f"{place}.activation", f"{message}; take sigmoid")


def unit_faults(unit: Table, place: str, known: Known) -> Iterator[Fault]:
    """Where the activation of a unit, and its net input or output, do not fit together."""
    yield from activation_faults(unit.get("activation"), f"{place}.activation")
    yield from slope_faults(given(unit), f"{place}.activation")
    found = unit.keys() & {"net", "output"}
    if len(found) == 2:
        yield Fault(place, "found net and output, expected one of them")
    elif not found:
        yield Fault(place, "missing net or output, expected one of them")
    elif found == {"output"}:
        yield from output_value_faults(unit, place, known)


def output_value_faults(unit: Table, place: str, known: Known) -> Iterator[Fault]:
    """An output that is not enough to work with, or that its activation never gives."""
    family, outputs = family_of(given(unit)), listed(unit["output"])
    is_own = own_of(known.functions, unit.get("activation"), f"{place}.activation") is not None
    if (family or is_own) and needs_net(activation_of(plain(unit), known.functions, place)):
        message = "this activation's derivative is not a formula in the output; give net instead"
        yield Fault(f"{place}.output", message)
    if family is None or outputs is None or not family.probabilities:
        return
    if not all(0 <= each <= 1 for each in outputs):
        yield Fault(f"{place}.output", f"{family.label} gives outputs between 0 and 1; expected such, or linear")
    elif family.of_layer and len(outputs) > 1 and not is_distribution(outputs):
        yield Fault(f"{place}.output", f"{family.label} gives outputs that are together 1, not {sum(outputs)}")


def plain(unit: Table) -> Table:
    """The unit without parameters that are none."""
    return {**unit, "activation": name_of(given(unit))} if family_of(given(unit)) else unit


def given(owner: Table) -> Any:
    """The activation that a table gives, a sigmoid where it gives none."""
    return owner.get("activation", "sigmoid")


def is_distribution(outputs: list[Decimal]) -> bool:
    """Whether outputs are together 1; those with several decimals up to half a unit of the last one of each."""
    units = (ONE.scaleb(int(each.as_tuple().exponent)) for each in outputs)
    return abs(sum(outputs, -ONE)) <= sum((unit / 2 for unit in units if unit < COARSE), Decimal(0))


def listed(given: Any) -> list[Decimal] | None:
    """One number or several as a list, where they are numbers."""
    return numbers(given if isinstance(given, list) else [given])


def output_unit_faults(unit: Table, place: str, known: Known, *, lists: bool) -> Iterator[Fault]:
    """Where an output unit does not fit its loss; of a softmax layer all units may be given, where `lists` says so."""
    yield from unit_faults(unit, place, known)
    family, targets = family_of(given(unit)), listed(unit.get("target"))
    softmax = family is not None and family.of_layer
    if known.loss:
        yield from output_faults(known.loss, given(unit), f"{place}.activation")
        alone = softmax and not isinstance(unit.get("target"), list)
        yield from target_faults(known.loss, targets, f"{place}.target", alone=alone)
    if softmax:
        yield from softmax_faults(unit, place, known, lists=lists)
    else:
        for key in GIVEN:
            if isinstance(unit.get(key), list):
                message = "found a list, but only the outputs of softmax depend on each other; expected a number"
                yield Fault(f"{place}.{key}", message)


def softmax_faults(unit: Table, place: str, known: Known, *, lists: bool) -> Iterator[Fault]:
    """Where too little is known of a softmax layer, or not the same of each unit."""
    sizes = {key: len(unit[key]) for key in GIVEN if isinstance(unit.get(key), list)}
    if sizes:
        first, size = next(iter(sizes.items()))
        for key in GIVEN:
            if key in unit and key not in sizes:
                yield Fault(f"{place}.{key}", f"found one number, but {first} is a list; expected {size} of them")
            elif key in sizes:
                yield from count_faults(f"{place}.{key}", sizes[key], key, size, f"{first} has {size}")
        return
    if "net" in unit:
        remedy = "give a list with one for each unit, or output" if lists else "give output"
        message = "found one number, but softmax takes the net inputs of the whole layer"
        yield Fault(f"{place}.net", f"{message}; {remedy}")
    elif known.loss and not (known.loss == "cross-entropy" and known.short):
        remedy = "give a list with one for each unit, or take cross-entropy" if lists else "give delta"
        message = "found one number, but with this loss δ takes every output of the softmax layer"
        yield Fault(f"{place}.output", f"{message}; {remedy}")


def outcome_faults(data: Table, sample: Table, place: str) -> Iterator[Fault]:
    """Outputs and targets that the loss of a table is not for."""
    loss = name_of(data.get("loss", USUAL_LOSS))
    outputs, targets = (numbers(sample.get(key)) for key in ("outputs", "targets"))
    if loss in LOSSES:
        fits, wanted = OUTPUTS.get(LOSSES[loss].suits, ANY)
        if outputs and not fits(outputs):
            yield Fault(f"{place}.outputs", f"{loss} takes {wanted}; for others take half-squared-error")
        yield from target_faults(loss, targets, f"{place}.targets")


ANY: tuple[Callable[[list[Decimal]], bool], str] = (lambda outputs: True, "")

OUTPUTS: Mapping[str, tuple[Callable[[list[Decimal]], bool], str]] = {
    "probabilities": (
        lambda outputs: all(0 < each < 1 for each in outputs),
        "logarithms, so outputs that lie between 0 and 1, and are neither",
    ),
    "distribution": (
        lambda outputs: all(each > 0 for each in outputs) and is_distribution(outputs),
        "outputs that are a distribution, as softmax gives: each above 0, and together 1",
    ),
}
"""What outputs must be for a loss, and how that is said."""
