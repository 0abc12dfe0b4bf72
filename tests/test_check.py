"""The check finds what is wrong: a law, a function, a rounding or a figure that is not right does not pass."""

import math
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

import explainer
from explainer.check.derivatives import exact_values, states
from explainer.check.doubt import doubts
from explainer.check.findings import Finding
from explainer.check.report import findings
from explainer.maths import functions
from explainer.maths.arithmetic import DecimalArithmetic, Value
from explainer.maths.formula import Formula, Sum, difference
from explainer.maths.functions import Function
from explainer.trace.derive import Step
from explainer.trace.laws import Laws
from tests.command import PROBLEM, run

PROBLEMS = Path(__file__).parent.parent / "problems"

Patch = pytest.MonkeyPatch


def checked(name: str, **options: str) -> dict[str, Finding]:
    """What the check finds in a problem, by its subject."""
    trace = explainer.trace(explainer.load(PROBLEMS / f"{name}.toml", **options))
    return {each.subject: each for each in findings(trace)}


def wrong_update(patch: Patch) -> None:
    """w − Δw for w + Δw"""
    patch.setattr(Laws, "update", lambda self, parameter, change: difference(parameter, change))


def wrong_sign(patch: Patch) -> None:
    """Δw = −η δ x for +η δ x"""
    patch.setattr(Laws, "downhill", property(lambda self: False))


def one_term(patch: Patch) -> None:
    """The first of the terms of a hidden δ, where it is a sum over all units that are fed."""
    every: Callable[[Step, int, int, int], Formula] = Step.passed_back

    def first(self: Step, layer: int, unit: int, sample: int) -> Formula:
        formula = every(self, layer, unit, sample)
        return formula.terms[0] if isinstance(formula, Sum) else formula

    patch.setattr(Step, "passed_back", first)


@pytest.mark.parametrize("mistake", [wrong_update, wrong_sign, one_term])
def test_a_wrong_law_is_found(mistake: Callable[[Patch], None], monkeypatch: Patch) -> None:
    """A law that is not that of backpropagation fails against the derivatives, whatever the page looks like."""
    assert not any(each.wrong for each in checked("mazur-2-2-2").values())
    mistake(monkeypatch)
    name = "mazur-2-2-2" if mistake is one_term else "byu-2-2-2-2"
    found = checked(name)
    assert found["gradients"].wrong or found["δ"].wrong


def test_a_function_that_is_off_by_a_millionth_is_found(monkeypatch: Patch) -> None:
    """A value carried in full precision is compared with the exact one."""
    right = functions.FUNCTIONS["sigmoid"]
    off = Function("σ", lambda z: right.binary(z) + 1e-6, right.decimal)
    monkeypatch.setitem(functions.FUNCTIONS, "sigmoid", off)  # type: ignore[arg-type]
    assert math.isclose(off.binary(0.0), 0.5, abs_tol=2e-6)
    assert checked("byu-2-2-2-2", detail="brief")["δ"].wrong


def test_a_wrong_rounding_is_found(monkeypatch: Patch) -> None:
    """A result that is not the rounding of the digits before it is an untrue equality."""
    right = DecimalArithmetic.work

    def off(self: DecimalArithmetic, *arguments: object) -> Value:
        return right(self, *arguments) + Decimal("0.001")  # type: ignore[arg-type]

    monkeypatch.setattr(DecimalArithmetic, "work", off)
    assert checked("lecture-3-2-1")["printed equalities"].wrong


@pytest.mark.parametrize(
    ("name", "figure"),
    [("published.o_4", Decimal("0.333")), ("errata.dw_46.right", Decimal("0.0393")), ("errata.o_6.right", "1/(1 + e)")],
)
def test_a_wrong_figure_is_found(name: str, figure: object) -> None:
    """A published figure, or an erratum, that the page does not bear out is named."""
    settings = {name: figure}
    trace = explainer.trace(explainer.load(PROBLEMS / "lecture-3-2-1.toml", settings=settings))
    wrong = [line for each in findings(trace) for line in each.wrong]
    assert len(wrong) == 1
    assert name.split(".")[1] in wrong[0]


def test_figures_are_only_said_to_be_left_out_where_there_are_any(tmp_path: Path) -> None:
    """With another convention, a file without published figures is not told that they do not apply."""
    (tmp_path / "x.toml").write_text(PROBLEM, encoding="utf-8")
    assert "left out" not in run("check", str(tmp_path / "x.toml"), "--convention", "flat").out
    assert "left out: they hold" in run("check", "lecture-3-2-1", "--convention", "flat").out


SATURATED = """
[network]
inputs = 2
[[network.layers]]
weights = [[18.3, 7.7], [-12.1, 9.3]]
biases = [3.1, -4.2]
[[network.layers]]
weights = [[{weight}, 6.9]]
biases = [3.3]
[[samples]]
inputs = [1, 0.7]
targets = [1]
[training]
learning_rate = 0.5
[numbers]
arithmetic = "float"
"""


@pytest.mark.parametrize("weight", ["0.5", "7.7", "17.7", "24.3"])
def test_digits_that_cancel_are_no_mistake(weight: str) -> None:
    """Where outputs are so close to 1 that few digits of 1 − o are left, what follows from them is held to be right."""
    trace = explainer.trace(explainer.loads(SATURATED.format(weight=weight)))
    assert [wrong for finding in findings(trace) for wrong in finding.wrong] == []


@pytest.mark.parametrize("part", [1e-6, 1e-12, 0.1])
def test_doubt_covers_no_mistake(part: float) -> None:
    """A value is held to be wrong as soon as it is off by more than double precision can explain."""
    trace = explainer.trace(explainer.loads(SATURATED.format(weight="7.7")))
    exactly, possible = exact_values(trace), doubts(trace)
    told = [states(trace, replace(each, value=each.value * (1 + part)), exactly) for each in trace.phases["backward"]]
    small = [part < 1e-9 or part * abs(each.value) < possible[each.quantity] for each in trace.phases["backward"]]
    assert told == small
    assert part < 0.1 or not any(told)
