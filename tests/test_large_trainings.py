"""Trainings of many samples and parameters: pages that stay short, and problems that are checked once."""

import re
from copy import deepcopy
from random import Random

import pytest

import explainer
from explainer.check.runs import run_findings
from explainer.maths.formula import quantities
from explainer.problem import read
from explainer.publish.records import as_csv, as_table

INPUTS, HIDDEN, SAMPLES = 40, 5, 250


def large(steps: str = "[]", batch: int = 25) -> str:
    """The problem file of a training on samples of many inputs."""
    draw = Random(3)

    def numbers(count: int) -> str:
        return f"[{', '.join(f'{draw.uniform(-1, 1):.2f}' for _ in range(count))}]"

    rows = ", ".join(numbers(INPUTS) for _ in range(HIDDEN))
    samples = "".join(f"[[samples]]\ninputs = {numbers(INPUTS)}\ntargets = [{each % 2}]\n" for each in range(SAMPLES))
    return (
        f"[network]\ninputs = {INPUTS}\n[[network.layers]]\nweights = [{rows}]\nbiases = {numbers(HIDDEN)}\n"
        f"[[network.layers]]\nweights = [{numbers(HIDDEN)}]\nbiases = [0.1]\n{samples}"
        f"[training]\nlearning_rate = 0.5\nbatch = {batch}\nepochs = 2\n"
        f'[numbers]\narithmetic = "float"\n[presentation]\nsteps = {steps}\n'
    )


def test_many_samples_are_shown_by_the_first_of_them() -> None:
    """The page tells the first samples, of each its first inputs and the last, and how many there are."""
    page = explainer.render(explainer.explain(explainer.train(explainer.loads(large()))), "markdown")
    given = page[page.index("Samples:") : page.index("All epochs")]
    assert "the first 20 of 250" in given
    head, _, *rows = [line for line in given.splitlines() if line.startswith("|")]
    assert [cell.strip() for cell in head.strip("|").split("|")] == [
        *("Sample", "$x_1$", "$x_2$", "$x_3$", "…", "$x_{40}$", "$t_{46}$")
    ]
    assert len(rows) == 20


def test_of_many_parameters_those_that_have_changed_most_are_told() -> None:
    """The last table has the parameters with the largest changes, the largest of all first."""
    run = explainer.train(explainer.loads(large()))
    page = explainer.render(explainer.explain(run), "markdown")
    table = page[page.index("These 20 of the 211 parameters have changed most") :]
    changes = {each: abs(run.final[each] - run.first[each]) for each in run.first}
    largest = sorted(changes, key=lambda each: -changes[each])[:20]
    told = [f"{role}_{place}" for role, place in re.findall(r"^\| \$([wb])_\{?([\d,]+)\}?\$", table, re.MULTILINE)]
    assert told == [run.names.typed(each) for each in largest]
    assert [finding.wrong for finding in run_findings(run) if finding.wrong] == []


@pytest.mark.parametrize("batch", [1, 25])
def test_what_stands_before_the_steps_is_the_same_without_them(batch: int) -> None:
    """A page that shows no step says of the network, its notation and its samples what one with a step says."""
    pages = [
        explainer.render(explainer.explain(explainer.train(explainer.loads(large(steps, batch)))), "markdown")
        for steps in ("[]", "[1]")
    ]
    without, shown = (page[: page.index("\n## ", page.index("## Given data") + 5)] for page in pages)
    assert without == shown


def test_a_training_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has been loaded as a training is trained as it is; a single step is made one first."""
    checks = []
    checked = read.checked
    monkeypatch.setattr(read, "checked", lambda *given: checks.append(0) or checked(*given))
    problem = explainer.loads(large())
    explainer.train(problem)
    assert len(checks) == 1
    explainer.train(explainer.load("problems/lecture-3-2-1.toml"))
    assert len(checks) == 3


def test_settings_leave_the_problem_as_it_was() -> None:
    """A field that is put in is not found afterwards in the problem that it was put into."""
    problem = explainer.loads(large())
    before = deepcopy(problem.data)
    found = explainer.train(
        problem, settings={"samples[3].inputs[0]": 9, "network.layers[1].biases": None, "training.stop.error": 5}
    )
    assert problem.data == before
    assert found.problem.samples[3].inputs[0] == 9
    assert found.problem.network.layers[1].biases is None
    assert found.ended == "error"


def test_long_sums_are_shortened_in_a_table_and_whole_in_a_file() -> None:
    """On a terminal a net input of forty terms has a line that can be read; what programs read has every term."""
    trace = explainer.trace(explainer.loads(large("[1]"))).only("net_41^(1)")
    (net,) = (step for step in trace if step.quantity.role == "net")
    count = len(list(quantities(net.equation.formula)))
    assert count == 2 * INPUTS + 1
    (line,) = (line for line in as_table(trace).splitlines() if line.startswith(net.name))
    (whole,) = (line for line in as_csv(trace).splitlines() if line.startswith(net.name))
    left_out = int(re.search(r"\((\d+) more\)", line)[1])  # type: ignore[index]
    assert whole.count(" w") == line.count(" w") + left_out == INPUTS
