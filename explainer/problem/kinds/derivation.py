"""The rules of backpropagation derived from first principles, for a loss and activation functions."""

from collections.abc import Iterator, Mapping
from typing import Any

from explainer.maths.losses import LOSSES
from explainer.maths.own_function import OwnFunction
from explainer.problem.combinations import name_of, output_faults, slope_faults
from explainer.problem.families import family_schema, named, parameter_faults
from explainer.problem.faults import Fault
from explainer.problem.kinds import Kind
from explainer.problem.model import Derivation, Function
from explainer.problem.own_functions import derived_activations, functions, own_function_faults, own_of
from explainer.problem.read import function
from explainer.problem.schema import Schema, activation_schema, array, fields, functions_schema, table
from explainer.problem.sizes import activation_faults, part

LOSS, OUTPUT = "half-squared-error", "sigmoid"
"""What a derivation is for where the file does not say."""


def derivation_fields() -> dict[str, Schema]:
    """The fields of a derivation: the loss and the activation functions."""
    hidden = "That of the hidden units, or a list with that of each hidden layer; left out, that of the output units."
    return fields(
        derivation=table(
            "What the rules are derived for.",
            [],
            loss=family_schema("The error that is made smaller.", LOSSES, LOSS),
            output_activation=activation_schema("The activation function of the output units."),
            hidden_activation={
                "description": hidden,
                "if": {"type": "array"},
                "then": array("One for each hidden layer.", activation_schema()),
                "else": activation_schema(hidden),
            },
            biases={"type": "boolean", "default": True, "description": "Whether units have a bias."},
        ),
        functions=functions_schema(),
    )


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Functions that are none, that have no slope or do not go together, and a second derivation on the page."""
    given = part(data, "derivation")
    for place, activation in derived_activations(given):
        yield from activation_faults(activation, place)
        yield from slope_faults(activation, place)
    yield from own_function_faults(data)
    yield from parameter_faults(given.get("loss"), "derivation.loss", LOSSES)
    loss = name_of(given.get("loss", LOSS))
    if loss in LOSSES:
        yield from output_faults(loss, given.get("output_activation", OUTPUT), "derivation.output_activation")
    if part(data, "presentation").get("derivation") is True:
        yield Fault("presentation.derivation", "found true, but the page is the derivation already")


def task(data: Mapping[str, Any]) -> Derivation:
    """The loss and the functions of a valid table."""
    given, known = data["derivation"], functions(data)
    loss, parameters = named(given.get("loss", LOSS), LOSSES)
    output, *hidden = (derived(known, activation, place) for place, activation in derived_activations(given))
    left_out = "hidden_activation" not in given
    usual = Function("sigmoid", {}) if output.activation == "softmax" else output
    return Derivation(
        loss=loss,
        loss_parameters=parameters,
        output=output,
        hidden=(usual,) if left_out else tuple(hidden),
        biased=given.get("biases", True),
    )


def derived(known: Mapping[str, OwnFunction], given: Any, place: str) -> Function:
    """The activation function that is given at a place."""
    own = own_of(known, given, place)
    return function(given) if own is None else Function(own.sign, {}, own)


KIND = Kind(
    "The rules of backpropagation, derived from first principles.", derivation_fields, ("derivation",), task, faults
)
