"""One step of gradient descent on a network and a sample: the kind of a file that states none."""

from collections.abc import Iterator, Mapping
from typing import Any

from explainer.maths.losses import LOSSES
from explainer.maths.optimizers import OPTIMIZERS
from explainer.problem.combinations import combination_faults
from explainer.problem.complete import missing_faults
from explainer.problem.families import named
from explainer.problem.faults import Fault
from explainer.problem.initialization import drawn, initialization_faults
from explainer.problem.kinds import Kind
from explainer.problem.labels import label_faults, ordered
from explainer.problem.model import UNKNOWN, Network, OneStep, Sample, Training
from explainer.problem.needed import NUMBERS_NEEDED
from explainer.problem.own_functions import functions, own_function_faults
from explainer.problem.parameters import parameter_faults
from explainer.problem.read import network, number, row, unknowns
from explainer.problem.rounding import of_results
from explainer.problem.schema import step_fields
from explainer.problem.sizes import size_faults


def task(data: Mapping[str, Any]) -> OneStep:
    """The network, the sample and the training of a valid table."""
    table, ways = drawn(data, of_results(data.get("numbers", {})))
    given, training = network(table, functions(data), ways), data.get("training", {})
    samples = [sample(each, given) for each in data.get("samples", ())]
    loss, loss_parameters = named(training.get("loss", "half-squared-error"), LOSSES)
    optimizer, optimizer_parameters = named(training.get("optimizer", "sgd"), OPTIMIZERS)
    return OneStep(
        network=given,
        samples=tuple(samples) or (Sample(unknowns(given.inputs), unknowns(given.sizes[-1])),),
        training=Training(
            loss=loss,
            loss_parameters=loss_parameters,
            optimizer=optimizer,
            optimizer_parameters=optimizer_parameters,
            learning_rate=number(training.get("learning_rate", UNKNOWN)),
            reduction=training.get("reduction", "mean"),
        ),
    )


def sample(data: Mapping[str, Any], network: Network) -> Sample:
    """One sample, in the order of their names where its inputs and targets are given by them."""
    inputs, targets = ordered(data["inputs"], network.input_names), ordered(data["targets"], network.output_names)
    return Sample(row(inputs), row(targets))


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """What is missing, and what does not fit together."""
    yield from missing_faults(data)
    yield from initialization_faults(data)
    yield from size_faults(data)
    yield from parameter_faults(data)
    yield from label_faults(data)
    yield from own_function_faults(data)
    yield from combination_faults(data)


KIND = Kind(
    "A network, a sample and a learning rate, to be explained step by step.",
    step_fields,
    ("network",),
    task,
    faults,
    NUMBERS_NEEDED,
)
