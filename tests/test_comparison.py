"""Comparison pages: every way is a run of its own, and what the page says of them is true."""

import csv
import io
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import plots
import pytest
from command import run
from test_curve import HALF, in_text
from test_training import XOR

import explainer
from explainer.check.report import findings
from explainer.publish.formats import FORMATS

RATES = {"η = 0.5": 0.5, "slow": 0.05, "η = 20": 20, "η = 4": 4}

WAYS = "".join(f'[[compare]]\nname = "{name}"\ntraining.learning_rate = {rate}\n' for name, rate in RATES.items())

SIDE_BY_SIDE = XOR.replace("epochs = 3", "epochs = 60") + WAYS


def comparison(text: str = SIDE_BY_SIDE, **options: Any) -> Any:
    """The comparison of a problem file's text."""
    return explainer.solve(explainer.loads(text, **options))


def page(found: Any) -> str:
    """A page as plain text."""
    return explainer.render(explainer.explain(found), "text")


def rows(text: str, head: str) -> list[list[str]]:
    """The cells of the table whose head begins so."""
    block = next(block for block in text.split("\n\n") if block.lstrip().startswith(head))
    return [re.split(r" {2,}", line.strip()) for line in block.split("\n")]


def test_every_way_is_a_run_of_its_own() -> None:
    """The errors and the last parameters of each way are those of the same file with its field set."""
    found = comparison()
    for name, rate in RATES.items():
        alone = explainer.train(
            explainer.loads(
                SIDE_BY_SIDE[: SIDE_BY_SIDE.index("[[compare]]")], settings={"training.learning_rate": rate}
            )
        )
        assert [each.error for each in found[name].epochs] == [each.error for each in alone.epochs]
        assert found[name].final == alone.final
    with pytest.raises(KeyError, match="there is no way"):
        found["fast"]


def test_the_table_and_the_curves_have_the_errors() -> None:
    """Each column is the run of its way, and each point of each curve stands where its error says."""
    found = comparison()
    text = page(found)
    head, *body = rows(text, "Epoch")
    assert head[1:] == list(RATES)
    for number, *errors in body:
        assert errors == [f"{found[name].epochs[int(number)].error:.4f}" for name in RATES]
    assert [int(number) for number, *_ in body] == [0, 1, 2, 3, 4, 5, 10, 20, 50, 60]
    drawn = plots.read_text(in_text(text), logarithmic="logarithmic" in text)
    marks = set().union(*drawn.marks.values())
    for place, name in enumerate(RATES):
        assert f"{plots.MARKS[place]} {name}" in text
        for epoch in found[name].epochs:
            across, up = drawn.across.place(epoch.number), drawn.up.place(epoch.error)
            assert any(abs(mark[0] - across) <= HALF and abs(mark[1] - up) <= HALF for mark in marks)


def test_what_comes_out_is_true() -> None:
    """The way with the smallest error, the first to halve it, and those that rise are the ones that are named."""
    found = comparison()
    said = re.sub(r"\s+", " ", page(found).split("What comes out")[1])
    last = {name: found[name].epochs[-1].error for name in RATES}
    best = min(last, key=last.__getitem__)
    assert f"E comes lowest with {best}: {last[best]:.4f}." in said
    begun = found["slow"].epochs[0].error
    halved = {name: next((each.number for each in found[name].epochs if each.error <= begun / 2), 99) for name in RATES}
    first = min(halved, key=halved.__getitem__)
    assert f"halved first with {first}: after {halved[first]} epochs" in said
    for name in RATES:
        errors = [each.error for each in found[name].epochs]
        rises = sum(after > before for before, after in pairwise(errors))
        assert (f"With {name} it ends higher" in said) == (errors[-1] > errors[0])
        assert (f"With {name}, E does not fall in every epoch: it rises in {rises} of 60" in said) == (
            rises > 0 and errors[-1] <= errors[0]
        )


def test_what_diverges_is_said() -> None:
    """A way that leaves the range of numbers ends there, and the others are compared all the same."""
    text = SIDE_BY_SIDE.replace("[[network.layers]]", '[[network.layers]]\nactivation = "linear"').replace(
        "= 20", "= 900"
    )
    found = comparison(text)
    assert found["η = 900"].ended == "diverged"
    count = found["η = 900"].epochs[-1].number
    assert f"With η = 900 the values leave the range of numbers after epoch {count}." in re.sub(
        r"\s+", " ", page(found)
    )


SINGLE = SIDE_BY_SIDE.replace("epochs = 60", "epochs = 1")


def test_a_single_step_is_compared_parameter_by_parameter() -> None:
    """Of a single step the table has every new parameter, and the loss before and after, for each way."""
    found = comparison(SINGLE)
    assert found.is_single
    _, *body = rows(page(found), "Quantity")
    trained = list(found["slow"][1].connections.trained())
    assert len(body) == len(trained) + 2
    for parameter, row in zip(trained, body, strict=False):
        printed = [f"{found[name].final[parameter]:.4f}".replace("-", "−") for name in RATES]
        assert row[1:] == printed
    for place, row in ((0, body[-2]), (-1, body[-1])):
        assert row[1:] == [f"{found[name].epochs[place].error:.4f}" for name in RATES]


@pytest.mark.parametrize("convention", ["lecture", "mitchell", "layered", "aima", "flat", "threshold", "matrix"])
@pytest.mark.parametrize("arithmetic", ["decimal", "float", "exact"])
def test_every_convention_has_its_comparison(convention: str, arithmetic: str) -> None:
    """In every convention and arithmetic the page renders in every format, and everything holds, way by way."""
    found = comparison(SINGLE, convention=convention, arithmetic=arithmetic)
    for name in FORMATS:
        assert "What comes out" in explainer.render(explainer.explain(found), name)
    checked = findings(found)
    assert [wrong for each in checked for wrong in each.wrong] == []
    assert next(each.held for each in checked if each.subject == "gradients") == 9 * len(RATES)


def test_what_is_wrong_is_told_with_its_way() -> None:
    """A figure that a way's source prints wrong is reported with the name of the way."""
    wrong = SINGLE + '[compare.published]\n"o_5^(1)" = 0.9\n"epoch 0: E" = 0.1243\n'
    found = next(each for each in findings(comparison(wrong)) if each.subject == "published figures")
    assert found.held == 1
    assert len(found.wrong) == 1
    assert found.wrong[0].startswith("η = 4: step 1: o_5^(1)")


def test_ways_may_differ_in_anything_but_the_page() -> None:
    """An optimizer, weights by their place, a batch, and rounding can be compared; the page names what differs."""
    ways = (
        '[[compare]]\nname = "as it is"\n'
        '[[compare]]\nname = "momentum"\ntraining.optimizer = { name = "momentum", momentum = 0.5 }\n'
        '[[compare]]\nname = "tanh, online"\n"network.layers[0].activation" = "tanh"\ntraining.batch = "online"\n'
        '[[compare]]\nname = "by hand"\nnumbers.arithmetic = "decimal"\nnumbers.decimals = 2\n'
    )
    found = comparison(XOR + ways)
    steps = [each.steps for each in found]
    assert steps == [3, 3, 12, 3]
    assert found["tanh, online"].problem.network.layers[0].activation == "tanh"
    head, *body = rows(page(found), "Compared")
    assert head == ["Compared", "Optimizer", "network.layers[0].activation", "Batch", "Arithmetic", "Decimals"]
    assert body[1][1] == "momentum, momentum 0.5"
    assert [row[-1] for row in body] == ["as usual", "as usual", "as usual", "2"]
    assert re.fullmatch(r"0\.\d\d", rows(page(found), "Epoch")[1][-1])


def test_records_tell_their_way(tmp_path: Path) -> None:
    """`trace` writes every way with its name, in each format, and Python's rows have it too."""
    file = tmp_path / "x.toml"
    file.write_text(SINGLE, encoding="utf-8")
    whole = json.loads(run("trace", str(file), "-f", "json").out)
    assert [each["way"] for each in whole["comparison"]] == list(RATES)
    table = list(csv.DictReader(io.StringIO(run("trace", str(file), "-f", "csv").out)))
    assert {row["way"] for row in table} == set(RATES)
    assert len(table) == len(comparison(SINGLE).rows())
    assert [line for line in run("trace", str(file)).out.splitlines() if line in RATES] == list(RATES)


def test_a_slice_names_its_way() -> None:
    """One quantity of one way is shown by itself; without a way it is of the first; several ways are refused."""
    found = comparison()
    assert found.only("η = 20: step 60: E").wanted == found["η = 20"][60].only("E").wanted
    assert found.only("E").value(found["slow"][1].find("E")) == found["η = 0.5"][1]["E"].value
    with pytest.raises(explainer.ProblemError, match="quantities of several ways"):
        found.only("slow: E", "η = 4: E")


def test_options_hold_for_every_way(tmp_path: Path) -> None:
    """What is set from outside is set for all ways, but for what they have of their own."""
    file = tmp_path / "x.toml"
    file.write_text(SIDE_BY_SIDE, encoding="utf-8")
    done = run(
        "explain", str(file), "-f", "text", "--set", "training.epochs=2", "--convention", "flat", "--decimals", "3"
    )
    assert done.status == 0
    _, *body = rows(done.out, "Epoch")
    assert len(body) == 3
    assert re.fullmatch(r"0\.\d{3}", body[0][1])


@pytest.mark.parametrize(
    ("ways", "faults"),
    [
        ('[[compare]]\nname = "a"\n', ["compare: found 1 item, expected at least 2"]),
        (
            '[[compare]]\nname = "a"\n[[compare]]\nname = "a"\n',
            ['compare[1].name: "a" is the name of another; expected its own'],
        ),
        ('[[compare]]\nname = "a"\n[[compare]]\n', ["compare[1].name: missing; expected text"]),
        ('[[compare]]\nname = "a"\n[[compare]]\nname = 3\n', ["compare[1].name: found 3, expected text"]),
        (
            "[[compare]]\n[[compare]]\n",
            ["compare[0].name: missing; expected text", "compare[1].name: missing; expected text"],
        ),
        ('[[compare]]\nname = ""\n[[compare]]\nname = "b"\n', ["compare[0].name: found no text at all"]),
        (
            '[[compare]]\nname = "a"\ntraining.learning_rate = 0\n[[compare]]\nname = "b"\ntraining.learningrate = 2\n',
            [
                "compare[0].training.learning_rate: found 0, expected more than 0",
                'compare[1].training.learningrate: unknown key (did you mean "learning_rate"?)',
            ],
        ),
        (
            '[[compare]]\nname = "a"\npresentation.convention = "flat"\n[[compare]]\nname = "b"\nrate = 2\n',
            [
                "compare[0].presentation: cannot be compared; expected a field of network, functions, samples, validation, training, numbers, published or errata",  # noqa: E501
                "compare[1].rate: cannot be compared; expected a field of network, functions, samples, validation, training, numbers, published or errata",  # noqa: E501
            ],
        ),
        (
            '[[compare]]\nname = "a"\n"network.layers[7].biases" = [1]\n[[compare]]\nname = "b"\n',
            [
                "compare[0].network.layers[7].biases: cannot be set: the list has 2 items, counted from 0",
            ],
        ),
        (
            '[[compare]]\nname = "a"\n[[compare]]\nname = "b"\n"training rate" = 1\n',
            ['compare[1]."training rate": cannot be set: expected a key such as training.learning_rate or samples[0].'],
        ),
        (
            '[[compare]]\nname = "a"\nnetwork.inputs = 3\n[[compare]]\nname = "b"\n',
            ["compare[0].network.layers[0].weights: 2 columns, but the network has 3 inputs"],
        ),
        ('[compare]\nname = "a"\n', ["compare: found a single table, expected a list of tables; each starts with its name in double brackets"]),  # noqa: E501
        (
            '[[compare]]\nname = "a"\n[[compare]]\nname = "b"\n[published]\n"E" = 1\n',
            ["published: found beside [[compare]]; expected it within the way that it belongs to"],
        ),
        (
            "".join(f'[[compare]]\nname = "{place}"\n' for place in range(9)),
            ["compare: found 9 items, expected at most 8"],
        ),
    ],
)  # fmt: skip
def test_ways_that_are_none_are_refused(ways: str, faults: list[str], tmp_path: Path) -> None:
    """Every fault of every way is named with its place, all at once."""
    file = tmp_path / "x.toml"
    file.write_text(XOR + ways, encoding="utf-8")
    done = run("explain", str(file))
    assert done.status == 2
    told = [line.removeprefix(f"{file}: ") for line in done.err]
    assert [line for line in faults if not any(each.startswith(line) for each in told)] == [], told


def test_letters_and_single_steps_have_no_ways() -> None:
    """In letters, and in a file that calls itself a single step or an exercise, a comparison is refused."""
    with pytest.raises(explainer.ProblemError, match=r"compare: found in letters"):
        explainer.loads(SINGLE, arithmetic="letters")
    with pytest.raises(explainer.ProblemError, match=r"compare: unknown key"):
        explainer.loads(f'kind = "step"\n{SINGLE}')
