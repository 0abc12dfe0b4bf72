"""Kinds of problems: each has its tables, its equations, its page and its checks, and is chosen by one word."""

import tomllib
from pathlib import Path

import jsonschema
import pytest
from command import PROBLEM, run

import explainer
from explainer.check.report import DERIVATIVES
from explainer.explain.kinds import kind_of_page
from explainer.problem.kinds import KINDS, kind_of_problem
from explainer.problem.schema import problem_schema
from explainer.trace.kinds import kind_of_equations


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_each_of_its_parts(kind: str) -> None:
    """A kind can be read, worked out, shown and checked."""
    assert kind_of_problem(kind).required
    assert kind_of_equations(kind)
    assert kind_of_page(kind).sections
    assert kind in DERIVATIVES


def test_no_part_of_a_kind_is_left_over() -> None:
    """Each module beside the others belongs to a kind that there is."""
    package = Path(explainer.__file__).parent
    for part in ("problem", "trace", "explain"):
        modules = {path.stem.replace("_", "-") for path in (package / part / "kinds").glob("*.py")} - {"--init--"}
        assert modules == set(KINDS)


def test_a_file_may_state_the_usual_kind() -> None:
    """A step is a step, whether the file says so or not."""
    assert explainer.loads(f'kind = "step"\n{PROBLEM}').task == explainer.loads(PROBLEM).task


@pytest.mark.parametrize(
    ("stated", "fault"),
    [
        ('"setp"', 'kind: unknown kind "setp" (did you mean "step"?)'),
        ("3", "kind: found 3, expected one of: step"),
        ("false", "kind: found false, expected one of: step"),
        ('""', 'kind: unknown kind "" (expected one of: step'),
    ],
)
def test_an_unknown_kind_is_a_fault(stated: str, fault: str, tmp_path: Path) -> None:
    """A kind that there is not is refused by name, and nothing else is said of a file that cannot be understood."""
    file = tmp_path / "x.toml"
    file.write_text(f"kind = {stated}\n{PROBLEM.replace('0.9', '0')}", encoding="utf-8")
    done = run("explain", str(file))
    assert done.status == 2
    assert [line.partition(": ")[2][: len(fault)] for line in done.err] == [fault]


def test_an_editor_knows_the_kinds() -> None:
    """The published schema takes a stated kind and no unknown one."""
    validator = jsonschema.Draft202012Validator(problem_schema())
    assert validator.is_valid(tomllib.loads(f'kind = "step"\n{PROBLEM}'))
    assert not validator.is_valid(tomllib.loads(f'kind = "setp"\n{PROBLEM}'))
