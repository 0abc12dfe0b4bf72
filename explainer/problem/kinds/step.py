"""One step of gradient descent on a network and a sample: the kind of a file that states none."""

from collections.abc import Mapping
from typing import Any

from explainer.problem.kinds import Kind
from explainer.problem.model import Network, OneStep, Sample, Training
from explainer.problem.read import layer, number, row
from explainer.problem.schema import step_fields
from explainer.problem.sizes import size_faults


def task(data: Mapping[str, Any]) -> OneStep:
    """The network, the sample and the training of a valid table."""
    network, training = data["network"], data["training"]
    return OneStep(
        network=Network(network["inputs"], tuple(map(layer, network["layers"]))),
        samples=tuple(Sample(row(one["inputs"]), row(one["targets"])) for one in data["samples"]),
        training=Training(
            loss=training.get("loss", "half-squared-error"),
            optimizer=training.get("optimizer", "sgd"),
            learning_rate=number(training["learning_rate"]),
        ),
    )


KIND = Kind(
    "A network, a sample and a learning rate, to be explained step by step.",
    step_fields,
    ("network", "samples", "training"),
    size_faults,
    task,
)
