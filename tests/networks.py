"""Random problems: networks, samples and ways of rounding, drawn from a seed and written as problem files."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky-relu", "linear")
LOSSES = ("half-squared-error", "mean-squared-error")
CONVENTIONS = ("lecture", "mitchell", "layered")

Places = int | str
"""Decimals, or as TOML writes them: '"all"' for no rounding, "{ significant = 3 }" for significant figures."""


@dataclass(frozen=True)
class Layer:
    """One layer; numbers are kept as they are written in the file."""

    activation: str
    slope: str
    weights: tuple[tuple[str, ...], ...]
    biases: tuple[str, ...] | None


@dataclass(frozen=True)
class Rounding:
    """How the problem asks for its numbers to be rounded."""

    kind: str
    places: int
    exceptions: tuple[tuple[str, Places], ...] = ()
    trailing_zeros: bool | None = None


@dataclass(frozen=True)
class Problem:
    """A problem as it is written in a file."""

    inputs: tuple[str, ...]
    layers: tuple[Layer, ...]
    targets: tuple[str, ...]
    loss: str
    rate: str
    convention: str
    rounding: Rounding
    longest_sum: int = 10

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many units each layer has, the inputs first."""
        return (len(self.inputs), *(len(layer.weights) for layer in self.layers))

    @property
    def toml(self) -> str:
        """The problem file."""
        lines = ["[network]", f"inputs = {len(self.inputs)}"]
        for layer in self.layers:
            lines += ["[[network.layers]]", f"activation = {written_activation(layer)}"]
            lines.append(f"weights = [{', '.join(map(written, layer.weights))}]")
            lines += [f"biases = {written(layer.biases)}"] if layer.biases else []
        lines += ["[[samples]]", f"inputs = {written(self.inputs)}", f"targets = {written(self.targets)}"]
        lines += ["[training]", f'loss = "{self.loss}"', f"learning_rate = {self.rate}"]
        lines += ["[numbers]", f"{self.rounding.kind} = {self.rounding.places}"]
        if self.rounding.trailing_zeros is not None:
            lines.append(f"trailing_zeros = {str(self.rounding.trailing_zeros).lower()}")
        if self.rounding.exceptions:
            lines.append("[numbers.places]")
            lines += [f'"{name}" = {places}' for name, places in self.rounding.exceptions]
        lines += ["[presentation]", f'convention = "{self.convention}"', f"longest_sum = {self.longest_sum}"]
        return "\n".join(lines) + "\n"


def written(numbers: Sequence[str]) -> str:
    """A list of numbers as TOML writes it."""
    return f"[{', '.join(numbers)}]"


def written_activation(layer: Layer) -> str:
    """An activation as TOML writes it, with its slope where it has one."""
    if layer.activation != "leaky-relu":
        return f'"{layer.activation}"'
    return f'{{ name = "leaky-relu", slope = {layer.slope} }}'


class Draw:
    """Draws the parts of a problem from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # not a secret: the same seed gives the same problem

    def problem(self) -> Problem:
        """Any problem: 1 to 4 layers of 1 to 4 units, every activation, loss, convention and rounding."""
        pick = self.random
        layers = pick.choices((1, 2, 3, 4), (3, 6, 2, 1))[0]
        sizes = [pick.choices((1, 2, 3, 4), (3, 4, 2, 1))[0] for _ in range(layers + 1)]
        style = pick.choice(("plain", "plain", "plain", "fine", "mixed", "wild"))
        slope = pick.choice(("0.01", "0.1", "0.25"))
        return Problem(
            inputs=self.numbers(sizes[0], style),
            layers=tuple(self.layer(before, units, style, slope) for before, units in pairwise(sizes)),
            targets=self.numbers(sizes[-1], pick.choice(("plain", style))),
            loss=pick.choice(LOSSES),
            rate=pick.choice(("0.9", "0.5", "0.1", "1", "0.05", "0.001", "2")),
            convention=pick.choice(CONVENTIONS),
            rounding=self.rounding(),
            longest_sum=pick.choice((10, 10, 10, 3)),
        )

    def layer(self, before: int, units: int, style: str, slope: str) -> Layer:
        """One layer after one of so many units."""
        biases = self.numbers(units, style) if self.random.random() < 0.7 else None
        weights = tuple(self.numbers(before, style) for _ in range(units))
        return Layer(self.random.choice(ACTIVATIONS), slope, weights, biases)

    def numbers(self, count: int, style: str) -> tuple[str, ...]:
        """So many numbers of one style."""
        return tuple(self.number(style) for _ in range(count))

    def number(self, style: str) -> str:
        """A number: plain as in a textbook, fine with many decimals, or wild, from tiny to large."""
        pick = self.random
        if style == "mixed":
            style = pick.choice(("plain", "fine", "wild"))
        if style == "fine":
            return f"{pick.uniform(-3, 3):.{pick.randint(2, 8)}f}"
        if style == "wild":
            return pick.choice(
                (
                    f"{pick.uniform(-1, 1) * 10 ** pick.randint(0, 4):.2f}",
                    f"{pick.uniform(-1, 1) * 10 ** -pick.randint(1, 7):.10f}",
                    f"{pick.uniform(-2, 2):.1f}",
                    str(pick.randint(-20, 20)),
                )
            )
        return pick.choice(
            ("0", "1", "-1", f"{pick.uniform(-1, 1):.1f}", f"{pick.uniform(-1, 1):.1f}", f"{pick.uniform(-2, 2):.2f}")
        )

    def rounding(self) -> Rounding:
        """Decimals or significant figures, sometimes with exceptions, sometimes as the lecture has it."""
        pick = self.random
        kind = pick.choice(("decimals", "decimals", "significant"))
        exceptions: tuple[tuple[str, Places], ...] = ()
        if pick.random() < 0.3:
            exceptions = pick.choice(EXCEPTIONS)
        return Rounding(kind, pick.randint(2, 6), exceptions, pick.choice((None, None, True, False)))


ALL = '"all"'
EXCEPTIONS: tuple[tuple[tuple[str, Places], ...], ...] = (
    (
        ("exp", 4),
        ("delta", 4),
        ("change", 4),
        ("net", '"all"'),
        ("product", '"all"'),
        ("sum", '"all"'),
        ("check.net", 3),
    ),
    (("delta", "{ significant = 3 }"), ("change", "{ significant = 2 }"), ("check.output", 6)),
    (("power", 3), ("function", 3), ("loss", 6), ("update.product", ALL)),
    (("weight", 2), ("bias", 2), ("backward.sum", 3), ("quotient", 5)),
)
"""Rounding by role, by sub-result, and by phase."""


def problem(seed: int) -> Problem:
    """The problem of a seed."""
    return Draw(seed).problem()
