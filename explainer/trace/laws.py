"""The laws of backpropagation, as formulas: the docstring of each states it.

They are given formulas and give formulas, so the same law serves one unit and "any unit k". The
convention says which of the two usual signs δ has. Source: Rumelhart, Hinton and Williams, Learning representations
by back-propagating errors, Nature 323 (1986); Mitchell, Machine Learning (1997), §4.5.
"""

from collections.abc import Iterable

from msgspec import Struct

from explainer.maths.activations import Activation, LayerFunction
from explainer.maths.formula import (
    ONE,
    Constant,
    Formula,
    IndexedSum,
    Letter,
    Negation,
    Partial,
    Product,
    Sum,
    difference,
    fraction,
    negated,
    product,
    total,
)
from explainer.maths.losses import Count, Loss
from explainer.maths.quantity import FIXED_SIGNAL
from explainer.problem.convention import Convention

Share = tuple[Formula, Formula]
"""What one place of a parameter has to do with its change: the δ of the receiving unit, and the signal sent to it."""


class Unit(Struct, frozen=True):
    """A unit: its net input and its output."""

    net: Formula
    output: Formula


class Laws(Struct, frozen=True):
    """The laws as one convention means them, their factors in its order."""

    convention: Convention

    def weighted(self, weight: Formula, signal: Formula) -> Formula:
        """x w, or w x"""
        return ordered(self.convention.order.net, signal=signal, weight=weight)

    def net(self, terms: tuple[Formula, ...], bias: Formula | None) -> Formula:
        """net_j = Σ_i x_i w_ij + b_j; with a threshold, Σ_i x_i w_ij − θ_j; a bias that is a weight has its signal"""
        if bias is None:
            return total(terms)
        match self.convention.bias:
            case "added-last":
                return total((*terms, bias))
            case "added-first":
                return total((bias, *terms))
            case "subtracted":
                return total((*terms, Negation(bias)))
            case "weight":
                return total((self.weighted(bias, FIXED_SIGNAL), *terms))

    def error(self, target: Formula, output: Formula) -> Formula:
        """e_k = t_k − o_k"""
        return difference(target, output)

    def output_delta(
        self, activation: Activation, loss: Loss, unit: Unit, target: Formula, error: Formula, outputs: Count
    ) -> Formula:
        """δ_k = −∂E/∂net_k = f′(net_k) (−∂E/∂o_k); uphill, δ_k = ∂E/∂net_k = f′(net_k) ∂E/∂o_k

        Where −∂E/∂o_k is the error e_k, it may stand by its name.
        """
        by_output = (loss.downhill if self.downhill else loss.uphill)(target, unit.output)
        by_output = self.named_error(by_output, target, unit.output, error)
        slope, turned = activation.derivative(unit.net, unit.output), by_output == Negation(error)
        factors = ordered(self.convention.order.output_delta, slope=slope, error=error if turned else by_output)
        found = product(loss.slope(outputs, 1), factors)
        return with_sign_first(found) if turned else found

    def by_output(self, loss: Loss, unit: Unit, target: Formula, error: Formula, outputs: Count) -> Formula:
        """−∂E/∂o_k; uphill, ∂E/∂o_k"""
        found = (loss.downhill if self.downhill else loss.uphill)(target, unit.output)
        return product(loss.slope(outputs, 1), self.named_error(found, target, unit.output, error))

    def own_share(self, function: LayerFunction, unit: Unit, signal: Formula) -> Formula:
        """∂o_k/∂net_k s_k, of δ_k = Σ_m ∂o_m/∂net_k s_m for a function of the whole layer; s_m comes back to o_m"""
        return signed_product(function.own(unit.output), signal)

    def other_share(self, function: LayerFunction, unit: Unit, other: Unit, signal: Formula) -> Formula:
        """∂o_m/∂net_k s_m, without the sign that is before it"""
        return signed_product(function.taken(other.output, unit.output), signal)

    def layer_delta(
        self, function: LayerFunction, unit: Unit, signal: Formula, others: Iterable[tuple[Unit, Formula]]
    ) -> Formula:
        """δ_k = ∂o_k/∂net_k s_k + Σ_{m ≠ k} ∂o_m/∂net_k s_m, for a function of the whole layer"""
        shares = [negated(self.other_share(function, unit, other, back)) for other, back in others]
        return Sum((self.own_share(function, unit, signal), *shares))

    def matched_delta(self, unit: Unit, target: Formula, error: Formula) -> Formula:
        """δ_k = t_k − o_k, or uphill o_k − t_k, for a loss and an activation whose derivatives cancel"""
        found = difference(target, unit.output) if self.downhill else difference(unit.output, target)
        return self.named_error(found, target, unit.output, error)

    def named_error(self, by_output: Formula, target: Formula, output: Formula, error: Formula) -> Formula:
        """The error by its name, where that is what stands here and the convention calls it so; uphill, −e_k."""
        named: dict[Formula, Formula] = {}
        if self.convention.output_error == "named":
            named = {self.error(target, output): error, self.error(output, target): Negation(error)}
        return named.get(by_output, by_output)

    def hidden_delta(self, activation: Activation, unit: Unit, signal: Formula) -> Formula:
        """δ_h = f′(net_h) Σ_k w_hk δ_k, the sum over all units k that h feeds being the `signal`"""
        slope = activation.derivative(unit.net, unit.output)
        return ordered(self.convention.order.hidden_delta, slope=slope, sum=signal)

    def passed_back(self, weight: Formula, delta: Formula) -> Formula:
        """w_hk δ_k"""
        return ordered(self.convention.order.passed_back, weight=weight, delta=delta)

    def by_chain_rule(self, loss: Formula, unit: Unit) -> Formula:
        """δ_j = ∂E/∂net_j = ∂E/∂o_j · ∂o_j/∂net_j; downhill, with a minus sign"""
        return self.turned(Product((Partial(loss, unit.output), Partial(unit.output, unit.net))))

    def parameter_by_chain_rule(self, delta: Formula, net: Formula, parameter: Formula) -> Formula:
        """∂E/∂w_ij = ∂E/∂net_j · ∂net_j/∂w_ij; downhill, where δ_j is −∂E/∂net_j, with a minus sign"""
        return self.turned(Product((delta, Partial(net, parameter))))

    def scaled(self, rate: Formula, share: Share) -> Formula:
        """η δ_j x_i; for a bias x is 1 and left out"""
        delta, signal = share
        return ordered(self.convention.order.change, rate=rate, delta=delta, signal=signal)

    def gradient(self, *shares: Share, mean: Formula = ONE) -> Formula:
        """∂E/∂w_ij = ∂E/∂net_j x_i, summed over the places where w stands and the samples, or the `mean` of these"""
        return product(mean, total(tuple(self.scaled(ONE, share) for share in shares)))

    def slope_of_loss(self, *shares: Share, mean: Formula = ONE) -> Formula:
        """∂E/∂w_ij; downhill, where δ_j is −∂E/∂net_j, it is −δ_j x_i"""
        found = self.gradient(*shares, mean=mean)
        return Negation(found) if self.downhill else found

    def change(self, rate: Formula, *shares: Share, mean: Formula = ONE) -> Formula:
        """Δw_ij = η δ_j x_i; uphill, Δw_ij = −η δ_j x_i; of several places or samples, η times the sum of δ x

        Where it is the `mean` over samples, that is a factor before the sum.
        """
        step = rate if self.downhill else Negation(rate)
        return self.scaled(step, *shares) if len(shares) == 1 else product(step, self.gradient(*shares, mean=mean))

    def stated_gradient(self, share: Share, *, averaged: bool | None) -> Formula:
        """∂E/∂w_ij for any weight: of a batch, the sum over its samples s, or where it is `averaged` the mean of S"""
        one = self.scaled(ONE, share)
        if averaged is None:
            return one
        mean = fraction(1, Letter(self.convention.samples)) if averaged else ONE
        return product(mean, IndexedSum(self.convention.any_sample, one))

    def stated_slope_of_loss(self, share: Share, *, averaged: bool | None) -> Formula:
        """∂E/∂w_ij for any weight, with the sign that it has where δ is downhill; see `stated_gradient`"""
        found = self.stated_gradient(share, averaged=averaged)
        return Negation(found) if self.downhill else found

    def stated_change(self, rate: Formula, share: Share, *, averaged: bool | None) -> Formula:
        """Δw_ij for any weight; see `stated_gradient`"""
        if averaged is None:
            return self.change(rate, share)
        return product(rate if self.downhill else Negation(rate), self.stated_gradient(share, averaged=averaged))

    def change_by_gradient(self, rate: Formula, gradient: Formula) -> Formula:
        """Δw_ij = −η ∂E/∂w_ij"""
        return Product((Negation(rate), gradient))

    def update(self, parameter: Formula, change: Formula) -> Formula:
        """w_ij^new = w_ij + Δw_ij"""
        return Sum((parameter, change))

    @property
    def bias_signal(self) -> Formula:
        """What a bias is the weight of: 1; of a threshold, −1; or 1 by a name of its own"""
        signals: dict[str, Formula] = {"subtracted": Constant(-1), "weight": FIXED_SIGNAL}
        return signals.get(self.convention.bias, ONE)

    @property
    def downhill(self) -> bool:
        """Whether δ is −∂E/∂net, the direction in which the error falls."""
        return self.convention.delta == "downhill"

    @property
    def by_gradient(self) -> bool:
        """Whether slopes are written ∂E/∂net and ∂E/∂w, and worked out by the chain rule."""
        return self.convention.update == "by-gradient"

    @property
    def delta_named(self) -> bool:
        """Whether δ has a symbol of its own; else it is written ∂E/∂net."""
        return not self.convention.symbols["delta"].startswith("∂")

    def turned(self, formula: Formula) -> Formula:
        """δ from ∂E/∂net, or ∂E/∂net from δ: with the sign turned around; uphill, as it is"""
        return Negation(formula) if self.downhill else formula


def ordered(order: tuple[str, ...], **factors: Formula) -> Formula:
    """The product of the factors in this order."""
    return product(*[factors[name] for name in order])


def with_sign_first(formula: Formula) -> Formula:
    """−formula, the sign before the first of its factors"""
    if not isinstance(formula, Product):
        return Negation(formula)
    first, *others = formula.factors
    return Product((Negation(first), *others))


def signed_product(factor: Formula, signal: Formula) -> Formula:
    """factor · signal, a sign of the signal standing before it all"""
    if isinstance(signal, Negation):
        return Negation(product(factor, signal.term))
    return product(factor, signal)
