"""The equations of an update: from δ to the change and the new value of every parameter that is trained."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.maths.formula import ONE as WHOLE
from explainer.maths.formula import Formula, fraction, product, total
from explainer.maths.optimizers import Slots, setting
from explainer.maths.quantity import Quantity
from explainer.problem.model import Place, Problem
from explainer.trace.connections import Connections
from explainer.trace.control import Control
from explainer.trace.derive import ONE, RATE, Equation, delta_of, optimizer
from explainer.trace.laws import Laws, Share
from explainer.trace.normalization import Over, any_unit


def settings(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The numbers that the optimizer is set to."""
    for sign, number in optimizer(problem.training).settings.items():
        yield setting(sign), number


def states(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """What the first step begins with of everything that the optimizer keeps: 0."""
    roles = optimizer(problem.training).states
    for parameter in Connections(problem.network).trained() if roles else ():
        for role in roles:
            yield Quantity(role, parameter.layer, parameter.unit, parameter.source), Decimal(0)


def look_ahead(problem: Problem) -> Iterator[Equation]:
    """Where the velocities take the parameters, if that is where the optimizer asks for the gradient."""
    formula, connections = optimizer(problem.training).ahead, Connections(problem.network)
    if formula is not None:
        for parameter in dict.fromkeys(each for each, _ in connections.given() if connections.is_trained(each)):
            slots = Slots(parameter, parameter.gradient(), RATE, 1)
            yield Equation(parameter.ahead(), formula(slots), "ahead", "ahead")


def updates(problem: Problem, samples: tuple[int, ...] = ONE, step: int | str = 1) -> Iterator[Equation]:
    """Change and new value of every parameter that is trained, unit by unit, from the outputs back.

    It is the update of the `step` of this number, or of any with a letter for it, over these samples.
    """
    update = Update(problem, samples, step)
    yield from update.together()
    yield from update.running()


class Update:
    """The equations of one update over some samples."""

    def __init__(self, problem: Problem, samples: tuple[int, ...], step: int | str) -> None:
        self.samples = samples
        self.step = step
        self.optimizer = optimizer(problem.training)
        self.control = Control(problem, ahead=self.optimizer.ahead is not None)
        self.is_plain = problem.training.optimizer == "sgd" and not problem.training.control.turns_gradient
        self.laws = Laws(problem.convention)
        self.connections = Connections(problem.network)
        self.by_gradient = problem.convention.update == "by-gradient"
        self.mean: Formula = fraction(1, len(samples)) if problem.training.reduction == "mean" else WHOLE
        """What the sum over the samples is multiplied by."""

    def together(self) -> Iterator[Equation]:
        """What becomes of every parameter, one by one; where all gradients are clipped together, these come first."""
        parameters = tuple(self.connections.trained())
        norms = tuple(self.control.together(parameters))
        for parameter in parameters if norms else ():
            yield from self.gradients(parameter)
        yield from (Equation(quantity, formula, quantity.role, "update") for quantity, formula in norms)
        for parameter in parameters:
            if not norms:
                yield from self.gradients(parameter)
            yield from self.moved(parameter)

    def moved(self, parameter: Quantity) -> Iterator[Equation]:
        """The change and the new value of one parameter."""
        change = parameter.change()
        if not self.states_gradient(parameter):
            moved = self.laws.change(RATE, *self.shares(parameter), mean=self.mean)
            yield Equation(change, moved, "change", "update")
        else:
            for quantity, formula in self.control.clipped(parameter):
                yield Equation(quantity, formula, quantity.role, "update")
            yield from self.optimized(parameter, self.control.moving(parameter))
        kept = self.control.kept(parameter, RATE)
        yield Equation(parameter.after(), self.laws.update(kept, change), "update", "update")

    def states_gradient(self, parameter: Quantity) -> bool:
        """Whether the gradient of a parameter is a quantity of its own; the plain change of a weight does without."""
        return self.by_gradient or not self.is_plain or parameter.role in ("scale", "shift")

    def gradients(self, parameter: Quantity) -> Iterator[Equation]:
        """∂E/∂w, with a penalty from that of the loss on the data; not where the convention does without it."""
        if not self.states_gradient(parameter):
            return
        if parameter.role in ("scale", "shift"):
            yield Equation(parameter.gradient(), product(self.mean, self.shaping(parameter)), "gradient", "update")
            return
        chain = product(self.mean, total(tuple(self.paths(parameter)))) if self.by_gradient else None
        formula = self.laws.slope_of_loss(*self.shares(parameter), mean=self.mean)
        penalized = self.control.is_penalized(parameter)
        gradient = parameter.of_parameter("data_gradient" if penalized else "gradient")
        yield Equation(gradient, formula, gradient.role, "update", None, chain)
        if penalized:
            whole, with_penalty = self.control.with_penalty(parameter)
            yield Equation(whole, with_penalty, "gradient", "update")

    def optimized(self, parameter: Quantity, gradient: Quantity) -> Iterator[Equation]:
        """The lines of the optimizer; the change is a step towards the new value, unless they need it themselves."""
        passing = not self.optimizer.states_change
        for quantity, formula in self.optimizer.lines(Slots(parameter, gradient, RATE, self.step)):
            law = "change" if passing and quantity.role == "change" else "optimizer"
            yield Equation(quantity, formula, law, "update")

    def shaping(self, parameter: Quantity) -> Formula:
        """∂ℓ/∂γ or ∂ℓ/∂β"""
        layer = int(parameter.layer)
        normalizing, unit = self.connections.normalized[layer], any_unit(layer, parameter.unit)
        law = normalizing.by_scale if parameter.role == "scale" else normalizing.by_shift
        return law(unit, Over(self.samples))

    def running(self) -> Iterator[Equation]:
        """What becomes of the running mean and variance of every normalized unit."""
        for layer, normalizing in self.connections.normalized.items():
            for number in self.connections.units(layer):
                unit = any_unit(layer, number)
                for quantity, formula in (
                    normalizing.running_mean(unit),
                    normalizing.running_variance(unit, Over(self.samples)),
                ):
                    yield Equation(quantity, formula, "running", "update")

    def shares(self, parameter: Quantity) -> Iterator[Share]:
        """The δ and the signal of a parameter at each of its places, for each sample."""
        for sample in self.samples:
            for layer, unit, source in self.connections.places(parameter):
                sent = self.connections.sent(layer - 1, source, sample) if source else self.laws.bias_signal
                yield delta_of(layer, unit, sample), sent

    def paths(self, parameter: Quantity) -> Iterator[Formula]:
        """∂E/∂net · ∂net/∂w at each place of a parameter, for each sample"""
        for sample in self.samples:
            for layer, unit, source in self.connections.places(parameter):
                net, place = Quantity("net", layer, unit, 0, sample), (layer, unit, source)
                yield self.laws.parameter_by_chain_rule(delta_of(layer, unit, sample), net, self.at(place))

    def at(self, place: Place) -> Quantity:
        """The parameter that stands at a place, where the gradient is taken."""
        parameter = self.connections.parameter(place)
        return parameter if self.optimizer.ahead is None else parameter.ahead()
