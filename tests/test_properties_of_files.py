"""Mutated problem files: whatever is in a file, the answer is a page or faults, never a traceback."""

import tomllib
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import explainer
from explainer.problem.read import checked
from explainer.publish.formats import FORMATS
from explainer.publish.records import RECORD_FORMATS

LECTURE = (Path(__file__).parent.parent / "problems" / "lecture-3-2-1.toml").read_text(encoding="utf-8")
TABLE = tomllib.loads(LECTURE, parse_float=Decimal)

THOROUGH = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=300)

Way = tuple[str | int, ...]


def ways(value: Any, before: Way = ()) -> list[Way]:
    """The way to every place in a table."""
    inside: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return [before] * bool(before) + [way for key, each in inside for way in ways(each, (*before, key))]


ODD_NUMBERS = st.sampled_from(
    [
        *map(Decimal, ["NaN", "Infinity", "-Infinity", "sNaN", "1e400", "-1e400", "1e-400", "1e999999", "-0.0", "0.0"]),
        *map(Decimal, ["3.0", "1e12", "-1e12", "1e-12", "0." + "1" * 5000, "99999999999999999999", "1e-999999"]),
        *[0, -1, 2**31, 2**63, 2**64, -(2**64), 10**30, 16**600, -(16**600)],
    ]
)
SCALARS = (
    st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | ODD_NUMBERS
    | st.booleans()
    | st.text(max_size=20)
    | st.dates()
    | st.times()
    | st.datetimes()
)
NAMES = st.text(max_size=8) | st.sampled_from(
    ["name", "slope", "all", "significant", "sigmoid", "leaky-relu", "relu", "linear", "tanh", "float", "net", "o_4"]
)
VALUES = st.recursive(
    SCALARS | NAMES, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(NAMES, inside, max_size=3)
)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(ways(TABLE)), st.sampled_from(["delete", "replace", "rename", "double", "nest"]), VALUES, NAMES
    ),
    min_size=1,
    max_size=3,
)


def changed(changes: list[tuple[Way, str, Any, str]]) -> dict[str, Any]:
    """The lecture's table after some changes; a change whose place is gone is left out."""
    table = deepcopy(TABLE)
    for way, kind, value, name in changes:
        here: Any = table
        try:
            for step in way[:-1]:
                here = here[step]
            old = here[way[-1]]
        except (LookupError, TypeError):
            continue
        if kind == "delete":
            del here[way[-1]]
        elif kind == "replace":
            here[way[-1]] = value
        elif kind == "rename" and isinstance(here, dict):
            here[name] = here.pop(way[-1])
        elif kind == "double" and isinstance(here, list):
            here.append(deepcopy(old))
        else:
            here[way[-1]] = [old]
    return table


def answered(table: dict[str, Any] | str) -> list[str]:
    """The lines of a problem's faults; without any, it is explained in every format."""
    try:
        problem = explainer.loads(table) if isinstance(table, str) else checked(table, (), "")
        trace = explainer.trace(problem)
    except explainer.ProblemError as error:
        lines = error.lines()
        assert lines
        return lines
    page = explainer.explain(trace)
    for name in FORMATS:
        assert explainer.render(page, name)
    for write in RECORD_FORMATS.values():
        assert write(trace)
    return []


@THOROUGH
@given(CHANGES)
def test_a_changed_problem_is_explained_or_its_faults_are(changes: list[tuple[Way, str, Any, str]]) -> None:
    """Deletions, other types, huge values and odd names give a page, or lines that can be read."""
    for line in answered(changed(changes)):
        assert line.isprintable()
        assert len(line) < 1000
        assert not any(word in line for word in ("Decimal(", "datetime.", "Traceback", "<class", "Rounding("))


@THOROUGH
@given(st.lists(st.tuples(st.integers(0, len(LECTURE)), st.integers(0, 12), st.text(max_size=6)), max_size=4))
def test_a_garbled_text_is_explained_or_its_faults_are(cuts: list[tuple[int, int, str]]) -> None:
    """A text with pieces cut out and others put in gives a page, or lines that can be read."""
    text = LECTURE
    for at, length, piece in cuts:
        text = text[:at] + piece + text[at + length :]
    assert all(line.isprintable() for line in answered(text))


@THOROUGH
@given(st.text() | st.text(alphabet="[]{}=\"'\\.,#\n\r abe0123-+_:TZ"))
def test_any_text_is_answered_with_faults(text: str) -> None:
    """Text that is no problem at all gives lines that can be read."""
    lines = answered(text)
    assert lines
    assert all(line.isprintable() for line in lines)


@THOROUGH
@given(content=st.binary())
@example(content=b"\xef\xbb\xbf")
@example(content=LECTURE.encode("utf-16"))
def test_any_bytes_are_answered_with_the_file_first(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """A file of any bytes gives lines that start with its name."""
    path = tmp_path_factory.getbasetemp() / "bytes.toml"
    path.write_bytes(content)
    with pytest.raises(explainer.ProblemError) as caught:
        explainer.load(path)
    assert all(line.startswith(f"{path}: ") for line in caught.value.lines())


MARKUP = st.text(alphabet="\\{}$%#&_^~<>|`*[]()!-=+:;\"'@/\n\t ½δ́\u202e\u200b\u00ad\U0001f600\x1b\x7f\x00aB1")


@settings(THOROUGH, max_examples=100)
@given(st.text() | MARKUP, st.text() | MARKUP)
def test_any_title_and_source_are_printed(title: str, source: str) -> None:
    """Titles and sources of any characters print in every format, and a page keeps its form."""
    table = {**deepcopy(TABLE), "title": title, "source": source}
    lines = answered(table)
    assert all("expected at most 500" in line for line in lines)


@THOROUGH
@given(st.sampled_from([way for way in ways(TABLE) if isinstance(way[-1], int)]), SCALARS)
def test_values_in_range_never_fail_and_others_are_named(way: Way, value: Any) -> None:
    """A single number that is changed either gives a page or is named by its place."""
    lines = answered(changed([(way, "replace", value, "")]))
    place = str(way[0]) + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in way[1:])
    assert not lines or any(line.startswith((place, f"{place}:")) or "beyond the range" in line for line in lines)
