"""All of a derivation: its claims in order, the slopes of its activation functions, and what the error terms share."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from explainer.maths.chain import Case, Chain
from explainer.maths.formula import Formula, quantities
from explainer.maths.quantity import Quantity
from explainer.maths.slopes import SLOPES, Z, own_slope
from explainer.problem.model import Function, Problem
from explainer.trace.claims import Claim, Place, SlopeClaim
from explainer.trace.derive import activation
from explainer.trace.laws import Unit
from explainer.trace.principles import hidden, layers, outputs, weights
from explainer.trace.principles.setting import ANY, Setting, Units, grouped


class ActivationSlope(Struct, frozen=True):
    """The slope of an activation function, and the units that it is the function of; `unit` is any of them.

    It is `known` where it had to be derived before, for another function.
    """

    place: Place
    units: Units
    unit: Unit
    claim: SlopeClaim
    known: bool


class Shape(Struct, frozen=True):
    """The error term of a kind of unit, as local derivative × error signal."""

    place: Place
    units: Units
    local: Formula
    signal: Formula


Part = Literal["weights", "outputs", "hidden", "slope"]
"""A part of a derivation: the rule for weights, δ of output units, δ of hidden units; or only a function's slope."""

ALL: tuple[Part, ...] = ("weights", "outputs", "hidden")

PARTS: Mapping[str, tuple[Part, ...]] = {
    "output-delta": ("outputs",),
    "hidden-delta": ("hidden",),
    "update": ("weights",),
    "rates": ("weights",),
    "function": ("slope",),
}
"""What is derived for each kind of small exercise; all of it for a network."""


def parts_of(problem: Problem) -> tuple[Part, ...]:
    """What is derived for a problem."""
    return PARTS.get(problem.kind, ALL)


def setting_of(problem: Problem) -> Setting:
    """The derivation that belongs to a problem: to its convention, its loss and its activation functions."""
    task = problem.task.derived
    if task is None:
        raise TypeError(f'a problem of kind "{problem.kind}" has no rules to derive')
    return Setting(
        problem.convention, task.loss, task.loss_parameters, task.output, grouped(task.hidden), biased=task.biased
    )


def derived(function: Function, shown: Sequence[Case]) -> SlopeClaim:
    """The slope of an activation function, from its definition; without what has been shown to prepare another."""
    own, used = function.own, activation(function)
    *before, last = SLOPES[function.activation](**function.parameters) if own is None else own_slope(own)
    cases = *(case for case in before if case.condition or case not in shown), last
    return SlopeClaim(cases, used.derivative(Z, used.value(Z)), {} if own is None else own.parameters)


def slopes(own: Setting) -> Iterator[ActivationSlope]:
    """The slope of every activation function, each once: first that of the output units."""
    found, shown = list[Function](), list[Case]()
    where: Place = "any" if own.alike and own.hidden else "output"
    unit = own.any_unit if where == "any" else own.output_unit
    for place, units, one in ((where, own.output, unit), *(("hidden", each, own.hidden_unit) for each in own.single)):
        if activation(units.function).layer is None and units.function not in found:
            found.append(units.function)
            claim = derived(units.function, shown)
            yield ActivationSlope(place, units, one, claim, claim.cases[-1] in shown)
            shown.extend(claim.cases)


Named = tuple[str, Claim | SlopeClaim]
"""A claim with the name of the part of the derivation that it belongs to."""


def claims(own: Setting, parts: Sequence[Part] = ALL) -> Iterator[Named]:
    """Every claim of these parts of a derivation, in order."""
    if "weights" in parts:
        yield from to_weight(own)
    if parts != PARTS["update"]:
        yield from (("slope", each.claim) for each in slopes(own))
    if "outputs" in parts:
        yield "slope_of_term", outputs.slope_of_term(own)
        yield from to_outputs(own)
    if "hidden" in parts and own.single:
        yield from to_hidden(own)
    if "hidden" in parts and own.coupled:
        yield from to_hidden_layer(own, own.coupled)


def quantities_of(own: Setting, parts: Sequence[Part] = ALL) -> Iterator[Quantity]:
    """Every quantity that these parts of a derivation speak of, repetitions included."""
    yield from (*quantities(own.any_unit.net), *quantities(own.net(ANY, "j", own.signal, "i")))
    for _, claim in claims(own, parts):
        for chain in [claim.chain] if isinstance(claim, Claim) else [case.chain for case in claim.cases]:
            yield from (each for line in chain for each in quantities(line.formula))


def to_weight(own: Setting) -> Iterator[Named]:
    """The parts that lead from the loss to a weight."""
    of_bias = (weights.slope_by_bias, weights.change_of_bias) if own.biased else ()
    of_delta = (weights.meaning,) if own.laws.delta_named else ()
    parts = weights.descent, weights.split, weights.slope_of_net, *of_delta, weights.change, *of_bias
    yield from ((part.__name__, Claim("any", part(own))) for part in parts)


def to_outputs(own: Setting) -> Iterator[Named]:
    """The parts on the output units."""
    parts = [outputs.slope_of_loss]
    if not own.output.coupled:
        parts += [outputs.output_split, outputs.output_delta]
    elif own.matched:
        parts += [layers.matched_slope, layers.matched_delta]
    else:
        parts += [layers.delta_of_outputs]
    named = [(part.__name__, part(own)) for part in parts]
    if own.output.coupled:
        named += of_layer(layers.output_layer(own))
    yield from ((name, Claim("output", chain, own.output.function)) for name, chain in named)


def to_hidden(own: Setting) -> Iterator[Named]:
    """The parts on hidden units; where they have several activation functions, those of each."""
    for units in own.single:
        for part in (hidden.path, hidden.paths, hidden.hidden_delta):
            yield part.__name__, Claim("hidden", part(own), units.function)
        if len(own.single) > 1:
            yield "hidden_delta_of", Claim("hidden", hidden.hidden_delta_of(own, units), units.function)


def to_hidden_layer(own: Setting, units: Units) -> Iterator[Named]:
    """The parts on hidden units that make up a softmax layer."""
    named = [(part.__name__, part(own)) for part in (layers.slope_of_fed, layers.slope_by_hidden)]
    named += of_layer(layers.hidden_layer(own, units))
    named += [("delta_of_hidden", layers.delta_of_hidden(own, units))]
    yield from ((name, Claim("hidden", chain, units.function)) for name, chain in named)


def of_layer(layer: layers.SoftmaxLayer) -> list[tuple[str, Chain]]:
    """How the outputs of a softmax layer depend on a net input, and the loss through them."""
    return [("own_slope", layer.own_slope()), ("other_slope", layer.other_slope()), ("paths", layer.paths())]


def shapes(own: Setting) -> Iterator[Shape]:
    """The error term of each kind of unit that has one, as local derivative × error signal."""
    if not own.output.coupled:
        yield Shape("output", own.output, own.slope(own.output, own.output_unit), outputs.wanted(own))
    for units in own.single:
        signal = hidden.passed_back(own, own.letter)
        yield Shape("hidden", units, own.slope(units, own.hidden_unit), signal)
