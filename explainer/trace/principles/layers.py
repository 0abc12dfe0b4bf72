"""The error term in a softmax layer, where every output depends on the net inputs of all units of the layer.

Source: Goodfellow et al., Deep Learning, §6.2.2.3; Bishop, Pattern Recognition and Machine Learning, §4.3.4.
"""

from msgspec import Struct

from explainer.maths.activations import LayerFunction
from explainer.maths.chain import Chain, Line, chain, last
from explainer.maths.formula import (
    ONE,
    Formula,
    IndexedSum,
    Letter,
    Negation,
    Partial,
    Product,
    Quotient,
    Sum,
    difference,
    parts,
    product,
    rebuilt,
)
from explainer.maths.quantity import OUTPUT, Quantity
from explainer.maths.softmax import other_slope, own_slope, written
from explainer.trace.derive import activation
from explainer.trace.laws import Unit
from explainer.trace.principles.hidden import passed_back, slope_onward, weight_onward
from explainer.trace.principles.outputs import by_name, wanted
from explainer.trace.principles.setting import ANY, NEXT, Setting, Units


class SoftmaxLayer(Struct, frozen=True):
    """A layer of softmax units: any unit of it has the `letter`, and all of them are m."""

    own: Setting
    units: Units
    layer: str
    letter: str

    def net(self, letter: str) -> Quantity:
        """The net input of a unit of the layer."""
        return Quantity("net", self.layer, letter)

    def output(self, letter: str) -> Quantity:
        """The output of a unit of the layer."""
        return Quantity("output", self.layer, letter)

    @property
    def here(self) -> Unit:
        """Any unit of the layer."""
        return Unit(self.net(self.letter), self.output(self.letter))

    @property
    def other(self) -> Unit:
        """Another one."""
        return Unit(self.net("m"), self.output("m"))

    @property
    def function(self) -> LayerFunction:
        """What makes the outputs of the layer out of its net inputs."""
        found = activation(self.units.function).layer
        if found is None:
            raise TypeError(f"no function of a whole layer: {self.units.function.activation}")
        return found

    def stated(self) -> tuple[Formula, Formula]:
        """o_k = e^net_k / Σ_m e^net_m"""
        return self.here.output, written(self.net(self.letter), "m")

    def others(self, body: Formula) -> Formula:
        """The sum over all units of the layer but the one."""
        return IndexedSum("m", body, self.letter)

    # -- how the outputs depend on a net input ------------------------------------------------------

    def own_slope(self) -> Chain:
        """∂o_k/∂net_k = o_k (1 − o_k)"""
        return own_slope(self.net(self.letter), self.output(self.letter))

    def other_slope(self) -> Chain:
        """∂o_m/∂net_k = −o_m o_k, for another unit m"""
        return other_slope(self.net("m"), self.output("m"), self.net(self.letter), self.output(self.letter))

    def paths(self) -> Chain:
        """∂E/∂net_k = Σ_m ∂E/∂o_m · ∂o_m/∂net_k = ∂E/∂o_k o_k (1 − o_k) + Σ_{m≠k} ∂E/∂o_m (−o_m o_k)"""
        return chain(
            self.own.by_loss(self.here.net),
            Line(IndexedSum("m", self.path(self.other)), "paths", (Letter("m"),)),
            Line(Sum((self.path(self.here), self.others(self.path(self.other)))), "taken_out", self.names),
            Line(self.put_in(*map(self.own.by_loss, (self.here.output, self.other.output))), "slopes"),
        )

    @property
    def names(self) -> tuple[Formula, Formula]:
        """The letters m and k."""
        return Letter("m"), Letter(self.letter)

    def path(self, through: Unit) -> Formula:
        """∂E/∂o_m · ∂o_m/∂net_k"""
        return Product((self.own.by_loss(through.output), Partial(through.output, self.here.net)))

    def put_in(self, mine: Formula, theirs: Formula) -> Formula:
        """The sum over all paths, given ∂E/∂o_k and ∂E/∂o_m, with the slopes of the outputs put in."""
        taken = Negation(self.function.taken(self.other.output, self.here.output))
        return Sum((product(mine, self.function.own(self.here.output)), self.others(Product((theirs, taken)))))

    # -- δ, from what comes back to the outputs ----------------------------------------------------

    def delta(self, mine: Formula, theirs: Formula) -> Chain:
        """δ_k = o_k (1 − o_k) s_k − Σ_{m≠k} o_m o_k s_m, given s = −∂E/∂o; uphill, s = ∂E/∂o"""
        laws, delta = self.own.laws, self.own.delta(self.layer, self.letter)
        law = Sum(
            (
                laws.own_share(self.function, self.here, mine),
                Negation(self.others(laws.other_share(self.function, self.here, self.other, theirs))),
            )
        )
        slope = self.own.by_loss(self.here.net)
        found = Line(laws.turned(last(self.paths())), "found", (slope,))
        lines = [Line(laws.turned(slope), "definition", (delta,)), found] if laws.delta_named else self.paths()[1:]
        return chain(
            delta,
            *lines,
            Line(
                laws.turned(self.put_in(*map(laws.turned, (mine, theirs)))),
                "found",
                (self.own.by_loss(self.here.output),),
            ),
            Line(law, "signs_out" if laws.downhill else "sign_before_sum"),
        )


# -- softmax units at the output ------------------------------------------------------------------------


def output_layer(own: Setting) -> SoftmaxLayer:
    """The output units, as a softmax layer."""
    return SoftmaxLayer(own, own.output, OUTPUT, "k")


def delta_of_outputs(own: Setting) -> Chain:
    """δ_k of an output unit, for a loss that softmax is not made for"""
    mine = wanted(own)
    return output_layer(own).delta(mine, with_letter(mine, "m"))


def with_letter(formula: Formula, letter: str) -> Formula:
    """The formula of output k as that of another output."""
    if isinstance(formula, Quantity):
        return Quantity(formula.role, formula.layer, letter) if formula.unit == "k" else formula
    return rebuilt(formula, tuple(with_letter(part, letter) for part in parts(formula)))


def matched_slope(own: Setting) -> Chain:
    """∂E/∂net_k = o_k − t_k, for the cross-entropy of targets that add up to 1"""
    target, other_target = own.target, Quantity("target", OUTPUT, "m")
    layer = output_layer(own)
    output, other = layer.here.output, layer.other.output
    return chain(
        own.by_loss(layer.here.net),
        *layer.paths()[1:3],
        Line(layer.put_in(Negation(Quotient(target, output)), Negation(Quotient(other_target, other))), "both"),
        Line(
            Sum((Negation(Product((target, difference(ONE, output)))), layer.others(Product((other_target, output))))),
            "cancel",
            (output, other),
        ),
        Line(
            Sum((Negation(target), Product((output, target)), Product((output, layer.others(other_target))))), "opened"
        ),
        Line(Sum((Negation(target), Product((output, IndexedSum("m", other_target))))), "joined", (Letter("m"),)),
        Line(Sum((Negation(target), output)), "distribution"),
        Line(difference(output, target), "order_of_terms"),
    )


def matched_delta(own: Setting) -> Chain:
    """δ_k = t_k − o_k; uphill, δ_k = o_k − t_k"""
    delta, slope = own.delta(OUTPUT, "k"), own.by_loss(own.output_unit.net)
    result = difference(own.target, own.output_unit.output)
    return chain(
        delta,
        Line(own.laws.turned(slope), "definition", (delta,)),
        Line(own.laws.turned(last(matched_slope(own))), "found", (slope,)),
        *([Line(result, "into_bracket"), by_name(own, result)] if own.laws.downhill else []),
    )


# -- softmax units in a hidden layer ---------------------------------------------------------------------


def hidden_layer(own: Setting, units: Units) -> SoftmaxLayer:
    """Hidden units as a softmax layer."""
    return SoftmaxLayer(own, units, ANY, own.letter)


def slope_of_fed(own: Setting) -> Chain:
    """∂net_k/∂o_h = w_hk"""
    return chain(Partial(own.fed_net, own.hidden_unit.output), *slope_onward(own))


def slope_by_hidden(own: Setting) -> Chain:
    """∂E/∂o_h = Σ_k ∂E/∂net_k · ∂net_k/∂o_h = −Σ_k w_hk δ_k"""
    output, fed = own.hidden_unit.output, own.fed_net
    weight, delta, by_fed = weight_onward(own.letter), own.delta(NEXT, "k"), own.by_loss(fed)
    passed = passed_back(own, own.letter)
    turned = IndexedSum("k", own.laws.passed_back(weight, own.laws.turned(delta)))
    return chain(
        own.by_loss(output),
        Line(IndexedSum("k", Product((by_fed, Partial(fed, output)))), "paths", (Letter("k"),)),
        Line(IndexedSum("k", own.laws.passed_back(weight, by_fed)), "found", (Partial(fed, output),)),
        Line(turned, "definition", (delta,)),
        *([Line(Negation(passed), "sign_before_sum")] if own.laws.downhill else []),
    )


def delta_of_hidden(own: Setting, units: Units) -> Chain:
    """δ_h of a unit of a hidden softmax layer"""
    return hidden_layer(own, units).delta(passed_back(own, own.letter), passed_back(own, "m"))
