"""Problems of any size: a fully connected network with random weights, one sample, one update."""

import random
from collections.abc import Sequence
from itertools import pairwise


def problem(sizes: Sequence[int]) -> str:
    """The problem file of a network of these sizes; the same sizes give the same numbers."""
    numbers = random.Random(20)
    lines = ["[network]", f"inputs = {sizes[0]}"]
    for sending, receiving in pairwise(sizes):
        spread = sending**-0.5
        rows = [[numbers.gauss(0, spread) for _ in range(sending)] for _ in range(receiving)]
        lines += [
            "[[network.layers]]",
            f"weights = [{', '.join(listed(row, 4) for row in rows)}]",
            f"biases = {listed([numbers.gauss(0, spread) for _ in range(receiving)], 4)}",
        ]
    inputs = [numbers.random() for _ in range(sizes[0])]
    targets = [1.0, *[0.0] * (sizes[-1] - 1)]
    lines += ["[[samples]]", f"inputs = {listed(inputs, 3)}", f"targets = {listed(targets, 0)}"]
    lines += ["[training]", "learning_rate = 0.5"]
    return "\n".join(lines) + "\n"


def training(sizes: Sequence[int], samples: int, batch: int, epochs: int = 2) -> str:
    """The problem file of such a network, to be trained in mini-batches on so many samples; no step is shown."""
    numbers = random.Random(21)
    lines = [problem(sizes).partition("[[samples]]")[0]]
    for sample in range(samples):
        targets = [float(unit == sample % sizes[-1]) for unit in range(sizes[-1])]
        inputs = [numbers.random() for _ in range(sizes[0])]
        lines += ["[[samples]]", f"inputs = {listed(inputs, 2)}", f"targets = {listed(targets, 0)}"]
    lines += ["[training]", "learning_rate = 0.5", f"batch = {batch}", f"epochs = {epochs}"]
    lines += ["[numbers]", 'arithmetic = "float"', "[presentation]", 'convention = "matrix"', "steps = []"]
    return "\n".join(lines) + "\n"


def weights(sizes: Sequence[int]) -> int:
    """How many weights and biases such a network has."""
    return sum((sending + 1) * receiving for sending, receiving in pairwise(sizes))


def listed(values: Sequence[float], places: int) -> str:
    """A list of TOML numbers with so many decimals."""
    return f"[{', '.join(f'{value:.{places}f}' for value in values)}]"
