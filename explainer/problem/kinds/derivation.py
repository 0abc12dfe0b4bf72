"""The rules of backpropagation derived from first principles, for a loss and activation functions."""

from collections.abc import Iterator, Mapping
from typing import Any

from explainer.maths.activations import ACTIVATIONS
from explainer.maths.loss_slopes import LOSS_SLOPES
from explainer.maths.parameters import Family
from explainer.maths.slopes import SLOPES
from explainer.problem.families import family_schema
from explainer.problem.faults import Fault
from explainer.problem.kinds import Kind
from explainer.problem.model import Derivation
from explainer.problem.read import function
from explainer.problem.schema import Schema, choice, fields, table
from explainer.problem.sizes import activation_faults, part

SOFTMAX = "softmax"

HIDDEN = {name: ACTIVATIONS[name] for name in SLOPES}
"""The activation functions whose slopes can be derived."""

OUTPUT = {**HIDDEN, SOFTMAX: Family()}


def derivation_fields() -> dict[str, Schema]:
    """The fields of a derivation: the loss and the activation functions."""
    return fields(
        derivation=table(
            "What the rules are derived for.",
            [],
            loss=choice("The error that is made smaller.", list(LOSS_SLOPES), "half-squared-error"),
            output_activation=family_schema("The activation function of the output units.", OUTPUT, "sigmoid"),
            hidden_activation=family_schema(
                "That of the hidden units; left out, that of the output units.", HIDDEN, "sigmoid"
            ),
            biases={"type": "boolean", "default": True, "description": "Whether units have a bias."},
        )
    )


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Parameters that an activation function does not have, and a second derivation on the page."""
    for key in ("output_activation", "hidden_activation"):
        yield from activation_faults(part(data, "derivation").get(key), f"derivation.{key}")
    given = part(data, "derivation")
    softmax, cross = given.get("output_activation") == SOFTMAX, given.get("loss") == "cross-entropy"
    if softmax != cross:
        found = "cross-entropy" if cross else SOFTMAX
        message = "cross-entropy and softmax are derived together; one of them is found without the other"
        yield Fault("derivation.loss" if cross else "derivation.output_activation", f"found {found}, but {message}")
    if part(data, "presentation").get("derivation") is True:
        yield Fault("presentation.derivation", "found true, but the page is the derivation already")


def task(data: Mapping[str, Any]) -> Derivation:
    """The loss and the functions of a valid table."""
    given = data["derivation"]
    output = given.get("output_activation", "sigmoid")
    return Derivation(
        loss=given.get("loss", "half-squared-error"),
        output=function(output),
        hidden=function(given.get("hidden_activation", "sigmoid" if output == SOFTMAX else output)),
        biased=given.get("biases", True),
    )


KIND = Kind(
    "The rules of backpropagation, derived from first principles.", derivation_fields, ("derivation",), task, faults
)
