"""The rules of backpropagation derived from first principles, in letters, as chains of equal formulas.

From gradient descent and the chain rule to the change of a weight, to δ of an output unit and to δ of a
hidden unit. Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors,
Nature 323 (1986); Mitchell, Machine Learning (1997), §4.5.3.
"""

from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct

from explainer.maths.chain import Chain, Line, chain, last
from explainer.maths.formula import (
    ONE,
    Constant,
    Formula,
    IndexedSum,
    Letter,
    Negation,
    Partial,
    Product,
    product,
)
from explainer.maths.loss_slopes import TERM_SLOPES
from explainer.maths.losses import LOSSES
from explainer.maths.quantity import Quantity
from explainer.maths.slopes import SLOPES, Slope
from explainer.problem.convention import Convention, convention
from explainer.problem.model import Derivation, Function, Problem
from explainer.trace.derive import RATE, activation
from explainer.trace.laws import Laws, Unit

BEFORE, ANY, NEXT, OUTPUT = "l−1", "l", "l+1", "N"
"""The layers of a derivation: any one, its neighbors, and the last.

Of units, i sends to any unit j, h is a hidden one, k one that it feeds or an output unit, and sums run over m.
"""

Place = Literal["any", "hidden", "output"]
"""Which units a chain holds for."""

COUNT = Letter("n")
"""How many outputs there are."""


class Claim(Struct, frozen=True):
    """What one part of the derivation shows, and for which units."""

    place: Place
    chain: Chain


class SlopeClaim(Struct, frozen=True):
    """The slope of an activation function, for any number z; `unit` is one that it is the function of."""

    place: Place
    function: Function
    unit: Unit
    cases: Slope


class Shape(Struct, frozen=True):
    """The error term of a kind of unit, as local derivative × error signal."""

    place: Place
    local: Formula
    signal: Formula


class Principles:
    """The parts of the derivation for one convention, loss, and activation of the hidden and the output units."""

    def __init__(
        self, convention: Convention, loss: str, output: Function, hidden: Function | None, *, biased: bool
    ) -> None:
        self.laws = Laws(convention)
        self.through = convention.nodes == "through"
        self.loss_name, self.loss = loss, LOSSES[loss]
        self.output, self.hidden = output, hidden
        """The activation functions; None where there are no hidden units."""
        self.biased = biased

    @property
    def of_hidden(self) -> Function:
        """The activation function of the hidden units, for what is only asked of networks that have some."""
        return self.hidden or self.output

    # -- the quantities --------------------------------------------------------------------------

    loss_of_sample = Quantity("loss", OUTPUT)
    weight = Quantity("weight", ANY, "j", "i")
    bias = Quantity("bias", ANY, "j")
    target = Quantity("target", OUTPUT, "k")
    any_unit = Unit(Quantity("net", ANY, "j"), Quantity("output", ANY, "j"))
    hidden_unit = Unit(Quantity("net", ANY, "h"), Quantity("output", ANY, "h"))
    output_unit = Unit(Quantity("net", OUTPUT, "k"), Quantity("output", OUTPUT, "k"))
    fed_unit = Unit(Quantity("net", NEXT, "k"), Quantity("output", NEXT, "k"))

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

    # -- from the loss to a weight ---------------------------------------------------------------

    def descent(self) -> Chain:
        """Δw_ij = −η ∂E/∂w_ij"""
        change = Quantity("change", ANY, "j", "i")
        return chain(change, Line(Product((Negation(RATE), self.by_loss(self.weight)))))

    def split(self) -> Chain:
        """∂E/∂w_ij = ∂E/∂net_j · ∂net_j/∂w_ij"""
        net = self.any_unit.net
        return chain(self.by_loss(self.weight), Line(Product((self.by_loss(net), Partial(net, self.weight))), "chain"))

    def slope_of_net(self) -> Chain:
        """∂net_j/∂w_ij = x_i"""
        net, signal = self.any_unit.net, self.signal("i")
        return chain(
            Partial(net, self.weight),
            Line(Partial(self.net(ANY, "j", self.signal), self.weight), "definition", (net,)),
            Line(
                Partial(self.laws.weighted(self.weight, signal), self.weight),
                "only_term",
                (Letter("m"), Letter("i"), self.weight),
            ),
            Line(signal, "constant_factor", (signal,)),
        )

    def slope_by_bias(self) -> Chain:
        """∂net_j/∂b_j = 1"""
        net = self.any_unit.net
        return chain(Partial(net, self.bias), Line(ONE))

    def meaning(self) -> Chain:
        """δ_j = −∂E/∂net_j; uphill, δ_j = ∂E/∂net_j"""
        return chain(Quantity("delta", ANY, "j"), Line(self.from_slope(self.by_loss(self.any_unit.net))))

    def from_slope(self, slope: Formula) -> Formula:
        """δ as ∂E/∂net gives it."""
        return Negation(slope) if self.laws.downhill else slope

    def as_slope(self, delta: Formula) -> Formula:
        """∂E/∂net as δ gives it."""
        return Negation(delta) if self.laws.downhill else delta

    def change(self) -> Chain:
        """Δw_ij = η δ_j x_i; uphill, Δw_ij = −η δ_j x_i"""
        return self.change_of(self.weight, Quantity("change", ANY, "j", "i"), self.signal("i"))

    def change_of_bias(self) -> Chain:
        """Δb_j = η δ_j; uphill, Δb_j = −η δ_j"""
        return self.change_of(self.bias, Quantity("change", ANY, "j"), None)

    def change_of(self, parameter: Quantity, change: Quantity, signal: Quantity | None) -> Chain:
        """The change of a weight or of a bias, whose signal is 1."""
        net, delta = self.any_unit.net, Quantity("delta", ANY, "j")
        return chain(
            change,
            Line(Product((Negation(RATE), self.by_loss(parameter))), "descent"),
            Line(Product((Negation(RATE), self.by_loss(net), Partial(net, parameter))), "chain"),
            Line(Product((Negation(RATE), self.as_slope(delta), signal or ONE)), "both"),
            Line(self.laws.change(RATE, delta, signal), "signs_cancel" if self.laws.downhill else "times_one"),
        )

    def update(self) -> Chain:
        """w_ij^new = w_ij + Δw_ij"""
        change = Quantity("change", ANY, "j", "i")
        written = self.laws.change(RATE, Quantity("delta", ANY, "j"), self.signal("i"))
        return chain(
            self.weight.after(),
            Line(self.laws.update(self.weight, change)),
            Line(self.laws.update(self.weight, written), "both"),
        )

    # -- δ of an output unit ---------------------------------------------------------------------

    def output_split(self) -> Chain:
        """∂E/∂net_k = ∂E/∂o_k · ∂o_k/∂net_k"""
        unit = self.output_unit
        return chain(
            self.by_loss(unit.net),
            Line(Product((self.by_loss(unit.output), Partial(unit.output, unit.net))), "chain"),
        )

    def slope_of_loss(self) -> Chain:
        """∂E/∂o_k, from the definition of the loss"""
        target, output = self.target, self.output_unit.output
        factor = self.loss.factor(COUNT)
        inner = TERM_SLOPES[self.loss_name](target, output)
        downhill = product(self.loss.slope(COUNT), self.loss.downhill(target, output))
        uphill = product(self.loss.slope(COUNT), self.loss.uphill(target, output))
        constants = Product((factor, Constant(2))), self.loss.slope(COUNT)
        return chain(
            self.by_loss(output),
            Line(Partial(self.loss_in_letters(), output), "definition", (self.loss_of_sample,)),
            Line(product(factor, inner[0].formula), "only_term", (Letter("m"), Letter("k"), output)),
            *(Line(product(factor, line.formula), line.rule, line.about) for line in inner[1:]),
            Line(product(downhill, Constant(-1)), "multiply_to", constants),
            Line(Negation(downhill), "minus_one"),
            *([] if self.laws.downhill else [Line(uphill, "into_bracket")]),
        )

    def loss_in_letters(self, letter: str = "m") -> Formula:
        """E as the sum that it is."""
        target, output = Quantity("target", OUTPUT, letter), Quantity("output", OUTPUT, letter)
        return product(self.loss.factor(COUNT), IndexedSum(letter, self.loss.term(target, output)))

    def output_delta(self) -> Chain:
        """δ_k = f′(net_k) (−∂E/∂o_k); uphill, δ_k = f′(net_k) ∂E/∂o_k"""
        unit, delta = self.output_unit, Quantity("delta", OUTPUT, "k")
        split = last(self.output_split())
        by_output, slope = last(self.slope_of_loss()), self.slope(self.output, unit)
        plain = by_output.term if isinstance(by_output, Negation) else by_output
        return chain(
            delta,
            Line(self.from_slope(self.by_loss(unit.net)), "definition", (delta,)),
            Line(self.from_slope(split), "chain"),
            Line(self.from_slope(product(by_output, slope)), "both"),
            Line(product(plain, slope), "signs_cancel"),
            Line(self.laws.output_delta(activation(self.output), self.loss, unit, self.target, COUNT), "order"),
        )

    # -- the slope of the activation function ----------------------------------------------------

    def slope(self, function: Function, unit: Unit) -> Formula:
        """∂o/∂net of a unit, in the form that the pages use."""
        return activation(function).derivative(unit.net, unit.output)

    # -- δ of a hidden unit ----------------------------------------------------------------------

    def path(self) -> Chain:
        """∂net_k/∂net_h = w_hk f′(net_h)"""
        unit, fed = self.hidden_unit, self.fed_unit
        weight = Quantity("weight", NEXT, "k", "h")
        onward, own = Partial(fed.net, unit.output), Partial(unit.output, unit.net)
        written = self.net(NEXT, "k", lambda letter: Quantity("output", ANY, letter))
        return chain(
            Partial(fed.net, unit.net),
            Line(Product((onward, own)), "chain"),
            Line(Product((Partial(written, unit.output), own)), "definition", (fed.net,)),
            Line(Product((weight, own)), "only_term", (Letter("m"), Letter("h"), unit.output)),
            Line(product(weight, self.slope(self.of_hidden, unit)), "found", (own,)),
        )

    def paths(self) -> Chain:
        """∂E/∂net_h = Σ_k ∂E/∂net_k · ∂net_k/∂net_h = −f′(net_h) Σ_k w_hk δ_k"""
        unit, fed = self.hidden_unit, self.fed_unit
        weight, delta = Quantity("weight", NEXT, "k", "h"), Quantity("delta", NEXT, "k")
        by_fed = self.by_loss(fed.net)
        path, slope = last(self.path()), self.slope(self.of_hidden, unit)

        def passed(back: Formula) -> Formula:
            return product(slope, IndexedSum("k", self.laws.passed_back(weight, back)))

        return chain(
            self.by_loss(unit.net),
            Line(IndexedSum("k", Product((by_fed, Partial(fed.net, unit.net)))), "paths", (Letter("k"),)),
            Line(IndexedSum("k", product(by_fed, path)), "found", (Partial(fed.net, unit.net),)),
            Line(passed(by_fed), "before_sum", (slope, Letter("k"))),
            Line(passed(self.as_slope(delta)), "definition", (delta,)),
            *([Line(Negation(passed(delta)), "sign_before_sum")] if self.laws.downhill else []),
        )

    def hidden_delta(self) -> Chain:
        """δ_h = f′(net_h) Σ_k w_hk δ_k"""
        unit, delta = self.hidden_unit, Quantity("delta", ANY, "h")
        passed_back = self.laws.passed_back(Quantity("weight", NEXT, "k", "h"), Quantity("delta", NEXT, "k"))
        law = self.laws.hidden_delta(activation(self.of_hidden), unit, IndexedSum("k", passed_back))
        return chain(
            delta,
            Line(self.from_slope(self.by_loss(unit.net)), "definition", (delta,)),
            Line(law, "found", (self.by_loss(unit.net),)),
        )

    # -- all of it -------------------------------------------------------------------------------

    def claims(self) -> Iterator[tuple[str, Claim | SlopeClaim]]:
        """Every part by its name, in order."""
        for part in (self.descent, self.split, self.slope_of_net, self.meaning, self.change):
            yield part.__name__, Claim("any", part())
        if self.biased:
            yield "slope_by_bias", Claim("any", self.slope_by_bias())
            yield "change_of_bias", Claim("any", self.change_of_bias())
        yield "update", Claim("any", self.update())
        for slope in self.slopes():
            yield "slope", slope
        for part in (self.output_split, self.slope_of_loss, self.output_delta):
            yield part.__name__, Claim("output", part())
        for part in (self.path, self.paths, self.hidden_delta) if self.hidden else ():
            yield part.__name__, Claim("hidden", part())

    def slopes(self) -> tuple[SlopeClaim, ...]:
        """The slope of every activation function: one for any unit, or one for hidden and one for output units."""
        if self.hidden in (self.output, None):
            return (derived_slope("any", self.output, self.any_unit),)
        hidden = derived_slope("hidden", self.of_hidden, self.hidden_unit)
        return hidden, derived_slope("output", self.output, self.output_unit)

    def shapes(self) -> tuple[Shape, Shape]:
        """The error term of an output and of a hidden unit as local derivative × error signal."""
        by_output = last(self.slope_of_loss())
        wanted = by_output.term if isinstance(by_output, Negation) else by_output
        passed = self.laws.passed_back(Quantity("weight", NEXT, "k", "h"), Quantity("delta", NEXT, "k"))
        return (
            Shape("output", self.slope(self.output, self.output_unit), wanted),
            Shape("hidden", self.slope(self.of_hidden, self.hidden_unit), IndexedSum("k", passed)),
        )


def derived_slope(place: Place, function: Function, unit: Unit) -> SlopeClaim:
    """∂o/∂net of a unit, derived from its activation function."""
    return SlopeClaim(place, function, unit, SLOPES[function.activation](**function.parameters))


def principles_of(problem: Problem) -> Principles:
    """The derivation that belongs to a problem: to its loss and its activation functions."""
    named = convention(problem.presentation.convention)
    if isinstance(problem.task, Derivation):
        task = problem.task
        return Principles(named, task.loss, task.output, task.hidden, biased=task.biased)
    *hidden, output = problem.network.layers
    biased = any(layer.biases is not None for layer in problem.network.layers)
    return Principles(
        named, problem.training.loss, output.function, hidden[0].function if hidden else None, biased=biased
    )
