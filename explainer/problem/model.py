"""The problem: what is given. Frozen data, checked when it is read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, TypeVar

from msgspec import Struct

from explainer.maths.activations import ACTIVATIONS, Activation
from explainer.maths.numerals import Rounding
from explainer.maths.own_function import OwnFunction
from explainer.maths.parameters import Chosen
from explainer.maths.quantity import PARAMETERS, Role
from explainer.problem.control import Control
from explainer.problem.convention import Convention

Trained = Literal["all", "weights", "biases", "none"]

TRAINED: Mapping[Trained, frozenset[Role]] = {
    "all": frozenset(PARAMETERS),
    "weights": frozenset({"weight"}),
    "biases": frozenset({"bias"}),
    "none": frozenset(),
}
"""The parameters of a layer that are changed by a step."""

Place = tuple[int, int, int]
"""Where a parameter stands: layer, receiving unit and sending unit, each from 1; for a bias the last is 0."""

UNKNOWN = Decimal("NaN")
"""Stands for a number that is not given, in a problem that is worked in letters."""


class Function(Struct, frozen=True):
    """An activation function by its name, with its parameters; `own` where the problem defines it itself."""

    activation: str
    parameters: Mapping[str, Chosen]
    own: OwnFunction | None = None

    @property
    def formulas(self) -> Activation:
        """The function itself."""
        return ACTIVATIONS[self.activation].make(**self.parameters) if self.own is None else self.own.activation


class Dropout(Struct, frozen=True):
    """Which outputs of a layer are left out in training, each with the probability `rate`.

    They are given by the rows of `mask`, one for each sample that goes forward, 1 where an output is kept; where there
    is no mask, they are drawn from the `seed`. What is kept is made larger in training, or in the classic form made
    smaller after it.
    """

    rate: Decimal
    form: Literal["inverted", "classic"] = "inverted"
    mask: tuple[tuple[bool, ...], ...] | None = None
    seed: int = 0


class Drawn(Struct, frozen=True):
    """How the weights of a layer were drawn: by the initializer of this name, between so many units.

    The numbers were multiplied by the `scale` and rounded.
    """

    name: str
    seed: int
    senders: int
    units: int
    scale: Decimal
    rounding: Rounding


class Normalization(Struct, frozen=True):
    """Batch normalization of a layer: scale `gamma` and shift `beta` of every unit, and what is added to variances.

    Of the running mean and variance so much is kept in every step as `momentum` says.
    """

    gamma: tuple[Decimal, ...]
    beta: tuple[Decimal, ...]
    epsilon: Decimal = Decimal("0.001")
    momentum: Decimal = Decimal("0.9")


class Layer(Struct, frozen=True):
    """One layer: `weights` has a row for each receiving unit and a column for each sending unit.

    `biases` holds one number for each unit, or is None where the layer has none.
    `parameters` are those of the activation, such as the slope of a leaky ReLU.
    `mask` tells in the same rows and columns where there is a connection; None where all are.
    A layer whose activation the problem defines itself has its `own` function. One whose weights were not given
    tells how they were `drawn`.
    """

    activation: str
    parameters: Mapping[str, Chosen]
    weights: tuple[tuple[Decimal, ...], ...]
    biases: tuple[Decimal, ...] | None
    mask: tuple[tuple[bool, ...], ...] | None = None
    trained: Trained = "all"
    own: OwnFunction | None = None
    dropout: Dropout | None = None
    drawn: Drawn | None = None
    normalization: Normalization | None = None

    @property
    def units(self) -> int:
        """How many units the layer has."""
        return len(self.weights)

    @property
    def function(self) -> Function:
        """The activation function of its units."""
        return Function(self.activation, self.parameters, self.own)

    def trains(self, role: Role) -> bool:
        """Whether a step changes the weights or the biases of the layer."""
        return role in TRAINED[self.trained]


class Parameter(Struct, frozen=True):
    """A parameter with a name of its own: one number for all the `places` where it stands."""

    name: str
    value: Decimal
    trained: bool
    places: tuple[Place, ...]


class Network(Struct, frozen=True):
    """A network: layer 0 is the `inputs`, then each of `layers`; each feeds the next.

    `parameters` are those with a name of their own; their values stand in the layers too.
    `input_names` and `output_names` say what the inputs and outputs mean; empty where nothing is said.
    """

    inputs: int
    layers: tuple[Layer, ...]
    parameters: tuple[Parameter, ...] = ()
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many units each layer has, the inputs first: (3, 2, 1)."""
        return (self.inputs, *(layer.units for layer in self.layers))


class Sample(Struct, frozen=True):
    """One example: what goes in, and what should come out."""

    inputs: tuple[Decimal, ...]
    targets: tuple[Decimal, ...]


class Training(Struct, frozen=True):
    """How the parameters are changed; `loss_parameters` are those of the loss, such as the width of Huber's.

    The gradients of several samples are put together by `reduction`.
    """

    loss: str
    loss_parameters: Mapping[str, Chosen]
    optimizer: str
    learning_rate: Decimal
    optimizer_parameters: Mapping[str, Chosen] = {}
    reduction: Literal["mean", "sum"] = "mean"
    control: Control = Control()


class Task(Struct, frozen=True):
    """What is given, as the kind of problem has it; each kind has a task of its own."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many units each layer has, the inputs first; empty where none is numbered."""
        return ()

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that have names of their own."""
        return ()

    @property
    def input_names(self) -> tuple[str, ...]:
        """What the inputs are called; empty where nothing is said."""
        return ()

    @property
    def output_names(self) -> tuple[str, ...]:
        """What the outputs are called; empty where nothing is said."""
        return ()

    @property
    def derived(self) -> "Derivation | None":
        """What the rules of its page are derived for; None where it has none."""
        return None


class OneStep(Task, frozen=True):
    """One step of gradient descent: the task of kind "step"."""

    network: Network
    samples: tuple[Sample, ...]
    training: Training

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes of the network."""
        return self.network.sizes

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Those of the network."""
        return self.network.parameters

    @property
    def input_names(self) -> tuple[str, ...]:
        """Those of the network."""
        return self.network.input_names

    @property
    def output_names(self) -> tuple[str, ...]:
        """Those of the network."""
        return self.network.output_names

    @property
    def derived(self) -> "Derivation":
        """The loss and the functions of the network."""
        *hidden, output = (layer.function for layer in self.network.layers)
        biased = any(layer.biases is not None for layer in self.network.layers)
        return Derivation(self.training.loss, self.training.loss_parameters, output, tuple(hidden), biased)


class Derivation(Task, frozen=True):
    """What the rules of backpropagation are derived for: the task of kind "derivation".

    `hidden` are the functions of the hidden layers; a single one is that of any number of them.
    """

    loss: str
    loss_parameters: Mapping[str, Chosen]
    output: Function
    hidden: tuple[Function, ...]
    biased: bool

    @property
    def derived(self) -> "Derivation":
        """All of it."""
        return self


class Numbers(Struct, frozen=True):
    """How numbers are worked out and rounded.

    `rounding` holds for every result; `exceptions` by role or sub-result ("delta", "exp"), or by
    phase and either ("check.net"). `trailing_zeros` keeps those of rounded numbers.
    """

    arithmetic: str
    rounding: Rounding
    exceptions: Mapping[str, Rounding]
    trailing_zeros: bool


class Presentation(Struct, frozen=True):
    """How the page looks and reads; with `derivation` it ends with where its rules come from.

    `output_delta` is "long" where δ of an output is to be worked out through the derivatives of loss and activation
    also where they cancel. Of a training, `steps` are shown in full, and `parameters` followed through the epochs.
    The `sections` say more of what the numbers mean.
    """

    convention: str
    detail: Literal["brief", "standard", "full"]
    language: str
    rounding_sign: Literal["≈", "="]
    longest_sum: int
    derivation: bool
    output_delta: Literal["short", "long"]
    steps: tuple[int | Literal["last"], ...] = (1, "last")
    parameters: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


class Erratum(Struct, frozen=True):
    """A place where the source is wrong: what it prints, what is right, and why.

    Both are numbers where the quantity's value is wrong, text where it is the way of writing it.
    """

    printed: Decimal | str
    right: Decimal | str
    reason: str


class Way(Struct, frozen=True):
    """One of several ways to go about a problem: its name, the fields that it has otherwise, and the problem so."""

    name: str
    settings: tuple[tuple[str, Any], ...]
    problem: "Problem"


Found = TypeVar("Found", bound=Task)


class Problem(Struct, frozen=True):
    """What is given, and how to show what follows from it.

    `kind` is one of the names of `kinds.KINDS`, and `task` what is given as that kind has it.
    `published` and `errata` are keyed by the names of quantities in the problem's convention.
    The figures of a published quantity are those of its working, its value last.
    `file` is where the problem was read from, and `data` the table that was read. What it names is named as in the
    convention that the file is `written_in`, whichever the page has. Where several `ways` are to be set side by side,
    the problem itself is what they have in common.
    """

    title: str
    source: str
    kind: str
    task: Task
    numbers: Numbers
    presentation: Presentation
    convention: Convention
    published: Mapping[str, tuple[Decimal, ...]]
    errata: Mapping[str, Erratum]
    file: str
    data: Mapping[str, Any]
    written_in: Convention
    ways: tuple[Way, ...] = ()

    def of(self, kind: type[Found]) -> Found:
        """The task, of a problem whose kind has this class of tasks."""
        if not isinstance(self.task, kind):
            raise TypeError(f'a problem of kind "{self.kind}" has no {kind.__name__}')
        return self.task

    @property
    def network(self) -> Network:
        """The network of a step."""
        return self.of(OneStep).network

    @property
    def samples(self) -> tuple[Sample, ...]:
        """The samples of a step."""
        return self.of(OneStep).samples

    @property
    def training(self) -> Training:
        """How the parameters change in a step."""
        return self.of(OneStep).training
