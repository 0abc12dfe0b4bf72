"""Training: steps over all samples at once, over some of them or one by one, for so many epochs."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from explainer.maths.optimizers import OPTIMIZERS
from explainer.problem.comparison import compare_faults, compare_schema
from explainer.problem.controlled import control, control_faults, control_fields
from explainer.problem.dropout import dropout_faults, dropout_schema
from explainer.problem.families import family_schema
from explainer.problem.faults import Fault
from explainer.problem.kinds import Kind, step
from explainer.problem.needed import NUMBERS_NEEDED
from explainer.problem.normalization import normalization_faults, normalization_schema
from explainer.problem.read import number
from explainer.problem.schema import LARGEST, Schema, array, choice, step_fields, table, training_fields
from explainer.problem.sizes import part
from explainer.problem.training import Schedule, Stop, Trained

FULL, ONLINE = "full", "online"
"""The batches that are named: all samples, and one at a time."""

MOST_EPOCHS = 1_000_000


def task(data: Mapping[str, Any]) -> Trained:
    """The network, the samples and the training of a valid table."""
    one, training = step.task(data), data.get("training", {})
    batch, count = training.get("batch", FULL), len(one.samples)
    size, epochs = {FULL: count, ONLINE: 1}.get(batch, batch), training.get("epochs", 1)
    stop = training.get("stop", {})
    return Trained(
        network=one.network,
        samples=one.samples,
        training=replace(
            one.training, control=control(training, {"epoch": epochs, "step": epochs * -(-count // size)})
        ),
        schedule=Schedule(
            batch=size,
            order=training.get("order", "file"),
            seed=training.get("seed", 0),
            epochs=epochs,
            stop=Stop(number(stop["error"]) if "error" in stop else None, stop.get("patience")),
        ),
        validation=tuple(step.sample(each, one.network) for each in data.get("validation", ())),
    )


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """What is missing, and what does not fit together."""
    yield from step.faults(data)
    yield from control_faults(data)
    yield from dropout_faults(data)
    yield from normalization_faults(data)
    training, samples = part(data, "training"), data.get("samples")
    batch = training.get("batch")
    if isinstance(batch, int) and isinstance(samples, list) and batch > len(samples):
        yield Fault("training.batch", f'{batch}, but there are {len(samples)} samples; "{FULL}" takes all of them')
    loss = part(training, "loss")
    if training.get("reduction") == "sum" and loss.get("over") in ("samples", "both"):
        told = f'"sum", but the loss is the mean over {loss["over"]}; expected "mean"'
        yield Fault("training.reduction", told)
    if "seed" in training and training.get("order", "file") != "shuffled":
        yield Fault(
            "training.seed", 'found a seed, but the samples are taken as they stand; expected order = "shuffled"'
        )
    if "patience" in part(training, "stop") and not data.get("validation"):
        yield Fault("training.stop.patience", "found no samples to judge by; expected [[validation]]")
    yield from compare_faults(data)


def fields() -> dict[str, Schema]:
    """The fields of a step, and those that say how often and on which samples."""
    found = step_fields(dropout=dropout_schema(), normalization=normalization_schema())
    sample = found["samples"]["items"]
    return {
        **found,
        "samples": array("The examples to learn from.", sample, minItems=1),
        "validation": array("Examples that are only measured, not learned from.", sample, minItems=1),
        "compare": compare_schema(),
        "training": table(
            "How the parameters are changed, and how often.",
            [],
            **{**training_fields(), **schedule_fields(), **control_fields()},
        ),
    }


def schedule_fields() -> dict[str, Schema]:
    """Which samples a step takes, and when it is over."""
    count = {"type": "integer", "minimum": 1, "maximum": MOST_EPOCHS}
    return {
        "optimizer": family_schema("The update rule.", OPTIMIZERS, "sgd"),
        "batch": {
            "description": f'How many samples a step takes: all ("{FULL}"), one ("{ONLINE}"), or a number.',
            "default": FULL,
            "if": {"type": "string"},
            "then": {"enum": [FULL, ONLINE]},
            "else": count,
        },
        "order": choice("The order of the samples.", ["file", "shuffled"], "file"),
        "seed": {"type": "integer", "minimum": 0, "maximum": LARGEST, "description": "What the order is drawn from."},
        "reduction": choice("How the gradients of a batch are put together.", ["mean", "sum"], "mean"),
        "epochs": {**count, "default": 1, "description": "How often all samples are gone through."},
        "stop": table(
            "What ends the training sooner.",
            [],
            error={"type": "number", "minimum": 0, "description": "An error over all samples that is small enough."},
            patience={**count, "description": "Epochs without a smaller error over the validation samples."},
        ),
    }


KIND = Kind(
    "A network and its samples, to be trained for some steps.",
    fields,
    ("network",),
    task,
    faults,
    NUMBERS_NEEDED,
)
