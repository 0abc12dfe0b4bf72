"""The rules of backpropagation derived from first principles, in letters, as chains of equal formulas.

From gradient descent and the chain rule to the change of a weight, to δ of an output unit and to δ of a
hidden unit. Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors,
Nature 323 (1986); Mitchell, Machine Learning (1997), §4.5.3.
"""

from collections.abc import Callable, Iterator

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
    Quotient,
    Sum,
    difference,
    product,
)
from explainer.maths.loss_slopes import LOSS_SLOPES
from explainer.maths.quantity import FIXED_SIGNAL, Quantity
from explainer.maths.softmax import other_slope, own_slope
from explainer.problem.convention import Convention
from explainer.problem.model import Derivation, Function, Problem
from explainer.trace.claims import Claim, Shape, SlopeClaim, derived_slope
from explainer.trace.derive import RATE, activation
from explainer.trace.laws import Laws, Unit, ordered

BEFORE, ANY, NEXT, OUTPUT = "l−1", "l", "l+1", "N"
"""The layers of a derivation: any one, its neighbors, and the last.

Of units, i sends to any unit j, h is a hidden one, k one that it feeds or an output unit, and sums run over m.
"""

SOFTMAX = "softmax"
"""The activation function of a whole layer."""

COUNT = Letter("n")
"""How many outputs there are."""


class Principles:
    """The parts of the derivation for one convention, loss, and activation of the hidden and the output units."""

    def __init__(
        self, convention: Convention, loss: str, output: Function, hidden: Function | None, *, biased: bool
    ) -> None:
        self.laws = Laws(convention)
        self.through = convention.nodes != "by-layer"
        self.loss = LOSS_SLOPES[loss]
        self.output, self.hidden = output, hidden
        """The activation functions; None where there are no hidden units."""
        self.biased = biased

    @property
    def of_hidden(self) -> Function:
        """The activation function of the hidden units, for what is only asked of networks that have some."""
        return self.hidden or self.output

    @property
    def fixed(self) -> bool:
        """Whether a bias is a weight on the fixed signal, which has a name."""
        return self.biased and self.laws.bias_signal == FIXED_SIGNAL

    # -- the quantities --------------------------------------------------------------------------

    loss_of_sample = Quantity("loss", OUTPUT)
    weight = Quantity("weight", ANY, "j", "i")
    bias = Quantity("bias", ANY, "j")
    target = Quantity("target", OUTPUT, "k")
    error = Quantity("error", OUTPUT, "k")
    any_unit = Unit(Quantity("net", ANY, "j"), Quantity("output", ANY, "j"))
    hidden_unit = Unit(Quantity("net", ANY, "h"), Quantity("output", ANY, "h"))
    output_unit = Unit(Quantity("net", OUTPUT, "k"), Quantity("output", OUTPUT, "k"))
    fed_unit = Unit(Quantity("net", NEXT, "k"), Quantity("output", NEXT, "k"))

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
        """∂net_j/∂b_j = 1; of a threshold, −1; of a weight on the fixed signal, a_0 = 1"""
        signal = self.laws.bias_signal
        return chain(Partial(self.any_unit.net, self.bias), Line(signal), Line(ONE if self.fixed else signal))

    def meaning(self) -> Chain:
        """δ_j = −∂E/∂net_j; uphill, δ_j = ∂E/∂net_j"""
        return chain(self.delta(ANY, "j"), Line(self.laws.turned(self.by_loss(self.any_unit.net))))

    def change(self) -> Chain:
        """Δw_ij = η δ_j x_i; uphill, Δw_ij = −η δ_j x_i"""
        return self.change_of(self.weight, Quantity("change", ANY, "j", "i"), self.signal("i"))

    def change_of_bias(self) -> Chain:
        """Δb_j = η δ_j; uphill, Δb_j = −η δ_j; for a threshold, Δθ_j = −η δ_j"""
        lines = self.change_of(self.bias, Quantity("change", ANY, "j"), self.laws.bias_signal)
        if self.laws.bias_signal != Constant(-1):
            return lines
        rate, rule = (Negation(RATE), "minus_one") if self.laws.downhill else (RATE, "signs_cancel")
        return (*lines, Line(Product((rate, self.delta(ANY, "j"))), rule))

    def change_of(self, parameter: Quantity, change: Quantity, signal: Formula) -> Chain:
        """The change of a weight or of a bias, by what it is the weight of."""
        net, delta = self.any_unit.net, self.delta(ANY, "j")
        slope, step = Partial(net, parameter), Product((Negation(RATE), self.laws.turned(delta), signal))
        rule = "signs_cancel" if self.laws.downhill else "times_one" if signal == ONE else "order"
        return chain(
            change,
            Line(Product((Negation(RATE), self.by_loss(parameter))), "descent"),
            Line(Product((Negation(RATE), self.by_loss(net), slope)), "chain"),
            Line(step, "both") if self.laws.delta_named else Line(step, "found", (slope,)),
            Line(self.laws.change(RATE, (delta, signal)), rule),
        )

    def update(self) -> Chain:
        """w_ij^new = w_ij + Δw_ij"""
        change = Quantity("change", ANY, "j", "i")
        written = self.laws.change(RATE, (self.delta(ANY, "j"), self.signal("i")))
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
        target, output, loss = self.target, self.output_unit.output, self.loss
        first, *lines = loss.chain(target, output)
        return chain(
            self.by_loss(output),
            Line(Partial(self.loss_in_letters(), output), "definition", (self.loss_of_sample,)),
            Line(loss.whole(first.formula, COUNT), "only_term", (Letter("m"), Letter("k"), output)),
            *(Line(loss.whole(line.formula, COUNT), line.rule, line.about) for line in lines),
            *loss.after(COUNT, target, output),
            *([] if self.laws.downhill else [Line(loss.turned(COUNT, target, output), "into_bracket")]),
        )

    def loss_in_letters(self, letter: str = "m") -> Formula:
        """E as the sum that it is."""
        target, output = Quantity("target", OUTPUT, letter), Quantity("output", OUTPUT, letter)
        return self.loss.whole(IndexedSum(letter, self.loss.share(target, output)), COUNT)

    def output_delta(self) -> Chain:
        """δ_k = f′(net_k) (−∂E/∂o_k); uphill, δ_k = f′(net_k) ∂E/∂o_k"""
        unit, delta = self.output_unit, self.delta(OUTPUT, "k")
        split = last(self.output_split())
        by_output, slope = last(self.slope_of_loss()), self.slope(self.output, unit)
        plain = by_output.term if isinstance(by_output, Negation) and self.laws.downhill else by_output
        return chain(
            delta,
            Line(self.laws.turned(self.by_loss(unit.net)), "definition", (delta,)),
            Line(self.laws.turned(split), "chain"),
            Line(self.laws.turned(product(by_output, slope)), "both"),
            Line(product(plain, slope), "signs_cancel"),
            *self.in_order(plain, slope),
        )

    def in_order(self, plain: Formula, slope: Formula) -> tuple[Line, Line]:
        """δ of an output unit, what cancels left out or in the order of the convention; then the error by its name."""
        rule, factor = "order", slope
        scale: Formula = ONE
        if isinstance(plain, Quotient) and plain.denominator == slope:
            plain, factor, rule = plain.numerator, ONE, "cancels"
        if isinstance(plain, Product) and isinstance(plain.factors[0], Quotient):
            scale, plain = plain.factors[0], product(*plain.factors[1:])

        def law(error: Formula) -> Formula:
            return product(scale, ordered(self.laws.convention.order.output_delta, slope=factor, error=error))

        named = self.by_name(plain)
        return Line(law(plain), rule, (slope,)), Line(law(named.formula), named.rule, named.about)

    def by_name(self, error: Formula) -> Line:
        """What stands for the error of an output unit, by its name e_k = t_k − o_k where the convention calls it so."""
        target, output = self.target, self.output_unit.output
        named = self.laws.named_error(error, target, output, self.error)
        return Line(named, "with", (self.error, self.laws.error(target, output)))

    # -- δ of an output unit under softmax -------------------------------------------------------

    def softmax_slopes(self) -> tuple[Chain, Chain]:
        """∂o_k/∂net_k = o_k (1 − o_k), and ∂o_m/∂net_k = −o_m o_k for another unit m"""
        net, output = Quantity("net", OUTPUT, "k"), Quantity("output", OUTPUT, "k")
        other = Quantity("net", OUTPUT, "m")
        return own_slope(net, output), other_slope(other, Quantity("output", OUTPUT, "m"), net, output)

    def softmax_slope(self) -> Chain:
        """∂E/∂net_k = Σ_m ∂E/∂o_m · ∂o_m/∂net_k = o_k − t_k, for the cross-entropy"""
        target, net, output = self.target, self.output_unit.net, self.output_unit.output
        other_target, other = Quantity("target", OUTPUT, "m"), Quantity("output", OUTPUT, "m")

        def path(through: Formula) -> Formula:
            return Product((self.by_loss(through), Partial(through, net)))

        def others(body: Formula) -> Formula:
            return IndexedSum("m", body, "k")

        mine = Product((Negation(Quotient(target, output)), output, difference(ONE, output)))
        theirs = Product((Negation(Quotient(other_target, other)), Negation(Product((other, output)))))
        return chain(
            self.by_loss(net),
            Line(IndexedSum("m", path(other)), "paths", (Letter("m"),)),
            Line(Sum((path(output), others(path(other)))), "taken_out", (Letter("m"), Letter("k"))),
            Line(Sum((mine, others(theirs))), "both"),
            Line(
                Sum((Negation(Product((target, difference(ONE, output)))), others(Product((other_target, output))))),
                "cancel",
                (output, other),
            ),
            Line(Sum((Negation(target), Product((output, target)), Product((output, others(other_target))))), "opened"),
            Line(Sum((Negation(target), Product((output, IndexedSum("m", other_target))))), "joined", (Letter("m"),)),
            Line(Sum((Negation(target), output)), "distribution"),
            Line(difference(output, target), "order_of_terms"),
        )

    def softmax_delta(self) -> Chain:
        """δ_k = t_k − o_k; uphill, δ_k = o_k − t_k"""
        delta, slope = self.delta(OUTPUT, "k"), last(self.softmax_slope())
        result = difference(self.target, self.output_unit.output)
        return chain(
            delta,
            Line(self.laws.turned(self.by_loss(self.output_unit.net)), "definition", (delta,)),
            Line(self.laws.turned(slope), "found", (self.by_loss(self.output_unit.net),)),
            *([Line(result, "into_bracket"), self.by_name(result)] if self.laws.downhill else []),
        )

    @property
    def coupled(self) -> bool:
        """Whether every output depends on the net inputs of all output units."""
        return self.output.activation == SOFTMAX

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
        weight, delta = Quantity("weight", NEXT, "k", "h"), self.delta(NEXT, "k")
        by_fed = self.by_loss(fed.net)
        path, slope = last(self.path()), self.slope(self.of_hidden, unit)

        def passed(back: Formula) -> Formula:
            return product(slope, IndexedSum("k", self.laws.passed_back(weight, back)))

        return chain(
            self.by_loss(unit.net),
            Line(IndexedSum("k", Product((by_fed, Partial(fed.net, unit.net)))), "paths", (Letter("k"),)),
            Line(IndexedSum("k", product(by_fed, path)), "found", (Partial(fed.net, unit.net),)),
            Line(passed(by_fed), "before_sum", (slope, Letter("k"))),
            Line(passed(self.laws.turned(delta)), "definition", (delta,)),
            *([Line(Negation(passed(delta)), "sign_before_sum")] if self.laws.downhill else []),
            *([] if self.laws.delta_named else [Line(self.hidden_law(), "order")]),
        )

    def hidden_law(self) -> Formula:
        """f′(net_h) Σ_k w_hk δ_k, in the order of the convention"""
        passed_back = self.laws.passed_back(Quantity("weight", NEXT, "k", "h"), self.delta(NEXT, "k"))
        return self.laws.hidden_delta(activation(self.of_hidden), self.hidden_unit, IndexedSum("k", passed_back))

    def hidden_delta(self) -> Chain:
        """δ_h = f′(net_h) Σ_k w_hk δ_k"""
        unit, delta = self.hidden_unit, self.delta(ANY, "h")
        return chain(
            delta,
            Line(self.laws.turned(self.by_loss(unit.net)), "definition", (delta,)),
            Line(self.hidden_law(), "found", (self.by_loss(unit.net),)),
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
        for key, lines in self.output_parts():
            yield key, Claim("output", lines)
        for part in (self.path, self.paths, self.hidden_delta) if self.hidden else ():
            yield part.__name__, Claim("hidden", part())

    def output_parts(self) -> Iterator[tuple[str, Chain]]:
        """The parts on the output units."""
        yield "slope_of_loss", self.slope_of_loss()
        if self.coupled:
            own, other = self.softmax_slopes()
            yield from (("own_slope", own), ("other_slope", other))
            yield from (("softmax_slope", self.softmax_slope()), ("softmax_delta", self.softmax_delta()))
        else:
            yield from (("output_split", self.output_split()), ("output_delta", self.output_delta()))

    def slopes(self) -> tuple[SlopeClaim, ...]:
        """The slope of every activation function: one for any unit, or one for hidden and one for output units."""
        if self.coupled:
            return (derived_slope("hidden", self.hidden, self.hidden_unit),) if self.hidden else ()
        if self.hidden in (self.output, None):
            return (derived_slope("any", self.output, self.any_unit),)
        hidden = derived_slope("hidden", self.of_hidden, self.hidden_unit)
        return hidden, derived_slope("output", self.output, self.output_unit)

    def shapes(self) -> Iterator[Shape]:
        """The error term of each kind of unit that has one, as local derivative × error signal."""
        if not self.coupled:
            by_output = last(self.slope_of_loss())
            wanted = by_output.term if isinstance(by_output, Negation) and self.laws.downhill else by_output
            yield Shape("output", self.slope(self.output, self.output_unit), wanted)
        passed = self.laws.passed_back(Quantity("weight", NEXT, "k", "h"), self.delta(NEXT, "k"))
        yield Shape("hidden", self.slope(self.of_hidden, self.hidden_unit), IndexedSum("k", passed))


def principles_of(problem: Problem) -> Principles:
    """The derivation that belongs to a problem: to its loss and its activation functions."""
    convention = problem.convention
    if isinstance(problem.task, Derivation):
        task = problem.task
        return Principles(convention, task.loss, task.output, task.hidden, biased=task.biased)
    *hidden, output = problem.network.layers
    biased = any(layer.biases is not None for layer in problem.network.layers)
    return Principles(
        convention, problem.training.loss, output.function, hidden[0].function if hidden else None, biased=biased
    )
