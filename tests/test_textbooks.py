"""The published examples: every figure reproduced or listed as an erratum, every displayed line in its place."""

import re
from pathlib import Path

import pytest

import explainer
from explainer.check.report import findings
from explainer.problem.convention import convention, convention_names

PROBLEMS = Path(__file__).parent.parent / "problems"

# The displayed lines of the lecture's section 7, in its order, typed from the source with the four errata
# mended: 0.0392 for 0.0391, 0.52 for 0.521, the sign in the exponent of o_6, and w_ij throughout.
LECTURE_LINES = """
x₁ = 1, x₂ = 0, x₃ = 1
t₆ = 1
η = 0.9
net₄ = x₁ w₁₄ + x₂ w₂₄ + x₃ w₃₄ + b₄
= (1)(0.2) + (0)(0.4) + (1)(−0.5) + (−0.4)
= 0.2 + 0 − 0.5 − 0.4
= −0.7
o₄ = σ(net₄) =
1/(1 + e^(−(−0.7))) = 1/(1 + e^0.7)
= 1/(1 + 2.0138) = 1/3.0138
= 0.332
net₅ = x₁ w₁₅ + x₂ w₂₅ + x₃ w₃₅ + b₅
= (1)(−0.3) + (0)(0.1) + (1)(0.2) + 0.2
= −0.3 + 0 + 0.2 + 0.2
= 0.1
o₅ = σ(net₅) =
1/(1 + e^(−0.1))
= 1/(1 + 0.9048) = 1/1.9048
= 0.525
net₆ = o₄ w₄₆ + o₅ w₅₆ + b₆
= (0.332)(−0.3) + (0.525)(−0.2) + 0.1
= −0.0996 − 0.105 + 0.1
= −0.1046
o₆ = σ(net₆) =
1/(1 + e^(−(−0.1046))) = 1/(1 + e^0.1046)
= 1/(1 + 1.1103) = 1/2.1103
= 0.474
o₄ = 0.332, o₅ = 0.525
o₆ = 0.474
t₆ − o₆ = 1 − 0.474 = 0.526
δₖ = oₖ(1 − oₖ)(tₖ − oₖ)
δ₆ = o₆(1 − o₆)(t₆ − o₆)
= 0.474(1 − 0.474)(1 − 0.474)
= 0.474 × 0.526 × 0.526
= 0.1311
δₕ = oₕ(1 − oₕ) Σₖ wₕₖ δₖ
δ₅ = o₅(1 − o₅) w₅₆ δ₆
= 0.525(1 − 0.525)(−0.2)(0.1311)
= 0.525 × 0.475 × (−0.2) × 0.1311
= −0.0065
δ₄ = o₄(1 − o₄) w₄₆ δ₆
= 0.332(1 − 0.332)(−0.3)(0.1311)
= 0.332 × 0.668 × (−0.3) × 0.1311
= −0.0087
w₄₆ⁿᵉʷ = w₄₆
= −0.3 + (0.9)(0.1311)(0.332) = −0.3 + 0.0392 = −0.261
w₅₆ⁿᵉʷ = w₅₆
= −0.2 + (0.9)(0.1311)(0.525) = −0.2 + 0.0619 = −0.138
b₆ⁿᵉʷ = b₆
= 0.1 + (0.9)(0.1311) = 0.1 + 0.118 = 0.218
w₁₄ⁿᵉʷ = w₁₄
= 0.2 + (0.9)(−0.0087)(1) = 0.2 − 0.0078 = 0.192
w₂₄ⁿᵉʷ = w₂₄
= 0.4 + (0.9)(−0.0087)(0) = 0.4 + 0 = 0.4
w₃₄ⁿᵉʷ = w₃₄
= −0.5 + (0.9)(−0.0087)(1) = −0.5 − 0.0078 = −0.508
b₄ⁿᵉʷ = b₄
= −0.4 + (0.9)(−0.0087) = −0.4 − 0.0078 = −0.408
w₁₅ⁿᵉʷ = w₁₅
= −0.3 + (0.9)(−0.0065)(1) = −0.3 − 0.0059 = −0.306
w₂₅ⁿᵉʷ = w₂₅
= 0.1 + (0.9)(−0.0065)(0) = 0.1 + 0 = 0.1
w₃₅ⁿᵉʷ = w₃₅
= 0.2 + (0.9)(−0.0065)(1) = 0.2 − 0.0059 = 0.194
b₅ⁿᵉʷ = b₅
= 0.2 + (0.9)(−0.0065) = 0.2 − 0.0059 = 0.194
net₄ⁿᵉʷ =
= (1)(0.192) + (0)(0.4) + (1)(−0.508) + (−0.408)
= −0.724
o₄ⁿᵉʷ = σ(net₄ⁿᵉʷ) = σ(−0.724) = 0.327
net₅ⁿᵉʷ =
= (1)(−0.306) + (0)(0.1) + (1)(0.194) + 0.194
= 0.082
o₅ⁿᵉʷ = σ(net₅ⁿᵉʷ) = σ(0.082) = 0.52
net₆ⁿᵉʷ =
= (0.327)(−0.261) + (0.52)(−0.138) + 0.218
= 0.061
o₆ⁿᵉʷ = σ(net₆ⁿᵉʷ) = σ(0.061) = 0.515
= |1 − 0.474| = 0.526
= |1 − 0.515| = 0.485
0.526 − 0.485 = 0.041
w₁₄ 0.200 0.192 −0.008
w₂₄ 0.400 0.400 0.000
w₃₄ −0.500 −0.508 −0.008
w₁₅ −0.300 −0.306 −0.006
w₂₅ 0.100 0.100 0.000
w₃₅ 0.200 0.194 −0.006
w₄₆ −0.300 −0.261 +0.039
w₅₆ −0.200 −0.138 +0.062
b₄ −0.400 −0.408 −0.008
b₅ 0.200 0.194 −0.006
b₆ 0.100 0.218 +0.118
o₆ 0.474 0.515 +0.041
|t₆ − o₆| 0.526 0.485 −0.041
b₆ is changed most, by +0.118
w₂₄ and w₂₅ did not move, because x₂ = 0
"""

# The loss of the lecture network in full precision, recomputed from the source:
# before and after one step.
LECTURE_LOSS = (0.138396, 0.117492)


def page_of(name: str, **options: object) -> str:
    """The page of a problem as plain text on one line."""
    problem = explainer.load(PROBLEMS / f"{name}.toml", settings={"presentation.rounding_sign": "="}, **options)
    page = explainer.render(explainer.explain(explainer.trace(problem)), "text")
    return re.sub(r"\s+", " ", page)


def test_the_lecture_is_reproduced_line_by_line() -> None:
    """Every displayed line of the lecture's worked example stands on the page, in the lecture's order."""
    page, at = page_of("lecture-3-2-1"), 0
    for line in filter(None, LECTURE_LINES.split("\n")):
        found = page.find(line, at)
        assert found >= 0, f"not found, or not in its place: {line}"
        at = found + len(line)


def test_the_errata_are_not_repeated() -> None:
    """What the lecture prints wrongly does not stand on the page."""
    page = page_of("lecture-3-2-1")
    for wrong in ("0.0391", "0.521", "e^(−0.1046)", "e^(−(0.1046))", "w₄₁", "w₆₅"):
        assert wrong not in page


def test_full_precision_agrees_with_the_published_loss() -> None:
    """In full precision the loss of the lecture's network falls as published."""
    trace = explainer.trace(explainer.load(PROBLEMS / "lecture-3-2-1.toml", arithmetic="float"))
    assert round(trace["E"].value, 6) == LECTURE_LOSS[0]
    assert round(trace["E_new"].value, 6) == LECTURE_LOSS[1]


@pytest.mark.parametrize("path", sorted(PROBLEMS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_problem_checks(path: Path) -> None:
    """Every printed equality, gradient, δ and published figure of every problem that ships holds."""
    for finding in findings(explainer.solve(explainer.load(path))):
        assert not finding.wrong, f"{finding.subject}: {finding.wrong}"


@pytest.mark.parametrize("name", ["lecture-3-2-1", "mazur-2-2-2", "mazur-2-2-2-biases", "hmkcode-2-2-1", "byu-2-2-2-2"])
def test_the_published_figures_are_recorded(name: str) -> None:
    """Each published example says what its source prints, so that the check above has something to hold."""
    assert len(explainer.load(PROBLEMS / f"{name}.toml").published) >= 10


def test_all_conventions_lead_to_the_same_parameters() -> None:
    """Whatever the notation, and whatever the sign of δ, the new weights and biases are the same."""
    found = []
    for name in convention_names():
        trace = explainer.trace(explainer.load(PROBLEMS / "byu-2-2-2-2.toml", convention=name))
        sign = -1 if convention(name).bias == "subtracted" else 1  # a threshold is a bias with the other sign
        found.append(
            {
                step.quantity: step.value if step.quantity.source else sign * step.value
                for step in trace
                if step.equation.law == "update"
            }
        )
    for others in found[1:]:
        assert others.keys() == found[0].keys()
        assert all(abs(others[quantity] - found[0][quantity]) < 1e-15 for quantity in others)
