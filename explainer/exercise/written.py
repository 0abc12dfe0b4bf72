"""A problem as a file to start from: TOML with a comment on everything that may be changed."""

import json
import os
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from explainer.exercise.wish import TRAINABLE, Wish
from explainer.maths.arithmetics import ARITHMETICS
from explainer.maths.losses import LOSSES
from explainer.maths.quantity import Quantity, Role
from explainer.problem.combinations import combination_faults
from explainer.problem.convention import convention_names
from explainer.problem.model import Problem
from explainer.problem.schema import DETAILS
from explainer.publish.formats import templates
from explainer.trace.derive import RATE
from explainer.trace.trace import Trace

HERE = Path()

COLUMN = 36
"""Comments beside a line begin here."""

WIDTH = 100
"""Comments that take several lines are no wider."""

MOST_NAMES = 6
"""More names than these are given by the first and the last."""


class Listed(Struct, frozen=True):
    """Several given numbers: as a list of TOML, and what they are called."""

    numbers: str
    names: str
    count: int


class WrittenLayer(Struct, frozen=True):
    """One layer as the file shows it."""

    title: str
    sender: str
    activation: str
    rows: tuple[Listed, ...]
    key: str
    biases: Listed | None
    zeros: str


def written(wish: Wish, trace: Trace, folder: Path = HERE) -> str:
    """The problem of a trace, as the text of a problem file that will lie in a folder."""
    problem = trace.problem
    last = len(problem.network.layers)
    text = (
        templates({})
        .get_template("problem/problem.toml.j2")
        .render(
            beside=beside,
            comment=comment,
            others=others,
            sizes="-".join(map(str, wish.sizes)),
            command=wish.command,
            title=json.dumps(wish.title, ensure_ascii=False) if wish.title else "",
            inputs=listed(trace, quantities("input", 0, wish.sizes[0])),
            layers=[layer(wish, trace, number) for number in range(1, last + 1)],
            targets=listed(trace, quantities("target", last, wish.sizes[-1])),
            loss=problem.training.loss,
            rate=plain(problem.training.learning_rate),
            rate_name=trace.names.symbol(RATE).base,
            arithmetic=problem.numbers.arithmetic,
            decimals=wish.decimals,
            convention=convention_from(wish, folder),
            detail=problem.presentation.detail,
            activations=tuple(TRAINABLE),
            losses=tuple(fitting_losses(problem)),
            arithmetics=tuple(ARITHMETICS),
            conventions=tuple(convention_names()),
            details=DETAILS,
        )
    )
    return f"{text}\n"


def fitting_losses(problem: Problem) -> Iterator[str]:
    """The losses that go together with the outputs and the targets of a problem; logarithms take no own function."""
    own = problem.network.layers[-1].own is not None
    for name in (each for each, family in LOSSES.items() if not (own and family.suits in LOGARITHMS)):
        training = {**problem.data["training"], "loss": name}
        if not any(combination_faults({**problem.data, "training": training})):
            yield name


def convention_from(wish: Wish, folder: Path) -> str:
    """The convention as a file in a folder names it; a file of one by the way that leads there."""
    if not wish.convention.endswith(".toml") or Path(wish.convention).is_absolute() or folder == HERE:
        return wish.convention
    return Path(os.path.relpath(wish.convention, folder)).as_posix()


LOGARITHMS = ("probabilities", "distribution")
"""What outputs must be where a loss takes their logarithm."""


def layer(wish: Wish, trace: Trace, number: int) -> WrittenLayer:
    """One layer of the network, its weights in columns."""
    sizes = trace.problem.network.sizes
    senders, units = sizes[number - 1], sizes[number]
    hidden = "The hidden layer" if len(sizes) == 3 else f"Hidden layer {number}"
    rows = [
        [Quantity("weight", number, unit, source) for source in range(1, senders + 1)] for unit in range(1, units + 1)
    ]
    width = max(len(plain(trace.given[weight])) for row in rows for weight in row)
    has_biases = trace.problem.network.layers[number - 1].biases is not None
    return WrittenLayer(
        title="The output layer" if number == len(sizes) - 1 else hidden,
        sender="input" if number == 1 else "unit of the layer before",
        activation=wish.activations[number - 1],
        rows=tuple(listed(trace, row, width) for row in rows),
        key="thresholds" if trace.names.convention.bias == "subtracted" else "biases",
        biases=listed(trace, quantities("bias", number, units)) if has_biases else None,
        zeros=f"[{', '.join(['0'] * units)}]",
    )


def quantities(role: Role, layer: int, count: int) -> list[Quantity]:
    """The quantities of one role, unit by unit."""
    return [Quantity(role, layer, unit) for unit in range(1, count + 1)]


def listed(trace: Trace, given: Sequence[Quantity], width: int = 0) -> Listed:
    """Given quantities as a list, each number at least so wide."""
    numbers = ", ".join(plain(trace.given[each]).rjust(width) for each in given)
    names = [trace.names.typed(each) for each in given]
    elided = f"{names[0]} to {names[-1]}" if len(names) > MOST_NAMES else ", ".join(names)
    return Listed(f"[{numbers}]", elided, len(given))


def plain(number: Decimal) -> str:
    """A number as TOML has it, without a power of ten."""
    return format(number, "f")


def beside(line: str, note: str) -> str:
    """A line with a comment beside it."""
    return f"{line:<{COLUMN - 1}} # {note}"


def comment(text: str) -> str:
    """A comment of one or several lines."""
    return textwrap.fill(text, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def others(names: Iterable[str], chosen: str) -> str:
    """What may stand in the place of a name."""
    return f"or: {', '.join(name for name in names if name != chosen)}"
