"""Losses: how far the outputs are from their targets, and the derivative by one output."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Literal

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
    cases,
    difference,
    fraction,
    product,
    total,
)
from explainer.maths.functions import huber_written
from explainer.maths.parameters import Family, Parameter

Share = Callable[[Formula, Formula], Formula]
"""Something of one output, of its target t and its value o."""

Factor = Callable[["Count", int], Formula]
"""A factor of E or of ∂E/∂o that depends on how many outputs there are, and how many samples."""

Count = int | Letter
"""How many outputs there are, or the letter for it."""


class Loss(Struct, frozen=True):
    """A loss E over all outputs: a factor times the sum of one `term(t, o)` for each; minus that, where `negative`.

    `written(t, o)` is the term written out, where it is a name. `slope` and
    `downhill(t, o)` are the two factors of −∂E/∂o for an output o with target t, `slope` and `uphill(t, o)` those
    of ∂E/∂o. `matched` is the activation with which −∂E/∂net comes to t − o. Where `joint(t, o)` is 0, two pieces
    of the loss meet; `kinked` tells that it has no derivative there.
    """

    term: Share
    downhill: Share
    uphill: Share
    factor: Factor = lambda outputs, samples: ONE
    slope: Factor = lambda outputs, samples: ONE
    negative: bool = False
    written: Share | None = None
    matched: str | None = None
    joint: Share | None = None
    kinked: bool = False

    def value(self, pairs: tuple[tuple[Formula, Formula], ...], samples: int = 1) -> Formula:
        """E of all (target, output) pairs."""
        return self.summed(self.term, pairs, samples)

    def definition(self, pairs: tuple[tuple[Formula, Formula], ...], samples: int = 1) -> Formula | None:
        """E of all pairs written out, where the share is a name."""
        return None if self.written is None else self.summed(self.written, pairs, samples)

    def summed(self, share: Share, pairs: tuple[tuple[Formula, Formula], ...], samples: int) -> Formula:
        """E of the shares of all pairs."""
        shares = (share(target, output) for target, output in pairs)
        terms = tuple(term for each in shares for term in (each.terms if isinstance(each, Sum) else (each,)))
        return self.whole(total(terms), len(pairs), samples)

    def whole(self, terms: Formula, outputs: Count, samples: int) -> Formula:
        """E, given the sum of all terms."""
        return Negation(terms) if self.negative else product(self.factor(outputs, samples), terms)

    def general(self, outputs: int, target: Formula, output: Formula, samples: int = 1) -> Formula:
        """E stated for any unit k, given t_k and o_k."""
        if outputs == 1:
            return self.value(((target, output),), samples)
        return self.whole(IndexedSum("k", self.term(target, output)), outputs, samples)


class LossFamily(Family, frozen=True, kw_only=True):
    """Losses of one name: `make` takes the parameters.

    `suits` says which targets it is for, and `targets` are some of these, for a problem that is made up; none are said
    where any will do.
    """

    make: Callable[..., Loss]
    suits: Literal["any", "probabilities", "distribution", "signs"] = "any"
    targets: tuple[Decimal, ...] = ()


def squared_difference(target: Formula, output: Formula) -> Formula:
    """(t − o)²"""
    return Power(difference(target, output), 2)


def swapped(share: Share) -> Share:
    """The uphill factor of a loss that depends on t − o alone: that of o − t."""
    return lambda target, output: share(output, target)


def half_squared_error() -> Loss:
    """E = ½ Σ (t − o)², so that −∂E/∂o = t − o  [Mitchell, Machine Learning, §4.4.3]"""
    return Loss(
        term=squared_difference,
        factor=lambda outputs, samples: fraction(1, 2),
        downhill=difference,
        uphill=swapped(difference),
    )


def sum_squared_error() -> Loss:
    """E = Σ (t − o)², so that −∂E/∂o = 2 (t − o)  [Bishop, Pattern Recognition and Machine Learning, §1.1]"""
    return Loss(
        term=squared_difference,
        slope=lambda outputs, samples: fraction(2, 1),
        downhill=difference,
        uphill=swapped(difference),
    )


MEANS: Mapping[str, Callable[["Count", int], "Count"]] = {
    "outputs": lambda outputs, samples: outputs,
    "samples": lambda outputs, samples: samples,
    "both": lambda outputs, samples: outputs if isinstance(outputs, Letter) else outputs * samples,
}
"""How many squares a mean squared error is the mean of, by what it is the mean over."""


def mean_squared_error(over: str) -> Loss:
    """E = (1/n) Σ (t − o)², so that −∂E/∂o = (2/n)(t − o)  [Goodfellow et al., Deep Learning, §5.1.4]"""
    count = MEANS[over]
    return Loss(
        term=squared_difference,
        factor=lambda outputs, samples: fraction(1, count(outputs, samples)),
        slope=lambda outputs, samples: fraction(2, count(outputs, samples)),
        downhill=difference,
        uphill=swapped(difference),
    )


def absolute_error() -> Loss:
    """E = Σ |t − o|, so that −∂E/∂o = sign(t − o), 0 at o = t  [Bishop, Pattern Recognition, §1.5.5]"""

    def slope(target: Formula, output: Formula) -> Formula:
        return Call("sign", (difference(target, output),))

    return Loss(
        term=lambda target, output: Call("abs", (difference(target, output),)),
        downhill=slope,
        uphill=swapped(slope),
        joint=difference,
        kinked=True,
    )


def binary_cross_entropy() -> Loss:
    """E = −Σ [t ln o + (1 − t) ln(1 − o)], so that −∂E/∂o = (t − o) / (o (1 − o)); with a sigmoid −∂E/∂net = t − o

    Source: Bishop, Pattern Recognition and Machine Learning, §5.2.
    """

    def term(target: Formula, output: Formula) -> Formula:
        hit = Product((target, Call("ln", (output,))))
        return Sum((hit, Product((difference(ONE, target), Call("ln", (difference(ONE, output),))))))

    def slope(above: Formula, output: Formula) -> Formula:
        return Quotient(above, Product((output, difference(ONE, output))))

    return Loss(
        term=term,
        negative=True,
        downhill=lambda target, output: slope(difference(target, output), output),
        uphill=lambda target, output: slope(difference(output, target), output),
        matched="sigmoid",
    )


def cross_entropy() -> Loss:
    """E = −Σ t ln o, so that −∂E/∂o = t / o; with a softmax −∂E/∂net = t − o

    Source: Goodfellow et al., Deep Learning, §6.2.2.3; Bishop, Pattern Recognition and Machine Learning, §5.2.
    """
    return Loss(
        term=lambda target, output: Product((target, Call("ln", (output,)))),
        negative=True,
        downhill=Quotient,
        uphill=lambda target, output: Negation(Quotient(target, output)),
        matched="softmax",
    )


def huber(width: Decimal) -> Loss:
    """E = Σ H(t − o) with H(e) = ½ e² for |e| ≤ d, else d (|e| − ½ d), so that −∂E/∂o = H′(t − o)

    Source: Huber, Robust estimation of a location parameter (1964).
    """
    d = Constant(width)

    def slope(target: Formula, output: Formula) -> Formula:
        return Call("huber'", (difference(target, output), d))

    return Loss(
        term=lambda target, output: Call("huber", (difference(target, output), d)),
        written=lambda target, output: huber_written(difference(target, output), d),
        downhill=slope,
        uphill=swapped(slope),
        joint=lambda target, output: difference(Call("abs", (difference(target, output),)), d),
    )


def hinge() -> Loss:
    """E = Σ max(0, 1 − t o) for targets ±1, so that −∂E/∂o = t where t o < 1, else 0

    Source: Goodfellow et al., Deep Learning, §5.7.2; Bishop, Pattern Recognition and Machine Learning, §7.1.2.
    """

    def slope(target: Formula, output: Formula, step: Formula) -> Formula:
        return cases(step, Product((target, output)), "<", ONE, Constant(0))

    def shortfall(target: Formula, output: Formula) -> Formula:
        return difference(ONE, Product((target, output)))

    return Loss(
        term=lambda target, output: Call("max", (Constant(0), shortfall(target, output))),
        downhill=lambda target, output: slope(target, output, target),
        uphill=lambda target, output: slope(target, output, Negation(target)),
        joint=shortfall,
        kinked=True,
    )


OVER = Parameter("What the mean is taken over.", "outputs", choices=tuple(MEANS))
WIDTH = Parameter(
    "The size of error up to which a Huber loss is a square, and from which on it is a line.",
    Decimal(1),
    above=0,
    most=1000,
)

CLASSES = (Decimal(0), Decimal(1))

LOSSES: Mapping[str, LossFamily] = {
    "half-squared-error": LossFamily(make=half_squared_error),
    "sum-squared-error": LossFamily(make=sum_squared_error),
    "mean-squared-error": LossFamily(make=mean_squared_error, parameters={"over": OVER}),
    "absolute-error": LossFamily(make=absolute_error),
    "binary-cross-entropy": LossFamily(make=binary_cross_entropy, suits="probabilities", targets=CLASSES),
    "cross-entropy": LossFamily(make=cross_entropy, suits="distribution"),
    "huber": LossFamily(make=huber, parameters={"width": WIDTH}),
    "hinge": LossFamily(make=hinge, suits="signs", targets=(Decimal(-1), Decimal(1))),
}
