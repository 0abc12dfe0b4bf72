"""Drawing a problem: numbers from a seed, traced, and what breaks a requirement drawn anew."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from msgspec.structs import replace

from explainer.exercise.requirements import REQUIREMENTS, Requirement
from explainer.exercise.wish import Wish
from explainer.maths.activations import ACTIVATIONS, ANY
from explainer.maths.losses import LOSSES
from explainer.maths.quantity import Quantity
from explainer.problem.faults import ProblemError, fault
from explainer.problem.read import checked
from explainer.trace.trace import Trace, trace

Deck = Sequence[Decimal]


def deck(numbers: str) -> Deck:
    """The numbers of a text."""
    return tuple(map(Decimal, numbers.split()))


INPUTS = deck("0.5 1 2 -1")
"""Their products with a weight stay short."""

WEIGHTS = deck("-0.9 -0.8 -0.7 -0.6 -0.5 -0.4 -0.3 -0.2 -0.1 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9")
BIASES = deck("-0.5 -0.4 -0.3 -0.2 -0.1 0.1 0.2 0.3 0.4 0.5")
RATES = deck("0.5 0.2 0.1 0.05 0.02 0.01")
"""Learning rates, in the order in which they are tried."""

TRIES = 600
"""So many problems are tried before the wish is given up."""

PATIENCE = 30
"""So many times a problem is mended before another one is begun."""


def drawn(wish: Wish) -> Trace:
    """The trace of a problem that meets every requirement; the same one for the same wish.

    Raises:
        ProblemError: none is found, or what is wished for contradicts itself.
    """
    drawing = Drawing(wish)
    lacking: Counter[Requirement] = Counter()
    for attempt in range(TRIES):
        if attempt % PATIENCE == 0:
            drawing.begin()
        found = traced(drawing)
        if found is None:
            lacking[UNDEFINED] += 1
            drawing.begin()
            continue
        broken = {each: quantities for each in REQUIREMENTS if (quantities := list(each.broken(found)))}
        if not broken:
            return found
        lacking.update(broken.keys())
        drawing.mend([quantity for quantities in broken.values() for quantity in quantities])
    (worst, times), *_ = lacking.most_common(1)
    tries = f"in {times} of {TRIES} tries {worst.lacks}"
    raise fault("", f"no numbers found that are good to calculate with: {tries} (what may help: {worst.remedy})")


UNDEFINED = Requirement(
    lambda trace: iter(()), "the activation has no value where it is needed", "a formula that has one for every z"
)
"""What is the matter where a problem cannot even be worked out."""


def traced(drawing: "Drawing") -> Trace | None:
    """The trace of the numbers as they are drawn, in the notation of the wish; None where a value is missing."""
    wish, problem = drawing.wish, checked(drawing.table(), (), "")
    presentation = replace(problem.presentation, convention=wish.convention)
    try:
        return trace(replace(problem, convention=wish.notation, presentation=presentation), None, Trace)
    except ProblemError:
        return None


class Drawing:
    """The numbers of a problem as they are drawn, mended and drawn anew."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.random = Random(wish.seed).random  # the one method whose numbers Python promises to keep
        family = ACTIVATIONS.get(wish.activations[-1])
        self.targets = LOSSES[wish.loss].targets or (family.targets if family else ANY)

    def begin(self) -> None:
        """Draws everything."""
        self.rates = list(RATES if self.wish.rate is None else (self.wish.rate,))
        self.inputs = self.deal(INPUTS, self.wish.sizes[0])
        self.units: dict[tuple[int, int], list[Decimal]] = {}
        for layer, size in enumerate(self.wish.sizes[1:], 1):
            for unit in range(1, size + 1):
                self.draw(layer, unit)
        self.aims = self.wanted()

    def wanted(self) -> list[Decimal]:
        """The targets; where they are to be a distribution, all of it falls to one output."""
        outputs = self.wish.sizes[-1]
        if LOSSES[self.wish.loss].suits != "distribution":
            return self.deal(self.targets, outputs)
        chosen = int(self.random() * outputs)
        return [Decimal(int(unit == chosen)) for unit in range(outputs)]

    def mend(self, broken: Sequence[Quantity]) -> None:
        """Draws the units anew that something is wrong with, in the first layer that has any.

        What is wrong in later layers may come from there. If all units are well and only the error does not fall, the
        next learning rate takes its turn, and after the last one everything is drawn anew.
        """
        units = sorted({(int(each.layer), int(each.unit)) for each in broken if each.unit})
        for layer, unit in units:
            if layer == units[0][0]:
                self.draw(layer, unit)
        if not units and len(self.rates) > 1:
            self.rates.pop(0)
        elif not units:
            self.begin()

    def draw(self, layer: int, unit: int) -> None:
        """Draws the weights of a unit, and its bias, which no other unit of the layer has if that can be."""
        self.units.pop((layer, unit), None)
        taken = {row[-1] for (other, _), row in self.units.items() if other == layer}
        free = [bias for bias in BIASES if bias not in taken] or BIASES
        self.units[layer, unit] = [*self.deal(WEIGHTS, self.wish.sizes[layer - 1]), *self.deal(free, 1)]

    def deal(self, deck: Deck, count: int) -> list[Decimal]:
        """So many numbers of a deck in random order; each comes once before any comes again."""
        dealt: list[Decimal] = []
        left: list[Decimal] = []
        while len(dealt) < count:
            left = left or list(deck)
            dealt.append(left.pop(int(self.random() * len(left))))
        return dealt

    def table(self) -> dict[str, Any]:
        """The problem as a file would hold it."""
        layers: list[dict[str, Any]] = []
        for index, (activation, size) in enumerate(zip(self.wish.activations, self.wish.sizes[1:], strict=True), 1):
            rows = [self.units[index, unit] for unit in range(1, size + 1)]
            layer = {"activation": activation, "weights": [row[:-1] for row in rows]}
            layers.append({**layer, "biases": [row[-1] for row in rows]} if self.wish.biases else layer)
        return {
            "title": self.wish.title,
            "network": {"inputs": self.wish.sizes[0], "layers": layers},
            "samples": [{"inputs": self.inputs, "targets": self.aims}],
            "training": {"loss": self.wish.loss, "learning_rate": self.rates[0]},
            "numbers": {"decimals": self.wish.decimals},
        }
