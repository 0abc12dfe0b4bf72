"""What a derivation is about: the network in letters, its loss, its activation functions, and what units are called.

A derivation speaks of any layer l, of its neighbors, and of the last, N. Of units, i sends to any unit j, h is a
hidden one, k one that it feeds or an output unit, and sums run over m.
"""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from explainer.maths.formula import Formula, IndexedSum, Letter, Partial
from explainer.maths.loss_slopes import LOSS_SLOPES
from explainer.maths.losses import LOSSES
from explainer.maths.parameters import Chosen
from explainer.maths.quantity import FIXED_SIGNAL, OUTPUT, Quantity
from explainer.problem.convention import Convention
from explainer.problem.model import Function
from explainer.trace.derive import activation
from explainer.trace.laws import Laws, Unit

BEFORE, ANY, NEXT = "l−1", "l", "l+1"
"""The layers of a derivation: any one, and its neighbors."""

COUNT = Letter("n")
"""How many outputs there are."""


class Units(Struct, frozen=True):
    """Units with the same activation function; `layers` are those that they make up, from 1, where any is named."""

    function: Function
    layers: tuple[int, ...] = ()

    @property
    def coupled(self) -> bool:
        """Whether every output depends on the net inputs of all units of its layer."""
        return activation(self.function).layer is not None


class Setting:
    """The network of a derivation, for one convention, loss, and activation functions.

    Args:
        convention: whose notation.
        loss: the name of the loss, with its `parameters`.
        output: the activation function of the output units.
        hidden: those of the hidden units; none where there are no such units.
        biased: whether units have a bias.
    """

    def __init__(
        self,
        convention: Convention,
        loss: str,
        parameters: Mapping[str, Chosen],
        output: Function,
        hidden: tuple[Units, ...],
        *,
        biased: bool,
    ) -> None:
        self.laws = Laws(convention)
        self.through = convention.nodes != "by-layer"
        self.loss = LOSSES[loss].make(**parameters)
        self.loss_slope = LOSS_SLOPES[loss](self.loss, **parameters)
        self.distribution = LOSSES[loss].suits == "distribution"
        """Whether the targets add up to 1."""
        self.output, self.hidden = Units(output), hidden
        self.biased = biased
        self.letter = "j" if convention.nodes == "by-kind" else "h"
        """The letter for a hidden unit; where units are called by their kind, h is a symbol."""

    loss_of_sample = Quantity("loss", OUTPUT)
    weight = Quantity("weight", ANY, "j", "i")
    bias = Quantity("bias", ANY, "j")
    target = Quantity("target", OUTPUT, "k")
    error = Quantity("error", OUTPUT, "k")
    any_unit = Unit(Quantity("net", ANY, "j"), Quantity("output", ANY, "j"))
    output_unit = Unit(Quantity("net", OUTPUT, "k"), Quantity("output", OUTPUT, "k"))
    fed_net = Quantity("net", NEXT, "k")

    @property
    def hidden_unit(self) -> Unit:
        """Any hidden unit."""
        return Unit(Quantity("net", ANY, self.letter), Quantity("output", ANY, self.letter))

    @property
    def single(self) -> tuple[Units, ...]:
        """The hidden units whose outputs depend on their own net inputs alone."""
        return tuple(each for each in self.hidden if not each.coupled)

    @property
    def coupled(self) -> Units | None:
        """The hidden units whose outputs depend on the net inputs of all units of their layer, if there are any."""
        return next((each for each in self.hidden if each.coupled), None)

    @property
    def alike(self) -> bool:
        """Whether one statement serves every unit: all have the same activation function and the same symbols."""
        same_symbols = self.laws.convention.output_symbols.keys().isdisjoint(("net", "output"))
        return same_symbols and all(each.function == self.output.function for each in self.hidden)

    @property
    def matched(self) -> bool:
        """Whether the slopes of the loss and of the output units cancel."""
        output = self.output.function
        return output.own is None and output.activation == self.loss.matched

    @property
    def fixed(self) -> bool:
        """Whether a bias is a weight on the fixed signal, which has a name."""
        return self.biased and self.laws.bias_signal == FIXED_SIGNAL

    def delta(self, layer: str, unit: str) -> Formula:
        """δ of a unit; ∂E/∂net, where it has no symbol of its own."""
        return Quantity("delta", layer, unit) if self.laws.delta_named else self.by_loss(Quantity("net", layer, unit))

    def signal(self, letter: str) -> Quantity:
        """What a unit sends to any unit j: an input, or an output of the layer before."""
        return Quantity("input", ANY, letter) if self.through else Quantity("output", BEFORE, letter)

    def net(self, layer: str, unit: str, signal: Callable[[str], Quantity], letter: str = "m") -> Formula:
        """The net input of a unit of a layer, as the sum that it is."""
        weighted = self.laws.weighted(Quantity("weight", layer, unit, letter), signal(letter))
        bias = Quantity("bias", layer, unit) if self.biased else None
        return self.laws.net((IndexedSum(letter, weighted),), bias)

    def by_loss(self, quantity: Formula) -> Formula:
        """∂E/∂quantity"""
        return Partial(self.loss_of_sample, quantity)

    def whole_loss(self, terms: Formula) -> Formula:
        """E, given the sum of the terms of all outputs."""
        return self.loss.whole(terms, COUNT, 1)

    def loss_in_letters(self, letter: str = "m") -> Formula:
        """E as the sum that it is."""
        target, output = Quantity("target", OUTPUT, letter), Quantity("output", OUTPUT, letter)
        return self.whole_loss(IndexedSum(letter, self.loss.term(target, output)))

    def slope(self, units: Units, unit: Unit) -> Formula:
        """∂o/∂net of a unit of these, in the form that the pages use."""
        return activation(units.function).derivative(unit.net, unit.output)

    def hidden_slope(self) -> Formula:
        """∂o_h/∂net_h of a hidden unit; left as it is where there are several activation functions."""
        unit = self.hidden_unit
        return self.slope(self.single[0], unit) if len(self.single) == 1 else Partial(unit.output, unit.net)


def grouped(functions: Iterable[Function]) -> tuple[Units, ...]:
    """Hidden layers by their activation functions, in the order in which these come."""
    layers: list[tuple[Function, list[int]]] = []
    for layer, function in enumerate(functions, 1):
        known = next((found for other, found in layers if other == function), None)
        if known is None:
            layers.append((function, [layer]))
        else:
            known.append(layer)
    return tuple(Units(function, tuple(found) if len(layers) > 1 else ()) for function, found in layers)
