"""The JSON Schemas: valid themselves, and true of the files that they describe."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from command import PROBLEM, run

from explainer.maths.activations import ACTIVATIONS
from explainer.maths.arithmetics import ARITHMETICS
from explainer.maths.losses import LOSSES

PROBLEMS = sorted((Path(__file__).parent.parent / "problems").glob("*.toml"))


def schema(what: str) -> dict[str, Any]:
    """A schema as the command prints it."""
    found: dict[str, Any] = json.loads(run("schema", what).out)
    return found


def validator(what: str) -> jsonschema.Draft202012Validator:
    """What checks a file against a schema."""
    return jsonschema.Draft202012Validator(schema(what))


@pytest.mark.parametrize("what", ["problem", "trace"])
def test_a_schema_is_a_schema(what: str) -> None:
    """An editor that knows JSON Schema takes both."""
    found = schema(what)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(found)


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_every_published_problem_is_valid(path: Path) -> None:
    """An editor finds nothing wrong in the problems that ship."""
    assert list(validator("problem").iter_errors(tomllib.loads(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "wrong",
    [
        ("title", "titel"),
        ("inputs = 3", "inputs = true"),
        ("0.9", "0"),
        ("0.9", '"0.9"'),
        ('"half-squared-error"', '"half-square-error"'),
        ("half-squared-error", "mse"),
        ("[[samples]]", "[samples]"),
        ("[training]", "[numbers]\ndecimals = -1\n[training]"),
    ],
)
def test_an_editor_finds_what_the_command_finds(wrong: tuple[str, str]) -> None:
    """A fault of form is found by the schema alone, before the command is run."""
    assert validator("problem").is_valid(tomllib.loads(PROBLEM))
    assert not validator("problem").is_valid(tomllib.loads(PROBLEM.replace(*wrong, 1)))


def test_the_schema_offers_every_name() -> None:
    """An editor completes all activations and losses."""
    text = json.dumps(schema("problem"))
    assert [name for name in (*ACTIVATIONS, *LOSSES) if f'"{name}"' not in text] == []


def test_every_field_is_described() -> None:
    """An editor shows a sentence for every field of a problem."""
    assert list(undescribed(schema("problem"), "problem")) == []


def undescribed(rule: dict[str, Any], name: str) -> list[str]:
    """The fields within a rule that no sentence describes."""
    missing = []
    for key, inner in rule.get("properties", {}).items():
        missing += [] if "description" in inner else [f"{name}.{key}"]
        missing += undescribed(inner, f"{name}.{key}")
    for key in ("items", "then"):
        missing += undescribed(rule[key], f"{name}[]") if key in rule else []
    for place, inner in enumerate([*rule.get("anyOf", []), *rule.get("$defs", {}).values()]):
        missing += undescribed(inner, f"{name}({place})")
    return missing


def has_numbers(path: Path) -> bool:
    """Whether a step has numbers, and not only letters."""
    return all("weights" in layer for layer in tomllib.loads(path.read_text("utf-8"))["network"]["layers"])


def is_step(path: Path) -> bool:
    """Whether a problem is a single step on a network."""
    problem = tomllib.loads(path.read_text("utf-8"))
    return problem.get("kind", "step") == "step" and not {"epochs", "batch"} & problem.get("training", {}).keys()


STEPS = [path for path in PROBLEMS if is_step(path)]


@pytest.mark.parametrize(
    ("path", "arithmetic"),
    [(path, name) for path in STEPS for name in ARITHMETICS if has_numbers(path) or name == "letters"],
)
def test_the_trace_of_every_step_is_valid(path: Path, arithmetic: str) -> None:
    """What `trace -f json` writes is what `schema trace` promises."""
    written = json.loads(run("trace", str(path), "-f", "json", "--arithmetic", arithmetic).out)
    assert list(validator("trace").iter_errors(written)) == []
    assert written["steps"]
    assert {step["phase"] for step in written["steps"]} <= {
        "forward",
        "error",
        "backward",
        "update",
        "check",
        "inference",
    }


def test_the_schema_of_a_trace_promises_what_a_program_needs() -> None:
    """Every step has its name, role, indices, phase, law, formula, operands, value and printed value."""
    step = schema("trace")["properties"]["steps"]["items"]
    wanted = {"name", "role", "indices", "phase", "law", "formula", "operands", "value", "decimal", "printed"}
    assert set(step["required"]) == wanted
    assert set(step["properties"]["formula"]["required"]) == {"text", "latex"}
