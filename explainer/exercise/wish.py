"""A wish: what kind of problem is to be made. Checked part by part, so that all mistakes are known at once."""

import shlex
from collections.abc import Iterable
from decimal import Decimal
from random import SystemRandom
from typing import Any

from msgspec import Struct, structs

from explainer.maths.activations import ACTIVATIONS
from explainer.maths.losses import LOSSES
from explainer.problem.combinations import output_faults, slope_faults
from explainer.problem.convention import Convention, convention, convention_names
from explainer.problem.faults import Fault, Parts, ProblemError, counted, fault, one_of
from explainer.problem.own_convention import own_convention
from explainer.problem.own_functions import NAME, Entry, entry_faults, name_fault
from explainer.problem.schema import LARGEST, MOST_DECIMALS
from explainer.problem.validate import cut, shown

MOST_UNITS = 20
"""No layer of a problem that is made has more units, and no network more inputs."""

MOST_LAYERS = 6
"""So many layers at most, the inputs counted."""

SEEDS = 10_000
"""A seed that nobody chose is below this number, so that it is soon typed again."""

LARGEST_SEED = 10**9 - 1


class Words(Struct, frozen=True, kw_only=True):
    """A wish as it is said: `activation` may name one for all layers, two for the hidden layers and the output
    layer, or one for each layer, and a formula of z is as good as a name. The `convention` is a name or a file. Without
    a `loss`, a `learning_rate` or a `seed`, one is chosen.
    """

    layers: str = "3-2-1"
    activation: str = "sigmoid"
    loss: str = ""
    convention: str = "lecture"
    learning_rate: Any = None
    biases: bool = True
    decimals: Any = 4
    title: str = ""
    seed: Any = None


TRAINABLE = [name for name, family in ACTIVATIONS.items() if family.trainable]


class Wish(Struct, frozen=True):
    """A kind of problem, and the seed that its numbers are drawn from.

    `sizes` counts the units of each layer, the inputs first: (3, 2, 1); `activations` has one for each layer of units,
    by its name or as a formula. `convention` is what the file calls it, and `notation` what it says. `rate` is None
    where it is drawn too. `command` asks for the same problem again.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    convention: str
    notation: Convention
    rate: Decimal | None
    biases: bool
    decimals: int
    title: str
    seed: int
    command: str

    @property
    def stem(self) -> str:
        """The name of a file with such a problem: 3-2-1-seed-7."""
        return "-".join([*map(str, self.sizes), "seed", str(self.seed)])


def wish(words: Words) -> Wish:
    """The wish that is meant.

    Raises:
        ProblemError: no such problem can be made; every mistake is named.
    """
    parts = Parts()
    sizes = parts.attempt(sizes_of, words.layers) or ()
    activations = parts.attempt(activations_of, words.activation, sizes) or ()
    found = Wish(
        sizes=sizes,
        activations=activations,
        loss=parts.attempt(loss_of, words.loss, activations) or "",
        convention=words.convention,
        notation=parts.attempt(notation_of, words.convention) or convention("lecture"),
        rate=None if words.learning_rate is None else parts.attempt(rate_of, words.learning_rate),
        biases=words.biases,
        decimals=parts.attempt(within, "--decimals", words.decimals, 1, MOST_DECIMALS) or 0,
        title=parts.attempt(title_of, words.title) or "",
        seed=parts.attempt(seed_of, words.seed) or 0,
        command="",
    )
    parts.settle()
    return structs.replace(found, command=command(words, found.seed))


def sizes_of(layers: str) -> tuple[int, ...]:
    """The sizes that "3-2-1" says."""
    words = layers.split("-")
    if len(words) < 2 or not all(word.isascii() and word.isdecimal() for word in words):
        example = "the units of each layer, the inputs first, such as 3-2-1"
        raise fault("--layers", f"found {shown(layers)}, expected {example}")
    if len(words) > MOST_LAYERS:
        raise fault("--layers", f"found {len(words)} layers, expected at most {MOST_LAYERS}, the inputs counted")
    for word in words:
        if not 1 <= len(word) <= 9 or not 1 <= int(word) <= MOST_UNITS:
            raise fault("--layers", f"found a layer of {cut(word)} units, expected 1 to {MOST_UNITS} in each layer")
    return tuple(map(int, words))


def activations_of(activation: str, sizes: tuple[int, ...]) -> tuple[str, ...]:
    """The activation of each layer of units, where the sizes are known."""
    parts = Parts()
    names, layers = between_commas(activation), len(sizes) - 1
    for name in names:
        parts.attempt(known, name)
    parts.settle()
    if not sizes:
        return ()
    if len(names) == 1:
        names *= layers
    elif len(names) == 2 and layers > 2:
        names = [*names[:1] * (layers - 1), names[1]]
    if len(names) != layers:
        number = f"{counted(len(names), 'name')}, but the network has {counted(layers, 'layer')} of units"
        wanted = "expected one name for all, two for the hidden layers and the output layer, or one for each"
        raise fault("--activation", f"{number} ({wanted})")
    for name, units in zip(names, sizes[1:], strict=True):
        if units == 1 and is_of_layer(name):
            message = f"{name} shares 1 out among the units of its layer, so that a single one always gives 1"
            raise fault("--activation", f"{message}; take sigmoid, or more units")
    return tuple(names)


def between_commas(text: str) -> list[str]:
    """The parts of a text between its commas, but for those within brackets: max(0, z) is one."""
    parts, depth = [""], 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def known(activation: str) -> None:
    """Accepts the name of an activation that can be trained, or a formula of z.

    Raises:
        ProblemError: it is neither.
    """
    place = "--activation"
    if activation in ACTIVATIONS:
        raise_any(slope_faults(activation, place))
    elif NAME.fullmatch(activation) and name_fault(activation, {}, place):
        one_of(TRAINABLE, "activation", activation, place)
    else:
        raise_any(entry_faults(Entry("", {"formula": activation}, place, place)))


def raise_any(faults: Iterable[Fault]) -> None:
    """Raises the faults, if there are any."""
    found = list(faults)
    if found:
        raise ProblemError(found)


def is_of_layer(activation: str) -> bool:
    """Whether an activation is one of a whole layer."""
    return activation in ACTIVATIONS and ACTIVATIONS[activation].of_layer


def loss_of(loss: str, activations: tuple[str, ...]) -> str:
    """The loss, one that goes with the outputs; left out, the cross-entropy behind a softmax, else ½ (t − o)²."""
    if not loss:
        return "cross-entropy" if activations and is_of_layer(activations[-1]) else "half-squared-error"
    found = one_of(LOSSES, "loss", loss, "--loss")
    if activations:
        raise_any(output_faults(found, activations[-1], "--activation"))
    return found


def notation_of(name: str) -> Convention:
    """The convention of this name, or in this file."""
    if not name.endswith(".toml"):
        return convention(one_of(convention_names(), "convention", name, "--convention"))
    try:
        return own_convention(name, "")
    except ProblemError as error:
        raise ProblemError(Fault("--convention", each.message, each.excerpt) for each in error.faults) from None


def rate_of(learning_rate: Any) -> Decimal:
    """The learning rate, a number greater than 0."""
    try:
        rate = Decimal(str(learning_rate))
    except ArithmeticError:
        rate = Decimal("NaN")
    if not rate.is_finite() or not 0 < rate <= LARGEST:
        raise fault("--learning-rate", f'found "{cut(str(learning_rate))}", expected a number greater than 0')
    return rate


def within(option: str, number: Any, least: int, most: int) -> int:
    """The number, if it is a whole one between these two."""
    if type(number) is not int or not least <= number <= most:
        raise fault(option, f"found {shown(number)}, expected a whole number from {least} to {most}")
    return number


def title_of(title: str) -> str:
    """The title, one line that can be seen."""
    if not title.isprintable():
        raise fault("--title", f"found {shown(title)}, expected one line of text")
    return title


def seed_of(seed: Any) -> int:
    """The seed; drawn, where none is said."""
    return SystemRandom().randrange(SEEDS) if seed is None else within("--seed", seed, 0, LARGEST_SEED)


def command(words: Words, seed: int) -> str:
    """What to type for the same problem again: all that was said, and the seed."""
    said = {name: value for name, value in structs.asdict(words).items() if name not in ("biases", "seed")}
    usual = structs.asdict(Words())
    spoken = [
        piece
        for name, value in said.items()
        if value != usual[name] or name in ("layers", "activation")
        for piece in (f"--{name.replace('_', '-')}", str(value))
    ]
    without = [] if words.biases else ["--no-biases"]
    return shlex.join(["explainer", "new", *spoken, *without, "--seed", str(seed)])
