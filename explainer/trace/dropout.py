"""Dropout: in training some outputs of a layer are left out, others for each sample that goes forward.

The laws are given formulas and give formulas; the docstring of each states it. Source: Srivastava, Hinton, Krizhevsky,
Sutskever and Salakhutdinov, Dropout: A simple way to prevent neural networks from overfitting, JMLR 15 (2014).
"""

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from msgspec import Struct

from explainer.maths.formula import ONE, Formula, Quotient, difference, product
from explainer.maths.quantity import Quantity
from explainer.problem.model import Dropout, Network


class Thinning(Struct, frozen=True):
    """Dropout in one layer, as it is `given`: an output is left out with the probability `rate`."""

    rate: Quantity
    given: Dropout

    @property
    def inverted(self) -> bool:
        """Whether what is kept is made larger in training, and not all made smaller after it."""
        return self.given.form == "inverted"

    @property
    def kept(self) -> Formula:
        """The probability that an output is kept: 1 − p"""
        return difference(ONE, self.rate)

    def factor(self, mask: Formula) -> Formula:
        """r_j/(1 − p); in the classic form, r_j"""
        return Quotient(mask, self.kept) if self.inverted else mask

    def passed_on(self, mask: Formula, output: Formula) -> Formula:
        """õ_j = r_j o_j/(1 − p); in the classic form, õ_j = r_j o_j"""
        found = product(mask, output)
        return Quotient(found, self.kept) if self.inverted else found

    def after_training(self, output: Formula) -> Formula:
        """In the classic form, when all outputs are kept, õ_j = (1 − p) o_j"""
        return product(self.kept, output)

    def row(self, layer: int, number: int, units: int) -> tuple[bool, ...]:
        """Which outputs of its layer are kept for the sample that goes forward after so many others."""
        if self.given.mask is not None:
            return self.given.mask[number]
        random = Random(f"{self.given.seed} {layer} {number}")  # so that no row depends on how many were drawn before
        return tuple(random.random() >= self.given.rate for _ in range(units))


def thinnings(network: Network) -> dict[int, Thinning]:
    """The dropout of every layer that has any."""
    return {
        index: Thinning(Quantity("setting", index, "p"), layer.dropout)
        for index, layer in enumerate(network.layers, 1)
        if layer.dropout
    }


def mask_of(output: Quantity) -> Quantity:
    """r_j, which is 1 where an output is kept and 0 where it is left out."""
    return Quantity("mask", output.layer, output.unit, 0, output.sample)


def thinned(output: Quantity) -> Quantity:
    """õ_j, what is passed on in place of an output."""
    return Quantity("thinned", output.layer, output.unit, 0, output.sample, output.iteration)


def rates(network: Network) -> Iterator[tuple[Quantity, Decimal]]:
    """The rate of every layer that has dropout."""
    for each in thinnings(network).values():
        yield each.rate, each.given.rate


def masks(network: Network, samples: tuple[int, ...], before: int) -> Iterator[tuple[Quantity, Decimal]]:
    """What is kept for each of these samples, which go forward after so many others."""
    layers = thinnings(network)
    for number, sample in enumerate(samples, before):
        for layer, each in layers.items():
            for unit, kept in enumerate(each.row(layer, number, network.sizes[layer]), 1):
                yield Quantity("mask", layer, unit, 0, sample), Decimal(int(kept))
