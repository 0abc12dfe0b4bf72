"""All of a derivation: its claims in order, the slopes of its activation functions, and what the error terms share."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from explainer.maths.chain import Case, Chain
from explainer.maths.formula import Formula, quantities
from explainer.maths.quantity import Quantity
from explainer.maths.slopes import SLOPES, Z, own_slope
from explainer.problem.model import Derivation, Function, Problem
from explainer.trace.claims import Claim, Place, SlopeClaim
from explainer.trace.derive import activation
from explainer.trace.laws import Unit
from explainer.trace.principles import hidden, layers, outputs, weights
from explainer.trace.principles.setting import Setting, Units, grouped


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


def setting_of(problem: Problem) -> Setting:
    """The derivation that belongs to a problem: to its convention, its loss and its activation functions."""
    task = problem.task
    if isinstance(task, Derivation):
        functions, loss, parameters, biased = (*task.hidden, task.output), task.loss, task.loss_parameters, task.biased
    else:
        layers, training = problem.network.layers, problem.training
        functions = tuple(layer.function for layer in layers)
        loss, parameters = training.loss, training.loss_parameters
        biased = any(layer.biases is not None for layer in layers)
    *inner, output = functions
    return Setting(problem.convention, loss, parameters, output, grouped(inner), biased=biased)


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


def claims(own: Setting) -> Iterator[Named]:
    """Every part of a derivation by its name, in order."""
    yield from to_weight(own)
    yield from (("slope", each.claim) for each in slopes(own))
    yield "slope_of_term", outputs.slope_of_term(own)
    yield from to_outputs(own)
    if own.single:
        yield from to_hidden(own)
    if own.coupled:
        yield from to_hidden_layer(own, own.coupled)


def quantities_of(own: Setting) -> Iterator[Quantity]:
    """Every quantity that a derivation speaks of, repetitions included."""
    for _, claim in claims(own):
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
