"""Random small exercises of every kind, drawn from a seed and written as problem files."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import mpmath

from tests import networks
from tests.values import Exact, added, by_mpmath, divided, magnitude, multiplied, opposite, tanh

ROUNDINGS = (
    networks.Rounding("decimals", 4),
    networks.Rounding("decimals", 3),
    networks.Rounding("decimals", 6),
    networks.Rounding("significant", 4),
    networks.Rounding("decimals", 4, trailing_zeros=True),
)


def softsign(z: Exact) -> Exact:
    """z / (1 + |z|)"""
    return divided(z, added([Fraction(1), magnitude(z)]))


def softsign_slope(z: Exact) -> Exact:
    """1 / (1 + |z|)²"""
    below = added([Fraction(1), magnitude(z)])
    return divided(Fraction(1), multiplied([below, below]))


def swish_slope(x: mpmath.mpf) -> mpmath.mpf:
    """s + 1.5 x s (1 − s), s being the sigmoid of 1.5 x"""
    s = 1 / (1 + mpmath.exp(-1.5 * x))
    return s + 1.5 * x * s * (1 - s)


@dataclass(frozen=True)
class Own:
    """A function of the file's own: how an activation gives it, the table that it needs, its sign, f and f′."""

    activation: str
    sign: str
    value: Callable[[Exact], Exact]
    slope: Callable[[Exact], Exact]
    table: str = ""


OWN = {
    "swish": Own(
        '"swish"',
        "swish",
        by_mpmath(lambda x: x / (1 + mpmath.exp(-1.5 * x)), "0"),
        by_mpmath(swish_slope, "1/2"),
        '[functions.swish]\nformula = "z / (1 + exp(-b z))"\nparameters = { b = 1.5 }\n',
    ),
    "softsign": Own('"z / (1 + abs(z))"', "f", softsign, softsign_slope),
    "th": Own(
        '{ formula = "(e^z - e^-z) / (e^z + e^-z)", derivative = "1 - o^2", sign = "th" }',
        "th",
        tanh,
        lambda z: added([Fraction(1), opposite(multiplied([tanh(z), tanh(z)]))]),
    ),
}
"""Functions that a file defines itself, with their mathematics."""

ALONE = tuple(name for name in networks.ACTIVATIONS if name != "softmax")
ACTIVATIONS = (*ALONE, *OWN)
FROM_OUTPUT = ("sigmoid", "tanh", "linear", "th")
"""The activations whose derivative is a formula in the output."""


@dataclass(frozen=True)
class Exercise:
    """An exercise as it is written in a file, with what a reader of its page must know of it."""

    kind: str
    body: str
    convention: str
    rounding: networks.Rounding
    slope: Fraction = Fraction(1, 100)
    alpha: Fraction = Fraction(1)
    width: Fraction = Fraction(1)

    sizes = (1, 1)

    @property
    def function_parameters(self) -> networks.Parameters:
        """The parameters of its functions, and the functions that are its own."""
        own = tuple((each.sign, each.value, each.slope) for each in OWN.values())
        return networks.Parameters(self.slope, self.alpha, self.width, '"gelu-tanh"' in self.body, own)

    @property
    def toml(self) -> str:
        """The problem file."""
        lines = [f'kind = "{self.kind}"', self.body, "[numbers]", f"{self.rounding.kind} = {self.rounding.places}"]
        if self.rounding.trailing_zeros is not None:
            lines.append(f"trailing_zeros = {str(self.rounding.trailing_zeros).lower()}")
        return "\n".join([*lines, "[presentation]", f'convention = "{self.convention}"', ""])


ANY_LOSS = [name for name in networks.LOSSES if name not in (*networks.LOGARITHMS, "hinge")]
"""The losses for any outputs and targets."""


@dataclass
class Draw:
    """Draws the numbers of one exercise, with this activation and this loss where they are said."""

    seed: int
    activation: str = ""
    loss: str = ""
    tables: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.slope = self.random.choice(("0.01", "0.1"))
        self.alpha = self.random.choice(("1", "0.5"))
        self.width = self.random.choice(("1", "0.5"))
        gelu = {"gelu", "gelu-tanh"} - {self.activation}
        self.left_out = self.random.choice(sorted(gelu))
        """A page has one form of GELU."""

    def number(self) -> str:
        """A number as exercises have them."""
        pick = self.random
        return pick.choice(
            ("0", "1", "-1", f"{pick.uniform(-1, 1):.1f}", f"{pick.uniform(-1, 1):.2f}", f"{pick.uniform(-3, 3):.3f}")
        )

    def numbers(self, count: int) -> str:
        """A list of numbers."""
        return networks.written([self.number() for _ in range(count)])

    def share(self) -> str:
        """A number between 0 and 1."""
        return f"{self.random.uniform(0.02, 0.98):.2f}"

    def shares(self, count: int) -> list[str]:
        """Numbers above 0 that are together 1."""
        cuts = sorted(self.random.sample(range(1, 100), count - 1))
        return [f"{(after - before) / 100:.2f}" for before, after in zip([0, *cuts], [*cuts, 100], strict=True)]

    def one_of(self, count: int) -> list[str]:
        """1 for one of so many, 0 for the others."""
        chosen = self.random.randrange(count)
        return [str(int(index == chosen)) for index in range(count)]

    def rate(self) -> str:
        """A learning rate."""
        return self.random.choice(("0.01", "0.1", "0.5", "1.0", "2"))

    def chosen(self) -> str:
        """The name of an activation."""
        return self.activation or self.random.choice([name for name in ACTIVATIONS if name != self.left_out])

    def written(self, name: str) -> str:
        """An activation as a file has it; the table that it needs is kept for the end."""
        if name in OWN:
            self.tables.add(OWN[name].table)
            return OWN[name].activation
        parameters = {"leaky-relu": f"slope = {self.slope}", "elu": f"alpha = {self.alpha}"}
        return f'{{ name = "{name}", {parameters[name]} }}' if name in parameters else f'"{name}"'

    def unit(self, name: str) -> str:
        """A unit, by its net input or, where that is enough, by its output."""
        output = name in FROM_OUTPUT and self.random.random() < 0.5
        given = f"output = {self.share()}" if output else f"net = {self.number()}"
        return f"activation = {self.written(name)}\n{given}"

    def inline(self, table: str) -> str:
        """A table in one line."""
        return table.replace("\n", ", ")

    def named_loss(self) -> str:
        """The name of the loss of the problem."""
        return self.loss or self.random.choice(ANY_LOSS)

    def stated_loss(self, name: str) -> str:
        """The loss of the problem, with its parameter if it has one."""
        over = self.random.choice(("outputs", "samples", "both"))
        parameters = {"huber": f"width = {self.width}", "mean-squared-error": f'over = "{over}"'}
        return f'loss = {{ name = "{name}", {parameters[name]} }}' if name in parameters else f'loss = "{name}"'

    def target(self, loss: str) -> str:
        """A target that a loss is for."""
        return {"hinge": self.random.choice(("1", "-1")), "binary-cross-entropy": self.share()}.get(loss, self.number())

    def outcome(self, loss: str, outputs: int) -> str:
        """The outputs and targets of a sample."""
        came = self.shares(outputs) if loss == "cross-entropy" else [self.output(loss) for _ in range(outputs)]
        wanted = self.one_of(outputs) if loss == "cross-entropy" else [self.target(loss) for _ in range(outputs)]
        return f"[[samples]]\noutputs = {networks.written(came)}\ntargets = {networks.written(wanted)}"

    def output(self, loss: str) -> str:
        """An output that a loss is for."""
        return self.share() if loss == "binary-cross-entropy" else self.number()

    def error(self) -> str:
        """Outputs and targets of some samples."""
        loss = self.named_loss()
        outputs, samples = self.random.randint(2 if loss == "cross-entropy" else 1, 3), self.random.randint(1, 4)
        return "\n".join([self.stated_loss(loss), *(self.outcome(loss, outputs) for _ in range(samples))])

    def neuron(self) -> str:
        """What comes into a neuron."""
        inputs = self.random.randint(1, 5)
        bias = f"bias = {self.number()}\n" if self.random.random() < 0.5 else ""
        activation = f"activation = {self.written(self.chosen())}"
        return f"[unit]\ninputs = {self.numbers(inputs)}\nweights = {self.numbers(inputs)}\n{bias}{activation}"

    def function(self) -> str:
        """Some points, and sometimes a curve."""
        curve = "\ncurve = { from = -2, to = 3, points = 7 }" if self.random.random() < 0.5 else ""
        points = self.numbers(self.random.randint(1, 4))
        return f"[function]\nactivation = {self.written(self.chosen())}\npoints = {points}{curve}"

    def output_delta(self) -> str:
        """An output unit, or a softmax layer."""
        loss = self.named_loss()
        name = {"cross-entropy": "softmax", "binary-cross-entropy": "sigmoid"}.get(loss, self.chosen())
        if name == "softmax":
            return f"{self.stated_loss(loss)}\n{self.softmax_layer(loss)}"
        return f"{self.stated_loss(loss)}\n[unit]\n{self.unit(name)}\ntarget = {self.target(loss)}"

    def softmax_layer(self, loss: str) -> str:
        """A softmax layer, by its net inputs or its outputs."""
        count = self.random.randint(2, 3)
        if self.random.random() < 0.5:
            given = f"net = {self.numbers(count)}"
        else:
            given = f"output = {networks.written(self.shares(count))}"
        wanted = self.one_of(count) if loss == "cross-entropy" else [self.target(loss) for _ in range(count)]
        return f'[unit]\nactivation = "softmax"\n{given}\ntarget = {networks.written(wanted)}'

    def hidden_delta(self) -> str:
        """A hidden unit and the units that it feeds."""
        loss = self.named_loss()
        fed = [
            f"{{ weight = {self.number()}, delta = {self.number()} }}"
            if self.random.random() < 0.6
            else f"{{ weight = {self.number()}, {self.fed_output(loss)} }}"
            for _ in range(self.random.randint(1, 3))
        ]
        return f"{self.stated_loss(loss)}\n[unit]\n{self.unit(self.chosen())}\ndownstream = [{', '.join(fed)}]"

    def fed_output(self, loss: str) -> str:
        """An output unit that a hidden one feeds."""
        if loss == "cross-entropy":
            return f'activation = "softmax", output = {self.share()}, target = {self.share()}'
        name = "sigmoid" if loss == "binary-cross-entropy" else self.chosen()
        return f"{self.inline(self.unit(name))}, target = {self.target(loss)}"

    def update(self) -> str:
        """One update."""
        return f"[update]\n{self.change()}\nlearning_rate = {self.rate()}"

    def rates(self) -> str:
        """An update at several learning rates."""
        rates = networks.written([self.rate() for _ in range(self.random.randint(1, 4))])
        return f"[update]\n{self.change()}\nlearning_rates = {rates}"

    def epoch(self) -> str:
        """A neuron and some samples."""
        inputs, samples = self.random.randint(1, 3), self.random.randint(1, 4)
        bias = f"bias = {self.number()}\n" if self.random.random() < 0.6 else ""
        bias += f'trained = "{self.random.choice(("all", "weights"))}"\n'
        unit = f"[unit]\nactivation = {self.written(self.chosen())}\nweights = {self.numbers(inputs)}\n{bias}"
        each = (
            f"[[samples]]\ninputs = {self.numbers(inputs)}\ntarget = {self.random.choice('01')}" for _ in range(samples)
        )
        return "\n".join([unit, *each, f"[training]\nlearning_rate = {self.rate()}"])

    def change(self) -> str:
        """What an update starts from."""
        return f"weight = {self.number()}\ndelta = {self.number()}\ninput = {self.number()}"


KINDS: dict[str, Callable[[Draw], str]] = {
    "error": Draw.error,
    "neuron": Draw.neuron,
    "function": Draw.function,
    "output-delta": Draw.output_delta,
    "hidden-delta": Draw.hidden_delta,
    "update": Draw.update,
    "rates": Draw.rates,
    "epoch": Draw.epoch,
}

WITH_ACTIVATION = ("neuron", "function", "output-delta", "hidden-delta", "epoch")
WITH_LOSS = ("error", "output-delta", "hidden-delta")


def exercise(kind: str, seed: int, activation: str = "", loss: str = "", convention: str = "") -> Exercise:
    """The exercise of a kind and a seed, with this activation, loss and convention where they are said."""
    draw = Draw(seed, activation, loss)
    body = "\n".join([KINDS[kind](draw), *sorted(draw.tables)])
    return Exercise(
        kind,
        body,
        convention or draw.random.choice(CONVENTIONS),
        draw.random.choice(ROUNDINGS),
        Fraction(draw.slope),
        Fraction(draw.alpha),
        Fraction(draw.width),
    )


CONVENTIONS = (*networks.CONVENTIONS, "matrix")


def each_case(kind: str) -> Iterator[tuple[str, str]]:
    """Every activation that a kind takes, and every loss, one of them named each time."""
    if kind in WITH_ACTIVATION:
        yield from ((name, "") for name in ACTIVATIONS)
    if kind == "output-delta":
        yield "softmax", ""
    if kind in WITH_LOSS:
        yield from (("", name) for name in networks.LOSSES)
    if kind not in (*WITH_ACTIVATION, *WITH_LOSS):
        yield "", ""
