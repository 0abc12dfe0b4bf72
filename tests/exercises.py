"""Random small exercises of every kind, drawn from a seed and written as problem files."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from tests import networks

ROUNDINGS = (
    networks.Rounding("decimals", 4),
    networks.Rounding("decimals", 3),
    networks.Rounding("decimals", 6),
    networks.Rounding("significant", 4),
    networks.Rounding("decimals", 4, trailing_zeros=True),
)
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky-relu", "linear")


@dataclass(frozen=True)
class Exercise:
    """An exercise as it is written in a file, with what a reader of its page must know of it."""

    kind: str
    body: str
    convention: str
    rounding: networks.Rounding

    sizes = (1, 1)
    function_parameters = networks.Parameters(Fraction(1, 100), Fraction(1), Fraction(1), tanh_form=False)
    """Every function has its usual parameters."""

    @property
    def toml(self) -> str:
        """The problem file."""
        lines = [f'kind = "{self.kind}"', self.body, "[numbers]", f"{self.rounding.kind} = {self.rounding.places}"]
        if self.rounding.trailing_zeros is not None:
            lines.append(f"trailing_zeros = {str(self.rounding.trailing_zeros).lower()}")
        return "\n".join([*lines, "[presentation]", f'convention = "{self.convention}"', ""])


LOSSES = [name for name in networks.LOSSES if name not in (*networks.LOGARITHMS, "hinge")]
"""The losses for any outputs and targets."""


class Draw:
    """Draws the numbers of one exercise."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

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

    def rate(self) -> str:
        """A learning rate."""
        return self.random.choice(("0.01", "0.1", "0.5", "1.0", "2"))

    def unit(self) -> str:
        """A unit, by its net input or, where that is enough, by its output."""
        activation = self.random.choice(ACTIVATIONS)
        output = activation in ("sigmoid", "tanh", "linear") and self.random.random() < 0.5
        given = f"output = {self.share()}" if output else f"net = {self.number()}"
        return f'activation = "{activation}", {given}'

    def table(self, inline: str) -> str:
        """The fields of a table, one in a line."""
        return inline.replace(", ", "\n")

    def loss(self) -> str:
        """The loss of the problem."""
        return f'loss = "{self.random.choice(LOSSES)}"'

    def error(self) -> str:
        """Outputs and targets of some samples."""
        outputs, samples = self.random.randint(1, 3), self.random.randint(1, 4)
        each = (
            f"[[samples]]\noutputs = {self.numbers(outputs)}\ntargets = {self.numbers(outputs)}" for _ in range(samples)
        )
        return "\n".join([self.loss(), *each])

    def neuron(self) -> str:
        """What comes into a neuron."""
        inputs = self.random.randint(1, 5)
        bias = f"bias = {self.number()}\n" if self.random.random() < 0.5 else ""
        activation = f'activation = "{self.random.choice(ACTIVATIONS)}"'
        return f"[unit]\ninputs = {self.numbers(inputs)}\nweights = {self.numbers(inputs)}\n{bias}{activation}"

    def function(self) -> str:
        """Some points, and sometimes a curve."""
        curve = "\ncurve = { from = -2, to = 3, points = 7 }" if self.random.random() < 0.5 else ""
        points = self.numbers(self.random.randint(1, 4))
        return f'[function]\nactivation = "{self.random.choice(ACTIVATIONS)}"\npoints = {points}{curve}'

    def output_delta(self) -> str:
        """An output unit."""
        return f"{self.loss()}\n[unit]\n{self.table(self.unit())}\ntarget = {self.number()}"

    def hidden_delta(self) -> str:
        """A hidden unit and the units that it feeds."""
        fed = [
            f"{{ weight = {self.number()}, delta = {self.number()} }}"
            if self.random.random() < 0.6
            else f"{{ weight = {self.number()}, {self.unit()}, target = {self.number()} }}"
            for _ in range(self.random.randint(1, 3))
        ]
        return f"{self.loss()}\n[unit]\n{self.table(self.unit())}\ndownstream = [{', '.join(fed)}]"

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
        activation = self.random.choice(ACTIVATIONS)
        unit = f'[unit]\nactivation = "{activation}"\nweights = {self.numbers(inputs)}\n{bias}'
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


def exercise(kind: str, seed: int) -> Exercise:
    """The exercise of a kind and a seed."""
    draw = Draw(seed)
    body = KINDS[kind](draw)
    return Exercise(kind, body, draw.random.choice(networks.CONVENTIONS), draw.random.choice(ROUNDINGS))
