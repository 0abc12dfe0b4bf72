"""From the loss to a weight: gradient descent, and the chain rule through the net input of a unit.

Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, Nature 323 (1986).
"""

from explainer.maths.chain import Chain, Line, chain
from explainer.maths.formula import ONE, Constant, Formula, Letter, Negation, Partial, Product
from explainer.maths.quantity import Quantity
from explainer.trace.derive import RATE
from explainer.trace.principles.setting import ANY, Setting


def moved(own: Setting, parameter: Quantity) -> Quantity:
    """What is stated of a parameter: its change, or where the convention has no name for it, its new value."""
    return parameter.change() if own.laws.convention.update == "by-change" else parameter.after()


def by(own: Setting, parameter: Quantity, change: Formula) -> Formula:
    """The change of a parameter, or its new value by this change."""
    return change if own.laws.convention.update == "by-change" else own.laws.update(parameter, change)


def descent(own: Setting) -> Chain:
    """Δw_ij = −η ∂E/∂w_ij; without a name for the change, w_ij^new = w_ij − η ∂E/∂w_ij"""
    slope = Product((Negation(RATE), own.by_loss(own.weight)))
    return chain(moved(own, own.weight), Line(by(own, own.weight, slope)))


def split(own: Setting) -> Chain:
    """∂E/∂w_ij = ∂E/∂net_j · ∂net_j/∂w_ij"""
    net = own.any_unit.net
    return chain(own.by_loss(own.weight), Line(Product((own.by_loss(net), Partial(net, own.weight))), "chain"))


def slope_of_net(own: Setting) -> Chain:
    """∂net_j/∂w_ij = x_i"""
    net, signal = own.any_unit.net, own.signal("i")
    return chain(
        Partial(net, own.weight),
        Line(Partial(own.net(ANY, "j", own.signal), own.weight), "definition", (net,)),
        Line(
            Partial(own.laws.weighted(own.weight, signal), own.weight),
            "only_term",
            (Letter("m"), Letter("i"), own.weight),
        ),
        Line(signal, "constant_factor", (signal,)),
    )


def slope_by_bias(own: Setting) -> Chain:
    """∂net_j/∂b_j = 1; of a threshold, −1; of a weight on the fixed signal, a_0 = 1"""
    signal = own.laws.bias_signal
    return chain(Partial(own.any_unit.net, own.bias), Line(signal), Line(ONE if own.fixed else signal))


def meaning(own: Setting) -> Chain:
    """δ_j = −∂E/∂net_j; uphill, δ_j = ∂E/∂net_j"""
    return chain(own.delta(ANY, "j"), Line(own.laws.turned(own.by_loss(own.any_unit.net))))


def change(own: Setting) -> Chain:
    """Δw_ij = η δ_j x_i; uphill, Δw_ij = −η δ_j x_i"""
    return change_of(own, own.weight, own.signal("i"))


def change_of_bias(own: Setting) -> Chain:
    """Δb_j = η δ_j; uphill, Δb_j = −η δ_j; for a threshold, Δθ_j = −η δ_j"""
    lines = change_of(own, own.bias, own.laws.bias_signal)
    if own.laws.bias_signal != Constant(-1):
        return lines
    downhill = own.laws.downhill
    last = Product((Negation(RATE) if downhill else RATE, own.delta(ANY, "j")))
    return (*lines, Line(by(own, own.bias, last), "minus_one" if downhill else "signs_cancel"))


def change_of(own: Setting, parameter: Quantity, signal: Formula) -> Chain:
    """The change of a weight or of a bias, by what it is the weight of."""
    net, delta = own.any_unit.net, own.delta(ANY, "j")
    slope, step = Partial(net, parameter), Product((Negation(RATE), own.laws.turned(delta), signal))
    rule = "signs_cancel" if own.laws.downhill else "times_one" if signal == ONE else "order"
    lines = (
        Line(Product((Negation(RATE), own.by_loss(parameter))), "descent"),
        Line(Product((Negation(RATE), own.by_loss(net), slope)), "chain"),
        Line(step, "both") if own.laws.delta_named else Line(step, "found", (slope,)),
        Line(own.laws.change(RATE, (delta, signal)), rule),
    )
    return chain(
        moved(own, parameter),
        *(Line(by(own, parameter, line.formula), line.rule, line.about) for line in lines),
    )
