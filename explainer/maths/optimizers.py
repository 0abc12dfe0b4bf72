"""Optimizers: how a parameter moves, given its gradient and what the steps before have left for it.

Every optimizer is a few lines of formulas for one parameter, in the order in which textbooks write them. They are given
formulas and give formulas, so the same lines serve one parameter, any parameter, and a whole array of them.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from explainer.maths.formula import Formula, Negation, Product, Sum
from explainer.maths.parameters import Family, Parameter
from explainer.maths.quantity import Quantity, Role

Line = tuple[Quantity, Formula]
"""A quantity of one parameter, and what it is."""


class Slots(Struct, frozen=True):
    """What the lines of an optimizer are made of: for one parameter its gradient, the learning rate, the step.

    `step` counts the updates from 1.
    """

    parameter: Quantity
    gradient: Formula
    rate: Formula
    step: int

    def before(self, role: Role) -> Quantity:
        """What the step before has left."""
        place = self.parameter
        return Quantity(role, place.layer, place.unit, place.source)

    def after(self, role: Role) -> Quantity:
        """What this step leaves."""
        return self.before(role).after()

    def setting(self, sign: str) -> Quantity:
        """A number that the optimizer is set to, by its sign."""
        return setting(sign)

    @property
    def change(self) -> Quantity:
        """What is added to the parameter."""
        return self.parameter.change()


def setting(sign: str) -> Quantity:
    """A number that the training is set to, such as the momentum, by its sign."""
    return Quantity("setting", 0, sign)


class Optimizer(Struct, frozen=True):
    """A rule of update: its `lines`, of which the last is the change of the parameter.

    `states` are the roles of what a step leaves to the next; all of them begin at 0. `settings` are the numbers that it
    is set to, by their signs. `counts` tells whether its lines depend on how many steps were taken.
    """

    lines: Callable[[Slots], Iterator[Line]]
    states: tuple[Role, ...] = ()
    settings: Mapping[str, Decimal] = {}
    counts: bool = False


class OptimizerFamily(Family, frozen=True, kw_only=True):
    """Optimizers of one name: `make` takes the parameters. The `label` is what a page calls it."""

    label: str
    make: Callable[..., Optimizer]


def gradient_descent() -> Optimizer:
    """Δw = −η g  [Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées (1847)]"""

    def lines(slots: Slots) -> Iterator[Line]:
        yield slots.change, Product((Negation(slots.rate), slots.gradient))

    return Optimizer(lines)


def momentum(momentum: Decimal, form: str) -> Optimizer:
    """v ← μv − ηg and Δw = v; in the form of libraries, v ← μv + g and Δw = −ηv

    [Polyak, Some methods of speeding up the convergence of iteration methods (1964); Goodfellow et al., Deep
    Learning, §8.3.2]
    """

    def textbook(slots: Slots) -> Iterator[Line]:
        kept = Product((slots.setting("μ"), slots.before("velocity")))
        step = Negation(Product((slots.rate, slots.gradient)))
        yield slots.after("velocity"), Sum((kept, step))
        yield slots.change, slots.after("velocity")

    def library(slots: Slots) -> Iterator[Line]:
        kept = Product((slots.setting("μ"), slots.before("velocity")))
        yield slots.after("velocity"), Sum((kept, slots.gradient))
        yield slots.change, Product((Negation(slots.rate), slots.after("velocity")))

    lines = {"textbook": textbook, "library": library}[form]
    return Optimizer(lines, states=("velocity",), settings={"μ": momentum})


MOMENTUM = Parameter("How much of the velocity is kept.", Decimal("0.9"), above=-1, below=1)
FORM = Parameter(
    "Whether the velocity holds changes (textbook) or gradients (library).", "textbook", choices=("textbook", "library")
)

OPTIMIZERS: Mapping[str, OptimizerFamily] = {
    "sgd": OptimizerFamily(label="gradient descent", make=gradient_descent),
    "momentum": OptimizerFamily(
        label="gradient descent with momentum", make=momentum, parameters={"momentum": MOMENTUM, "form": FORM}
    ),
}
"""Every optimizer by its name in a problem file."""
