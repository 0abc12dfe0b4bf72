"""The numbers that a file cannot do without, for editors: reading says it in better words (`complete`)."""

from collections.abc import Sequence

from explainer.maths.optimizers import OPTIMIZERS
from explainer.problem.schema import LETTERS, Schema


def asks_for(required: Sequence[str], **properties: Schema) -> Schema:
    """What must be there, whatever it is."""
    return {"required": list(required), "properties": properties}


UNRATED = [name for name, family in OPTIMIZERS.items() if not family.rated]

RATE_NEEDED: Schema = {
    "anyOf": [
        asks_for(["learning_rate"]),
        asks_for(
            ["optimizer"],
            optimizer={"anyOf": [{"enum": UNRATED}, {"type": "object", **asks_for(["name"], name={"enum": UNRATED})}]},
        ),
    ]
}
"""A learning rate, but for an optimizer that finds its own."""

NUMBERS_NEEDED: Schema = {
    "if": asks_for(["numbers"], numbers=asks_for(["arithmetic"], arithmetic={"const": LETTERS})),
    "else": asks_for(
        ["samples", "training"],
        network={
            "anyOf": [
                asks_for(["initialization"]),
                asks_for(
                    [],
                    layers={
                        "items": {
                            "anyOf": [asks_for(["weights"], biases={"type": "array"}), asks_for(["initialization"])]
                        }
                    },
                ),
            ]
        },
        training=RATE_NEEDED,
    ),
}
"""What a step does without in letters only."""
