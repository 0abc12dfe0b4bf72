"""Derivations: every line is true, wrong ones are found, and the page says what the lecture says."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import PROBLEM, faults_of, run

import explainer
from explainer.check.findings import Finding
from explainer.check.proof import Proof, proof
from explainer.maths.activations import ACTIVATIONS
from explainer.maths.chain import Case, Line
from explainer.maths.formula import Constant, IndexedSum, Product
from explainer.maths.losses import LOSSES, MEANS
from explainer.maths.slopes import SLOPES
from explainer.problem.convention import convention, convention_names
from explainer.trace.claims import Claim, SlopeClaim
from explainer.trace.names import Names
from explainer.trace.principles import hidden
from explainer.trace.principles.setting import Setting
from explainer.trace.principles.whole import claims, parts_of, setting_of

ROOT = Path(__file__).parent.parent
PROSE = tomllib.loads((ROOT / "templates" / "prose" / "en.toml").read_text(encoding="utf-8"))

TRAINABLE = [name for name, family in ACTIVATIONS.items() if family.trainable]

PARAMETERS = [
    *(f'{{ name = "{name}" }}' for name in LOSSES),
    *(f'{{ name = "mean-squared-error", over = "{over}" }}' for over in [*MEANS][1:]),
    '{ name = "huber", width = 0.25 }',
]
"""Every loss, with some of its parameters, as a file gives it."""


def problem(
    hidden: str = '"sigmoid"',
    loss: str = '"half-squared-error"',
    name: str = "lecture",
    output: str = '"sigmoid"',
    more: str = "",
) -> str:
    """A problem of kind derivation; functions and losses are given as TOML writes them."""
    return f"""
kind = "derivation"
[derivation]
loss = {loss}
output_activation = {output}
hidden_activation = {hidden}
{more}
[presentation]
convention = "{name}"
"""


def setting(text: str) -> Setting:
    """What a problem derives."""
    return setting_of(explainer.loads(text))


def proved(own: Setting) -> Finding:
    """The proof of a derivation."""
    return proof(own, Names(own.laws.convention, ()))


def page_of(text: str, markup: str = "text") -> str:
    """The page of a problem."""
    return explainer.render(explainer.explain(explainer.trace(explainer.loads(text))), markup)


def words_of(text: str) -> str:
    """The page of a problem, as one line."""
    return re.sub(r"\s+", " ", page_of(text))


# -- every line is true --------------------------------------------------------------------------------


def test_every_activation_and_loss_is_derived() -> None:
    """Whatever can be trained can be derived; only a step has no slope to derive."""
    assert {name for name in ACTIVATIONS if name not in TRAINABLE} == {"step"}
    assert {*SLOPES, "softmax"} == {*TRAINABLE}


@pytest.mark.parametrize("name", convention_names())
@pytest.mark.parametrize("activation", TRAINABLE)
def test_every_line_is_true_with_every_activation(activation: str, name: str) -> None:
    """For output and hidden units with any activation, in any convention, each line equals the one before, by SymPy."""
    found = proved(setting(problem(f'"{activation}"', name=name, output=f'"{activation}"')))
    assert found.wrong == ()
    assert found.held > 30


@pytest.mark.parametrize("name", convention_names())
@pytest.mark.parametrize("loss", PARAMETERS)
def test_every_line_is_true_with_every_loss(loss: str, name: str) -> None:
    """For any loss, with its parameters, in any convention, each line equals the one before, by SymPy."""
    output = '"softmax"' if '"cross-entropy"' in loss else '"sigmoid"'
    found = proved(setting(problem('"tanh"', loss, name, output)))
    assert found.wrong == ()
    assert found.held > 30


OWN = """
[functions.swish]
formula = "z / (1 + exp(-b z))"
parameters = { b = 1.5 }
derivative = "b o + (1 - b o) / (1 + exp(-b z))"
"""


@pytest.mark.parametrize("name", convention_names())
def test_hidden_layers_may_differ(name: str) -> None:
    """With another function in each hidden layer, a softmax and one of one's own among them, every line is true."""
    layers = '["tanh", { name = "elu", alpha = 0.5 }, "softmax", "swish", "tanh"]'
    own = setting(problem(layers, name=name, more=OWN))
    assert [units.layers for units in own.hidden] == [(1, 5), (2,), (3,), (4,)]
    found = proved(own)
    assert found.wrong == ()
    assert found.held > 100


FORMULAS = [
    "z / (1 + abs(z))",
    "ln(1 + e^z)",
    "sqrt(z^2 + 1) - 1",
    "min(max(0, z), 6) + z^2 / 8",
    "z tanh(ln(1 + e^z))",
    "σ(2 z) - ½",
    "relu(z)^2 exp(-z)",
    "z",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_line_is_true_with_a_function_of_ones_own(formula: str) -> None:
    """A formula is derived rule by rule, and every line of it is its derivative."""
    found = proved(setting(problem('"tanh"', '"absolute-error"', output=f'"{formula}"')))
    assert found.wrong == ()
    assert found.held > 50


@pytest.mark.parametrize("output", TRAINABLE)
def test_every_line_is_true_of_a_single_layer(output: str) -> None:
    """Without hidden units, and without biases, the derivation is true as well."""
    own = setting(problem("[]", output=f'"{output}"', more="biases = false"))
    assert not own.hidden
    found = proved(own)
    assert found.wrong == ()
    assert found.held > 20


# -- it could fail ---------------------------------------------------------------------------------------


def chains(claim: Claim | SlopeClaim) -> Iterator[tuple[Line, ...]]:
    """The chains of a claim."""
    yield from ([claim.chain] if isinstance(claim, Claim) else [case.chain for case in claim.cases])


def doubled(claim: Claim | SlopeClaim, which: int, at: int) -> Claim | SlopeClaim:
    """The claim with a factor 2 before one line of one chain."""
    changed = [list(each) for each in chains(claim)]
    line = changed[which][at]
    changed[which][at] = Line(Product((Constant(2), line.formula)), line.rule, line.about)
    if isinstance(claim, Claim):
        return Claim(claim.place, tuple(changed[0]), claim.function)
    cases = tuple(Case(tuple(lines), case.condition) for lines, case in zip(changed, claim.cases, strict=True))
    return SlopeClaim(cases, claim.together, claim.numbers)


@pytest.mark.parametrize(
    ("name", "loss", "output", "hidden"),
    [
        ("mitchell", "mean-squared-error", "sigmoid", "tanh"),
        ("layered", "cross-entropy", "softmax", "elu"),
        ("flat", "half-squared-error", "softmax", "softmax"),
        ("threshold", "hinge", "gelu", "z tanh(z)"),
    ],
)
def test_a_wrong_line_is_found(name: str, loss: str, output: str, hidden: str) -> None:
    """Whichever line is multiplied by 2, the proof fails: it can fail."""
    own = setting(problem(f'"{hidden}"', f'"{loss}"', name, f'"{output}"'))
    tried, proving = 0, Proof(own)
    for key, claim in claims(own):
        for which, lines in enumerate(chains(claim)):
            for at in range(len(lines)):
                if lines[-1].formula != Constant(0):  # twice 0 is 0
                    equal = [held for _, _, held in proving.compared(doubled(claim, which, at))]
                    assert not all(equal), f"{key}: line {at}"
                    tried += 1
    assert tried > 50


def test_one_path_for_all_is_found() -> None:
    """A hidden unit that feeds several units gets something back from each: one term is not the sum."""
    own = setting(problem())
    chain, proving = hidden.paths(own), Proof(own)
    whole = chain[1].formula
    assert isinstance(whole, IndexedSum)
    wrong = (chain[0], Line(whole.body, "paths"))
    assert [held for _, _, held in proving.compared(Claim("hidden", chain[:2]))] == [True]
    assert [held for _, _, held in proving.compared(Claim("hidden", wrong))] == [False]


def test_a_wrong_slope_is_found() -> None:
    """A function of one's own with the derivative of another is not proved: its form is compared with the function."""
    own = setting(problem(f'"{FORMULAS[1]}"'))
    wrong = [claim for key, claim in claims(setting(problem('"z^2"'))) if key == "slope"][-1]
    right = [claim for key, claim in claims(own) if key == "slope"][-1]
    assert isinstance(wrong, SlopeClaim)
    assert isinstance(right, SlopeClaim)
    mixed = SlopeClaim(right.cases, wrong.together)
    assert not all(held for _, _, held in Proof(own).compared(mixed))
    assert all(held for _, _, held in Proof(own).compared(right))


# -- what the page says ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", convention_names())
def test_every_rule_has_a_name(name: str) -> None:
    """Each line names its rule, but where it is a definition; every rule can be said."""
    for activation in [*TRAINABLE, *FORMULAS]:
        for key, claim in claims(setting(problem(f'["{activation}", "relu", "tanh"]', '"hinge"', name))):
            for chain in chains(claim):
                rules = {rule for line in chain[1:] for rule in (line.rule, *line.also)}
                assert rules - {""} <= PROSE["rules"].keys()
                assert "" not in rules or key in ("descent", "meaning", "slope_by_bias"), key


LECTURE = """
Δwⱼᵢ = −η ∂E/∂wⱼᵢ
E = ½ Σₖ (tₖ − oₖ)²
∂E/∂wⱼᵢ = ∂E/∂netⱼ · ∂netⱼ/∂wⱼᵢ
δⱼ = −∂E/∂netⱼ
Δwⱼᵢ = η δⱼ xᵢ
δₖ = −∂E/∂netₖ
∂E/∂netₖ = ∂E/∂oₖ · ∂oₖ/∂netₖ
= ½ · 2(tₖ − oₖ) ∂/∂oₖ (tₖ − oₖ)
= (tₖ − oₖ)(−1)
= −(tₖ − oₖ)
σ(netⱼ) = 1/(1 + e^(−netⱼ))
= σ(z) · [1 − σ(z)]
∂oⱼ/∂netⱼ = oⱼ(1 − oⱼ)
= −∂E/∂oₖ · ∂oₖ/∂netₖ
= −[−(tₖ − oₖ)] oₖ(1 − oₖ)
= (tₖ − oₖ) oₖ(1 − oₖ)
δₖ = oₖ(1 − oₖ)(tₖ − oₖ)
δₕ = −∂E/∂netₕ
∂E/∂netₕ = Σₖ ∂E/∂netₖ · ∂netₖ/∂netₕ
∂netₖ/∂netₕ = ∂netₖ/∂oₕ · ∂oₕ/∂netₕ
= wₖₕ oₕ(1 − oₕ)
= Σₖ ∂E/∂netₖ · wₖₕ oₕ(1 − oₕ)
= oₕ(1 − oₕ) Σₖ wₖₕ ∂E/∂netₖ
= oₕ(1 − oₕ) Σₖ wₖₕ(−δₖ)
= −oₕ(1 − oₕ) Σₖ wₖₕ δₖ
δₕ = oₕ(1 − oₕ) Σₖ wₖₕ δₖ
local derivative × error signal
"""
"""What section 8 of the lecture displays, in its order."""


def test_the_page_has_every_line_of_the_lecture() -> None:
    """Nothing that the lecture displays in its derivation is missing."""
    words = words_of((ROOT / "problems" / "lecture-derivation.toml").read_text(encoding="utf-8"))
    assert [line for line in LECTURE.strip().splitlines() if line not in words] == []


@pytest.mark.parametrize(
    ("loss", "output", "name", "result"),
    [
        ("cross-entropy", "softmax", "layered", "δₖ⁽ᴺ⁾ = y_pred,k − y_true,k"),
        ("cross-entropy", "softmax", "lecture", "δₖ = tₖ − oₖ"),
        ("cross-entropy", "softmax", "flat", "∂E/∂netₖ = ŷₖ − yₖ"),
        ("binary-cross-entropy", "sigmoid", "mitchell", "δₖ = tₖ − oₖ"),
        ("half-squared-error", "linear", "lecture", "δₖ = tₖ − oₖ"),
        ("mean-squared-error", "linear", "lecture", "δₖ = 2/n · (tₖ − oₖ)"),
        ("sum-squared-error", "tanh", "lecture", "δₖ = 2(1 − oₖ²)(tₖ − oₖ)"),
        ("absolute-error", "sigmoid", "lecture", "δₖ = oₖ(1 − oₖ) sign(tₖ − oₖ)"),
        ("huber", "gelu", "lecture", "δₖ = GELU′(netₖ) · H′(tₖ − oₖ)"),
        ("hinge", "linear", "lecture", "δₖ = tₖ for tₖ oₖ < 1, otherwise 0"),
        ("half-squared-error", "softmax", "lecture", "δₖ = oₖ(1 − oₖ)(tₖ − oₖ) − Σ_(m≠k) oₘ oₖ(tₘ − oₘ)"),
    ],
)
def test_the_error_term_of_an_output(loss: str, output: str, name: str, result: str) -> None:
    """What fits together comes to output and target alone, p − t; the rest is the textbook's product of two slopes."""
    words = words_of(problem('"tanh"', f'"{loss}"', name, f'"{output}"'))
    assert f"This is the error term of an output unit: {result}." in words


STEP = """
[network]
inputs = 2
[[network.layers]]
activation = {hidden}
weights = [[0.5, -0.4], [0.3, 0.8]]
[[network.layers]]
activation = {output}
weights = [[0.7, -0.6], [0.2, 0.1]]
[[samples]]
inputs = [1, 0.5]
targets = {targets}
[training]
learning_rate = 0.5
loss = {loss}
[presentation]
convention = "{name}"
derivation = true
"""
TARGETS = {"hinge": "[1, -1]"}


def stated(words: str, unit: str) -> str:
    """The rule for δ of output or hidden units that the backward pass of a page states."""
    found = re.search(rf"For {unit} (?:unit, [^:.]*: |unit: |unit the [^:.]* left is )(.*?)\.(?: |$)", words)
    assert found, words
    return found[1]


@pytest.mark.parametrize("name", ["lecture", "mitchell", "threshold", "aima"])
@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        *((activation, "half-squared-error") for activation in SLOPES),
        *(("sigmoid", loss) for loss in LOSSES if loss not in ("mean-squared-error", "cross-entropy")),
    ],
)
def test_the_rules_that_are_derived_are_those_of_the_page(activation: str, loss: str, name: str) -> None:
    """A page works with the very rules that the derivation at its end comes to."""
    given = {"hidden": f'"{activation}"', "output": f'"{activation}"', "loss": f'"{loss}"', "name": name}
    words = words_of(STEP.format(**given, targets=TARGETS.get(loss, "[1, 0]")))
    assert f"This is the error term of an output unit: {stated(words, 'an output')}." in words
    assert f"This is the error term of a hidden unit: {stated(words, 'a hidden')}." in words


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        (problem('"relu"'), ["Between them, at 0, there is no derivative, and the slope from the left is used."]),
        (
            problem('"elu"'),
            ["ELU′(netₕ) = 1 for netₕ > 0, otherwise oₕ + 1. At 0, where they meet, both have the same"],
        ),
        (problem('{ name = "elu", alpha = 2 }'), ["2(e^z − 1) + 2", "Between them, at 0, there is no derivative"]),
        (
            problem('"max(0.5 z, z)"'),
            ["There may be no derivative where 0.5 z = z", "ReLU′(u) = 1 for u > 0, otherwise 0"],
        ),
        (problem(loss='"absolute-error"'), ["where tₖ = oₖ, there is no derivative, and 0 is used", "Where tₖ < oₖ:"]),
        (problem(loss='"hinge"'), ["where tₖ oₖ = 1, there is no derivative, and 0 is used", "Where tₖ oₖ ≥ 1:"]),
        (problem(loss='"huber"'), ["Where tₖ − oₖ < −1:", "Where two cases meet, both have the same slope."]),
    ],
)
def test_cases_and_kinks_are_stated(given: str, sentences: list[str]) -> None:
    """A function in pieces is derived piece by piece, and the page says what is used where two of them meet."""
    words = words_of(given)
    assert [sentence for sentence in sentences if sentence not in words] == []


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("aima", ["a₀ = 1", "since ∂inⱼ/∂w₀ⱼ = a₀ = 1:", "wᵢⱼⁿᵉʷ = wᵢⱼ − α ∂Loss/∂wᵢⱼ", "= w₀ⱼ + α a₀ Δⱼ"]),
        ("flat", ["∂E/∂netⱼ is called the error term of unit j", "is minus learning rate × error term", "∂E/∂ŷₖ"]),
        ("threshold", ["A threshold is changed like a weight whose signal is always −1", "= −α δⱼ", "eₖ = y_d,k − yₖ"]),
        ("lecture", ["A bias is changed like a weight whose signal is always 1", "Its negative is called", "= η δⱼ"]),
    ],
)
def test_the_words_are_those_of_the_convention(name: str, sentences: list[str]) -> None:
    """A bias is called what the convention calls it, with its fixed signal; uphill a weight moves by minus η δ x."""
    words = words_of(problem(name=name))
    assert [sentence for sentence in sentences if sentence not in words] == []
    assert ("minus learning rate" in words) == (convention(name).delta == "uphill")
    assert ("Δw" in words) == (convention(name).update == "by-change")


SYMBOLS = re.compile(r"[A-Za-zŷδηαθΔε]+(?:_[a-z]+,)?(?=[ᵢⱼₖₕₗₘ]|,[a-z])")
"""A symbol of a plain page that has an index letter, without the index."""


@pytest.mark.parametrize("name", convention_names())
def test_the_page_opens_with_its_notation(name: str) -> None:
    """Every symbol with an index that the derivation writes is one of the table that the page opens with."""
    page = page_of(problem('"tanh"', name=name, output='"gelu"'))
    _, table, *sections = re.split(r"\n\n(?=\S+.*\n=+\n)", page)
    assert table.startswith("Notation\n")
    rows = [line.split("  ")[2] for line in table.splitlines()[3:] if line.strip()]
    known = {symbol for row in rows for symbol in SYMBOLS.findall(row)}
    used = {symbol for section in sections for symbol in SYMBOLS.findall(section)}
    changes = {f"Δ{symbol}" for symbol in known} if "Δw" in known else set()
    assert used - {"Σ"} <= known | changes
    assert len(known) >= 5


def test_a_step_may_end_with_its_derivation() -> None:
    """The section stands at the end of the page, for the network's own functions; a slice has none."""
    text = PROBLEM.replace('"half-squared-error"', '"mean-squared-error"')
    trace = explainer.trace(explainer.loads(text, settings={"presentation.derivation": True}))
    page = explainer.render(explainer.explain(trace), "markdown")
    assert page.index("## Where the rules come from") > page.index("## Remarks")
    assert "d/dz" in explainer.render(explainer.explain(trace), "text")
    assert "Where the rules" not in explainer.render(explainer.explain(trace, only="o_4"), "markdown")
    assert "Where the rules" not in page_of(PROBLEM, "markdown")


@pytest.mark.parametrize(
    "shipped", ["own-activation", "softmax-2-2-3", "foundations-2-2-2-1", "matrix-2-3-2", "fractions-2-2-1"]
)
@pytest.mark.parametrize("name", ["layered", "flat"])
def test_any_step_may_end_with_its_derivation(shipped: str, name: str) -> None:
    """With functions of its own, softmax, only letters, matrices or fractions: the derivation is there, and proved."""
    settings = {"presentation.derivation": True, "presentation.convention": name}
    given = explainer.load(ROOT / "problems" / f"{shipped}.toml", settings=settings)
    assert "Where the rules come from" in explainer.render(explainer.explain(explainer.trace(given)), "text")
    assert proved(setting_of(given)).wrong == ()


def test_hidden_layers_that_differ_are_told_apart() -> None:
    """Each hidden layer has its own local derivative, and layers that are alike are told together."""
    words = words_of(problem('["tanh", "relu", "tanh"]', more=""))
    assert "Output of a unit h of hidden layers 1 and 3: oₕ = tanh(netₕ)" in words
    assert "In hidden layers 1 and 3, with the slope put in: δₕ = ∂oₕ/∂netₕ · Σₖ wₕₖ δₖ" in words
    assert "= (1 − oₕ²) Σₖ wₕₖ δₖ" in words
    assert "In hidden layer 2, with the slope put in:" in words
    assert "= ReLU′(netₕ) · Σₖ wₕₖ δₖ" in words
    assert "All error terms are a product of the same shape, local derivative × error signal" in words


def test_no_slope_is_derived_twice() -> None:
    """What had to be derived for another function is not derived again."""
    words = words_of(problem('["sigmoid", "silu"]', output='"silu"'))
    assert words.count("reciprocal rule") == 1
    assert "The slope of the activation function of a unit of hidden layer 1 has been found above." in words


def test_a_derivation_is_checked(tmp_path: Path) -> None:
    """The check proves the lines of a derivation, and those of a page that ends with one."""
    file = tmp_path / "x.toml"
    file.write_text(problem('"swish"', '"huber"', more=OWN), encoding="utf-8")
    assert re.search(r"derivation +\d\d held +ok", run("check", str(file)).out)
    file.write_text(PROBLEM, encoding="utf-8")
    done = run("check", str(file), "--set", "presentation.derivation=true")
    assert re.search(r"derivation +\d\d held +ok", done.out)
    assert "derivation  " not in run("check", str(file)).out


FAULTS = [
    (problem('"sigmod"'), 'derivation.hidden_activation: unknown activation "sigmod" (did you mean "sigmoid"?)'),
    (problem('["tanh", "sigmod"]'), 'derivation.hidden_activation[1]: unknown activation "sigmod" ('),
    (problem('"swish"', more="[functions.swish]\nformula = '1 / 2'"), "functions.swish.formula: z is not in it"),
    (problem('"step"'), "derivation.hidden_activation: step has no slope for gradient descent to go by; take sigmoid"),
    (problem(loss='"half"'), 'derivation.loss: unknown loss "half" ('),
    (problem().replace("loss", "los"), 'derivation.los: unknown key (did you mean "loss"?)'),
    ('kind = "derivation"\n', "derivation: missing; expected a table"),
    (f"{problem()}derivation = true\n", "presentation.derivation: found true, but the page is the derivation already"),
    (
        problem(output='{ name = "tanh", slope = 0.5 }'),
        "derivation.output_activation.slope: tanh has no parameter of this name",
    ),
    (problem(loss='{ name = "hinge", width = 2 }'), "derivation.loss.width: hinge has no parameter of this name"),
    (
        problem(loss='"cross-entropy"'),
        "derivation.output_activation: cross-entropy takes outputs that are a distribution, which",
    ),
    (
        problem(loss='"binary-cross-entropy"', output='"tanh"'),
        "derivation.output_activation: binary-cross-entropy takes the logarithm of outputs between 0 and 1",
    ),
]


@pytest.mark.parametrize(("text", "fault"), FAULTS)
def test_bad_input_is_named(text: str, fault: str, tmp_path: Path) -> None:
    """Each fault names its place and what is wrong there."""
    found = faults_of(text, tmp_path)
    assert any(line.startswith(fault) for line in found), found


def test_a_page_needs_no_sympy() -> None:
    """Only the proof imports SymPy, so that the page itself is written at once."""
    command = (
        "import sys, explainer; page = explainer.explain(explainer.trace(explainer.load(sys.argv[1]))); "
        "explainer.render(page, 'text'); print('sympy' in sys.modules)"
    )
    file = ROOT / "problems" / "lecture-derivation.toml"
    done = subprocess.run([sys.executable, "-c", command, file], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "False"


def test_a_batch_may_end_with_its_derivation() -> None:
    """Of several samples the rules are derived for one; an output without an index has one where any unit is meant."""
    settings = {"presentation.derivation": True}
    given = explainer.load(ROOT / "problems" / "batch-3-2-1.toml", settings=settings)
    page = explainer.render(explainer.explain(explainer.trace(given)), "text")
    words = re.sub(r"\s+", " ", page[page.index("Where the rules come from") :])
    assert "What is derived here for one sample holds for each" in words
    assert "E = ½ Σₖ (yₖ − ŷₖ)²" in words
    assert proved(setting_of(given)).wrong == ()


@pytest.mark.parametrize(
    ("shipped", "there", "not_there"),
    [
        ("exercise-question-7", "error term of an output unit: δₖ = oₖ(1 − oₖ)(tₖ − oₖ).", "gradient descent"),
        ("exercise-question-8", "error term of a hidden unit: δₕ = oₕ(1 − oₕ) Σₖ wₖₕ δₖ.", "target of output unit"),
        ("exercise-update", "= η δⱼ xᵢ minus signs cancel", "Only the error terms are left"),
        ("exercise-learning-rates", "= η δⱼ xᵢ minus signs cancel", "Only the error terms are left"),
        ("exercise-sigmoid", "= σ(z) · [1 − σ(z)] definition of σ(z)", "With z the net input"),
        ("hmkcode-six-steps", "error term of an output unit: ∂E/∂netₖ = ŷₖ − yₖ.", "whatever it is"),
    ],
)
def test_other_pages_end_with_the_derivation_of_their_rules(shipped: str, there: str, not_there: str) -> None:
    """A small exercise ends with where its own rule comes from, and no other; a training with all of it."""
    problem = explainer.load(ROOT / "problems" / f"{shipped}.toml", settings={"presentation.derivation": True})
    made = explainer.train(problem) if shipped.startswith("hmkcode") else explainer.trace(problem)
    page = explainer.render(explainer.explain(made), "text")
    words = re.sub(r"\s+", " ", page[re.search(r"Where the \w+ comes? from", page).start() :])  # type: ignore[union-attr]
    assert there in words
    assert not_there not in words
    assert proof(setting_of(problem), Names(problem.convention, ()), parts_of(problem)).wrong == ()


@pytest.mark.parametrize("kind", ["deltas", "question-8", "update", "learning-rates", "sigmoid", "own-function"])
def test_the_derivation_of_an_exercise_is_checked(kind: str) -> None:
    """The check of a small exercise that ends with a derivation proves its lines, and takes none for a calculation."""
    plain = run("check", f"exercise-{kind}").out
    done = run("check", f"exercise-{kind}", "--set", "presentation.derivation=true")
    assert done.status == 0
    assert re.search(r"derivation +\d+ held +ok", done.out)
    held = re.compile(r"printed equalities +(\d+) held")
    assert held.findall(plain) == held.findall(done.out)


@pytest.mark.parametrize("shipped", ["exercise-neuron", "exercise-perceptron", "exercise-error"])
def test_a_page_without_a_rule_has_no_derivation(shipped: str) -> None:
    """Where nothing on the page could be derived, asking for it is refused, and what has a derivation is named."""
    with pytest.raises(explainer.ProblemError, match="has no rule that is derived; take step"):
        explainer.load(ROOT / "problems" / f"{shipped}.toml", settings={"presentation.derivation": True})
