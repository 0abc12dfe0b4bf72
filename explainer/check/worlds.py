"""A small network with random rational numbers, on which the lines of a derivation are tried. Imports SymPy.

Every derivative is taken by SymPy of the quantity composed as a function of what it is taken by; δ and Δw are what
their definitions say. An activation function is one that SymPy knows nothing of but its slope, in the form that the
pages use.
"""

from collections.abc import Callable, Mapping
from functools import cache
from random import Random
from typing import Any

import sympy

from explainer.maths.activations import Activation
from explainer.maths.formula import (
    Call,
    Exponential,
    Formula,
    IndexedSum,
    Letter,
    Named,
    Partial,
    Power,
    parts,
    quantities,
)
from explainer.maths.quantity import FIXED_SIGNAL, OUTPUT, Quantity
from explainer.maths.symbolic import applied
from explainer.problem.model import Function
from explainer.trace.derive import RATE, activation
from explainer.trace.principles.setting import ANY, BEFORE, COUNT, NEXT, Setting

SIZES = (2, 2, 2, 2)
"""Two hidden layers of two units, and two outputs."""

LAST = len(SIZES) - 1

UNITS = {"i": 2, "j": 1, "h": 1, "k": 1, "m": 2}
"""The unit that each letter stands for."""

Value = Any
"""A SymPy expression."""

Units = Mapping[str, int]

VARIABLE = sympy.Symbol("s", real=True)


# -- numbers in the place of what is given --------------------------------------------------------------


class Numbers:
    """Random rational numbers, up to a size, for whatever is not known: drawn once for each."""

    def __init__(self, seed: int, size: Value = 2) -> None:
        self.random = Random(seed)
        self.size = size
        self.drawn: dict[Any, Value] = {}

    def __getitem__(self, key: Any) -> Value:
        """The number that stands for this."""
        if key not in self.drawn:
            self.drawn[key] = self.size * sympy.Rational(self.random.randint(-99_991, 99_991), 99_993)
        return self.drawn[key]

    def worked(self, found: Value, at: Value = VARIABLE) -> Value:
        """An expression as a number, with a number for the variable; opaque functions are drawn."""
        if found == VARIABLE:
            return at
        if not found.args:
            return found
        inner = [self.worked(each, at) for each in found.args]
        return self[type(found).__name__, *inner] if isinstance(found, Opaque) else found.func(*inner)


class Opaque(sympy.Function):  # type: ignore[misc]
    """A function of real numbers of which nothing is known but its slope."""

    is_real = True
    is_finite = True


@cache
def opaque(name: str) -> Any:
    """A function of which nothing is known at all."""
    return type(name, (Opaque,), {"fdiff": lambda self, _index=1: opaque(f"{name}'")(*self.args)})


def sloped(name: str, function: Activation) -> Any:
    """A function that SymPy knows nothing of but its slope, in the form that the pages use."""
    net, output = Quantity("net"), Quantity("output")

    def fdiff(self: Value, _argindex: int = 1) -> Value:
        return meant(function.derivative(net, output), {net: self.args[0], output: self}.__getitem__)

    return type(name, (Opaque,), {"nargs": 1, "fdiff": fdiff})


EXP = type("exp_", (Opaque,), {"nargs": 1, "fdiff": lambda self, _index=1: self})
"""e^z, known by its slope alone."""


def meant(formula: Formula, leaf: Callable[[Quantity], Value]) -> Value:
    """The expression of a formula, for what quantities stand for."""
    if isinstance(formula, Quantity):
        return leaf(formula)
    return combined(formula, [meant(each, leaf) for each in parts(formula)])


def combined(formula: Formula, inner: list[Value]) -> Value:
    """The expression of a formula, given those of its parts; nothing is known of functions but of those of losses."""
    match formula:
        case Named(name, _, _):
            return opaque(name)(*inner)
        case Call(name, _) if name not in OF_LOSSES:
            return opaque(name)(*inner)
        case Exponential():
            return EXP(*inner)
        case Power(_, int(exponent)):  # as a product, which SymPy differentiates without a logarithm of the base
            return sympy.Mul(*inner * exponent, evaluate=False)
    return applied(formula, inner)


OF_LOSSES = ("ln", "abs", "max", "sign", "huber", "huber'")
"""The functions that losses and their slopes are made of; others belong to activation functions."""


# -- a network -------------------------------------------------------------------------------------------


class World:
    """A network with random numbers; `layer` is where "any" unit lies, and what comes into it is given.

    The units of that layer have a certain activation function, other hidden ones one that nothing is known of.
    """

    def __init__(self, own: Setting, layer: int, function: Function | None, seed: int) -> None:
        self.own = own
        self.layer = layer
        self.layers = {BEFORE: layer - 1, ANY: layer, NEXT: layer + 1, OUTPUT: LAST}
        self.numbers = Numbers(seed)
        self.activations = {LAST: activation(own.output.function)}
        if function is not None:
            self.activations[layer] = activation(function)
        self.functions = {layer: sloped(f"f{layer}", function) for layer, function in self.activations.items()}
        self.values: dict[tuple[Quantity, Quantity | None], Value] = {}

    def side(self, formula: Formula) -> Value:
        """The number that one side of a chain is."""
        return self.numbers.worked(self.evaluate(formula, UNITS))

    def evaluate(self, formula: Formula, units: Units, by: Quantity | None = None) -> Value:
        """The expression of a formula with letters; the quantity `by`, if any, is a variable."""
        match formula:
            case Quantity():
                return self.value(self.concrete(formula, units), by)
            case Letter() if formula == COUNT:
                return sympy.Integer(SIZES[-1])
            case IndexedSum(index, body, without):
                chosen = [unit for unit in self.indices(formula, units) if unit != units.get(without)]
                return sympy.Add(*(self.evaluate(body, {**units, index: unit}, by) for unit in chosen))
            case Partial(of, Quantity() as variable) if by is None:
                found = self.concrete(variable, units)
                return self.slope(self.evaluate(of, units, found), found)
        return combined(formula, [self.evaluate(part, units, by) for part in parts(formula)])

    def concrete(self, quantity: Quantity, units: Units) -> Quantity:
        """The quantity of the network that one with letters stands for; an input of a later layer is an output."""
        if quantity == FIXED_SIGNAL:
            return quantity
        layer = int(self.layers.get(str(quantity.layer), quantity.layer))
        unit, source = (int(units.get(str(index), index)) for index in (quantity.unit, quantity.source))
        if quantity.role == "input":
            return Quantity("output", layer - 1, unit)
        return Quantity(quantity.role, layer, unit, source, 0, quantity.iteration)

    def indices(self, formula: IndexedSum, units: Units) -> range:
        """What the index of a sum runs over: the units of the layer that it belongs to."""
        for each in quantities(formula.body):
            layer = int(self.layers.get(str(each.layer), each.layer))
            if formula.index in (each.unit, each.source):
                sending = each.source == formula.index or each.role == "input"
                return range(1, SIZES[layer - 1 if sending else layer] + 1)
        raise ValueError(f"nothing in the sum has the index {formula.index}")

    def slope(self, composed: Value, by: Quantity) -> Value:
        """The derivative of what was composed as a function of a quantity, where this has its own value."""
        return self.numbers.worked(sympy.diff(composed, VARIABLE), self.value(by))

    def value(self, quantity: Quantity, by: Quantity | None = None) -> Value:
        """A quantity composed from what is given, and from the variable in the place of `by`; without it, a number."""
        if quantity == by:
            return VARIABLE
        if (quantity, by) not in self.values:
            found = self.composed(quantity, lambda it: self.value(it, by))
            self.values[quantity, by] = found if found.has(VARIABLE) else self.numbers.worked(found)
        return self.values[quantity, by]

    def composed(self, quantity: Quantity, leaf: Callable[[Quantity], Value]) -> Value:
        """A quantity as its definition has it; a number where it is given."""
        layer, unit = int(quantity.layer), quantity.unit
        match quantity.role:
            case "net":
                return meant(self.net(layer, unit), leaf)
            case "output" if layer >= self.layer and self.is_coupled(layer):
                powers = [EXP(leaf(Quantity("net", layer, each))) for each in range(1, SIZES[layer] + 1)]
                return powers[int(unit) - 1] / sympy.Add(*powers)
            case "output" if layer >= self.layer:
                return self.functions.get(layer, opaque(f"f{layer}"))(leaf(Quantity("net", layer, unit)))
            case "target" if unit == SIZES[-1] and self.own.distribution:
                return 1 - sympy.Add(*(leaf(Quantity("target", LAST, each)) for each in range(1, SIZES[-1])))
            case "input" if quantity == FIXED_SIGNAL:
                return sympy.Integer(1)
            case "error":
                output = Quantity("output", layer, unit)
                return meant(self.own.laws.error(Quantity("target", layer, unit), output), leaf)
            case "loss":
                return meant(self.loss(), leaf)
            case "delta":
                slope = self.by_loss(Quantity("net", layer, unit))
                return -slope if self.own.laws.downhill else slope
            case "change":
                return -self.value(RATE) * self.by_loss(quantity.parameter())
            case "weight" | "bias" if quantity.iteration:
                before = Quantity(quantity.role, layer, unit, quantity.source)
                return self.value(before) + self.value(Quantity("change", layer, unit, quantity.source))
        return self.numbers[quantity]

    def is_coupled(self, layer: int) -> bool:
        """Whether every output of a layer depends on all its net inputs."""
        return layer in self.activations and self.activations[layer].layer is not None

    def by_loss(self, quantity: Quantity) -> Value:
        """∂E/∂quantity"""
        return self.slope(self.value(Quantity("loss", LAST), quantity), quantity)

    def net(self, layer: int, unit: Any) -> Formula:
        """What comes into a unit, added up."""
        laws = self.own.laws
        terms = tuple(
            laws.weighted(Quantity("weight", layer, unit, source), Quantity("output", layer - 1, source))
            for source in range(1, SIZES[layer - 1] + 1)
        )
        return laws.net(terms, Quantity("bias", layer, unit) if self.own.biased else None)

    def loss(self) -> Formula:
        """The loss over all outputs."""
        units = range(1, SIZES[-1] + 1)
        return self.own.loss.value(
            tuple((Quantity("target", LAST, unit), Quantity("output", LAST, unit)) for unit in units)
        )
