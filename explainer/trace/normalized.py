"""The passes through a layer that is normalized over the batch: all samples together, unit by unit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from explainer.maths.quantity import Phase, Quantity
from explainer.trace.normalization import Line, Over, Unit

if TYPE_CHECKING:
    from explainer.trace.derive import Equation, Step

LAW = "normalization"


class NormalizedLayer:
    """The equations of one layer, its net inputs and its error signals being those of a step."""

    def __init__(self, step: "Step", layer: int) -> None:
        self.step = step
        self.layer = layer
        self.normalizing = step.connections.normalized[layer]

    def forward(self, samples: tuple[int, ...], phase: Phase, iteration: int) -> Iterator["Equation"]:
        """Net inputs of every unit, what they become by normalization, and outputs."""
        for unit in self.step.connections.units(self.layer):
            for sample in samples:
                yield self.step.net(self.layer, unit, sample, phase, iteration)
            for quantity, formula in self.shaped(self.unit(unit, iteration), samples):
                yield self.step.equation(quantity, formula, LAW, phase)
            for sample in samples:
                yield from self.step.output(self.layer, unit, sample, phase, iteration)
        for sample in samples:
            yield from self.step.outputs_together(self.layer, sample, phase, iteration)

    def shaped(self, unit: Unit, samples: tuple[int, ...]) -> Iterator[Line]:
        """What becomes of the net inputs of a unit, by the statistics of the batch or by the running ones."""
        law, in_use = self.normalizing, self.step.form == "use"
        if not in_use:
            yield law.mean(unit, Over(samples))
            yield law.variance(unit, Over(samples))
        yield from ((law.in_use if in_use else law.normalized)(unit, sample) for sample in samples)
        yield from (law.scaled(unit, sample) for sample in samples)

    def unit(self, number: int, iteration: int = 0) -> Unit:
        """The quantities of a unit in a pass."""
        shaping = self.step.connections.shaping(self.layer, number)
        return Unit(self.layer, number, iteration, *(self.step.parameter(each, iteration) for each in shaping))

    def backward(self, samples: tuple[int, ...]) -> Iterator["Equation"]:
        """δ of every unit, by way of all that normalization makes of its net inputs."""
        law, over = self.normalizing, Over(samples)
        for number in self.step.backward_order(self.layer):
            unit = self.unit(number)
            yield from (self.by_scaled(unit, sample) for sample in samples)
            for sample in samples:
                yield self.step.equation(*law.by_normalized(unit, sample), LAW, "backward")
            yield self.step.equation(*law.by_variance(unit, over), LAW, "backward")
            yield self.step.equation(*law.by_mean(unit, over), LAW, "backward")
            for sample in samples:
                formula = self.step.laws.turned(law.by_net(unit, sample, over))
                yield self.step.equation(unit.of("delta", sample), formula, LAW, "backward")

    def by_scaled(self, unit: Unit, sample: int) -> "Equation":
        """How the loss changes with what the activation of a unit is applied to."""
        found, turned = self.step.signal_of(self.layer, int(unit.unit), sample), self.step.laws.turned
        written = turned(found.definition) if found.definition else None
        quantity: Quantity = unit.of("by_scaled", sample)
        return self.step.equation(quantity, turned(found.formula), found.law, "backward", written, found.chain)
