"""Reading and checking what steers a training: [training.regularization], [training.clipping], [training.decay]."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from explainer.maths.decays import DECAYS
from explainer.maths.optimizers import OPTIMIZERS
from explainer.problem.control import Clipping, Control, Decay, Regularization, Turn
from explainer.problem.families import family_schema, named, parameter_faults
from explainer.problem.faults import Fault
from explainer.problem.read import number
from explainer.problem.schema import LARGEST, Schema, table
from explainer.problem.sizes import part, tables, trained_by

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
        "decay": {**family_schema("How the learning rate falls.", DECAYS, "none"), "default": None},
    }


def control(training: Table, turns: Mapping[Turn, int]) -> Control:
    """What steers a valid training of so many epochs and steps."""
    given, clipping = training.get("regularization", {}), training.get("clipping", {})
    return Control(
        regularization=Regularization(
            **{name: number(given[name]) for name in STRENGTHS if name in given}, biases=given.get("biases", False)
        ),
        clipping=next((Clipping(by, number(bound)) for by, bound in clipping.items()), None),
        decay=decay(training["decay"], turns) if "decay" in training else None,
    )


def decay(given: str | Table, turns: Mapping[Turn, int]) -> Decay:
    """How the learning rate falls; along a cosine for the whole training, where nothing else is said."""
    rule, parameters = named(given, DECAYS)
    per: Turn = "step" if parameters.pop("per") == "step" else "epoch"
    if rule == "cosine" and (isinstance(given, str) or "over" not in given):
        parameters["over"] = Decimal(turns[per])
    return Decay(rule, parameters, per)


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
    yield from parameter_faults(training.get("decay"), "training.decay", DECAYS)
    yield from optimizer_faults(training)


def optimizer_faults(training: Table) -> Iterator[Fault]:
    """What the optimizer has of its own, or has no use for."""
    given = training.get("optimizer", "sgd")
    name = given.get("name") if isinstance(given, Mapping) else given
    family = OPTIMIZERS.get(name) if isinstance(name, str) else None
    if family is None:
        return
    if "decay" in training and not family.rated:
        yield Fault("training.decay", f"found with {name}, which has no learning rate; expected another optimizer")
    if part(training, "regularization").get("weight_decay") and "weight_decay" in family.parameters:
        told = f"found with {name}, which has a weight_decay of its own; expected one of them"
        yield Fault("training.regularization.weight_decay", told)


def trains_weights(data: Table) -> bool:
    """Whether any layer trains its weights; what else a layer says of them is checked elsewhere."""
    layers = list(tables(part(data, "network"), "layers"))
    return any("weight" in trained_by(layer) for layer in layers)
