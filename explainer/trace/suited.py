"""Which trainings the engine takes the steps of: long ones in double precision, of which it knows every field."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import fields

from explainer.maths.optimizers import Optimizer
from explainer.problem.control import Control, Regularization
from explainer.problem.model import Layer, Network, Problem, Training
from explainer.problem.training import Schedule, Trained
from explainer.trace.derive import optimizer

LONG = 10_000
"""From so many parameters on, each counted for every sample of every epoch, arrays are worth their while."""

KNOWN: Mapping[type[Struct], frozenset[str]] = {
    Trained: frozenset({"network", "samples", "training", "schedule", "validation"}),
    Schedule: frozenset({"batch", "order", "seed", "epochs", "stop"}),
    Training: frozenset(
        {"loss", "loss_parameters", "optimizer", "optimizer_parameters", "learning_rate", "reduction", "control"}
    ),
    Control: frozenset({"regularization", "clipping", "decay"}),
    Regularization: frozenset({"l1", "l2", "weight_decay", "biases"}),
    Network: frozenset({"inputs", "layers", "parameters", "input_names", "output_names"}),
    Layer: frozenset(
        {"activation", "parameters", "weights", "biases", "mask", "trained", "own", "drawn", "dropout", "normalization"}
    ),
    Optimizer: frozenset({"lines", "states", "settings", "counts", "states_change", "ahead"}),
}
"""The fields that the engine does as the equations do. Whatever else a problem is given, its equations must work."""


def is_suited(problem: Problem) -> bool:
    """Whether the engine takes the steps of this training that are not shown."""
    return problem.numbers.arithmetic == "float" and is_long(problem) and is_known(problem)


def is_long(problem: Problem) -> bool:
    """Whether there is so much to work out that the engine is worth its while."""
    task = problem.of(Trained)
    places = sum(len(layer.weights) * (len(layer.weights[0]) + 1) for layer in problem.network.layers)
    return places * len(task.samples) * task.schedule.epochs >= LONG


def is_known(problem: Problem) -> bool:
    """Whether every field that the training is given is one that the engine knows."""
    task = problem.of(Trained)
    training, network = task.training, task.network
    control = (training.control, training.control.regularization)
    parts = (task, task.schedule, training, *control, optimizer(training), network, *network.layers)
    return all(map(is_usual, parts))


def is_usual(part: Struct) -> bool:
    """Whether all fields of a part that the engine does not know are as if they were left out."""
    known = KNOWN.get(type(part), frozenset())
    return all(getattr(part, field.name) == field.default for field in fields(part) if field.name not in known)
