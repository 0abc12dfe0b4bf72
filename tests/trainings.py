"""Random trainings, written as problem files: every optimizer, batch, penalty, bound, schedule and kind of layer."""

from dataclasses import dataclass
from random import Random
from typing import Any

from tests import networks

CONVENTIONS = ("lecture", "mitchell", "layered", "aima", "flat", "threshold")

OPTIMIZERS = (
    '"sgd"',
    '"sgd"',
    '"momentum"',
    '{ name = "momentum", momentum = 0.8, form = "library" }',
    '"nesterov"',
    '{ name = "nesterov", form = "library" }',
    '"adagrad"',
    '{ name = "adagrad", epsilon = 0.01, epsilon_place = "inside" }',
    '"rmsprop"',
    '"adadelta"',
    '"adam"',
    '{ name = "adam", epsilon = 0.001 }',
    '"adamax"',
    '"adamw"',
)
DECAYS = (
    '{ name = "step", factor = 0.5, every = 1 }',
    '{ name = "exponential", rate = 0.3, per = "step" }',
    '"inverse-time"',
    '{ name = "cosine", over = 5, minimum = 0.01 }',
)


@dataclass(frozen=True)
class Training:
    """A training as it is written in a file, and what a reader of its page must know."""

    toml: str
    sizes: tuple[int, ...]
    convention: str
    arithmetic: str
    places: int

    @property
    def problem(self) -> networks.Problem:
        """What a reader goes by."""
        layer = networks.Layer("sigmoid", "0.01", (("0",),) * self.sizes[-1], None)
        return networks.Problem(
            inputs=("0",) * self.sizes[0],
            layers=(layer,),
            targets=("0",) * self.sizes[-1],
            loss="half-squared-error",
            rate="0.5",
            convention=self.convention,
            rounding=networks.Rounding("decimals", self.places),
        )


class Draw:
    """Draws a training from a source of choices: a generator of random numbers, or one like it."""

    def __init__(self, source: Any) -> None:
        self.pick = source

    def training(self) -> Training:
        """A network of 1 to 3 layers, 1 to 4 samples, 1 to 3 epochs."""
        pick = self.pick
        sizes = [pick.randint(1, 3) for _ in range(pick.choice((2, 3, 3, 4)))]
        samples, batch = pick.randint(1, 4), pick.choice(('"full"', '"online"', "2"))
        if samples <= 2 and batch == "2":
            batch = '"full"'
        least = {'"full"': samples, '"online"': 1, "2": 2 - samples % 2}[batch]
        places, arithmetic = pick.randint(3, 6), pick.choice(("decimal", "decimal", "float"))
        convention, optimizer = pick.choice(CONVENTIONS), pick.choice(OPTIMIZERS)
        lines = ["[network]", f"inputs = {sizes[0]}"]
        for index in range(1, len(sizes)):
            lines += self.layer(sizes, index, over_several=least > 1)
        for _ in range(samples):
            targets = [pick.choice((0, 1)) for _ in range(sizes[-1])]
            lines += ["[[samples]]", f"inputs = {self.numbers(sizes[0])}", f"targets = {targets}"]
        lines += ["[training]", f"optimizer = {optimizer}", f"batch = {batch}", f"epochs = {pick.randint(1, 3)}"]
        lines += [] if "adadelta" in optimizer else [f"learning_rate = {pick.choice((0.1, 0.5, 2))}"]
        lines += [f'reduction = "{pick.choice(("mean", "sum"))}"', *self.control(optimizer)]
        lines += ["[numbers]", f'arithmetic = "{arithmetic}"', f"decimals = {places}"]
        lines += ["[presentation]", f'convention = "{convention}"', 'steps = [1, 2, "last"]']
        lines += [f'detail = "{pick.choice(("brief", "standard", "full", "full"))}"']
        return Training("\n".join(lines) + "\n", tuple(sizes), convention, arithmetic, places)

    def numbers(self, count: int) -> list[float]:
        """So many numbers of one or two decimals, none of them 0."""
        return [self.pick.choice((-1, 1)) * self.pick.randint(1, 15) / 10 for _ in range(count)]

    def layer(self, sizes: list[int], index: int, *, over_several: bool) -> list[str]:
        """One layer, a hidden one perhaps with dropout or batch normalization."""
        pick, hidden = self.pick, index < len(sizes) - 1
        lines = ["[[network.layers]]", f'activation = "{pick.choice(("sigmoid", "tanh", "linear", "softplus"))}"']
        lines.append(f"weights = {[self.numbers(sizes[index - 1]) for _ in range(sizes[index])]}")
        if pick.random() < 0.7:
            lines.append(f"biases = {self.numbers(sizes[index])}")
        if hidden and pick.random() < 0.25:
            form = pick.choice(("inverted", "classic"))
            lines.append(f'dropout = {{ rate = 0.5, seed = {pick.randint(0, 9)}, form = "{form}" }}')
        if hidden and over_several and pick.random() < 0.4:
            lines.append("normalization = {}")
        return lines

    def control(self, optimizer: str) -> list[str]:
        """Perhaps a schedule, a penalty or a bound for the gradients."""
        pick, lines = self.pick, []
        rated = "adadelta" not in optimizer
        if rated and pick.random() < 0.3:
            lines.append(f"decay = {pick.choice(DECAYS)}")
        if pick.random() < 0.3:
            ways = ["l2 = 0.1", "l1 = 0.02", "l1 = 0.02, l2 = 0.1, biases = true"]
            ways += ["weight_decay = 0.1"] if rated and "adamw" not in optimizer else []
            lines.append(f"regularization = {{ {pick.choice(ways)} }}")
        if pick.random() < 0.3:
            lines.append(f"clipping = {{ {pick.choice(('norm = 0.1', 'value = 0.03', 'norm = 50'))} }}")
        return lines


def training(seed: int) -> Training:
    """The training of a seed."""
    return Draw(Random(seed)).training()
