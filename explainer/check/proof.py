"""Derivations proved by SymPy: every line is equal to the line before it. Imports SymPy.

Letters become units of a small network in symbols, and every derivative is taken by SymPy of the quantity composed
as a function of what it is taken by; δ and Δw are what their definitions say. So each side means something that
knows nothing of the rule printed beside it. Two sides are equal if they are the same rational number for random
rational numbers in the place of all symbols.

Within the network an activation function is one that SymPy knows nothing of but its slope, in the form that the
pages use; that this is its slope is proved by itself, from what the function is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random
from typing import Any

import sympy

from explainer.check.findings import Finding
from explainer.maths.activations import Activation
from explainer.maths.chain import Chain, Condition, Line
from explainer.maths.formula import Formula, IndexedSum, Letter, Partial, parts, quantities
from explainer.maths.quantity import FIXED_SIGNAL, Quantity
from explainer.maths.slopes import Z
from explainer.maths.symbolic import applied, expression
from explainer.problem.model import Function
from explainer.publish.text import TextPrinter
from explainer.trace.claims import Claim, Place, SlopeClaim
from explainer.trace.derive import RATE, activation
from explainer.trace.names import Names
from explainer.trace.principles import ANY, BEFORE, COUNT, NEXT, OUTPUT, Principles

SIZES = (2, 2, 2, 2)
"""The network that derivations are tried on: two hidden layers of two units, and two outputs."""

LAST = len(SIZES) - 1

LAYERS: Mapping[Place, tuple[int, ...]] = {"any": (2, 3), "hidden": (1, 2), "output": (3,)}
"""Where the layer of "any" unit may lie: what comes into it is given."""

UNITS = {"i": 2, "j": 1, "h": 2, "k": 1, "m": 2}
"""The unit that each letter stands for."""

DIGITS = 50

AGREED = sympy.Float("1e-35", DIGITS)
"""Where powers of e keep a number from being rational, two sides agree to less than this part of the larger or of 1."""

POINTS = 3
"""So many times random numbers are put in for the symbols."""

Value = Any
"""A SymPy expression."""

Units = Mapping[str, int]

Side = Callable[[Formula], Value]
"""What one side of a chain means."""

Span = tuple[int, int]
"""Between which numbers random ones are drawn; outputs and targets lie between 0 and 1."""


PRINTER = TextPrinter()


class World:
    """A network in symbols; `layer` is where "any" unit lies, and what comes into it is given."""

    def __init__(self, principles: Principles, layer: int) -> None:
        self.principles = principles
        self.layer = layer
        self.layers = {BEFORE: layer - 1, ANY: layer, NEXT: layer + 1, OUTPUT: LAST}
        coupled = principles.coupled
        hidden = opaque("f", activation(principles.hidden or Function("linear", {})))
        self.functions = (hidden, hidden) if coupled else (hidden, hidden, opaque("g", activation(principles.output)))
        self.values: dict[tuple[Quantity, Quantity | None], Value] = {}

    def side(self, formula: Formula) -> Value:
        """What one side of a chain means."""
        return self.evaluate(formula, UNITS)

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
        return applied(formula, [self.evaluate(part, units, by) for part in parts(formula)])

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
        return sympy.diff(composed, VARIABLE).subs(VARIABLE, self.value(by))

    def value(self, quantity: Quantity, by: Quantity | None = None) -> Value:
        """A quantity composed from what is given, and from the variable in the place of `by`."""
        if quantity == by:
            return VARIABLE
        if (quantity, by) not in self.values:
            self.values[quantity, by] = self.composed(quantity, lambda it: self.value(it, by))
        return self.values[quantity, by]

    def composed(self, quantity: Quantity, leaf: Callable[[Quantity], Value]) -> Value:
        """A quantity as its definition has it; a symbol where it is given."""
        layer, unit = int(quantity.layer), quantity.unit
        match quantity.role:
            case "net":
                return expression(self.net(layer, unit), leaf)
            case "output" if layer == LAST and self.principles.coupled:
                powers = [sympy.exp(leaf(Quantity("net", LAST, each))) for each in range(1, SIZES[-1] + 1)]
                return powers[int(unit) - 1] / sympy.Add(*powers)
            case "target" if unit == SIZES[-1] and self.principles.coupled:
                others = (leaf(Quantity("target", LAST, each)) for each in range(1, SIZES[-1]))
                return 1 - sympy.Add(*others)
            case "output" if layer >= self.layer:
                return self.functions[layer - 1](leaf(Quantity("net", layer, unit)))
            case "input" if quantity == FIXED_SIGNAL:
                return sympy.Integer(1)
            case "error":
                output = Quantity("output", layer, unit)
                return expression(self.principles.laws.error(Quantity("target", layer, unit), output), leaf)
            case "loss":
                return expression(self.loss(), leaf)
            case "delta":
                slope = self.by_loss(Quantity("net", layer, unit))
                return -slope if self.principles.laws.downhill else slope
            case "change":
                return -self.value(RATE) * self.by_loss(quantity.parameter())
            case "weight" | "bias" if quantity.iteration:
                before = Quantity(quantity.role, layer, unit, quantity.source)
                return self.value(before) + self.value(Quantity("change", layer, unit, quantity.source))
        return sympy.Symbol(f"{quantity.role}{layer}{unit}{quantity.source}")

    def by_loss(self, quantity: Quantity) -> Value:
        """∂E/∂quantity"""
        return self.slope(self.value(Quantity("loss", LAST), quantity), quantity)

    def net(self, layer: int, unit: Any) -> Formula:
        """What comes into a unit, added up."""
        laws = self.principles.laws
        terms = tuple(
            laws.weighted(Quantity("weight", layer, unit, source), Quantity("output", layer - 1, source))
            for source in range(1, SIZES[layer - 1] + 1)
        )
        return laws.net(terms, Quantity("bias", layer, unit) if self.principles.biased else None)

    def loss(self) -> Formula:
        """The loss over all outputs."""
        units = range(1, SIZES[-1] + 1)
        return self.principles.loss.value(
            tuple((Quantity("target", LAST, unit), Quantity("output", LAST, unit)) for unit in units)
        )


VARIABLE = sympy.Symbol("s")


class Opaque(sympy.Function):  # type: ignore[misc]
    """A function of which nothing is known but its slope."""


def opaque(name: str, function: Activation) -> Any:
    """A function that SymPy knows nothing of but its slope, in the form that the pages use."""
    net, output = Quantity("net"), Quantity("output")

    def fdiff(self: Value, _argindex: int = 1) -> Value:
        return expression(function.derivative(net, output), {net: self.args[0], output: self}.__getitem__)

    return type(name, (Opaque,), {"nargs": 1, "fdiff": fdiff})


class Numbers:
    """Random rational numbers in the place of symbols, and of the values of functions nothing is known of."""

    def __init__(self, seed: int, span: Span) -> None:
        self.random = Random(seed)
        self.span = span
        self.values: dict[Value, Value] = {}

    def __call__(self, found: Value) -> Value:
        """The number that an expression is."""
        if found not in self.values:
            self.values[found] = self.drawn() if isinstance(found, sympy.Symbol | Opaque) else self.worked(found)
        return self.values[found]

    def drawn(self) -> Value:
        """A number of the span, its ends left out."""
        low, high = self.span
        return low + (high - low) * sympy.Rational(self.random.randint(1, 996), 997)

    def worked(self, found: Value) -> Value:
        """An expression of numbers."""
        return found.func(*map(self, found.args)) if found.args else found


def same(one: Value, other: Value, span: Span) -> bool:
    """Whether two expressions are the same for random numbers."""
    return all(agree(numbers(one), numbers(other)) for numbers in (Numbers(seed, span) for seed in range(POINTS)))


def agree(one: Value, other: Value) -> bool:
    """Whether two numbers are the same; to many digits, where they are not rational."""
    if one.is_Rational and other.is_Rational:
        return bool(one == other)
    left, right = sympy.N(one, DIGITS), sympy.N(other, DIGITS)
    return bool(abs(left - right) <= AGREED * max(1, abs(left), abs(right)))


# -- the slope of a function by itself ----------------------------------------------------------------


def in_z(formula: Formula) -> Value:
    """The expression of a formula of the letter z alone."""
    if formula == Z:
        return VARIABLE
    if isinstance(formula, Partial):
        return sympy.diff(in_z(formula.of), VARIABLE)
    return applied(formula, list(map(in_z, parts(formula))))


# -- the proof ----------------------------------------------------------------------------------------


def proof(principles: Principles, names: Names) -> Finding:
    """Every line of a derivation against the line before it."""
    worlds = {layer: World(principles, layer) for layer in range(1, LAST + 1)}
    held, wrong = 0, []
    for name, claim in principles.claims():
        for before, line, equal in compared(claim, worlds):
            if equal:
                held += 1
            else:
                wrong.append(f"{name}: {PRINTER.unbroken(before, names)} = {PRINTER.unbroken(line, names)}")
    return Finding("derivation", held, tuple(wrong))


def compared(claim: Claim | SlopeClaim, worlds: Mapping[int, World]) -> Iterator[tuple[Formula, Formula, bool]]:
    """Every two neighboring sides of a claim, and whether they are equal."""
    if isinstance(claim, SlopeClaim):
        function = activation(claim.function)
        used = Line(function.derivative(Z, function.value(Z)))
        for case in claim.cases:
            whole = case.condition or case is claim.cases[-1]
            yield from neighbors((*case.chain, used) if whole else case.chain, [in_z], span(case.condition))
    else:
        sides = [worlds[layer].side for layer in LAYERS[claim.place]]
        yield from neighbors(claim.chain, sides, (0, 1))


def neighbors(chain: Chain, sides: Sequence[Side], span: Span) -> Iterator[tuple[Formula, Formula, bool]]:
    """Every two neighboring sides of a chain, and whether they mean the same everywhere."""
    for before, line in pairwise(each.formula for each in chain):
        yield before, line, all(same(side(before), side(line), span) for side in sides)


def span(condition: Condition | None) -> Span:
    """Where a net input lies under a condition."""
    if condition is None:
        return -2, 2
    return (0, 2) if condition.positive else (-2, 0)
