"""Problems that the program makes itself: good to calculate with, the same for the same seed, and easy to change."""

import os
import re
import shlex
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from command import Done, run

import explainer
from explainer.check.report import findings
from explainer.cli import main
from explainer.exercise.requirements import (
    REQUIREMENTS,
    alike,
    astray,
    at_kinks,
    flat,
    large,
    not_falling,
    off_target,
    unmoved,
    vanishing,
)
from explainer.exercise.wish import TRAINABLE as ACTIVATIONS
from explainer.maths.losses import LOSSES
from explainer.problem.convention import convention_names

LAYERS = ("1-1", "2-2-1", "3-2-1", "2-3-3-2", "4-8-3")
SEEDS = range(4)

KINDS = [
    *({"layers": layers, "seed": seed} for layers in LAYERS for seed in SEEDS),
    *(
        {"layers": layers, "activation": activation, "seed": 1}
        for layers in ("2-2-1", "2-3-3-2")
        for activation in (*ACTIVATIONS, *(f"{name},sigmoid" for name in ACTIVATIONS))
        if not (activation == "softmax" and layers == "2-2-1")
    ),
    *({"layers": "2-2-2", "loss": loss, "seed": 2} for loss in LOSSES if loss != "cross-entropy"),
    {"layers": "2-2-3", "activation": "tanh,softmax", "loss": "cross-entropy", "seed": 2},
    {"layers": "2-2-3", "activation": "tanh,softmax", "seed": 3},
    {"layers": "2-2-1", "activation": "z / (1 + exp(-z))", "seed": 1},
    {"layers": "3-2-2", "activation": "max(0.1 z, z),sigmoid", "seed": 2},
    {"layers": "2-3-1", "activation": "tanh(z) + 0.1 z,linear", "loss": "huber", "seed": 3},
    *({"convention": convention, "seed": 3} for convention in convention_names()),
    {"layers": "3-3-1", "biases": False, "seed": 4},
    {"layers": "20-20-5", "seed": 5},
    {"layers": "2-2-2-2-2-2", "activation": "tanh", "seed": 6},
    {"decimals": 2, "seed": 7},
    {"learning_rate": 2, "seed": 8},
]
"""Many wishes: every architecture, activation, loss and convention."""


def told(kind: dict[str, object]) -> str:
    """A wish as the name of a test."""
    return " ".join(map(str, kind.values()))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", KINDS, ids=told)
def test_the_numbers_are_good_to_calculate_with(kind: dict[str, object]) -> None:
    """Weights and biases have one decimal and are below 1, nothing is 0, everything moves, and the error falls."""
    problem = explainer.loads(explainer.new(**kind))
    for layer in problem.network.layers:
        for number in (*(weight for row in layer.weights for weight in row), *(layer.biases or ())):
            assert number.as_tuple().exponent == -1
            assert 0 < abs(number) < 1
        assert len(set(layer.weights)) == len(layer.weights)
    assert all(problem.samples[0].inputs)
    trace = explainer.trace(problem)
    last_place = Decimal(1).scaleb(-problem.numbers.rounding.places)
    for step in trace:
        if step.quantity.role == "change":
            assert abs(step.value) >= last_place, step.name
            parameter = step.quantity.parameter()
            assert trace.value(parameter) != trace.value(parameter.after())
        if step.quantity.role == "error" and step.phase == "error":
            assert 0 <= trace.value(step.quantity.after()) / step.value <= 1, step.name
    before, after = (step.value for step in trace if step.quantity.role == "loss")
    assert before - after >= 2 * last_place


@pytest.mark.parametrize("kind", KINDS, ids=told)
def test_no_unit_is_dead_or_saturated(kind: dict[str, object]) -> None:
    """Sigmoids lie between 0.1 and 0.9, tanhs between −0.8 and 0.8, rectified units above 0; seen in full precision."""
    problem = explainer.loads(explainer.new(**kind))
    trace = explainer.trace(problem, arithmetic="float", decimals=9)
    ranges = {"sigmoid": (0.09, 0.91), "tanh": (-0.81, 0.81), "relu": (0.09, 5), "leaky-relu": (0.09, 5)}
    seen = 0
    for step in trace.phases["forward"]:
        if step.quantity.role == "output":
            least, most = ranges.get(problem.network.layers[int(step.quantity.layer) - 1].activation, (-5, 5))
            assert least < step.value < most, step.name
            seen += 1
    assert seen == sum(problem.network.sizes[1:])


CHECKED = [
    KINDS[0],
    KINDS[9],
    KINDS[12],
    *KINDS[20:25],
    *(kind for kind in KINDS if "z" in str(kind.get("activation"))),
]


@pytest.mark.parametrize("kind", CHECKED, ids=told)
def test_its_page_is_true(kind: dict[str, object]) -> None:
    """`explainer check` finds every equality and every gradient of the page right."""
    found = findings(explainer.trace(explainer.loads(explainer.new(**kind))))
    assert [each.wrong for each in found] == [()] * len(found)
    assert sum(each.held for each in found) > 20


@pytest.mark.parametrize("kind", KINDS, ids=told)
def test_the_file_tells_how_to_make_it_again(kind: dict[str, object]) -> None:
    """The command in the file's head writes the very same file."""
    text = explainer.new(**kind)
    (command,) = re.findall(r"^#   explainer (new .*)$", text, re.MULTILINE)
    assert run(*shlex.split(command)) == (0, text, [])


def test_every_seed_is_another_problem() -> None:
    """Different seeds give different numbers, and without a seed two problems differ."""
    assert len({explainer.new(seed=seed) for seed in range(20)}) == 20
    assert len({run("new").out for _ in range(4)}) > 1


def test_the_numbers_do_not_depend_on_the_process() -> None:
    """Processes that order sets in different ways write the same file."""
    command = [sys.executable, "-m", "explainer", "new", "--layers", "2-3-3-2", "--activation", "relu,sigmoid"]
    written = {
        subprocess.run(
            [*command, "--seed", "11"], env={**os.environ, "PYTHONHASHSEED": hashing}, capture_output=True, check=True
        ).stdout
        for hashing in ("1", "2")
    }
    assert len(written) == 1


@pytest.mark.parametrize("kind", KINDS, ids=told)
def test_what_a_comment_offers_may_stand_there(kind: dict[str, object]) -> None:
    """Every name after "or:" can take the place of the one before it, and a line behind # can be put to use."""
    text = explainer.new(**kind)
    for line in text.splitlines():
        key, _, offered = line.partition("# or: ")
        for name in offered.split(", ") if offered else []:
            explainer.loads(text.replace(line, re.sub('".*"', f'"{name}"', key)))
    uncommented = re.sub(r"^# ((title|source|biases) = )", r"\1", text, flags=re.MULTILINE)
    assert uncommented != text
    problem = explainer.loads(uncommented)
    assert problem.source
    assert all(layer.biases is not None for layer in problem.network.layers)


def test_the_file_names_every_activation_loss_and_convention() -> None:
    """A reader of the file sees what there is: every loss that is for any targets, and the others where they fit."""
    text = explainer.new()
    losses = [name for name, family in LOSSES.items() if family.suits == "any"]
    for name in (*ACTIVATIONS, *losses, *convention_names()):
        assert re.search(rf"(?<![\w-]){name}(?![\w-])", text)


@pytest.mark.parametrize("convention", convention_names())
def test_comments_name_the_numbers_beside_them(convention: str) -> None:
    """The names beside a list are those that the trace has for its numbers."""
    text = explainer.new(layers="3-2-2", convention=convention, seed=1)
    trace = explainer.trace(explainer.loads(text))
    checked = 0
    for numbers, names in re.findall(r"\[([-\d., ]+)\],? +# ([^;\n]+)", text):
        listed = [Decimal(number) for number in numbers.split(",")]
        assert [trace[name].value for name in names.split(", ")] == listed
        checked += len(listed)
    assert checked == 3 + 2 + 2 * 3 + 2 * 2 + 2 + 2


def test_columns_are_aligned() -> None:
    """The weights of a layer stand under each other, sign before sign."""
    rows = re.findall(r"^    \[.*?\],", explainer.new(layers="4-5-1", seed=3), re.MULTILINE)
    assert len(rows) == 6
    assert len({tuple(match.start() for match in re.finditer(r"\.", row)) for row in rows[:5]}) == 1


@pytest.mark.parametrize("title", ['He said "no"', "a \\ b # c", "naïve Δw = ½ €", "--seed 3", "it's", "x" * 500])
def test_any_title_is_written_and_read_back(title: str) -> None:
    """A title of one line comes through whatever letters it has, and the command beside it does too."""
    done = run("new", "--title", title, "--seed", "1")
    assert (done.status, done.err) == (0, [])
    assert explainer.loads(done.out).title == title
    (command,) = re.findall(r"^#   explainer (new .*)$", done.out, re.MULTILINE)
    assert run(*shlex.split(command)) == done


def test_a_file_is_written_for_the_other_commands() -> None:
    """What -o writes can be explained and checked."""
    assert run("new", "-o", "problem.toml", "--seed", "3") == (0, "", [])
    assert Path("problem.toml").read_text(encoding="utf-8") == run("new", "--seed", "3").out
    assert run("explain", "problem.toml", "-o", "solution.md").status == 0
    assert run("check", "problem.toml").status == 0


OURS = """
base = "lecture"
[meaning]
delta = "uphill"
[symbols]
net = "s_{j}"
weight = "v_{i}{j}"
"""


def test_a_convention_of_your_own_names_what_the_file_holds() -> None:
    """The comments, and the page, name everything as the file of the convention does, wherever the problem lies."""
    Path("ours.toml").write_text(OURS, encoding="utf-8")
    Path("sheet").mkdir()
    words = ("new", "--layers", "2-2-1", "--convention", "./ours.toml", "--seed", "2")
    for place in ("problem.toml", "sheet/problem.toml"):
        assert run(*words, "-o", place) == (0, "", [])
        text = Path(place).read_text(encoding="utf-8")
        assert "# v_13, v_23" in text
        page = explainer.render(explainer.explain(explainer.trace(explainer.load(place))), "text")
        assert "s₃ = x₁ v₁₃ + x₂ v₂₃ + b₃" in page
    assert 'convention = "../ours.toml"' in text
    numbers = re.findall(r"-?\d\.\d", run(*words).out)
    assert numbers == re.findall(r"-?\d\.\d", run("new", "--layers", "2-2-1", "--seed", "2").out)


def test_behind_softmax_the_loss_is_the_cross_entropy() -> None:
    """A softmax that is asked for without a loss gets the one that goes with it."""
    problem = explainer.loads(explainer.new(layers="2-3", activation="softmax", seed=1))
    assert problem.training.loss == "cross-entropy"
    assert sum(problem.samples[0].targets) == 1


@pytest.mark.parametrize(("layers", "title"), [("2-2-1", "on a 2-2-1 network"), ("8-3-1", "on an 8-3-1 network")])
def test_the_title_reads_well(layers: str, title: str) -> None:
    """Without a title of its own, the page says which network it is about, with the right article."""
    page = explainer.explain(explainer.trace(explainer.loads(explainer.new(layers=layers, seed=1))))
    assert explainer.render(page, "text").splitlines()[0] == f"One step of gradient descent {title}"


def test_a_file_that_exists_is_kept() -> None:
    """A problem that somebody has worked on is only replaced with --force."""
    path = Path("problem.toml")
    path.write_text("my work\n", encoding="utf-8")
    line = "problem.toml: exists already; --force replaces it"
    assert run("new", "-o", "problem.toml") == (2, "", [line])
    assert run("new", "-o", "problem.toml", "--layers", "0") == (2, "", [LAYERS_0, line])
    assert path.read_text(encoding="utf-8") == "my work\n"
    assert run("new", "-o", "problem.toml", "--force", "--seed", "3").status == 0
    assert path.read_text(encoding="utf-8") == run("new", "--seed", "3").out


LAYERS_0 = '--layers: found "0", expected the units of each layer, the inputs first, such as 3-2-1'


def test_in_a_folder_the_file_is_named_after_what_it_is() -> None:
    """Several problems go into one folder, each under its own name."""
    Path("sheet").mkdir()
    for seed in ("1", "2"):
        assert run("new", "-o", "sheet", "--layers", "2-2-1", "--seed", seed).status == 0
    assert sorted(path.name for path in Path("sheet").iterdir()) == ["2-2-1-seed-1.toml", "2-2-1-seed-2.toml"]
    assert run("new", "-o", "sheet", "--layers", "2-2-1", "--seed", "1").status == 2


THREE_NAMES = (
    "--activation: 3 names, but the network has 2 layers of units "
    "(expected one name for all, two for the hidden layers and the output layer, or one for each)"
)


NO_SLOPE = "has no slope for gradient descent to go by; take sigmoid, which is a step made smooth"
ALWAYS_1 = "shares 1 out among the units of its layer, so that a single one always gives 1; take sigmoid, or more units"
NO_DISTRIBUTION = "takes outputs that are a distribution, which tanh does not give; take softmax"


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        ("--layers 3-0-1", ["--layers: found a layer of 0 units, expected 1 to 20 in each layer"]),
        ("--layers 3-21-1", ["--layers: found a layer of 21 units, expected 1 to 20 in each layer"]),
        (
            "--layers 3--1",
            ['--layers: found "3--1", expected the units of each layer, the inputs first, such as 3-2-1'],
        ),
        ("--layers 3", ['--layers: found "3", expected the units of each layer, the inputs first, such as 3-2-1']),
        ("--layers 1-1-1-1-1-1-1", ["--layers: found 7 layers, expected at most 6, the inputs counted"]),
        ("--activation sigmod", ['--activation: unknown activation "sigmod" (did you mean "sigmoid"?)']),
        (
            "--activation tanh,tanh,tanh",
            [THREE_NAMES],
        ),
        ("--convention lectur", ['--convention: unknown convention "lectur" (did you mean "lecture"?)']),
        ("--learning-rate 0", ['--learning-rate: found "0", expected a number greater than 0']),
        ("--learning-rate fast", ['--learning-rate: found "fast", expected a number greater than 0']),
        ("--decimals 16", ["--decimals: found 16, expected a whole number from 1 to 15"]),
        ("--seed -1", ["--seed: found -1, expected a whole number from 0 to 999999999"]),
        ("--seed 1.5", ['--seed: found "1.5", expected a whole number from 0 to 999999999']),
        (
            "--activation 'z / (1 + )'",
            ['--activation: found ")" where a number, z or a function was expected', "  z / (1 + )", "           ^"],
        ),
        ("--activation 5", ["--activation: z is not in it: the output would be the same for every net input"]),
        ("--activation step", [f"--activation: step {NO_SLOPE}"]),
        ("--layers 2-1 --activation softmax", [f"--activation: softmax {ALWAYS_1}"]),
        ("--activation tanh --loss cross-entropy", [f"--activation: cross-entropy {NO_DISTRIBUTION}"]),
        ("--convention ./none.toml", ["--convention: none.toml: cannot be read: no such file or directory"]),
        ("--title 'a\nb'", [r'--title: found "a\nb", expected one line of text']),
        (
            "--layers x-1 --activation sin --seed y",
            [
                '--layers: found "x-1", expected the units of each layer, the inputs first, such as 3-2-1',
                f'--activation: unknown activation "sin" (expected one of: {", ".join(ACTIVATIONS)})',
                '--seed: found "y", expected a whole number from 0 to 999999999',
            ],
        ),
    ],
)
def test_a_wish_at_fault_is_told_what_was_expected(arguments: str, lines: list[str]) -> None:
    """Every mistake is one line that names the option, and the exit status is 2."""
    assert run("new", *shlex.split(arguments)) == Done(2, "", lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--learning-rate 0.000001", "a change is too small to be seen"),
        ("--activation linear --layers 4-4-2 --learning-rate 50", "the step goes too far, past a target or a kink"),
        ("--activation 'ln(z - 9)'", "the activation has no value where it is needed"),
    ],
)
def test_a_wish_that_cannot_come_true_says_why(arguments: str, said: str) -> None:
    """Where no numbers are found, the requirement in the way is named, with what may help."""
    done = run("new", *shlex.split(arguments))
    assert done.status == 2
    assert len(done.err) == 1
    assert re.search(rf"{said} \(what may help: .*(--learning-rate|formula)", done.err[0])


GOOD = {"layers": "2-3-2", "seed": 1}

BROKEN = [
    (flat, {"activation": "sigmoid"}, {"network.layers[0].weights[1]": [9, 9]}, {"net_4"}),
    (flat, {"activation": "relu,sigmoid"}, {"network.layers[0].biases[2]": -90}, {"net_5"}),
    (flat, {"activation": "tanh"}, {"network.layers[1].biases": [9, 9]}, {"net_6", "net_7"}),
    (
        at_kinks,
        {"activation": "relu,sigmoid"},
        {"samples[0].inputs": [1, 1], "network.layers[0].weights[0]": [0.1, 0.1], "network.layers[0].biases[0]": -0.15},
        {"net_3"},
    ),
    (large, {"activation": "linear"}, {"network.layers[1].biases[0]": 90}, {"net_6"}),
    (
        alike,
        {},
        {"network.layers[0].weights": [[0.1, 0.2]] * 3, "network.layers[0].biases": [0.1, 0.1, 0.2]},
        {"o_4"},
    ),
    (
        off_target,
        {},
        {"samples[0].targets[1]": 0.5, "network.layers[1].weights[1]": [0, 0, 0], "network.layers[1].biases[1]": 0},
        {"e_7"},
    ),
    (vanishing, {}, {"network.layers[1].weights": [[0, 1, 1], [0, 1, 1]]}, {"delta_3"}),
    (unmoved, {}, {"samples[0].inputs[0]": 0}, {"dw_13", "dw_14", "dw_15"}),
    (astray, {"activation": "linear"}, {"training.learning_rate": 2}, {"E"}),
    (astray, {"activation": "relu,linear"}, {"training.learning_rate": 90}, {"E"}),
    (not_falling, {"activation": "linear"}, {"training.learning_rate": 90}, {"E"}),
]


def test_good_numbers_break_no_requirement() -> None:
    """What is drawn meets each requirement of the table, and the table has them all."""
    trace = explainer.trace(explainer.loads(explainer.new(**GOOD)))
    assert {each.broken for each in REQUIREMENTS} == {broken for broken, *_ in BROKEN}
    assert [list(each.broken(trace)) for each in REQUIREMENTS] == [[]] * len(REQUIREMENTS)


@pytest.mark.parametrize(("broken", "kind", "settings", "names"), BROKEN)
def test_a_requirement_names_what_breaks_it(broken, kind, settings, names) -> None:  # type: ignore[no-untyped-def]
    """Put a bad number into a good problem: the requirement names the quantity that it spoils."""
    trace = explainer.trace(explainer.loads(explainer.new(**GOOD, **kind), settings=settings))
    found = {trace.names.typed(quantity) for quantity in broken(trace)}
    assert names <= found


def test_the_shell_completes_the_names() -> None:
    """Activations, losses and conventions are completed."""
    completions = {"--activation": "sigmoid", "--loss": "half-squared-error", "--convention": "lecture"}
    for option, expected in completions.items():
        environment = {
            "_EXPLAINER_COMPLETE": "bash_complete",
            "COMP_WORDS": f"explainer new {option} ",
            "COMP_CWORD": "3",
        }
        done = CliRunner().invoke(main, [], prog_name="explainer", env=environment)
        assert f"plain,{expected}" in done.stdout.splitlines()
