"""The equations of what steers a training: the penalty in the loss, gradients within a bound, weights that decay."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from explainer.maths import penalties
from explainer.maths.formula import Call, Formula, Product, Sum, total
from explainer.maths.optimizers import OPTIMIZERS, Line, setting
from explainer.maths.penalties import PENALTIES
from explainer.maths.quantity import Quantity
from explainer.problem.model import Problem, Training
from explainer.trace.connections import Connections

BOUND = setting("c")
NORM_SQUARE, NORM, FACTOR = Quantity("norm_square"), Quantity("norm"), Quantity("factor")

SIGNS = {"l1": "λ_1", "l2": "λ_2", "weight_decay": "λ_w"}
"""How strongly each way holds weights back; where there is but one of them, it is λ."""


def strengths(training: Training) -> Mapping[str, Quantity]:
    """How strongly each way of holding weights back does so, by its name in a problem file."""
    regularization = training.control.regularization
    found = [name for name in SIGNS if getattr(regularization, name)]
    taken = OPTIMIZERS[training.optimizer].make(**training.optimizer_parameters).settings
    alone = len(found) == 1 and "λ" not in taken
    return {name: setting("λ" if alone else SIGNS[name]) for name in found}


def settings(training: Training) -> Iterator[tuple[Quantity, Decimal]]:
    """The numbers that the training is steered by."""
    for name, strength in strengths(training).items():
        yield strength, getattr(training.control.regularization, name)
    if training.control.clipping is not None:
        yield BOUND, training.control.clipping.bound


def held_back(problem: Problem) -> tuple[Quantity, ...]:
    """The parameters that a penalty or weight decay is on: trained weights, and biases if that is asked for."""
    roles = ("weight", "bias") if problem.training.control.regularization.biases else ("weight",)
    return tuple(each for each in Connections(problem.network).trained() if each.role in roles)


class Control:
    """What a training adds to the equations of its steps."""

    def __init__(self, problem: Problem, *, ahead: bool = False) -> None:
        self.control = problem.training.control
        self.ahead = ahead
        """Whether the gradient is taken where the velocities take the parameters."""
        self.regularization = self.control.regularization
        self.clipping = self.control.clipping
        self.strengths = strengths(problem.training)
        self.penalties = {name: strength for name, strength in self.strengths.items() if name in PENALTIES}
        self.problem = problem

    @cached_property
    def held(self) -> frozenset[Quantity]:
        """The parameters that are held back."""
        return frozenset(held_back(self.problem))

    # -- the loss -------------------------------------------------------------------------------

    def loss(self, iteration: int) -> Iterator[Line]:
        """The penalty, and the loss that has it added; nothing where there is none."""
        if not self.penalties:
            return
        last = len(self.problem.network.layers)
        loss = Quantity("loss", last, 0, 0, 0, iteration)
        data, penalty = loss.of_parameter("data_loss"), loss.of_parameter("penalty")
        ordered = tuple(given for given, _ in Connections(self.problem.network).given() if given in self.held)
        parameters = tuple(each.after() if iteration else self.used(each) for each in dict.fromkeys(ordered))
        shares = (PENALTIES[name].over(strength, parameters) for name, strength in self.penalties.items())
        yield penalty, total(tuple(shares))
        yield loss, Sum((data, penalty))

    def used(self, parameter: Quantity) -> Quantity:
        """A parameter that is held back, where the loss is taken."""
        return parameter.ahead() if self.ahead else parameter

    # -- the gradient ---------------------------------------------------------------------------

    def is_penalized(self, parameter: Quantity) -> bool:
        """Whether the penalty has a slope by a parameter."""
        return bool(self.penalties) and parameter in self.held

    def with_penalty(self, parameter: Quantity) -> Line:
        """∂E/∂w = ∂E_data/∂w + λw, or whatever the slope of the penalty is"""
        used = self.used(parameter)
        slopes = (PENALTIES[name].slope(strength, used) for name, strength in self.penalties.items())
        return parameter.gradient(), Sum((parameter.of_parameter("data_gradient"), *slopes))

    def together(self, parameters: tuple[Quantity, ...]) -> Iterator[Line]:
        """The norm of all gradients, and the factor that shortens them; nothing where they are not clipped by it."""
        if self.clipping is not None and self.clipping.by == "norm":
            yield NORM_SQUARE, penalties.norm_square(tuple(each.gradient() for each in parameters))
            yield NORM, Call("sqrt", (NORM_SQUARE,))
            yield FACTOR, penalties.shortening(NORM, BOUND)

    def clipped(self, parameter: Quantity) -> Iterator[Line]:
        """The gradient within its bound, ψ ∂E/∂w or max(−c, min(c, ∂E/∂w)); nothing where it is not clipped."""
        if self.clipping is not None:
            gradient, clipped = parameter.gradient(), parameter.of_parameter("clipped")
            by_norm = self.clipping.by == "norm"
            yield clipped, Product((FACTOR, gradient)) if by_norm else penalties.within(gradient, BOUND)

    def moving(self, parameter: Quantity) -> Quantity:
        """The gradient that moves a parameter."""
        return parameter.of_parameter("gradient" if self.clipping is None else "clipped")

    # -- the update -----------------------------------------------------------------------------

    def kept(self, parameter: Quantity, rate: Formula) -> Formula:
        """What the change is added to: the parameter, with weight decay (1 − ηλ) w."""
        if "weight_decay" not in self.strengths or parameter not in self.held:
            return parameter
        return penalties.shrunk(parameter, rate, self.strengths["weight_decay"])
