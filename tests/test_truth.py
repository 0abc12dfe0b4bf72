"""Every equality that a page prints is true: it is read back from the page and worked out again from its digits.

Worked by hand ("decimal"), a side follows from the digits of the side before it, exactly or by the rounding
that the problem asks for. In full precision ("float"), the ranges that the printed digits stand for meet.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import pytest

import explainer
from tests import networks
from tests.reading import DISPLAYED, formulas
from tests.untruths import Reader

SEEDS = range(200)
ARITHMETICS = ("decimal", "float")
DETAILS = ("brief", "standard", "full")
MARKUPS = ("markdown", "latex", "text")


@lru_cache(maxsize=4)
def traced(seed: int, arithmetic: str, sign: str = "≈") -> explainer.api.Trace:
    """The trace of a random problem."""
    settings = {"numbers.arithmetic": arithmetic, "presentation.rounding_sign": sign}
    return explainer.trace(explainer.loads(networks.problem(seed).toml, settings=settings))


@lru_cache(maxsize=2)
def explained(seed: int, arithmetic: str, detail: str) -> explainer.api.Page:
    """The worked solution of a random problem."""
    return explainer.explain(traced(seed, arithmetic), detail=detail)


@cache
def rendered(seed: int, arithmetic: str, detail: str, markup: str) -> str:
    """The page of a random problem; every page is kept, since several tests read it."""
    return explainer.render(explained(seed, arithmetic, detail), markup)


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_equality_is_true(seed: int, arithmetic: str, detail: str, markup: str) -> None:
    """Whatever the network, each side of each chain follows from the digits printed before it."""
    page = rendered(seed, arithmetic, detail, markup)
    reader = Reader(page, markup, networks.problem(seed), arithmetic)
    assert reader.faults() == []
    assert reader.checked > 0


UGLY = re.compile(
    r"\+ ?[-−]|[-−] ?\+|[-−] ?[-−]"  # two signs in a row
    r"|[-−]0(?![\d.])|[-−]0\.0+(?!\d)"  # minus zero
    r"|\d[eE][-+−]?\d"  # a number as computers write it
    r"|\b(nan|NaN|inf|Infinity|None)\b"
)


def shown(page: str, markup: str) -> list[str]:
    """What of a page is mathematics; of plain text all of it, but for the lines under headings."""
    if markup == "text":
        return [line for line in page.splitlines() if set(line) - {"-", "="}]
    return formulas(page, markup)


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("seed", SEEDS)
def test_no_formula_is_ugly(seed: int, arithmetic: str, markup: str) -> None:
    """No formula of any page has two signs in a row, a minus zero, or a number as computers write it."""
    pages = [rendered(seed, arithmetic, detail, markup) for detail in DETAILS]
    assert [formula for page in pages for formula in shown(page, markup) if UGLY.search(formula)] == []


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("seed", SEEDS[::4])
def test_equality_signs_throughout(seed: int, arithmetic: str) -> None:
    """A lecturer who writes = after a rounding too gets pages without ≈, and with the same numbers."""
    trace = traced(seed, arithmetic, "=")
    for detail, markup in (("full", "markdown"), ("brief", "latex"), ("standard", "text")):
        page = explainer.render(explainer.explain(trace, detail=detail), markup)
        assert "≈" not in page
        assert "\\approx" not in page
        assert page == re.sub(r"\\approx|≈", "=", rendered(seed, arithmetic, detail, markup))
        assert Reader(page, markup, networks.problem(seed), arithmetic).faults(signs=False) == []


LECTURE = networks.Problem(
    inputs=("1", "0", "1"),
    layers=(
        networks.Layer("sigmoid", "0.01", (("0.2", "0.4", "-0.5"), ("-0.3", "0.1", "0.2")), ("-0.4", "0.2")),
        networks.Layer("leaky-relu", "0.01", (("-0.3", "-0.2"),), ("0.1",)),
    ),
    targets=("1",),
    loss="half-squared-error",
    rate="0.9",
    convention="lecture",
    rounding=networks.Rounding("decimals", 4),
)

NUMERAL = re.compile(r"(?<![\d._{])\d+\.\d+")


def page_of(problem: networks.Problem, markup: str) -> str:
    """The page of a problem worked by hand in full detail."""
    return explainer.render(explainer.explain(explainer.trace(explainer.loads(problem.toml))), markup)


def displayed(page: str, markup: str) -> Iterator[tuple[int, int]]:
    """Where the displayed chains of a page begin and end."""
    pattern = DISPLAYED if markup != "text" else re.compile(r"^ {4}(?=.*[=≈]).*$", re.MULTILINE)
    for match in pattern.finditer(page):
        yield match.span()


def altered(page: str, markup: str) -> Iterator[str]:
    """The page with the last digit of one number in a displayed chain changed, for each such number."""
    for start, end in displayed(page, markup):
        for match in NUMERAL.finditer(page, start, end):
            last = match.end() - 1
            yield page[:last] + str((int(page[last]) + 1) % 10) + page[last + 1 :]


@pytest.mark.parametrize("markup", MARKUPS)
def test_the_reader_finds_each_altered_digit(markup: str) -> None:
    """A page with one digit changed is found out, wherever the digit stands: these tests can fail."""
    page = page_of(LECTURE, markup)
    assert Reader(page, markup, LECTURE, "decimal").faults() == []
    others = list(altered(page, markup))
    assert len(others) > 100
    assert [other for other in others if not Reader(other, markup, LECTURE, "decimal").faults()] == []
