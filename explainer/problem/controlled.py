"""Reading and checking what steers a training: [training.regularization] and [training.clipping]."""

from collections.abc import Iterator, Mapping
from typing import Any

from explainer.problem.control import Clipping, Control, Regularization
from explainer.problem.faults import Fault
from explainer.problem.model import TRAINED
from explainer.problem.read import number
from explainer.problem.schema import LARGEST, Schema, table
from explainer.problem.sizes import part, tables

Table = Mapping[str, Any]

STRENGTHS = {
    "l1": "Strength λ of the penalty λ Σ |w|.",
    "l2": "Strength λ of the penalty λ/2 Σ w².",
    "weight_decay": "Strength λ of the decay of weights by ηλw, which is no part of the loss.",
}


def control_fields() -> dict[str, Schema]:
    """The schema of each table."""
    strengths = {
        name: {"type": "number", "minimum": 0, "maximum": LARGEST, "description": words}
        for name, words in STRENGTHS.items()
    }
    biases = {"type": "boolean", "default": False, "description": "Whether the biases are held back too."}
    bound = {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST}
    return {
        "regularization": table("How large weights are held back.", [], **strengths, biases=biases),
        "clipping": table(
            "A bound for the gradients.",
            [],
            value={**bound, "description": "The largest size of every single gradient."},
            norm={**bound, "description": "The largest norm of all gradients together."},
        ),
    }


def control(training: Table) -> Control:
    """What steers a valid training."""
    given, clipping = training.get("regularization", {}), training.get("clipping", {})
    return Control(
        regularization=Regularization(
            **{name: number(given[name]) for name in STRENGTHS if name in given}, biases=given.get("biases", False)
        ),
        clipping=next((Clipping(by, number(bound)) for by, bound in clipping.items()), None),
    )


def control_faults(data: Table) -> Iterator[Fault]:
    """What says nothing, or the same thing in two ways."""
    training = part(data, "training")
    given, clipping = part(training, "regularization"), part(training, "clipping")
    place = "training.regularization"
    if training.get("regularization") == given and not any(map(given.get, {*STRENGTHS, *given} - {"biases"})):
        yield Fault(place, f"found no strength; expected a number above 0 for one of {', '.join(STRENGTHS)}")
    elif given and given.get("biases") is not True and not trains_weights(data):
        yield Fault(place, "found no weight that is trained; expected one, or biases = true")
    if training.get("clipping") == {}:
        yield Fault("training.clipping", "found no bound; expected value or norm")
    if {"value", "norm"} <= clipping.keys():
        yield Fault("training.clipping", "found value and norm, expected one of them")


def trains_weights(data: Table) -> bool:
    """Whether any layer trains its weights; what else a layer says of them is checked elsewhere."""
    layers = list(tables(part(data, "network"), "layers"))
    return any("weight" in TRAINED.get(layer.get("trained", "all"), TRAINED["all"]) for layer in layers)
