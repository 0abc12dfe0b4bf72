"""The error term of an output unit, from the definitions of the loss and of the activation function.

Source: Mitchell, Machine Learning (1997), §4.5.3.
"""

from collections.abc import Iterator

from explainer.maths.chain import Chain, Line, chain, last
from explainer.maths.formula import ONE, Formula, Letter, Negation, Partial, Product, Quotient, product
from explainer.maths.quantity import OUTPUT
from explainer.trace.claims import SlopeClaim
from explainer.trace.laws import ordered
from explainer.trace.principles.setting import COUNT, Setting


def output_split(own: Setting) -> Chain:
    """∂E/∂net_k = ∂E/∂o_k · ∂o_k/∂net_k"""
    unit = own.output_unit
    return chain(
        own.by_loss(unit.net),
        Line(Product((own.by_loss(unit.output), Partial(unit.output, unit.net))), "chain"),
    )


def slope_of_term(own: Setting) -> SlopeClaim:
    """The slope of what one output adds to the loss."""
    pair = own.target, own.output_unit.output
    together = own.loss_slope.together
    return SlopeClaim(own.loss_slope.cases(*pair), None if together is None else together(*pair))


def slope_of_loss(own: Setting) -> Chain:
    """∂E/∂o_k, from the definition of the loss"""
    output, slope = own.output_unit.output, slope_of_term(own)
    first, *lines = slope.cases[0].chain
    worked = lines if slope.together is None else [Line(slope.together, "cases", (first.formula,))]
    return chain(
        own.by_loss(output),
        Line(Partial(own.loss_in_letters(), output), "definition", (own.loss_of_sample,)),
        Line(own.whole_loss(first.formula), "only_term", (Letter("m"), Letter("k"), output)),
        *(Line(own.whole_loss(line.formula), line.rule, line.about) for line in worked),
        *signed(own),
    )


def signed(own: Setting) -> Iterator[Line]:
    """The last lines of ∂E/∂o_k: with its sign before it, uphill within the bracket."""
    target, output = own.target, own.output_unit.output
    yield from own.loss_slope.after(COUNT, target, output)
    factor = own.loss.slope(COUNT, 1)
    if own.laws.downhill:
        yield Line(Negation(product(factor, own.loss.downhill(target, output))), "sign_before")
    else:
        yield Line(product(factor, own.loss.uphill(target, output)), "into_bracket")


def wanted(own: Setting) -> Formula:
    """−∂E/∂o_k; uphill, ∂E/∂o_k"""
    by_output = last(slope_of_loss(own))
    return by_output.term if isinstance(by_output, Negation) and own.laws.downhill else by_output


def output_delta(own: Setting) -> Chain:
    """δ_k = f′(net_k) (−∂E/∂o_k); uphill, δ_k = f′(net_k) ∂E/∂o_k"""
    unit, delta = own.output_unit, own.delta(OUTPUT, "k")
    slope, plain = own.slope(own.output, unit), wanted(own)
    return chain(
        delta,
        Line(own.laws.turned(own.by_loss(unit.net)), "definition", (delta,)),
        Line(own.laws.turned(last(output_split(own))), "chain"),
        Line(own.laws.turned(product(last(slope_of_loss(own)), slope)), "both"),
        Line(product(plain, slope), "signs_cancel"),
        *in_order(own, plain, slope),
    )


def in_order(own: Setting, plain: Formula, slope: Formula) -> tuple[Line, Line]:
    """δ of an output unit, what cancels left out or in the order of the convention; then the error by its name."""
    rule, factor = "order", slope
    scale: Formula = ONE
    if isinstance(plain, Quotient) and plain.denominator == slope:
        plain, factor, rule = plain.numerator, ONE, "cancels"
    if own.loss.slope(COUNT, 1) != ONE and isinstance(plain, Product):
        scale, plain = plain.factors[0], product(*plain.factors[1:])

    def law(error: Formula) -> Formula:
        return product(scale, ordered(own.laws.convention.order.output_delta, slope=factor, error=error))

    named = by_name(own, plain)
    return Line(law(plain), rule, (slope,)), Line(law(named.formula), named.rule, named.about)


def by_name(own: Setting, error: Formula) -> Line:
    """What stands for the error of an output unit, by its name e_k = t_k − o_k where the convention calls it so."""
    target, output = own.target, own.output_unit.output
    named = own.laws.named_error(error, target, output, own.error)
    return Line(named, "with", (own.error, own.laws.error(target, output)))
