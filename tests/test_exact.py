"""Exact arithmetic: every printed equality holds to the last digit, and the decimals beside are right."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest

import explainer
from explainer.api import Trace
from explainer.check.report import findings
from explainer.publish.formats import FORMATS
from explainer.publish.records import as_json
from tests import networks
from tests.mathematics import Node, Num, Quotient, Sym, children, leaves, with_children
from tests.reading import Chain, Side, chains, formulas
from tests.test_gradients import close, smooth
from tests.test_truth import UGLY, altered
from tests.untruths import Rule, is_numeric
from tests.values import PRECISE, Exact, decimal, exact, magnitude, same

PROBLEMS = Path(__file__).parent.parent / "problems"

SEEDS = range(30)
MARKUPS = ("markdown", "latex", "text")
DETAILS = ("brief", "standard", "full")
NEAR = Decimal("1e-50")
USUAL = networks.Parameters(Fraction(1, 100), Fraction(1), Fraction(1), tanh_form=False)

# -- reading a page ---------------------------------------------------------------------------------


def written(value: Fraction) -> Node:
    """A fraction as the reader of pages has it."""
    parts = (Num(Decimal(part), Decimal(1), whole=True) for part in (value.numerator, value.denominator))
    return Quotient(*parts)


def is_of_decimals(chain: Chain) -> bool:
    """Whether a chain says nothing but a decimal of something; plain text has these first, so they are read last."""
    return len(chain) > 1 and chain[1].relation == "≈"


class Reader:
    """Reads an exact page for untruths, knowing the given numbers of the file and nothing else."""

    def __init__(self, page: str, markup: str, trace: Trace, rule: Rule, parameters: networks.Parameters) -> None:
        self.chains = sorted(chains(page, markup), key=is_of_decimals)
        self.parameters = parameters
        self.rule = rule
        printer = FORMATS[markup].printer
        self.numbers: dict[str, Node] = {
            printer(quantity, trace.names): written(Fraction(number)) for quantity, number in trace.given.items()
        }
        self.irrational: set[str] = set()
        self.checked = 0

    def faults(self) -> list[str]:
        """Every line that is not true."""
        return [fault for chain in self.chains for fault in self.untrue(chain)]

    def untrue(self, chain: Chain) -> Iterator[str]:
        """What is not true of the sides of a chain; what its first side is worth is known from then on."""
        subject, *others = chain
        sides = [side for side in chain if is_numeric(self.put_in(side.node))]
        if sides and isinstance(subject.node, Sym) and subject.node.name not in self.numbers:
            self.learn(subject.node.name, sides[0])
        elif not sides or not others:
            return
        for left, right in pairwise(sides):
            self.checked += 1
            if not self.follows(left, right):
                yield f"{left.text} {right.relation} {right.text}"

    def learn(self, name: str, side: Side) -> None:
        """The value of a quantity, from the first side of numbers that it is said to equal."""
        value = self.value(side.node)
        if isinstance(value, Fraction) and not self.names(side.node) & self.irrational:
            self.numbers[name] = written(value)
        else:
            self.irrational.add(name)
            self.numbers[name] = Num(decimal(value), Decimal(1), whole=False)

    def follows(self, left: Side, right: Side) -> bool:
        """Whether a side is the same as the one before it, or after ≈ its rounding."""
        one, other = self.value(left.node), self.value(right.node)
        inexact = (self.names(left.node) | self.names(right.node)) & self.irrational
        equal = near(one, other) if inexact else same(one, other)
        if right.relation == "=":
            return equal
        if inexact and near(one, other):  # what cancels to the last digit carried is not known to be 0
            return True
        return not equal and isinstance(other, Fraction) and self.rule(decimal(one)) == decimal(other)

    def value(self, node: Node) -> Exact:
        """What a side is worth."""
        return exact(self.put_in(node), self.parameters)

    def put_in(self, node: Node) -> Node:
        """A formula with its names replaced by what they are worth."""
        if isinstance(node, Sym):
            return self.numbers.get(node.name, node)
        inside = children(node)
        return with_children(node, tuple(map(self.put_in, inside))) if inside else node

    @staticmethod
    def names(node: Node) -> set[str]:
        """The names in a formula."""
        return {leaf.name for leaf in leaves(node) if isinstance(leaf, Sym)}


def near(one: Exact, other: Exact) -> bool:
    """Whether two values are the same but for the last of 120 digits."""
    gap = PRECISE.subtract(decimal(one), decimal(other))
    return abs(gap) <= NEAR * max(decimal(magnitude(one)), Decimal("1e-20"))


# -- random networks --------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def case(seed: int) -> tuple[networks.Problem, Trace]:
    """A random problem of moderate numbers with one slope, and its exact trace."""
    drawn = smooth(seed)
    layers = tuple(replace(layer, slope="0.1") for layer in drawn.layers)
    rounding = networks.Rounding(drawn.rounding.kind, drawn.rounding.places)
    problem = replace(drawn, layers=layers, rounding=rounding, longest_sum=10)
    return problem, explainer.trace(explainer.loads(problem.toml, arithmetic="exact"))


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_equality_is_true(seed: int, detail: str, markup: str) -> None:
    """Between fractions = holds exactly, between closed forms to 50 digits, and ≈ stands before roundings only."""
    problem, trace = case(seed)
    page = explainer.render(explainer.explain(trace, detail=detail), markup)
    reader = Reader(
        page, markup, trace, Rule(problem.rounding.kind, problem.rounding.places), problem.function_parameters
    )
    assert reader.faults() == []
    assert reader.checked > len(trace) / 3
    assert [formula for formula in formulas(page, markup) if UGLY.search(formula)] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_exact_values_are_those_of_double_precision(seed: int) -> None:
    """Fractions and closed forms agree with double precision in twelve digits."""
    problem, trace = case(seed)
    binary = explainer.trace(explainer.loads(problem.toml, arithmetic="float"))
    for step, other in zip(trace, binary, strict=True):
        assert close(float(step.value), other.value, 1e-11), step.name


@pytest.mark.parametrize("seed", SEEDS)
def test_piecewise_linear_networks_stay_in_fractions(seed: int) -> None:
    """Where every activation is linear or made of lines, and there is no logarithm, every value is a fraction."""
    problem, _ = case(seed)
    kinds = ("linear", "relu", "leaky-relu")
    layers = tuple(replace(layer, activation=kinds[place % 3]) for place, layer in enumerate(problem.layers))
    loss = "half-squared-error" if problem.loss in networks.LOGARITHMS else problem.loss
    trace = explainer.trace(explainer.loads(replace(problem, layers=layers, loss=loss).toml, arithmetic="exact"))
    assert {type(step.value) for step in trace} == {Fraction}


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("seed", range(40))
def test_any_network_can_be_shown(seed: int, markup: str) -> None:
    """Whatever its numbers, a network has an exact page whose formulas can be read."""
    trace = explainer.trace(explainer.loads(networks.problem(seed).toml, arithmetic="exact"))
    page = explainer.render(explainer.explain(trace), markup)
    assert chains(page, markup)
    assert [formula for formula in formulas(page, markup) if UGLY.search(formula)] == []


@pytest.mark.parametrize("seed", range(12))
def test_the_check_holds(seed: int) -> None:
    """`explainer check` finds every equality, gradient and δ of an exact trace right."""
    assert [wrong for finding in findings(case(seed)[1]) for wrong in finding.wrong] == []


# -- pages by example -------------------------------------------------------------------------------

LECTURE_LINES = """
w₁₄ = 0.2 = 1/5
= (1)(1/5) + (0)(2/5) + (1)(−1/2) + (−2/5)
= 1/5 − 1/2 − 2/5
= −7/10 = −0.7
= 1/(1 + e^(−(−7/10))) = 1/(1 + e^(7/10))
≈ 0.332
= −(3/10) o₄ − (1/5) o₅ + 1/10
o₆ = σ(net₆) = 1/(1 + e^(−net₆)) ≈ 0.474
= −(1/5) o₅(1 − o₅) δ₆
≈ −0.0065
= 2/5 + (9/10) δ₄ · 0 = 2/5 = 0.4
= w₁₄ⁿᵉʷ + w₃₄ⁿᵉʷ + b₄ⁿᵉʷ
|t₆ − o₆| = |1 − o₆| ≈ 0.526
"""


def lecture(**options: str) -> Trace:
    """The exact trace of the lecture's problem."""
    return explainer.trace(explainer.load(PROBLEMS / "lecture-3-2-1.toml", arithmetic="exact", **options))


def test_the_lecture_in_fractions() -> None:
    """What a person would write of the lecture's network stands on its page, in order."""
    page, at = " ".join(explainer.render(explainer.explain(lecture()), "text").split()), 0
    for line in filter(None, LECTURE_LINES.split("\n")):
        found = page.find(line, at)
        assert found >= 0, line
        at = found + len(line)


def test_the_reader_finds_each_altered_digit() -> None:
    """A page with one digit of a decimal changed is found out: these tests can fail."""
    trace = explainer.trace(explainer.load(PROBLEMS / "fractions-2-2-1.toml"))
    page = explainer.render(explainer.explain(trace), "markdown")
    rule = Rule("decimals", 4)
    assert Reader(page, "markdown", trace, rule, USUAL).faults() == []
    others = list(altered(page, "markdown"))
    assert len(others) > 25
    assert [other for other in others if not Reader(other, "markdown", trace, rule, USUAL).faults()] == []


def test_an_altered_fraction_is_found() -> None:
    """So is one with one part of a fraction changed, but in ReLU′, which has the same value for many."""
    trace = explainer.trace(explainer.load(PROBLEMS / "fractions-2-2-1.toml"))
    page = explainer.render(explainer.explain(trace), "markdown")
    places = [place for place in range(len(page)) if page.startswith(r"\frac{", place) and page[place + 6].isdigit()]
    displayed = [place for place in places if "aligned" in page[:place] and "ReLU}'" not in page[place - 20 : place]]
    assert len(displayed) > 40
    for place in displayed[:60]:
        other = page[: place + 6] + str((int(page[place + 6]) + 1) % 10) + page[place + 7 :]
        assert Reader(other, "markdown", trace, Rule("decimals", 4), USUAL).faults(), page[place - 20 : place + 20]


def test_records_have_the_fraction_and_its_decimal() -> None:
    """As JSON a value is a fraction or a closed form, with its decimal beside it."""
    found = {step["name"]: step for step in json.loads(as_json(lecture()))["steps"]}
    assert (found["net_4"]["value"], found["net_4"]["decimal"]) == ("-7/10", "-0.7")
    assert found["o_4"]["value"] == "1/(1 + e^(7/10))"
    assert found["o_4"]["decimal"].startswith("0.331812227831833893469211670370127704")
    assert found["o_4"]["printed"] == "0.332"


def test_what_cannot_be_rational_has_no_equality_sign() -> None:
    """A decimal of a number that is no fraction stands after ≈, or after = where a lecturer writes that throughout."""
    assert "o₄ = 0.332" not in explainer.render(explainer.explain(lecture()), "text")
    trace = explainer.trace(
        explainer.load(
            PROBLEMS / "lecture-3-2-1.toml", arithmetic="exact", settings={"presentation.rounding_sign": "="}
        )
    )
    page = explainer.render(explainer.explain(trace), "text")
    assert "o₄ = 0.332" in page
    assert findings(trace, changed=True)[0].wrong == ()


def test_values_put_in_are_exact() -> None:
    """A value put in is a fraction, and what follows is worked out with it."""
    trace = explainer.trace(lecture().problem, overrides={"o_4": "0.25", "o_5": "0.5"})
    assert trace["net_6"].value == Fraction(-3, 40)
    assert "(1/4)(−3/10) + (1/2)(−1/5) + 1/10" in explainer.render(explainer.explain(trace), "text")


def test_a_long_training_in_fractions_comes_to_an_end() -> None:
    """Fractions that grow with every step are carried with 40 digits in the end, near what a float gets."""
    file, settings = Path(__file__).parent.parent / "problems/foundations-training-linear.toml", {"training.epochs": 3}
    exactly, nearly = (
        explainer.train(explainer.load(file, arithmetic=arithmetic, settings=settings)).epochs[-1].error
        for arithmetic in ("exact", "float")
    )
    assert math.isclose(exactly, nearly, rel_tol=1e-9)


def test_a_division_by_zero_within_a_sum_is_refused() -> None:
    """A term without a value leaves the sum without one, exactly too: the page never says what 1/0 is."""
    text = 'kind = "function"\n[function]\nactivation = "z + sqrt(z)"\npoints = [0]\n'
    for arithmetic in ("exact", "decimal", "float"):
        with pytest.raises(explainer.ProblemError, match=r"f'\(0\): a division by 0"):
            explainer.trace(explainer.loads(text, arithmetic=arithmetic))


def test_what_a_step_has_left_is_no_decimal_that_it_is_not() -> None:
    """What the next step begins with is a fraction first where its decimal is rounded: 9/6250 is not 0.0014."""
    file = Path(__file__).parent.parent / "problems/optimizer-adam.toml"
    run = explainer.train(explainer.load(file, arithmetic="exact"))
    page = explainer.render(explainer.explain(run), "text")
    assert "v_w₂₃ = 9/6250 ≈ 0.0014" in page
    assert "m_w₂₃ = −0.12 = −3/25" in page
    assert not [finding.wrong for finding in findings(run) if finding.wrong]
