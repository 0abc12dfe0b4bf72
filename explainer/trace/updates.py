"""The equations of an update: from δ to the change and the new value of every parameter that is trained."""

from collections.abc import Iterator

from explainer.maths.formula import ONE as WHOLE
from explainer.maths.formula import Formula, fraction, product, total
from explainer.maths.quantity import Quantity
from explainer.problem.model import Place, Problem
from explainer.trace.connections import Connections
from explainer.trace.derive import ONE, RATE, Equation, delta_of, signal
from explainer.trace.laws import Laws, Share


def updates(problem: Problem, samples: tuple[int, ...] = ONE) -> Iterator[Equation]:
    """Change and new value of every parameter that is trained, unit by unit, from the outputs back."""
    update = Update(problem, samples)
    for parameter in update.connections.trained():
        yield from update.of(parameter)


class Update:
    """The equations of one update over some samples."""

    def __init__(self, problem: Problem, samples: tuple[int, ...]) -> None:
        self.samples = samples
        self.laws = Laws(problem.convention)
        self.connections = Connections(problem.network)
        self.by_gradient = problem.convention.update == "by-gradient"
        self.mean: Formula = fraction(1, len(samples)) if problem.training.reduction == "mean" else WHOLE
        """What the sum over the samples is multiplied by."""

    def of(self, parameter: Quantity) -> Iterator[Equation]:
        """The change and the new value of one parameter."""
        change, shares = parameter.change(), tuple(self.shares(parameter))
        if self.by_gradient:
            gradient = parameter.gradient()
            chain = product(self.mean, total(tuple(self.paths(parameter))))
            yield Equation(gradient, self.laws.gradient(*shares, mean=self.mean), "gradient", "update", None, chain)
            yield Equation(change, self.laws.change_by_gradient(RATE, gradient), "change", "update")
        else:
            yield Equation(change, self.laws.change(RATE, *shares, mean=self.mean), "change", "update")
        yield Equation(parameter.after(), self.laws.update(parameter, change), "update", "update")

    def shares(self, parameter: Quantity) -> Iterator[Share]:
        """The δ and the signal of a parameter at each of its places, for each sample."""
        for sample in self.samples:
            for layer, unit, source in self.connections.places(parameter):
                sent = signal(layer - 1, source, sample) if source else self.laws.bias_signal
                yield delta_of(layer, unit, sample), sent

    def paths(self, parameter: Quantity) -> Iterator[Formula]:
        """∂E/∂net · ∂net/∂w at each place of a parameter, for each sample"""
        for sample in self.samples:
            for layer, unit, source in self.connections.places(parameter):
                net, place = Quantity("net", layer, unit, 0, sample), (layer, unit, source)
                yield self.laws.parameter_by_chain_rule(delta_of(layer, unit, sample), net, self.at(place))

    def at(self, place: Place) -> Quantity:
        """The parameter that stands at a place."""
        return self.connections.parameter(place)
