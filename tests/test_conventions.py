"""Conventions: each says everything in its own symbols, and one of your own is read kindly."""

import re
import tomllib
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from command import PROBLEM, run
from test_readme import fenced

import explainer
from explainer.check.report import findings
from explainer.maths.arithmetics import ARITHMETICS
from explainer.problem.convention import convention, convention_names
from tests import networks

PROBLEMS = Path(__file__).parent.parent / "problems"
OURS = next(block for block in fenced("toml") if block.startswith("base = "))
FAMILIES = {
    "lecture": {"x", "t", "η", "w", "b", "net", "o", "e", "E", "δ", "Δw", "Δb"},
    "mitchell": {"x", "t", "η", "w", "b", "net", "o", "e", "E", "δ", "Δw", "Δb"},
    "layered": {"x", "y", "α", "w", "b", "z", "a", "err", "L", "δ", "Δw", "Δb"},
    "aima": {"a", "y", "α", "w", "in", "Err", "Loss", "Δ", "Δw"},
    "flat": {"x", "y", "η", "w", "b", "net", "h", "ŷ", "err", "E", "Δw", "Δb"},
    "threshold": {"x", "y", "α", "w", "θ", "X", "e", "E", "δ", "Δw", "Δθ"},
}
"""The letters of each convention, from the sources that it is named after."""


NUMBERED_ANEW = """\
[meaning]
nodes = "by-layer"
[symbols]
weight = "w_{i}{j}^({l})"
bias = "b_{j}^({l})"
output = "o_{j}^({l})"
delta = "δ_{j}^({l})"
"""
"""A convention in which net inputs of different layers would have the same name."""


def bases(trace: explainer.api.Trace) -> set[str]:
    """The letters of every name of a trace; a derivative is written with those of what it is made of."""
    names = [trace.names(quantity) for quantity in (*trace.given, *trace.index)]
    return {name.base for name in names if hasattr(name, "base")}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_trace_never_mixes_two_conventions(name: str) -> None:
    """Every quantity is called by the letters of the convention and no others."""
    trace = explainer.trace(explainer.loads(PROBLEM, convention=name))
    assert bases(trace) == FAMILIES[name]


@pytest.mark.parametrize("name", convention_names())
def test_every_quantity_has_a_name_of_its_own(name: str) -> None:
    """No two quantities of a network are called the same, and each is found by its name."""
    for seed in range(12):
        trace = explainer.trace(explainer.loads(networks.problem(seed).toml, convention=name, arithmetic="float"))
        quantities = [*trace.given, *trace.index]
        names = [trace.names.typed(quantity) for quantity in quantities]
        assert len(set(names)) == len(names)
        assert [trace.find(each) for each in names] == quantities


@pytest.mark.parametrize("name", convention_names())
def test_the_notation_table_comes_first_and_has_every_symbol(name: str) -> None:
    """The page opens with its notation, and the table has a line for each kind of quantity that the page names."""
    page = run("explain", "lecture-3-2-1", "-f", "text", "--convention", name).out
    _, opened, rest = page.partition("Notation\n========\n")
    assert opened
    table, _, _ = rest.partition("Given data")
    found = convention(name)
    for role in ("input", "target", "rate", "weight", "bias", "net", "output", "error", "loss", "delta"):
        base = found.symbols[role].partition("_")[0].removesuffix("loss/∂net")
        assert f"    {base}" in table or f"    {base.upper()}" in table, role


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("name", convention_names())
def test_every_convention_prints_in_every_arithmetic(name: str, arithmetic: str) -> None:
    """The check passes in each of them: nothing printed is untrue, with numbers or in letters."""
    done = run("check", "hmkcode-2-2-1", "--convention", name, "--arithmetic", arithmetic)
    assert done.status == 0, done.out


def test_a_threshold_is_a_bias_with_the_other_sign() -> None:
    """Thresholds in the file are taken away in one convention, and added with the other sign in the others."""
    with_thresholds = PROBLEM.replace("biases = [-0.4, 0.2]", "thresholds = [0.4, -0.2]")
    for name in convention_names():
        left, right = (explainer.trace(explainer.loads(text, convention=name)) for text in (PROBLEM, with_thresholds))
        assert [step.value for step in left] == [step.value for step in right]
    trace = explainer.trace(explainer.loads(with_thresholds, convention="threshold"))
    assert trace["θ_4"].value == Decimal("0.4")


def test_a_convention_of_your_own(tmp_path: Path) -> None:
    """A file beside the problem says how things are written; the README's is one, and changes no number."""
    (tmp_path / "ours.toml").write_text(OURS, encoding="utf-8")
    (tmp_path / "problem.toml").write_text(PROBLEM + '[presentation]\nconvention = "./ours.toml"\n', encoding="utf-8")
    mine = explainer.trace(explainer.load(tmp_path / "problem.toml"))
    usual = explainer.trace(explainer.loads(PROBLEM))
    assert mine["W_12^(1)_new"].value == usual["w_24_new"].value
    assert mine["epsilon_1^(1)"].value == -usual["delta_4"].value
    page = explainer.render(explainer.explain(mine), "text")
    assert "s₁⁽¹⁾ = b₁⁽¹⁾ + W₁₁⁽¹⁾ p₁ + W₁₂⁽¹⁾ p₂ + W₁₃⁽¹⁾ p₃" in page
    assert "W₁₁⁽¹⁾ ⁿᵉʷ = W₁₁⁽¹⁾ − η ε₁⁽¹⁾ p₁" in page


MEANINGS = list(
    product(
        ("downhill", "uphill"),
        ("by-change", "direct", "by-gradient"),
        ("named", "written-out"),
        ("weight", "subtracted"),
    )
)


def meant(folder: Path, delta: str, update: str, error: str, bias: str) -> str:
    """A convention with these meanings, as a file in a folder."""
    text = f'delta = "{delta}"\nupdate = "{update}"\noutput_error = "{error}"\nbias = "{bias}"\n'
    (folder / "ours.toml").write_text(f"[meaning]\n{text}", encoding="utf-8")
    return str(folder / "ours.toml")


@pytest.mark.parametrize(("delta", "update", "error", "bias"), MEANINGS)
def test_any_meanings_can_go_together(tmp_path: Path, delta: str, update: str, error: str, bias: str) -> None:
    """Whatever a convention means by δ and how it writes the update, the new weights are the same, and all is true."""
    ours = meant(tmp_path, delta, update, error, bias)
    trace = explainer.trace(explainer.loads(PROBLEM, convention=ours))
    assert trace["w_14_new"].value == explainer.trace(explainer.loads(PROBLEM))["w_14_new"].value
    assert not [finding.wrong for finding in findings(trace) if finding.wrong]
    page = re.sub(r"\s+", " ", explainer.render(explainer.explain(trace), "text"))
    sign, way = ("−", "falls") if delta == "downhill" else ("", "grows with")
    assert f"{sign}∂E/∂netⱼ: how fast the loss {way}" in page
    assert ("= −o₆(1 − o₆) e₆ =" in page) == (error == "named" and delta == "uphill")
    assert ("= o₆(1 − o₆) e₆ =" in page) == (error == "named" and delta == "downhill")
    chains = set(re.findall(r"−?∂E/∂o₆ · ∂o₆/∂net₆", page))
    assert chains == ({f"{sign}∂E/∂o₆ · ∂o₆/∂net₆"} if update == "by-gradient" else set())
    if update == "by-gradient":
        assert f"∂E/∂w₄₆ = {sign}δ₆ ∂net₆/∂w₄₆ = {sign}δ₆ o₄" in page
        assert f"∂E/∂wᵢⱼ = {sign}δⱼ xᵢ" in page


@pytest.mark.parametrize(("delta", "update", "error", "bias"), MEANINGS)
def test_an_update_goes_the_way_that_its_convention_means(
    tmp_path: Path, delta: str, update: str, error: str, bias: str
) -> None:
    """Downhill a positive δ makes a weight grow, uphill it makes it fall, however the update is written."""
    ours = meant(tmp_path, delta, update, error, bias)
    new = Decimal("0.312") if delta == "downhill" else Decimal("0.288")
    trace = explainer.trace(explainer.load(PROBLEMS / "exercise-update.toml", convention=ours))
    assert trace["w_ij_new"].value == new
    page = re.sub(r"\s+", " ", explainer.render(explainer.explain(trace), "text"))
    reversed_sign = update == "by-gradient" and delta == "downhill"
    assert ("with the sign reversed" in page) == reversed_sign
    rates = explainer.trace(explainer.load(PROBLEMS / "exercise-learning-rates.toml", convention=ours))
    assert rates["w_3_new"].value == Decimal("0.66" if delta == "downhill" else "0.34")


def test_the_chain_rule_of_a_softmax_goes_through_all_outputs() -> None:
    """In a convention that writes the chain rule out, a net input of a softmax layer has a part in every output."""
    problem = explainer.load(PROBLEMS / "exercise-softmax-deltas.toml", convention="flat")
    page = re.sub(r"\s+", " ", explainer.render(explainer.explain(explainer.trace(problem)), "text"))
    assert "∂E/∂net₁ = ∂E/∂ŷ₁ · ∂ŷ₁/∂net₁ + ∂E/∂ŷ₂ · ∂ŷ₂/∂net₁ + ∂E/∂ŷ₃ · ∂ŷ₃/∂net₁ = ŷ₁ − y₁" in page


def test_the_readme_convention_says_every_meaning() -> None:
    """The README's example shows each field that a meaning has."""
    assert set(tomllib.loads(OURS)["meaning"]) == {
        "delta", "bias", "nodes", "update", "hidden_deltas", "output_error", "single_output",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[meaning]\ndelta = "up"', 'meaning.delta: unknown delta "up" (expected one of: downhill, uphill)'),
        ("[symbol]", 'symbol: unknown key (did you mean "symbols"?)'),
        ('[symbols]\nweight = "w"', 'symbols.weight: "w" is the same for every weight; it needs {n} or {i}{j}'),
        ('[symbols]\nnet = "o_{j}"', 'symbols.output: "o_{j}" is the symbol of net already'),
        ('[symbols]\nnet = "{j}"', 'symbols.net: found "{j}", expected a text such as "w_{i}{j}" or "z_{j}^({l})"'),
        ('base = "flet"', 'base: unknown base "flet" (did you mean "flat"?)'),
        ('[order]\nnet = ["weight", "weight"]', "order.net: found weight, weight, expected each of them once"),
        (
            NUMBERED_ANEW,
            'symbols.net: "net_{j}" is the same in every layer, where units are numbered anew; it needs {l}',
        ),
        (
            '[meaning]\ndelta = "uphill"\n[symbols]\ndelta = "∂loss/∂net"',
            'symbols.delta: a derivative is a symbol only where meaning.update is "by-gradient"',
        ),
        (
            'base = "flat"\n[meaning]\ndelta = "downhill"',
            'symbols.delta: a derivative is a symbol only where meaning.delta is "uphill"',
        ),
        ("x =", "end of file: not TOML: expected a value: a number, a text in quotes, true, false, or a list in brackets"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_wrong_convention_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    """A fault in a convention's file names the problem, the file and the place in it."""
    ours, problem = tmp_path / "ours.toml", tmp_path / "problem.toml"
    ours.write_text(text, encoding="utf-8")
    problem.write_text(PROBLEM + '[presentation]\nconvention = "ours.toml"\n', encoding="utf-8")
    done = run("explain", str(problem))
    assert done.status == 2
    assert done.err == [f"{problem}: presentation.convention: {ours}: {message}"]


def test_a_missing_convention_is_one_line(tmp_path: Path) -> None:
    """A convention's file that is not there is said to be missing, with the place where it was looked for."""
    problem = tmp_path / "problem.toml"
    problem.write_text(PROBLEM, encoding="utf-8")
    done = run("explain", str(problem), "--convention", "ours.toml")
    assert done.err == [
        f"{problem}: presentation.convention: {tmp_path / 'ours.toml'}: cannot be read: no such file or directory"
    ]


OTHERS = [
    ('loss = "ε"', "adam", "loss: loss and the number ε of this training are both called epsilon"),
    ('bias = "β_{n}"', "adam", "bias: bias and the number β_1 of this training are both called beta_1"),
    ('loss = "μ"', "momentum", "loss: loss and the number μ of this training are both called mu"),
]


@pytest.mark.parametrize("epochs", [1, 2])
@pytest.mark.parametrize(("line", "optimizer", "told"), OTHERS)
def test_a_symbol_is_not_that_of_a_setting(tmp_path: Path, line: str, optimizer: str, told: str, epochs: int) -> None:
    """A symbol of one's own that a number of the training has already is refused, for a step and for a run."""
    (tmp_path / "ours.toml").write_text(f"[symbols]\n{line}\n", encoding="utf-8")
    training = f'optimizer = "{optimizer}"\nepochs = {epochs}\n[presentation]\nconvention = "ours.toml"\n'
    problem = tmp_path / "problem.toml"
    problem.write_text(PROBLEM + training, encoding="utf-8")
    done = run("explain", str(problem))
    assert done.status == 2
    place = f"{problem}: presentation.convention: ours.toml: symbols"
    assert done.err[0].startswith(f"{place}.{told}; expected another symbol")
    assert run("explain", str(problem), "--set", "training.optimizer=sgd").status == 0
