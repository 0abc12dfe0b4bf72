"""Trainings in letters: the equations of any step, which hold for random numbers, in every convention."""

import pytest

import explainer
from explainer.check.report import findings
from explainer.maths.optimizers import OPTIMIZERS
from tests.test_training import XOR

CONVENTIONS = ("lecture", "mitchell", "layered", "aima", "flat", "threshold", "matrix")
LETTERS = XOR.replace("float", "letters")
KINDS: dict[str, dict[str, object]] = {
    **{f"{name}, {batch}": {"training.optimizer": name, "training.batch": batch}
       for name, batch in zip(OPTIMIZERS, ("full", "online", 2) * 4, strict=False)},
    "normalization": {"network.layers[0].normalization": {}, "training.decay": "step"},
    "dropout": {"network.layers[0].dropout": {"rate": 0.5, "seed": 1}, "training.decay": "cosine"},
    "both": {
        "network.layers[0].normalization": {},
        "network.layers[0].dropout": {"rate": 0.5, "seed": 1},
        "training.optimizer": "adam",
        "training.decay": "exponential",
    },
}  # fmt: skip


def page(settings: dict[str, object], **options: str) -> str:
    """The sentences and equations of a training in letters."""
    found = explainer.solve(explainer.loads(LETTERS, settings=settings, **options))
    return " ".join(explainer.render(explainer.explain(found), "text").split())


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_equation_of_any_step_is_right(kind: str, convention: str) -> None:
    """With numbers drawn for the letters, the number of the step among them, both sides of each equation agree."""
    problem = explainer.loads(LETTERS, settings=KINDS[kind], convention=convention)
    found = findings(explainer.solve(problem))
    assert [wrong for each in found for wrong in each.wrong] == []
    assert found[0].held > 20


def test_the_number_of_the_step_stays_a_letter() -> None:
    """Of several steps none is the first: the bias of Adam is corrected by the number of any step, and this is said."""
    several, single = page({"training.optimizer": "adam"}), page({"training.optimizer": "adam", "training.epochs": 1})
    assert several.startswith("Training of the 2-2-1 network")
    assert "m̂_w₃₅ = m_w₃₅ⁿᵉʷ/(1 − β₁ⁿ)" in several
    assert "Here n is the number of the step." in several
    assert "It begins with what the step before has left" in several
    assert "m̂_w₃₅ = m_w₃₅ⁿᵉʷ/(1 − β₁¹)" in single
    assert "any step" not in single


def test_a_falling_rate_is_that_of_any_step() -> None:
    """So is the learning rate: multiplied any number of times, or along the curve."""
    assert "η = η₀ qᵏ" in page({"training.decay": "step"})
    assert "η = ½ η₀[1 + cos(π · τ/T)]" in page({"training.decay": "cosine"})


def test_the_samples_of_a_batch_stand_for_any() -> None:
    """Where steps take other samples, the page says whose place the numbers hold."""
    assert "Samples 1 and 2 stand for those of its batch." in page({"training.batch": 2})
    assert "stand for those" not in page({})


def test_a_slice_of_any_step_is_that_of_one() -> None:
    """Every step has the same equations, so that one that is named is shown as any."""
    problem = explainer.loads(LETTERS)
    named = explainer.solve(problem, ["step 3: delta_5^(1)"])
    assert [each.name for each in named] == [each.name for each in explainer.solve(problem, ["delta_5^(1)"])]
