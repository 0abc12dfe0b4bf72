"""Batch normalization: the net inputs of a unit, brought to mean 0 and variance 1 over the samples of a batch.

The laws hold for the samples of a batch as for any m of them, for one unit as for any unit j; the docstring of each
states it, z being net inputs and y what they become. Source: Ioffe and Szegedy, Batch normalization: Accelerating deep
network training by reducing internal covariate shift, ICML (2015), section 3 with algorithms 1 and 2.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from explainer.maths.formula import (
    ONE,
    Call,
    Constant,
    Formula,
    IndexedSum,
    Letter,
    Negation,
    Power,
    Product,
    Quotient,
    Sum,
    difference,
    fraction,
    product,
    total,
)
from explainer.maths.quantity import SCALE, SHIFT, Index, Quantity, Role
from explainer.problem.model import Network, Normalization

Line = tuple[Quantity, Formula]
"""A quantity, and what it is."""

TWO, HALF = Constant(2), Constant(Fraction(1, 2))


class Over(Struct, frozen=True):
    """The samples of a batch by their numbers; of any batch, where there are none: its samples by a letter."""

    samples: tuple[int, ...] = ()
    letter: str = "s"

    def total(self, term: Callable[[Index], Formula]) -> Formula:
        """Σ_s term"""
        return total(tuple(map(term, self.samples))) if self.samples else IndexedSum(self.letter, term(self.letter))

    @property
    def part(self) -> Formula:
        """1/S"""
        return fraction(1, len(self.samples) or Letter(self.letter.upper()))

    @property
    def unbiased(self) -> Formula:
        """S/(S − 1), which makes the variance of a few samples that of all there could be"""
        if self.samples:
            return fraction(len(self.samples), len(self.samples) - 1)
        number = Letter(self.letter.upper())
        return Quotient(number, difference(number, ONE))


class Unit(Struct, frozen=True):
    """The quantities of a unit in a pass, with its scale γ_j and its shift β_j."""

    layer: int
    unit: Index
    iteration: int
    scale: Quantity
    shift: Quantity

    def of(self, role: Role, sample: Index = 0) -> Quantity:
        """What the unit has one of, or one for each sample."""
        return Quantity(role, self.layer, self.unit, 0, sample, self.iteration)


def any_unit(layer: int, unit: Index = "j") -> Unit:
    """A unit before the step: a certain one, or any unit j."""
    return Unit(layer, unit, 0, Quantity("scale", layer, unit, SCALE), Quantity("shift", layer, unit, SHIFT))


class Normalizing(Struct, frozen=True):
    """Batch normalization of one layer, as it is `given`."""

    given: Normalization
    epsilon: Quantity
    momentum: Quantity

    # -- forward --------------------------------------------------------------------------------

    def mean(self, unit: Unit, over: Over) -> Line:
        """μ_j = (1/m) Σ_s z_j^(s)"""
        return unit.of("mean"), product(over.part, over.total(lambda s: unit.of("net", s)))

    def variance(self, unit: Unit, over: Over) -> Line:
        """σ²_j = (1/m) Σ_s (z_j^(s) − μ_j)²"""
        return unit.of("variance"), product(over.part, over.total(lambda s: Power(self.deviation(unit, s), 2)))

    def normalized(self, unit: Unit, sample: Index) -> Line:
        """ẑ_j^(s) = (z_j^(s) − μ_j)/√(σ²_j + ε)"""
        return unit.of("normalized", sample), Quotient(self.deviation(unit, sample), self.root(unit))

    def scaled(self, unit: Unit, sample: Index) -> Line:
        """y_j^(s) = γ_j ẑ_j^(s) + β_j"""
        return unit.of("scaled", sample), Sum((Product((unit.scale, unit.of("normalized", sample))), unit.shift))

    def deviation(self, unit: Unit, sample: Index) -> Formula:
        """z_j^(s) − μ_j"""
        return difference(unit.of("net", sample), unit.of("mean"))

    def root(self, unit: Unit) -> Formula:
        """√(σ²_j + ε)"""
        return Call("sqrt", (Sum((unit.of("variance"), self.epsilon)),))

    # -- backward -------------------------------------------------------------------------------

    def by_normalized(self, unit: Unit, sample: Index) -> Line:
        """∂ℓ/∂ẑ_j^(s) = ∂ℓ/∂y_j^(s) γ_j"""
        return unit.of("by_normalized", sample), Product((unit.of("by_scaled", sample), unit.scale))

    def by_variance(self, unit: Unit, over: Over) -> Line:
        """∂ℓ/∂σ²_j = −½ (σ²_j + ε)^(−3/2) Σ_s ∂ℓ/∂ẑ_j^(s) (z_j^(s) − μ_j)"""
        shares = over.total(lambda s: Product((unit.of("by_normalized", s), self.deviation(unit, s))))
        power = Power(Sum((unit.of("variance"), self.epsilon)), Fraction(-3, 2))
        return unit.of("by_variance"), Negation(Product((HALF, power, shares)))

    def by_mean(self, unit: Unit, over: Over) -> Line:
        """∂ℓ/∂μ_j = −1/√(σ²_j + ε) Σ_s ∂ℓ/∂ẑ_j^(s) − 2 ∂ℓ/∂σ²_j (1/m) Σ_s (z_j^(s) − μ_j)"""
        direct = Product((Quotient(ONE, self.root(unit)), over.total(lambda s: unit.of("by_normalized", s))))
        deviations = over.total(lambda s: self.deviation(unit, s))
        through = product(TWO, unit.of("by_variance"), over.part, deviations)
        return unit.of("by_mean"), Sum((Negation(direct), Negation(through)))

    def by_net(self, unit: Unit, sample: Index, over: Over) -> Formula:
        """∂ℓ/∂z_j^(s) = 1/√(σ²_j + ε) ∂ℓ/∂ẑ_j^(s) + 2 ∂ℓ/∂σ²_j (1/m) (z_j^(s) − μ_j) + (1/m) ∂ℓ/∂μ_j"""
        direct = Product((Quotient(ONE, self.root(unit)), unit.of("by_normalized", sample)))
        through_variance = product(TWO, unit.of("by_variance"), over.part, self.deviation(unit, sample))
        return Sum((direct, through_variance, product(over.part, unit.of("by_mean"))))

    # -- parameters, and what is kept for the network in use ------------------------------------

    def by_scale(self, unit: Unit, over: Over) -> Formula:
        """∂ℓ/∂γ_j = Σ_s ∂ℓ/∂y_j^(s) ẑ_j^(s)"""
        return over.total(lambda s: Product((unit.of("by_scaled", s), unit.of("normalized", s))))

    def by_shift(self, unit: Unit, over: Over) -> Formula:
        """∂ℓ/∂β_j = Σ_s ∂ℓ/∂y_j^(s)"""
        return over.total(lambda s: unit.of("by_scaled", s))

    def running_mean(self, unit: Unit) -> Line:
        """μ̄_j ← κ μ̄_j + (1 − κ) μ_j"""
        kept = unit.of("running_mean")
        return kept.after(), self.moved(kept, unit.of("mean"))

    def running_variance(self, unit: Unit, over: Over) -> Line:
        """σ̄²_j ← κ σ̄²_j + (1 − κ) m/(m − 1) σ²_j"""
        kept = unit.of("running_variance")
        return kept.after(), self.moved(kept, over.unbiased, unit.of("variance"))

    def moved(self, kept: Formula, *new: Formula) -> Formula:
        """κ old + (1 − κ) new"""
        return Sum((Product((self.momentum, kept)), product(difference(ONE, self.momentum), *new)))

    def in_use(self, unit: Unit, sample: Index) -> Line:
        """ẑ_j = (z_j − μ̄_j)/√(σ̄²_j + ε)"""
        above = difference(unit.of("net", sample), unit.of("running_mean"))
        below = Call("sqrt", (Sum((unit.of("running_variance"), self.epsilon)),))
        return unit.of("normalized", sample), Quotient(above, below)


def normalizings(network: Network) -> dict[int, Normalizing]:
    """The batch normalization of every layer that has any."""
    return {
        index: Normalizing(layer.normalization, Quantity("setting", index, "ε"), Quantity("setting", index, "κ"))
        for index, layer in enumerate(network.layers, 1)
        if layer.normalization
    }


def set_numbers(network: Network) -> Iterator[tuple[Quantity, Decimal]]:
    """What the normalization of every layer is set to."""
    for each in normalizings(network).values():
        yield each.epsilon, each.given.epsilon
        yield each.momentum, each.given.momentum


def beginning(network: Network) -> Iterator[tuple[Quantity, Decimal]]:
    """The running statistics before the first step: mean 0 and variance 1."""
    for layer in normalizings(network):
        for number in range(1, network.sizes[layer] + 1):
            unit = any_unit(layer, number)
            yield unit.of("running_mean"), Decimal(0)
            yield unit.of("running_variance"), Decimal(1)
