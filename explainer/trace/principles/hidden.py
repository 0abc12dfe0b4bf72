"""The error term of a hidden unit, from those of the units that it feeds.

Source: Mitchell, Machine Learning (1997), §4.5.3.
"""

from explainer.maths.chain import Chain, Line, chain, last
from explainer.maths.formula import ONE, Formula, IndexedSum, Letter, Negation, Partial, Product, product
from explainer.maths.quantity import Quantity
from explainer.trace.laws import ordered
from explainer.trace.principles.setting import ANY, NEXT, Setting, Units


def weight_onward(letter: str) -> Quantity:
    """The weight from a hidden unit to a unit k that it feeds."""
    return Quantity("weight", NEXT, "k", letter)


def slope_onward(own: Setting) -> tuple[Line, Line]:
    """∂net_k/∂o_h = w_hk, from the definition of the net input"""
    output = own.hidden_unit.output
    written = own.net(NEXT, "k", lambda letter: Quantity("output", ANY, letter))
    return (
        Line(Partial(written, output), "definition", (own.fed_net,)),
        Line(weight_onward(own.letter), "only_term", (Letter("m"), Letter(own.letter), output)),
    )


def path(own: Setting) -> Chain:
    """∂net_k/∂net_h = w_hk f′(net_h)"""
    unit, fed = own.hidden_unit, own.fed_net
    slope = Partial(unit.output, unit.net)
    return chain(
        Partial(fed, unit.net),
        Line(Product((Partial(fed, unit.output), slope)), "chain"),
        *(Line(Product((line.formula, slope)), line.rule, line.about) for line in slope_onward(own)),
        Line(product(weight_onward(own.letter), own.hidden_slope()), "found", (slope,)),
    )


def passed_back(own: Setting, letter: str) -> Formula:
    """Σ_k w_hk δ_k, for the unit with this letter"""
    return IndexedSum("k", own.laws.passed_back(weight_onward(letter), own.delta(NEXT, "k")))


def paths(own: Setting) -> Chain:
    """∂E/∂net_h = Σ_k ∂E/∂net_k · ∂net_k/∂net_h = −f′(net_h) Σ_k w_hk δ_k"""
    unit, fed, slope = own.hidden_unit, own.fed_net, own.hidden_slope()
    weight, delta, by_fed = weight_onward(own.letter), own.delta(NEXT, "k"), own.by_loss(fed)

    def back(share: Formula) -> Formula:
        return product(slope, IndexedSum("k", own.laws.passed_back(weight, share)))

    return chain(
        own.by_loss(unit.net),
        Line(IndexedSum("k", Product((by_fed, Partial(fed, unit.net)))), "paths", (Letter("k"),)),
        Line(IndexedSum("k", product(by_fed, last(path(own)))), "found", (Partial(fed, unit.net),)),
        Line(back(by_fed), "order" if slope == ONE else "before_sum", (slope, Letter("k"))),
        Line(back(own.laws.turned(delta)), "definition", (delta,)),
        *([Line(Negation(back(delta)), "sign_before_sum")] if own.laws.downhill else []),
        *([] if own.laws.delta_named else [Line(hidden_law(own, slope), "order")]),
    )


def hidden_law(own: Setting, slope: Formula) -> Formula:
    """f′(net_h) Σ_k w_hk δ_k, in the order of the convention"""
    return ordered(own.laws.convention.order.hidden_delta, slope=slope, sum=passed_back(own, own.letter))


def hidden_delta(own: Setting) -> Chain:
    """δ_h = f′(net_h) Σ_k w_hk δ_k"""
    delta, slope = own.delta(ANY, own.letter), own.by_loss(own.hidden_unit.net)
    return chain(
        delta,
        Line(own.laws.turned(slope), "definition", (delta,)),
        Line(hidden_law(own, own.hidden_slope()), "found", (slope,)),
    )


def hidden_delta_of(own: Setting, units: Units) -> Chain:
    """δ_h of a unit of some hidden layers, where these differ in activation function: its f′(net_h) put in"""
    unit, delta = own.hidden_unit, own.delta(ANY, own.letter)
    return chain(
        delta,
        Line(hidden_law(own, own.hidden_slope()), "found", (delta,)),
        Line(hidden_law(own, own.slope(units, unit)), "found", (Partial(unit.output, unit.net),)),
    )
