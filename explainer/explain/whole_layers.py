"""What a page says of a function of a whole layer, in which each output depends on all net inputs: softmax."""

from explainer.explain.document import Block, Inlines, Math
from explainer.explain.dropout import let_through
from explainer.explain.reading import Reading
from explainer.maths.activations import LayerFunction
from explainer.maths.formula import Formula, IndexedSum, Negation, Partial, Sum, negated
from explainer.maths.quantity import Quantity
from explainer.trace.derive import activation, loss
from explainer.trace.laws import Unit
from explainer.trace.trace import Step


def of_layer(reading: Reading, layer: int) -> LayerFunction | None:
    """The function of a whole layer that its activation is, if it is one."""
    return activation(reading.layer(layer)).layer


def stated(reading: Reading, layer: int, function: LayerFunction) -> Math:
    """The output of any unit j of a layer: o_j = e^net_j / Σ_i e^net_i"""
    net, other = Quantity("net", layer, "j"), Quantity("net", layer, "i")
    written = function.definition(net, IndexedSum("i", function.term(other)))
    return reading.letters(Quantity("output", layer, "j"), written)


def outputs_together(reading: Reading, members: list[Step]) -> list[Block]:
    """The outputs of a layer, one below the other."""
    name = reading.activation(int(members[0].quantity.layer))
    return [reading.say("laws.outputs_together", activation=name), reading.together(members)]


def share_law(reading: Reading, layer: int, letter: str, function: LayerFunction) -> Inlines:
    """The law of δ for any unit, and the two kinds of derivatives that it is made of."""
    here, other = unit(layer, letter), unit(layer, "m")
    own = reading.laws.own_share(function, here, signal(reading, layer, letter))
    share = negated(reading.laws.other_share(function, here, other, signal(reading, layer, "m")))
    others: Formula = IndexedSum("m", share.term if isinstance(share, Negation) else share, letter)
    others = Negation(others) if isinstance(share, Negation) else others
    law = reading.letters(Quantity("delta", layer, letter), Sum((own, others)))
    return reading.prose(
        "laws.layer_delta_law",
        activation=reading.activation(layer),
        law=law,
        own=reading.letters(Partial(here.output, here.net), function.own(here.output)),
        other=reading.letters(Partial(other.output, here.net), Negation(function.taken(other.output, here.output))),
        unit=reading.letter("m"),
    )


def signal(reading: Reading, layer: int, letter: str) -> Formula:
    """What comes back to the output of any unit: from the loss, or from all units k that it feeds."""
    laws, problem = reading.laws, reading.trace.problem
    if layer == reading.last:
        target, error = Quantity("target", layer, letter), Quantity("error", layer, letter)
        return laws.by_output(loss(problem.training), unit(layer, letter), target, error, problem.network.sizes[-1])
    weight, delta = Quantity("weight", layer + 1, "k", letter), Quantity("delta", layer + 1, "k")
    return let_through(reading, layer, letter, IndexedSum("k", laws.passed_back(weight, delta)))


def unit(layer: int, letter: str) -> Unit:
    """Any unit of a layer."""
    return Unit(Quantity("net", layer, letter), Quantity("output", layer, letter))
