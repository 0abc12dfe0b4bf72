"""What a reader would stumble over: every sentence and every sign bears comparison with what stands beside it."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import explainer
from explainer.problem.convention import convention_names
from explainer.problem.model import Problem
from explainer.publish.latex import LatexPrinter
from explainer.publish.text import TextPrinter
from tests import networks
from tests.reading import formulas
from tests.test_gradients import smooth

PROBLEMS = Path(__file__).parent.parent / "problems"
LECTURE = PROBLEMS / "lecture-3-2-1.toml"
BATCH = PROBLEMS / "batch-3-2-1-sample-1.toml"
CONVENTIONS = [*networks.CONVENTIONS, "matrix"]


def page(problem: Problem, markup: str = "text") -> str:
    """The page of a problem."""
    return explainer.render(explainer.explain(explainer.trace(problem)), markup)


def flat(text: str) -> str:
    """A page without the ends of its lines."""
    return re.sub(r"\s+", " ", text)


# -- signs -------------------------------------------------------------------------------------------

NAME = r"(?:\\?[A-Za-z]+|\\mathrm\{\w+\})_(?:\{[^{}]*\}|\w)(?:\^\{[^()]*?\([^{}]*\})?"
CALLED = {
    "text": re.compile(r"[₀-₉⁾ⁿᵉʷ]\s?\(−?\d+(?:[./]\d+)?\)"),
    "latex": re.compile(rf"{NAME}(?:\\left)?\(-?(?:\d+(?:\.\d+)?\)|\\frac\{{\d+\}}\{{\d+\}}\\right\))"),
}
"""A name with a number in brackets right behind it, which reads as a function of the number."""


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("markup", ["text", "markdown", "latex"])
def test_no_name_is_followed_by_a_number_in_brackets(convention: str, markup: str) -> None:
    """Exactly, a number after a name stands behind a dot: o₄ · (−3/10), and not o₄(−3/10)."""
    pattern = CALLED["text" if markup == "text" else "latex"]
    for name in ("lecture-3-2-1", "fractions-2-2-1"):
        problem = explainer.load(PROBLEMS / f"{name}.toml", convention=convention, arithmetic="exact")
        shown = formulas(page(problem, markup), markup)
        assert len(shown) > 30
        assert [formula for formula in shown if pattern.search(formula)] == []


def test_a_number_in_brackets_behind_a_name_is_seen() -> None:
    """The patterns of the test above find what they are to find."""
    assert CALLED["text"].search("o₄(−3/10) + 1")
    assert CALLED["text"].search("a₁⁽²⁾(0.5)")
    assert CALLED["latex"].search(r"o_4\left(-\frac{3}{10}\right)")
    assert CALLED["latex"].search(r"\frac{9}{10} \delta_4(1)")
    assert CALLED["latex"].search(r"a_1^{(2)}(0)")


@pytest.mark.parametrize("convention", ["layered", "flat"])
def test_what_is_taken_away_is_taken_away_as_zero_too(convention: str) -> None:
    """Against the gradient, 0.4 − (0.9)(0.0087)(0) is 0.4 − 0, and not 0.4 + 0."""
    lines = page(explainer.load(LECTURE, convention=convention)).split("\n")
    taken = [line for line in lines if re.search(r"− \(0\.\d+\)[^+−]*\(0\)", line)]
    assert taken
    assert [line for line in taken if "+ 0" in line or not re.search(r"− 0(?![.\d])", line)] == []


@pytest.mark.parametrize("convention", convention_names())
def test_two_marks_above_a_name_have_a_gap(convention: str) -> None:
    """In plain text the mark of a new value does not run into that of a layer: w₁₁⁽²⁾ ⁿᵉʷ."""
    text = page(explainer.load(LECTURE, convention=convention))
    assert "ⁿᵉʷ" in text or "_new" in text or "^[1]" in text
    assert re.findall(r"[⁾\]]ⁿᵉʷ", text) == []


# -- sentences beside figures ------------------------------------------------------------------------

GAP = re.compile(r"(Reduced|Increased) by: (.*?) ([≈=]) ([\d.]+(?:·10\S+)?)(, taken before the two are rounded)?(?= )")
MOMENT = re.compile(r"(?:Error|Loss) (before|after) the step: .*?[≈=] ([\d.]+)(?= •| Reduced| Increased)")


@pytest.mark.parametrize("arithmetic", ["exact", "float"])
@pytest.mark.parametrize("seed", range(40))
def test_the_difference_is_told_as_what_it_is(seed: int, arithmetic: str) -> None:
    """Where more is carried than printed, the difference of two quantities is stated, rounded; and where the two
    figures beside it give other digits, that is said.
    """
    text = flat(page(explainer.loads(smooth(seed).toml, arithmetic=arithmetic)))
    told = GAP.search(text)
    if told is None or "·10" in text[told.start() - 300 : told.end()]:
        pytest.skip("nothing has changed, or the figures are too small to be compared by eye")
    _, named, _, digits, remark = told.groups()
    before, after = (Decimal(figure) for _, figure in MOMENT.findall(text))
    assert "ⁿᵉʷ" in named
    assert (abs(before - after) == Decimal(digits)) == (remark is None)


ROW = re.compile(r"^\| \$(\S*?)\$ +\|.*\| +\$[-+]?(?:([\d.]+)(?: \\times )?)?(?:10\^\{(-?\d+)\})?\$ \|$", re.MULTILINE)


@pytest.mark.parametrize("seed", range(60))
def test_the_remarks_hold_of_the_table(seed: int) -> None:
    """What is said of the changes holds of those in the table, or is said to be so before the values are rounded."""
    trace = explainer.trace(explainer.loads(smooth(seed).toml))
    text = explainer.render(explainer.explain(trace), "markdown")
    table = {name: Decimal(change or 1).scaleb(int(power or 0)) for name, change, power in ROW.findall(text)}
    outer, inner = ([table[name] for name in trained(trace, last=last)] for last in (True, False))
    most = re.search(r"^- \$(\S+)\$ is changed most, by \$[^$]+\$(?! before)", text, re.MULTILINE)
    if most:
        assert table[most[1]] == max(*outer, *inner, 0)
        assert [*outer, *inner].count(table[most[1]]) == 1
    if re.search(r"^- In the output layer every change is larger", text, re.MULTILINE):
        assert min(outer) > max(inner)
    if re.search(r"^- In the output layer every change that is not 0 is larger", text, re.MULTILINE):
        assert min(change for change in outer if change) > max(inner)


def trained(trace: explainer.Trace, *, last: bool) -> Iterator[str]:
    """The names of the parameters that are trained, as the table has them: of the output layer, or of all others."""
    final = len(trace.problem.network.layers)
    for step in trace:
        if step.equation.law == "update" and last == (step.quantity.layer == final):
            yield LatexPrinter()(step.quantity.original(), trace.names)


def test_hmkcode_says_which_changes_it_compares() -> None:
    """Its new weights have two decimals, so that in its table changes are alike that are not before the rounding."""
    text = flat(page(explainer.load(PROBLEMS / "hmkcode-2-2-1.toml")))
    assert "In the output layer every change, before the new values are rounded, is larger in size" in text
    assert re.findall(r"w₂ 0.21 0.23 \+0.02 .*w₆ 0.15 0.17 \+0.02", text)


# -- slices ------------------------------------------------------------------------------------------

WORDS = ("δ", "changes", "net inputs in the check", "the loss", "powers of e")
NEEDED = {
    "o_4": {"powers of e"},
    "E": {"powers of e", "the loss"},
    "delta_4": {"powers of e", "δ"},
    "dw_14": {"powers of e", "δ", "changes"},
    "net_4_new": {"powers of e", "δ", "changes", "net inputs in the check"},
}
"""Of what the lecture's rounding makes exceptions, what goes into each of these quantities."""


@pytest.mark.parametrize("name", NEEDED)
def test_a_slice_names_the_roundings_that_it_has(name: str) -> None:
    """The paragraph on rounding makes no exception for what does not occur on the page of one quantity."""
    settings = {"numbers.places": {"exp": 4, "delta": 4, "change": 4, "loss": 6, "check.net": 3}}
    trace = explainer.trace(explainer.load(LECTURE, settings=settings), only=name)
    text = flat(explainer.render(explainer.explain(trace), "text"))
    told = re.search(r"Exceptions: (.*?)\. [A-Z]", text)
    assert told is not None
    assert {words for words in WORDS if words in told[1]} == NEEDED[name]


# -- laws --------------------------------------------------------------------------------------------


def test_the_laws_hold_for_the_output_too() -> None:
    """Where the output layer has letters of its own, each general law is stated in them as well."""
    text = flat(page(explainer.load(BATCH)))
    assert "netⱼ = Σᵢ vᵢⱼ xᵢ (s = Σᵢ wᵢ hᵢ at the output)" in text
    assert "For every unit, ∂E/∂netⱼ (∂E/∂s at the output) says" in text
    assert "At the output this is ∂E/∂wᵢ = ∂E/∂s · hᵢ and wᵢⁿᵉʷ = wᵢ − η · ∂E/∂wᵢ." in text


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_no_law_is_stated_twice_where_the_letters_are_the_same(convention: str) -> None:
    """Conventions with the same letters in all layers state each law once."""
    assert "t the output this is" not in flat(page(explainer.load(LECTURE, convention=convention)))


# -- names -------------------------------------------------------------------------------------------

MEANT = [
    ("layered", "w_12", ["w_12^(1)", "w_12^(2)"]),
    ("layered", "w_14", ["w_11^(1)"]),
    ("layered", "z_1", ["z_1^(1)", "z_1^(2)"]),
    ("layered", "delta_4", ["delta_1^(1)"]),
    ("layered", "o_4", ["a_1^(1)"]),
    ("layered", "dw_14", ["dw_11^(1)"]),
    ("matrix", "δ_6", ["delta_1^[2]"]),
    ("flat", "net_4", ["net_h1"]),
    ("flat", "w_46", ["w_7"]),
    ("aima", "b_4", ["w_04"]),
    ("threshold", "net_5", ["X_5"]),
    ("mitchell", "w_14", ["w_41"]),
]
"""What is asked for in a convention, and what should have been: the same with its layer, or what another calls so."""


@pytest.mark.parametrize(("convention", "name", "expected"), MEANT)
def test_a_name_of_another_convention_is_understood(convention: str, name: str, expected: list[str]) -> None:
    """Whoever asks by the name that another convention has is told what the quantity is called on this page."""
    trace = explainer.trace(explainer.load(LECTURE, convention=convention))
    with pytest.raises(explainer.ProblemError) as refused:
        trace.only(name)
    assert re.findall(r'"([^"]+)"', str(refused.value))[1:] == expected
    assert all(trace.only(each).wanted for each in expected)


@pytest.mark.parametrize("convention", convention_names())
def test_every_name_of_a_page_is_found_as_it_is_printed(convention: str) -> None:
    """A name copied from a page of plain text is understood, with its layer and the mark of a new value."""
    trace = explainer.trace(explainer.load(LECTURE, convention=convention))
    for step in trace:
        printed = TextPrinter()(step.quantity, trace.names)
        if not printed.startswith("∂"):
            assert trace.find(printed) == step.quantity
