"""Optimizers: how a parameter moves, given its gradient and what the steps before have left for it.

Every optimizer is a few lines of formulas for one parameter, in the order in which textbooks write them. They are given
formulas and give formulas, so the same lines serve one parameter, any parameter, and a whole array of them.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from explainer.maths.formula import ONE, AnyPower, Call, Formula, Negation, Power, Product, Quotient, Sum, difference
from explainer.maths.parameters import Family, Parameter
from explainer.maths.quantity import Quantity, Role

ANY_STEP = "n"
"""The letter for the number of any step."""

Line = tuple[Quantity, Formula]
"""A quantity of one parameter, and what it is."""


class Slots(Struct, frozen=True):
    """What the lines of an optimizer are made of: for one parameter its gradient, the learning rate, the step.

    `step` counts the updates from 1, or is a letter where the lines are stated for any.
    """

    parameter: Quantity
    gradient: Formula
    rate: Formula
    step: int | str

    def before(self, role: Role) -> Quantity:
        """What the step before has left."""
        return self.now(role)

    def after(self, role: Role) -> Quantity:
        """What this step leaves."""
        return self.now(role).after()

    def now(self, role: Role) -> Quantity:
        """What is there in this step alone."""
        return self.parameter.of_parameter(role)

    @property
    def change(self) -> Quantity:
        """What is added to the parameter."""
        return self.parameter.change()


def setting(sign: str) -> Quantity:
    """A number that the training is set to, such as the momentum, by its sign."""
    return Quantity("setting", 0, sign)


class Optimizer(Struct, frozen=True):
    """A rule of update: its `lines`, among them the change of the parameter.

    - `states`: the roles of what a step leaves to the next; all of them begin at 0
    - `settings`: the numbers that it is set to, by their signs
    - `counts`: whether its lines depend on how many steps were taken
    - `ahead`: where the gradient is taken, if not at the parameter itself
    - `states_change`: whether the change stands by itself, since its lines use it, or since it is a sum
    """

    lines: Callable[[Slots], Iterator[Line]]
    states: tuple[Role, ...] = ()
    settings: Mapping[str, Decimal] = {}
    counts: bool = False
    ahead: Callable[[Slots], Formula] | None = None
    states_change: bool = False


class OptimizerFamily(Family, frozen=True, kw_only=True):
    """Optimizers of one name: `make` takes the parameters. The `label` is what a page calls it.

    One that is not `rated` has no learning rate.
    """

    label: str
    make: Callable[..., Optimizer]
    rated: bool = True


MOMENTUM, RATE_OF_MEAN, FIRST, SECOND, EPSILON, DECAY = map(setting, ("μ", "ρ", "β_1", "β_2", "ε", "λ"))


def averaged(share: Formula, before: Formula, now: Formula) -> Formula:
    """share · before + (1 − share) · now: a running mean"""
    return Sum((Product((share, before)), Product((difference(ONE, share), now))))


def squared(formula: Formula) -> Formula:
    """formula²"""
    return Power(formula, 2)


def root(formula: Formula) -> Formula:
    """√formula"""
    return Call("sqrt", (formula,))


def corrected(slots: Slots, role: Role, share: Formula) -> Formula:
    """The running mean of a role without the bias towards its beginning: divided by 1 − shareⁿ in step n"""
    return Quotient(slots.after(role), remaining(slots, share))


def remaining(slots: Slots, share: Formula) -> Formula:
    """1 − shareⁿ: how much weight a running mean of n steps has given to them"""
    step = slots.step
    return difference(ONE, Power(share, step) if isinstance(step, int) else AnyPower(share, step))


def size(mean: Formula, epsilon: Decimal, place: str) -> Formula:
    """√mean + ε, or √(mean + ε) with ε inside; without ε, √mean"""
    if not epsilon:
        return root(mean)
    return root(Sum((mean, EPSILON))) if place == "inside" else Sum((root(mean), EPSILON))


def with_epsilon(epsilon: Decimal, **settings: Decimal) -> dict[str, Decimal]:
    """The settings by their signs; ε only where it is not 0."""
    signs = {"decay": "ρ", "beta1": "β_1", "beta2": "β_2", "weight_decay": "λ"}
    named = {signs[name]: number for name, number in settings.items()}
    return {**named, "ε": epsilon} if epsilon else named


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

    def library(slots: Slots) -> Iterator[Line]:
        yield slots.after("velocity"), gathered(slots)
        yield slots.change, Product((Negation(slots.rate), slots.after("velocity")))

    lines = {"textbook": moved_by_velocity, "library": library}[form]
    return Optimizer(lines, states=("velocity",), settings={"μ": momentum})


def moved_by_velocity(slots: Slots) -> Iterator[Line]:
    """v ← μv − ηg and Δw = v"""
    step = Negation(Product((slots.rate, slots.gradient)))
    yield slots.after("velocity"), Sum((kept(slots), step))
    yield slots.change, slots.after("velocity")


def gathered(slots: Slots) -> Formula:
    """μv + g"""
    return Sum((kept(slots), slots.gradient))


def kept(slots: Slots) -> Formula:
    """μv"""
    return Product((MOMENTUM, slots.before("velocity")))


def nesterov(momentum: Decimal, form: str) -> Optimizer:
    """v ← μv − ηg and Δw = v, the gradient g taken ahead, at w + μv; in the form of libraries it is taken at w, and
    v ← μv + g and Δw = −η(g + μv)

    [Nesterov, A method of solving a convex programming problem with convergence rate O(1/k²) (1983); Sutskever et al.,
    On the importance of initialization and momentum in deep learning (2013); Goodfellow et al., Deep Learning, §8.3.3]
    """

    def ahead(slots: Slots) -> Formula:
        return Sum((slots.parameter, kept(slots)))

    def library(slots: Slots) -> Iterator[Line]:
        yield slots.after("velocity"), gathered(slots)
        further = Sum((slots.gradient, Product((MOMENTUM, slots.after("velocity")))))
        yield slots.change, Product((Negation(slots.rate), further))

    if form == "library":
        return Optimizer(library, states=("velocity",), settings={"μ": momentum})
    return Optimizer(moved_by_velocity, states=("velocity",), settings={"μ": momentum}, ahead=ahead)


def adagrad(epsilon: Decimal, epsilon_place: str) -> Optimizer:
    """r ← r + g² and Δw = −η/(√r + ε) g

    [Duchi et al., Adaptive subgradient methods for online learning and stochastic optimization, JMLR 12 (2011);
    Goodfellow et al., Deep Learning, algorithm 8.4]
    """

    def lines(slots: Slots) -> Iterator[Line]:
        new = slots.after("square_sum")
        yield new, Sum((slots.before("square_sum"), squared(slots.gradient)))
        rate = Quotient(slots.rate, size(new, epsilon, epsilon_place))
        yield slots.change, Product((Negation(rate), slots.gradient))

    return Optimizer(lines, states=("square_sum",), settings=with_epsilon(epsilon))


def rmsprop(decay: Decimal, epsilon: Decimal, epsilon_place: str) -> Optimizer:
    """r ← ρr + (1 − ρ)g² and Δw = −η/√(r + ε) g

    [Hinton, Neural networks for machine learning, lecture 6e (2012); Goodfellow et al., Deep Learning, algorithm 8.5]
    """

    def lines(slots: Slots) -> Iterator[Line]:
        new = slots.after("square_mean")
        yield new, averaged(RATE_OF_MEAN, slots.before("square_mean"), squared(slots.gradient))
        rate = Quotient(slots.rate, size(new, epsilon, epsilon_place))
        yield slots.change, Product((Negation(rate), slots.gradient))

    return Optimizer(lines, states=("square_mean",), settings=with_epsilon(epsilon, decay=decay))


def adadelta(decay: Decimal, epsilon: Decimal) -> Optimizer:
    """r ← ρr + (1 − ρ)g², Δw = −√(u + ε)/√(r + ε) g and u ← ρu + (1 − ρ)Δw²

    [Zeiler, Adadelta: an adaptive learning rate method (2012), algorithm 1]
    """

    def lines(slots: Slots) -> Iterator[Line]:
        squares, changes = slots.after("square_mean"), slots.before("change_mean")
        yield squares, averaged(RATE_OF_MEAN, slots.before("square_mean"), squared(slots.gradient))
        rate = Quotient(size(changes, epsilon, "inside"), size(squares, epsilon, "inside"))
        yield slots.change, Product((Negation(rate), slots.gradient))
        yield slots.after("change_mean"), averaged(RATE_OF_MEAN, changes, squared(slots.change))

    settings = with_epsilon(epsilon, decay=decay)
    return Optimizer(lines, states=("square_mean", "change_mean"), settings=settings, states_change=True)


def adam(beta1: Decimal, beta2: Decimal, epsilon: Decimal, epsilon_place: str) -> Optimizer:
    """m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², m̂ = m/(1 − β₁ⁿ), v̂ = v/(1 − β₂ⁿ) and Δw = −η m̂/(√v̂ + ε)

    [Kingma and Ba, Adam: a method for stochastic optimization (2015), algorithm 1]
    """

    def lines(slots: Slots) -> Iterator[Line]:
        yield from moments(slots)
        yield slots.change, Product((Negation(slots.rate), direction(slots, epsilon, epsilon_place)))

    settings = with_epsilon(epsilon, beta1=beta1, beta2=beta2)
    return Optimizer(lines, states=("first_moment", "second_moment"), settings=settings, counts=True)


def moments(slots: Slots) -> Iterator[Line]:
    """Running means of the gradient and of its square, each with its bias corrected."""
    yield slots.after("first_moment"), averaged(FIRST, slots.before("first_moment"), slots.gradient)
    yield slots.after("second_moment"), averaged(SECOND, slots.before("second_moment"), squared(slots.gradient))
    yield slots.now("first_corrected"), corrected(slots, "first_moment", FIRST)
    yield slots.now("second_corrected"), corrected(slots, "second_moment", SECOND)


def direction(slots: Slots, epsilon: Decimal, place: str) -> Formula:
    """m̂/(√v̂ + ε)"""
    return Quotient(slots.now("first_corrected"), size(slots.now("second_corrected"), epsilon, place))


def adamax(beta1: Decimal, beta2: Decimal, epsilon: Decimal) -> Optimizer:
    """m ← β₁m + (1 − β₁)g, u ← max(β₂u, |g| + ε) and Δw = −η/(1 − β₁ⁿ) · m/u

    [Kingma and Ba, Adam: a method for stochastic optimization (2015), algorithm 2, which has no ε; libraries do]
    """

    def lines(slots: Slots) -> Iterator[Line]:
        yield slots.after("first_moment"), averaged(FIRST, slots.before("first_moment"), slots.gradient)
        magnitude = Call("abs", (slots.gradient,))
        now = Sum((magnitude, EPSILON)) if epsilon else magnitude
        yield slots.after("largest"), Call("max", (Product((SECOND, slots.before("largest"))), now))
        rate = Quotient(slots.rate, remaining(slots, FIRST))
        yield slots.change, Product((Negation(rate), Quotient(slots.after("first_moment"), slots.after("largest"))))

    settings = with_epsilon(epsilon, beta1=beta1, beta2=beta2)
    return Optimizer(lines, states=("first_moment", "largest"), settings=settings, counts=True)


def adamw(
    beta1: Decimal, beta2: Decimal, epsilon: Decimal, epsilon_place: str, weight_decay: Decimal, form: str
) -> Optimizer:
    """As Adam, with Δw = −η m̂/(√v̂ + ε) − λw; in the form of libraries, Δw = −η (m̂/(√v̂ + ε) + λw)

    [Loshchilov and Hutter, Decoupled weight decay regularization (2019), algorithm 2]
    """

    def lines(slots: Slots) -> Iterator[Line]:
        yield from moments(slots)
        adapted, decayed = direction(slots, epsilon, epsilon_place), Product((DECAY, slots.parameter))
        if form == "library":
            yield slots.change, Product((Negation(slots.rate), Sum((adapted, decayed))))
        else:
            yield slots.change, Sum((Product((Negation(slots.rate), adapted)), Negation(decayed)))

    settings = with_epsilon(epsilon, beta1=beta1, beta2=beta2, weight_decay=weight_decay)
    return Optimizer(
        lines,
        states=("first_moment", "second_moment"),
        settings=settings,
        counts=True,
        states_change=form == "textbook",
    )


def share(description: str, usual: str) -> Parameter:
    """How much of something is kept: a number from 0 on, and less than 1."""
    return Parameter(description, Decimal(usual), least=0, below=1)


def epsilon(usual: str) -> Parameter:
    """What keeps a divisor from being 0."""
    return Parameter("What keeps a divisor from being 0; 0 leaves it out.", Decimal(usual), least=0, below=1)


def place_of_epsilon(usual: str) -> Parameter:
    """Whether ε is added to a root or under it."""
    return Parameter("Whether ε stands outside or inside of the root.", usual, choices=("outside", "inside"))


FORM = Parameter("The form of textbooks, or that of libraries.", "textbook", choices=("textbook", "library"))
OF_MOMENTUM = {"momentum": share("How much of the velocity is kept.", "0.9"), "form": FORM}
OF_ADAM = {
    "beta1": share("How much of the mean of the gradients is kept.", "0.9"),
    "beta2": share("How much of the measure of their size is kept.", "0.999"),
    "epsilon": epsilon("1e-8"),
    "epsilon_place": place_of_epsilon("outside"),
}
OF_MEAN = "How much of the mean of the squares is kept."

OPTIMIZERS: Mapping[str, OptimizerFamily] = {
    "sgd": OptimizerFamily(label="gradient descent", make=gradient_descent),
    "momentum": OptimizerFamily(label="gradient descent with momentum", make=momentum, parameters=OF_MOMENTUM),
    "nesterov": OptimizerFamily(label="gradient descent with Nesterov momentum", make=nesterov, parameters=OF_MOMENTUM),
    "adagrad": OptimizerFamily(
        label="AdaGrad",
        make=adagrad,
        parameters={"epsilon": epsilon("1e-7"), "epsilon_place": place_of_epsilon("outside")},
    ),
    "rmsprop": OptimizerFamily(
        label="RMSProp",
        make=rmsprop,
        parameters={
            "decay": share(OF_MEAN, "0.9"),
            "epsilon": epsilon("1e-6"),
            "epsilon_place": place_of_epsilon("inside"),
        },
    ),
    "adadelta": OptimizerFamily(
        label="Adadelta",
        make=adadelta,
        parameters={"decay": share(OF_MEAN, "0.95"), "epsilon": epsilon("1e-6")},
        rated=False,
    ),
    "adam": OptimizerFamily(label="Adam", make=adam, parameters=OF_ADAM),
    "adamax": OptimizerFamily(
        label="Adamax",
        make=adamax,
        parameters={"beta1": OF_ADAM["beta1"], "beta2": OF_ADAM["beta2"], "epsilon": epsilon("1e-8")},
    ),
    "adamw": OptimizerFamily(
        label="AdamW",
        make=adamw,
        parameters={
            **OF_ADAM,
            "weight_decay": Parameter("How much of a parameter decays in a step.", Decimal("0.01"), least=0, below=1),
            "form": FORM,
        },
    ),
}
"""Every optimizer by its name in a problem file."""
