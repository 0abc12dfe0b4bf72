"""The equations of one epoch of the delta rule: a neuron is shown one sample after the other.

δ = t − o, Δw_i = η δ x_i, and for a bias Δb = η δ; uphill, δ = o − t and Δw_i = −η δ x_i. With a step it is the
perceptron rule [Rosenblatt, The perceptron (1958)], with a linear neuron that of Widrow and Hoff [Adaptive switching
circuits (1960)], with a sigmoid logistic regression, down the gradient of the cross-entropy [Bishop, Pattern
Recognition and Machine Learning, §4.3.2].
"""

from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from explainer.maths.formula import difference
from explainer.maths.quantity import Phase, Quantity, Role
from explainer.problem.kinds.epoch import Epoch
from explainer.problem.model import Problem
from explainer.trace.derive import RATE, Equation, activation
from explainer.trace.kinds import Kind
from explainer.trace.names import NEW, Name, Names, Slope, Symbol
from explainer.trace.unit import given_bias, laws_of

LAYER = 1
"""The layer of the neuron."""


class EpochNames(Names):
    """Names with the number of the sample raised: o⁽²⁾; a weight has that of the sample after which it holds."""

    def new_name(self, quantity: Quantity) -> Name:
        """Such as x_1^(2), w_1^(0) or η; where kinds of units are numbered, the neuron is the only output."""
        unit = 1 if quantity.layer == LAYER and self.convention.nodes == "by-kind" else quantity.unit
        name = super().new_name(replace(quantity, unit=unit, sample=0, iteration=0))
        return (
            Slope(name.of, self.marked(name.by, quantity)) if isinstance(name, Slope) else self.marked(name, quantity)
        )

    @staticmethod
    def marked(symbol: Symbol, quantity: Quantity) -> Symbol:
        """A symbol with the number of the sample; a weight's `sample`, where it has one, is the letter for any."""
        if quantity.role in ("weight", "bias"):
            return Symbol(symbol.base, symbol.below, (f"({quantity.sample or quantity.iteration})",))
        sample = (f"({quantity.sample})",) if quantity.sample else ()
        return Symbol(symbol.base, symbol.below, (*sample, NEW) if quantity.iteration else sample)


def names(problem: Problem) -> Names:
    """The names of the convention, with the numbers of the samples."""
    return EpochNames(problem.convention, problem.task.sizes)


def of_sample(role: Role, sample: int, *, after: bool = False) -> Quantity:
    """The net input, output, target or δ of a sample; `after` the epoch."""
    return Quantity(role, LAYER, 0, 0, sample, int(after))


def signal(source: int, sample: int) -> Quantity:
    """An input of a sample."""
    return Quantity("input", 0, source, 0, sample)


def weight(source: int, after: int) -> Quantity:
    """A weight after so many samples; of source 0, the bias."""
    return Quantity("weight" if source else "bias", LAYER, 0, source, 0, after)


def change(source: int, sample: int) -> Quantity:
    """The change of a weight by a sample."""
    return Quantity("change", LAYER, 0, source, sample)


def sources(task: Epoch) -> Iterator[int]:
    """The sources of the parameters that learn: the inputs, and 0 for the bias."""
    yield from range(1, len(task.weights) + 1)
    if task.bias is not None and task.trained == "all":
        yield 0


def held(task: Epoch, source: int, after: int) -> Quantity:
    """The parameter that holds after so many samples; one that does not learn stays as it was."""
    return weight(source, after if source in sources(task) else 0)


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The samples, the neuron before the epoch and the learning rate."""
    task = problem.of(Epoch)
    for number, sample in enumerate(task.samples, 1):
        yield from ((signal(source, number), value) for source, value in enumerate(sample.inputs, 1))
        yield of_sample("target", number), sample.targets[0]
    yield from ((weight(source, 0), value) for source, value in enumerate(task.weights, 1))
    if task.bias is not None:
        yield from given_bias(problem, weight(0, 0), task.bias)
    yield RATE, task.rate


def derive(problem: Problem) -> Iterator[Equation]:
    """Each sample forward, its δ and the changes it makes; then all of them with the last weights."""
    task, laws = problem.of(Epoch), laws_of(problem)
    last = len(task.samples)
    for sample in range(1, last + 1):
        yield from forward(problem, sample, sample - 1, "forward")
        delta, target, output = of_sample("delta", sample), of_sample("target", sample), of_sample("output", sample)
        missed = difference(target, output) if laws.downhill else difference(output, target)
        yield Equation(delta, missed, "delta_rule", "backward")
        for source in sources(task):
            moved, changed = weight(source, sample - 1), change(source, sample)
            arriving = signal(source, sample) if source else laws.bias_signal
            yield Equation(changed, laws.change(RATE, (delta, arriving)), "change", "update")
            yield Equation(weight(source, sample), laws.update(moved, changed), "update", "update")
    for sample in range(1, last + 1):
        yield from forward(problem, sample, last, "check")


def forward(problem: Problem, sample: int, after: int, phase: Phase) -> Iterator[Equation]:
    """The net input and the output of a sample, with the weights that hold after so many samples."""
    task, laws = problem.of(Epoch), laws_of(problem)
    after_epoch = phase == "check"
    net, output = of_sample("net", sample, after=after_epoch), of_sample("output", sample, after=after_epoch)
    terms = tuple(
        laws.weighted(weight(source, after), signal(source, sample)) for source in range(1, len(task.weights) + 1)
    )
    yield Equation(net, laws.net(terms, held(task, 0, after) if task.bias is not None else None), "net", phase)
    function = activation(task.function)
    written = function.definition(net) if function.definition else None
    yield Equation(output, function.value(net), "output", phase, written)


KIND = Kind(given, derive, names)
