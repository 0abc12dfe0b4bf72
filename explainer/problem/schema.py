"""The JSON Schema of a problem file: what an editor completes, and what reading checks first."""

from collections.abc import Mapping, Sequence
from typing import Any

from explainer.maths.activations import ACTIVATIONS
from explainer.maths.arithmetic import SUBRESULTS
from explainer.maths.arithmetics import ARITHMETICS
from explainer.maths.initializers import INITIALIZERS
from explainer.maths.losses import LOSSES
from explainer.maths.quantity import PHASES, ROLES
from explainer.problem.convention import convention_names
from explainer.problem.families import all_parameters, family_schema
from explainer.problem.kinds import KINDS, UNSTATED, USUAL, kind_of_problem
from explainer.problem.model import TRAINED
from explainer.resources import TEMPLATES

LARGEST = 10**12
"""Numbers of a problem file lie between −10¹² and 10¹²."""

MOST_DECIMALS = 15

MOST_UNITS = 100_000
"""No layer has more units, and no network more inputs."""

LETTERS = "letters"
"""The arithmetic that works without numbers."""

DETAILS = ("brief", "standard", "full")

SECTIONS = ("gradient-check", "cost", "vanishing", "saturation", "errata")
"""What a page of steps says on request of what its numbers mean."""

Schema = dict[str, Any]


def table(description: str, required: Sequence[str], **properties: Schema) -> Schema:
    """A table that has these keys and no others."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def fields(**schemas: Schema) -> dict[str, Schema]:
    """Fields by their names."""
    return schemas


def array(description: str, items: Schema, **limits: int | bool) -> Schema:
    """A list of such items."""
    return {"type": "array", "description": description, "items": items, **limits}


def text(description: str, **more: Any) -> Schema:
    """A string."""
    return {"type": "string", "description": description, "maxLength": 500, **more}


def choice(description: str, names: Sequence[str], default: str | None = None) -> Schema:
    """One of several names."""
    usual = {} if default is None else {"default": default}
    return {"description": description, "enum": list(names), **usual}


NUMBER: Schema = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
NUMBER_OR_NAME: Schema = {**NUMBER, "type": ["number", "string"], "maxLength": 40, "title": "a number or a name"}
LABEL: Schema = {"type": "string", "minLength": 1, "maxLength": 60}
DECIMALS: Schema = {"type": "integer", "minimum": 0, "maximum": MOST_DECIMALS}
FIGURES: Schema = {
    "type": "integer",
    "minimum": 1,
    "maximum": MOST_DECIMALS,
    "description": "How many significant figures.",
}


def languages() -> list[str]:
    """The languages that pages can be written in."""
    return sorted(path.stem for path in (TEMPLATES / "prose").glob("*.toml"))


GIVEN_ROLES = ("input", "target", "setting", "mask")
"""What is only ever given, and so never rounded."""


def places_names() -> list[str]:
    """The names that [numbers.places] takes, before any phase."""
    return list(dict.fromkeys((*(role for role in ROLES if role not in GIVEN_ROLES), *SUBRESULTS.values())))


def loss_schema() -> Schema:
    """The loss: its name, or a table of its name and parameters."""
    return family_schema("The error that is made smaller.", LOSSES, "half-squared-error")


def convention_choice() -> Schema:
    """A convention that ships, or the file of one."""
    return {
        "description": "Whose notation: a name, or a file of your own beside this one.",
        "default": "lecture",
        "if": {"type": "string", "pattern": "[.]toml$"},
        "then": {"maxLength": 500},
        "else": {"enum": convention_names()},
    }


def parameter_fields() -> dict[str, Schema]:
    """The parameters of any activation."""
    return all_parameters(ACTIVATIONS)


def activation_schema(description: str = "The activation function of the layer's units.") -> Schema:
    """An activation as a layer or a unit gives it: by a name, by a formula, or by a table with either."""
    return {
        "description": description,
        "default": "sigmoid",
        "if": {"type": "object"},
        "then": table(
            "An activation with its parameters, or a formula of your own.",
            [],
            name=text("The activation function.", examples=list(ACTIVATIONS)),
            **parameter_fields(),
            **function_fields(),
        ),
        "else": text("A name, or a formula of z.", examples=[*ACTIVATIONS, "z / (1 + exp(-z))"]),
    }


def function_fields() -> dict[str, Schema]:
    """What is said of a function that a problem defines itself."""
    return {
        "formula": text("The function of the net input z.", examples=["z / (1 + exp(-b z))"]),
        "parameters": {
            "type": "object",
            "description": "The numbers for its other letters.",
            "additionalProperties": NUMBER,
        },
        "derivative": text(
            "Its derivative in a form of your own, of z and of the output o; checked.", examples=["1 - o^2"]
        ),
        "sign": text("What the page calls it.", examples=["f"]),
    }


def functions_schema() -> Schema:
    """The functions that a problem defines, by name."""
    return {
        "type": "object",
        "description": "Functions of your own, by the name that activations use.",
        "additionalProperties": table("A function of the net input z.", ["formula"], **function_fields()),
    }


def rate_schema() -> Schema:
    """A learning rate."""
    return {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST, "description": "The step size η."}


def places_schema() -> Schema:
    """Exceptions to the rounding."""
    one = {
        "description": 'Decimals, "all" for no rounding, or { significant = N }.',
        "if": {"type": "object"},
        "then": table("Significant figures.", ["significant"], significant=FIGURES),
        "else": {"if": {"type": "string"}, "then": {"enum": ["all"]}, "else": DECIMALS},
    }
    names = places_names()
    dotted = [f"{phase}.{name}" for phase in PHASES for name in names]
    return table(
        'How many decimals single roles and sub-results get, in all phases or in one ("check.net" = 3).',
        [],
        **dict.fromkeys([*names, *dotted], one),
    )


def erratum_schema() -> Schema:
    """One erratum."""
    either = {**NUMBER, "type": ["number", "string"], "maxLength": 500}
    return table(
        "A place where the source is wrong.",
        ["printed", "right", "reason"],
        printed={"description": "What the source prints.", **either},
        right={"description": "What is right.", **either},
        reason=text("Why, or how it came about."),
    )


MASK_ROW: Schema = array("The connections into one unit.", {"type": "integer", "minimum": 0, "maximum": 1}, minItems=1)


def inputs_schema() -> Schema:
    """How many inputs there are, or what they are called."""
    return {
        "description": "How many inputs, or a list of their names.",
        "if": {"type": "array"},
        "then": array("What the inputs are called.", LABEL, minItems=1),
        "else": {"type": "integer", "minimum": 1, "maximum": MOST_UNITS},
    }


def by_label(description: str) -> Schema:
    """A list of numbers, or a table of them by what they are called."""
    return {
        "description": description,
        "if": {"type": "object"},
        "then": {"type": "object", "description": "The numbers by name.", "additionalProperties": NUMBER},
        "else": array(description, NUMBER),
    }


def parameters_schema() -> Schema:
    """Parameters with names of their own."""
    trained = {"type": "boolean", "description": "Whether a step changes it; left out, as its layers say."}
    return {
        "type": "object",
        "description": "Parameters by name; the name in place of weights or biases shares one number among them.",
        "additionalProperties": {
            "if": {"type": "object"},
            "then": table("A parameter.", ["value"], value={**NUMBER, "description": "Its number."}, trained=trained),
            "else": NUMBER,
        },
    }


def problem_schema() -> Schema:
    """The JSON Schema of a problem file of any kind."""
    shared = shared_fields()
    referred = {name: {"description": rule["description"], "$ref": f"#/$defs/{name}"} for name, rule in shared.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Explainer problem",
        "anyOf": [kind_schema(kind, referred) for kind in KINDS],
        "$defs": shared,
    }


def kind_schema(name: str, shared: Mapping[str, Schema]) -> Schema:
    """The schema of a file of one kind, given that of the fields that files of every kind have."""
    kind = kind_of_problem(name)
    description = f'The kind of problem; left out, "{USUAL}", or "training" where there are several samples or steps.'
    stated = {"description": description, "const": name}
    required = kind.required if name in UNSTATED else ("kind", *kind.required)
    return {**table(kind.description, required, kind=stated, **kind.fields(), **shared), **kind.conditions}


def step_fields(**of_layers: Schema) -> dict[str, Schema]:
    """The fields of a step: the network, the sample and the training; `of_layers` are further ones of each layer."""
    layer = table(
        "One layer of units.",
        [],
        activation=activation_schema(),
        units={
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_UNITS,
            "description": "How many units, in place of weights; in letters, or where these are drawn.",
        },
        weights=array(
            "One row for each receiving unit, one column for each sending unit.",
            array("The weights of one unit.", NUMBER_OR_NAME, minItems=1),
            minItems=1,
        ),
        biases={
            "description": "One bias for each unit; left out, there are none. Without numbers, true: there are.",
            "if": {"type": "boolean"},
            "else": array("The biases of the layer.", NUMBER_OR_NAME),
        },
        thresholds=array("One threshold for each unit, in place of its bias: what is taken away, not added.", NUMBER),
        mask=array("Rows and columns as in weights: 1 for a connection, 0 where there is none.", MASK_ROW, minItems=1),
        trained=choice("Which parameters of the layer a step changes.", list(TRAINED), "all"),
        initialization=family_schema("How the weights of this layer are drawn.", INITIALIZERS, "xavier-uniform"),
        **of_layers,
    )
    sample = table(
        "One example.",
        ["inputs", "targets"],
        inputs=by_label("One number for each input."),
        targets=by_label("One number for each unit of the last layer."),
    )
    return fields(
        network=table(
            "A network of layers, each feeding the next.",
            ["inputs", "layers"],
            inputs=inputs_schema(),
            outputs=array("What the outputs are called.", LABEL, minItems=1),
            layers=array("The layers after the inputs, in order.", layer, minItems=1),
            parameters=parameters_schema(),
            initialization=family_schema("How weights are drawn that are not given.", INITIALIZERS, "xavier-uniform"),
            seed={"type": "integer", "minimum": 0, "maximum": LARGEST, "description": "What they are drawn from."},
        ),
        functions=functions_schema(),
        samples=array("The example of the step.", sample, minItems=1, maxItems=1),
        training=table("How the parameters are changed.", [], **training_fields()),
    )


def training_fields() -> dict[str, Schema]:
    """The fields of the training of one step."""
    return fields(
        loss=loss_schema(),
        optimizer=choice("The update rule.", ["sgd"], "sgd"),
        learning_rate=rate_schema(),
    )


def shared_fields() -> dict[str, Schema]:
    """The fields that files of every kind have."""
    return fields(
        title=text("The title of the page."),
        source=text("Where the problem comes from."),
        numbers=table(
            "How numbers are worked out and rounded.",
            [],
            arithmetic=choice(
                "By hand, in full precision, exactly in fractions, or in letters only.", list(ARITHMETICS), "decimal"
            ),
            decimals={**DECIMALS, "default": 4, "description": "Decimals of every result."},
            significant={**FIGURES, "description": "Significant figures of every result, instead."},
            trailing_zeros={
                "type": "boolean",
                "description": "Keep the trailing zeros of rounded numbers in the derivations.",
            },
            places=places_schema(),
        ),
        presentation=table(
            "How the page looks and reads.",
            [],
            convention=convention_choice(),
            detail=choice("How much of the arithmetic is shown.", DETAILS, "full"),
            language=choice("The language of the sentences.", languages(), "en"),
            rounding_sign=choice('"=" writes = after a rounding too.', ["≈", "="], "≈"),
            output_delta=choice(
                'Whether derivatives that cancel in δ of the outputs are left out, or worked out ("long").',
                ["short", "long"],
                "short",
            ),
            steps=array(
                'The steps of a training that are shown in full: their numbers, and "last"; none: only the table.',
                {"if": {"type": "string"}, "then": {"enum": ["last"]}, "else": {"type": "integer", "minimum": 1}},
            ),
            parameters=array("The parameters that the table of the epochs follows, by name.", LABEL),
            sections=array("Sections on what the numbers say.", choice("One of them.", SECTIONS), uniqueItems=True),
            longest_sum={
                "type": "integer",
                "minimum": 3,
                "maximum": 1000,
                "default": 10,
                "description": "Sums and lists of more terms are shown by their first and last terms.",
            },
            derivation={
                "type": "boolean",
                "default": False,
                "description": "End the page with the derivation of its rules from first principles.",
            },
        ),
        published={
            "type": "object",
            "description": "What the source prints, by the name of the quantity.",
            "additionalProperties": {
                "description": "The value, or a list: figures of its working, and the value last.",
                "if": {"type": "array"},
                "then": array("Figures of the working, and the value last.", NUMBER, minItems=1),
                "else": NUMBER,
            },
        },
        errata={
            "type": "object",
            "description": "Where the source is wrong, by the name of the quantity.",
            "additionalProperties": erratum_schema(),
        },
    )
