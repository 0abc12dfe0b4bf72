"""What a page says of the activation and the loss of a unit that stands alone."""

from collections.abc import Iterable, Iterator, Mapping

from explainer.explain.document import Inlines, Math
from explainer.explain.given import loss_stated, named_within
from explainer.explain.own_functions import own_definition
from explainer.explain.passes import statements
from explainer.explain.reading import Reading
from explainer.maths.activations import ACTIVATIONS
from explainer.maths.formula import Call, IndexedSum, Negation, Partial
from explainer.maths.quantity import Index, Quantity
from explainer.problem.model import Function
from explainer.problem.unit import GivenUnit, Measure
from explainer.trace.derive import activation
from explainer.trace.laws import Unit
from explainer.trace.trace import Step
from explainer.trace.unit import pair

Units = Mapping[Quantity, GivenUnit]
"""The units of an exercise by the δ that each of them has."""


def definition(reading: Reading, layer: Function, of: Quantity, *, used: bool) -> Inlines:
    """The activation of the unit with this net input: its definition where it is `used`, else its name."""
    found, output = activation(layer), Quantity("output", of.layer, of.unit, 0, of.sample)
    if layer.own is not None:
        return own_definition(reading, layer.own)
    if not used:
        return reading.prose("exercise.called", name=ACTIVATIONS[layer.activation].label)
    if found.layer is not None:
        added = IndexedSum("i", found.layer.term(Quantity("net", of.layer, "i")))
        here = any_pair(of)
        return (reading.letters(here.output, found.layer.definition(here.net, added)),)
    if found.definition is None:
        return (reading.letters(output, found.value(of)),)
    return (reading.letters(found.value(of), found.definition(of)),)


def function(reading: Reading, layer: Function, of: Quantity) -> Iterator[Inlines]:
    """The activation of a unit whose output is worked out, and what else is named in it."""
    found = activation(layer)
    yield reading.prose("exercise.activation", function=definition(reading, layer, of, used=True))
    if found.definition is not None and layer.own is None:
        yield from named_within(reading, found.definition(of), of)


def functions(reading: Reading, units: Units) -> Iterator[Inlines]:
    """Each activation, with its derivative, of the units whose δ is shown; of several, with the units that have it."""
    groups = alike({delta: unit for delta, unit in units.items() if delta in reading.trace.index})
    for group in groups:
        (delta, unit), *_ = group.items()
        step = reading.trace.index[delta]
        stated = definition(reading, unit.function, net_of(delta), used=unit.net is not None)
        stated = with_derivative(reading, unit, step, stated)
        key = "activation" if len(groups) == 1 else "activation_of"
        yield reading.prose(f"exercise.{key}", function=stated, units=owners(reading, group))
        yield from named(reading, unit, step)


def alike(units: Units) -> list[dict[Quantity, GivenUnit]]:
    """The units that have the same activation together, and of each of which the same is given."""
    groups: list[dict[Quantity, GivenUnit]] = []
    for delta, unit in units.items():
        kind = unit.function, unit.net is None
        same = next((each for each in groups for one in each.values() if (one.function, one.net is None) == kind), None)
        if same is None:
            groups.append({delta: unit})
        else:
            same[delta] = unit
    return groups


def owners(reading: Reading, group: Units) -> Inlines:
    """Some units in words: the hidden unit, unit 1 and unit 2."""
    words = []
    for delta, unit in group.items():
        letter = reading.letter(reading.trace.names.node(delta.layer, delta.unit))
        words.append(reading.prose("notation.unit" if unit.target is not None else "words.hidden_unit", j=letter))
    return reading.prose.enumerated(words)


def net_of(delta: Quantity) -> Quantity:
    """The net input of the unit that has this δ."""
    return Quantity("net", delta.layer, delta.unit)


def with_derivative(reading: Reading, unit: GivenUnit, step: Step, stated: Inlines) -> Inlines:
    """An activation as it is stated, with its derivative where a δ has it that has no name of its own."""
    found, here = activation(unit.function), pair(step.quantity.layer, step.quantity.unit)
    if step.equation.law == "layer_delta" and found.layer is not None:
        here, other = any_pair(step.quantity), pair(step.quantity.layer, "m")
        own = reading.letters(Partial(here.output, here.net), found.layer.own(here.output))
        taken = Negation(found.layer.taken(other.output, here.output))
        shared = reading.letters(Partial(other.output, here.net), taken)
        return reading.prose("exercise.with_derivatives", function=stated, own=own, other=shared)
    if step.equation.law not in ("output_delta", "hidden_delta") or found.slope is not None:
        return stated
    derivative = reading.letters(found.derivative(here.net, here.output))
    return reading.prose("exercise.with_derivative", function=stated, derivative=derivative)


def any_pair(delta: Quantity) -> Unit:
    """Any unit of the layer of the unit that has this δ."""
    return pair(delta.layer, "k")


def named(reading: Reading, unit: GivenUnit, step: Step) -> Iterator[Inlines]:
    """What the functions stand for that the activation of a unit and its δ name; each once."""
    net, told, found = net_of(step.quantity), set[str](), activation(unit.function)
    if unit.net is not None and found.definition is not None and unit.function.own is None:
        yield from named_within(reading, found.definition(net), net)
    for stated in statements(reading, step.equation.formula, found, pair(net.layer, net.unit)):
        call = stated.terms[0].formula
        if isinstance(call, Call) and call.function not in told:
            told.add(call.function)
            yield reading.prose("given.where", function=Math(stated.terms))


def loss(reading: Reading, measure: Measure, layer: Index, unit: Index, outputs: int) -> Inlines:
    """The loss of so many outputs, stated for this one, which stands for any where there are several."""
    ends = Quantity("target", layer, unit), Quantity("output", layer, unit)
    stated = loss_stated(reading, measure.loss, outputs, Quantity("loss"), *ends)
    over = measure.parameters.get("over") if outputs > 1 else None
    what = reading.prose("given.whole_loss")
    return reading.prose(f"given.loss_over_{over}" if over else "given.loss", what=what, loss=stated)


def directions(reading: Reading, deltas: Iterable[Quantity]) -> Iterator[Inlines]:
    """What the signs of some δ say about their units, those that say the same together."""
    said: dict[str, list[Quantity]] = {}
    for delta in deltas:
        value = reading.trace.value(delta)
        rising = (value > 0) == reading.laws.downhill
        said.setdefault("zero" if not value else "should_rise" if rising else "should_fall", []).append(delta)
    for key, members in said.items():
        one = f"exercise.{key}"
        yield reading.prose.counted(one, f"{one}_all", len(members), delta=reading.naming(members, values=True))
