"""The laws of backpropagation, as formulas: the docstring of each states it.

They are given formulas and give formulas, so the same law serves one unit and "any unit k". The
convention says which of the two usual signs δ has. Source: Rumelhart, Hinton and Williams, Learning representations
by back-propagating errors, Nature 323 (1986); Mitchell, Machine Learning (1997), §4.5.
"""

from msgspec import Struct

from explainer.maths.formula import (
    Formula,
    Negation,
    Product,
    Sum,
    difference,
    product,
    total,
)
from explainer.maths.functions import Activation
from explainer.maths.losses import Count, Loss
from explainer.problem.convention import Convention

Share = tuple[Formula, Formula | None]
"""What one place of a parameter has to do with its change: the δ of the receiving unit, and the signal sent to it."""


class Unit(Struct, frozen=True):
    """A unit: its net input and its output."""

    net: Formula
    output: Formula


class Laws(Struct, frozen=True):
    """The laws as one convention means them."""

    convention: Convention

    def weighted(self, weight: Formula, signal: Formula) -> Formula:
        """x w, or w x where the convention writes the weight first"""
        return Product((signal, weight) if self.convention.net == "input-first" else (weight, signal))

    def net(self, terms: tuple[Formula, ...], bias: Formula | None) -> Formula:
        """net_j = Σ_i x_i w_ij + b_j"""
        return total((*terms, bias) if bias is not None else terms)

    def error(self, target: Formula, output: Formula) -> Formula:
        """e_k = t_k − o_k"""
        return difference(target, output)

    def output_delta(self, activation: Activation, loss: Loss, unit: Unit, target: Formula, outputs: Count) -> Formula:
        """δ_k = −∂E/∂net_k = f′(net_k) (−∂E/∂o_k); uphill, δ_k = ∂E/∂net_k = f′(net_k) ∂E/∂o_k"""
        by_output = loss.downhill if self.downhill else loss.uphill
        slope = activation.derivative(unit.net, unit.output)
        return product(loss.slope(outputs), slope, by_output(target, unit.output))

    def hidden_delta(self, activation: Activation, unit: Unit, signal: Formula) -> Formula:
        """δ_h = f′(net_h) Σ_k w_hk δ_k, the sum over all units k that h feeds being the `signal`"""
        return product(activation.derivative(unit.net, unit.output), signal)

    def passed_back(self, weight: Formula, delta: Formula) -> Formula:
        """w_hk δ_k"""
        return Product((weight, delta))

    def share(self, delta: Formula, signal: Formula | None) -> Formula:
        """δ_j x_i, the share of one place in the change of a parameter; for a bias x is 1 and left out"""
        return delta if signal is None else Product((delta, signal))

    def change(self, rate: Formula, *shares: Share) -> Formula:
        """Δw_ij = η δ_j x_i; uphill, Δw_ij = −η δ_j x_i; where w stands in several places, η times the sum of δ x"""
        return product(rate if self.downhill else Negation(rate), total(tuple(self.share(*each) for each in shares)))

    def update(self, parameter: Formula, change: Formula) -> Formula:
        """w_ij^new = w_ij + Δw_ij"""
        return Sum((parameter, change))

    @property
    def downhill(self) -> bool:
        """Whether δ is −∂E/∂net, the direction in which the error falls."""
        return self.convention.delta == "downhill"
