"""The derivative of a formula by its letter z, rule by rule, as a textbook writes it.

Every line has more of the derivative worked out than the one before: what is still to be differentiated stands
there with a prime. Source: Stewart, Calculus, chapter 3 (the rules), §3.4 (the chain rule).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from explainer.maths.formula import (
    ONE,
    Call,
    Constant,
    Exponential,
    Formula,
    Letter,
    Negation,
    Power,
    Prime,
    Product,
    Quotient,
    Sum,
    difference,
    parts,
    walk,
)
from explainer.maths.tidy import ZERO, negation, power, product, quotient, tidied, total, with_sizes

VARIABLE = "z"

SLOPES: Mapping[str, Callable[[Formula], Formula]] = {
    "sigmoid": lambda u: Product((Call("sigmoid", (u,)), difference(ONE, Call("sigmoid", (u,))))),
    "tanh": lambda u: difference(ONE, Power(Call("tanh", (u,)), 2)),
    "ln": lambda u: Quotient(ONE, u),
    "abs": lambda u: Call("sign", (u,)),
    "sqrt": lambda u: Quotient(ONE, Product((Constant(2), Call("sqrt", (u,))))),
    "relu": lambda u: Call("relu'", (u,)),
}
"""The derivative of each function of one argument, by that argument."""

SIMPLE = ("constant", "variable", "sum", "factor")
"""Rules that need no line of their own."""


class Derivative(Struct, frozen=True):
    """The derivative of a formula: its lines, of which the last has no primes left, and the rules that led to each.

    `functions` are the named functions whose derivatives were used.
    """

    lines: tuple[Formula, ...]
    steps: tuple[tuple[str, ...], ...]
    functions: tuple[str, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of all lines, in the order in which they are needed."""
        return worth_naming(dict.fromkeys(rule for step in self.steps for rule in step))

    @property
    def result(self) -> Formula:
        """The derivative."""
        return self.lines[-1]


def derivative(formula: Formula) -> Derivative:
    """The derivative of a formula by z, line by line."""
    lines: list[Formula] = [Prime(formula)]
    steps: list[tuple[str, ...]] = []
    while how_many_primes(lines[-1]):
        rules: dict[str, None] = {}
        lines.append(worked(lines[-1], rules))
        steps.append(tuple(rules))
    if (sized := with_sizes(lines[-1])) != lines[-1] and signs(sized) < signs(lines[-1]):
        lines.append(sized)
        steps.append(("size",))
    called = dict.fromkeys(part.function for part in walk(formula) if isinstance(part, Call) and depends(part))
    return Derivative(tuple(lines[1:]), tuple(steps), tuple(name for name in called if name in SLOPES))


def signs(formula: Formula) -> int:
    """How often a formula says sign(…)."""
    return sum(isinstance(part, Call) and part.function == "sign" for part in walk(formula))


def worth_naming(rules: Iterable[str]) -> tuple[str, ...]:
    """The rules without the simple ones, or where all are simple, without that of constants."""
    found = tuple(rules)
    return tuple(rule for rule in found if rule not in SIMPLE) or tuple(rule for rule in found if rule != "constant")


def worked(formula: Formula, rules: dict[str, None]) -> Formula:
    """The formula with one rule applied to each of its primes; simple ones as far as they go."""
    if isinstance(formula, Prime):
        name, right = applied(formula.formula)
        rules[name] = None
        if name in SIMPLE:
            return worked(right, rules)
        shown = name in ("product", "quotient") and how_many_primes(right) > 1
        return right if shown else without_simple(right, rules)
    if not how_many_primes(formula):
        return formula
    return tidied(formula, tuple(worked(part, rules) for part in parts(formula)))


def without_simple(formula: Formula, rules: dict[str, None]) -> Formula:
    """The formula with those of its primes worked out that simple rules are enough for."""
    if isinstance(formula, Prime):
        return worked(formula, rules) if is_simple(formula.formula) else formula
    if not how_many_primes(formula):
        return formula
    return tidied(formula, tuple(without_simple(part, rules) for part in parts(formula)))


def applied(formula: Formula) -> tuple[str, Formula]:
    """The rule for the outermost operation of a formula, and the derivative by it, with primes on what is inside."""
    if not depends(formula):
        return "constant", ZERO
    match formula:
        case Letter():
            return "variable", ONE
        case Negation(term):
            return "sum", negation(Prime(term))
        case Sum(terms):
            return "sum", total(*(Prime(term) for term in terms if depends(term)))
        case Product(factors):
            return product_rule(factors)
        case Quotient(above, below):
            return quotient_rule(above, below)
        case Power(base, int(exponent)):
            name = "power" if isinstance(base, Letter) else "chain"
            return name, product(Constant(exponent), power(base, exponent - 1), Prime(base))
        case Exponential(exponent):
            name = "exponential" if isinstance(exponent, Letter) else "chain"
            return name, product(formula, Prime(exponent))
        case Call("max" | "min", (one, other)):
            return "choice", choice_rule(formula, one, other)
        case Call(function, (inner,)):
            name = "function" if isinstance(inner, Letter) else "chain"
            return name, product(SLOPES[function](inner), Prime(inner))
    raise TypeError(f"no derivative of {formula!r}")


def product_rule(factors: tuple[Formula, ...]) -> tuple[str, Formula]:
    """(c u)′ = c u′; (u v)′ = u′ v + u v′, and so on for more factors"""
    constant = [factor for factor in factors if not depends(factor)]
    variable = [factor for factor in factors if depends(factor)]
    if constant:
        return "factor", product(*constant, Prime(product(*variable)))
    terms = [product(*variable[:place], Prime(factor), *variable[place + 1 :]) for place, factor in enumerate(variable)]
    return "product", total(*terms)


def quotient_rule(above: Formula, below: Formula) -> tuple[str, Formula]:
    """(u / c)′ = u′ / c; (u / v)′ = (u′ v − u v′) / v²"""
    if not depends(below):
        return "factor", quotient(Prime(above), below)
    first = [product(Prime(above), below)] if depends(above) else []
    return "quotient", quotient(total(*first, negation(product(above, Prime(below)))), power(below, 2))


def choice_rule(formula: Call, one: Formula, other: Formula) -> Formula:
    """max(u, v)′ = u′ + (v′ − u′) ReLU′(v − u), min(u, v)′ = u′ + (v′ − u′) ReLU′(u − v)

    ReLU′ is 1 for numbers above 0, else 0; a constant stands first in max and second in min, so that where both
    are equal the slope is that from the left.
    """
    largest = formula.function == "max"
    first, second = one, other
    if depends(one) != depends(other) and depends(one) == largest:
        first, second = other, one
    gap = total(second, negation(first)) if largest else total(first, negation(second))
    return total(Prime(first), product(total(Prime(second), negation(Prime(first))), Call("relu'", (gap,))))


def depends(formula: Formula) -> bool:
    """Whether z is in a formula."""
    return VARIABLE in letters(formula)


def is_simple(formula: Formula) -> bool:
    """Whether simple rules are enough for the derivative of a formula."""
    if not depends(formula) or isinstance(formula, Letter):
        return True
    name, right = applied(formula)
    return name in SIMPLE and all(is_simple(part.formula) for part in walk(right) if isinstance(part, Prime))


def how_many_primes(formula: Formula) -> int:
    """How many parts of a formula are still to be differentiated."""
    return sum(isinstance(part, Prime) for part in walk(formula))


def letters(formula: Formula) -> Iterator[str]:
    """Every letter of a formula, in reading order, repetitions included."""
    if isinstance(formula, Letter):
        yield formula.name
    for part in parts(formula):
        yield from letters(part)
