"""What the numbers say: each section on request is true, worked out a second way."""

import re
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest
from command import run
from test_training import XOR

import explainer
from explainer.check.report import findings
from explainer.publish.formats import FORMATS

CONVENTIONS = ["lecture", "mitchell", "layered", "aima", "flat", "threshold", "matrix"]
SECTIONS = ["gradient-check", "cost", "vanishing", "saturation"]


def network(seed: int, sizes: tuple[int, ...], activation: str = "sigmoid", samples: int = 1) -> str:
    """A problem file with a random network of these sizes, in double precision, that asks for every section."""
    random = Random(seed)

    def numbers(count: int) -> list[float]:
        """So many numbers of two decimals, none of them 0."""
        return [round(random.uniform(0.1, 1.5) * random.choice((1, -1)), 2) for _ in range(count)]

    layers = "".join(
        f'[[network.layers]]\nactivation = "{activation}"\nweights = {[numbers(before) for _ in range(units)]}\n'
        f"biases = {numbers(units)}\n"
        for before, units in pairwise(sizes)
    )
    taught = "".join(
        f"[[samples]]\ninputs = {numbers(sizes[0])}\ntargets = {numbers(sizes[-1])}\n" for _ in range(samples)
    )
    return (
        f"[network]\ninputs = {sizes[0]}\n{layers}{taught}[training]\nlearning_rate = 0.1\n"
        f'[numbers]\narithmetic = "float"\ndecimals = 9\n[presentation]\nsections = {SECTIONS}\n'
    )


class Arrays:
    """A network in arrays, with its δ, gradients and slopes for some samples: nothing of it is the program's."""

    def __init__(self, problem: Any) -> None:
        self.function = problem.network.layers[0].activation
        self.weights = [np.array(layer.weights, float) for layer in problem.network.layers]
        self.biases = [np.array(layer.biases, float) for layer in problem.network.layers]
        self.inputs = np.array([sample.inputs for sample in problem.samples], float)
        self.targets = np.array([sample.targets for sample in problem.samples], float)

    def passes(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Net inputs and signals of every layer."""
        nets, signals = [], [self.inputs]
        for weights, biases in zip(self.weights, self.biases, strict=True):
            nets.append(signals[-1] @ weights.T + biases)
            signals.append({"sigmoid": 1 / (1 + np.exp(-nets[-1])), "tanh": np.tanh(nets[-1]), "relu": np.maximum(nets[-1], 0)}[self.function])  # fmt: skip  # noqa: E501
        return nets, signals

    def loss(self) -> float:
        """The mean over the samples of half the squared error."""
        return float(((self.targets - self.passes()[1][-1]) ** 2).sum() / 2 / len(self.inputs))

    def slopes(self) -> list[np.ndarray]:
        """The slope at every unit, by differences of the function itself."""
        nets, _ = self.passes()
        return [{"sigmoid": (s := 1 / (1 + np.exp(-net))) * (1 - s), "tanh": 1 / np.cosh(net) ** 2, "relu": net > 0}[self.function] * 1.0 for net in nets]  # fmt: skip  # noqa: E501

    def deltas(self) -> list[np.ndarray]:
        """δ of every layer for every sample, the first layer first."""
        slopes, (_, signals) = self.slopes(), self.passes()
        found = [(signals[-1] - self.targets) * slopes[-1]]
        for weights, slope in zip(self.weights[:0:-1], slopes[-2::-1], strict=True):
            found.insert(0, found[0] @ weights * slope)
        return found


def table(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table of figures below a heading of plain text."""
    section = page[page.index(f"\n{heading}\n") :]
    block = next(block for block in section.split("\n\n") if block.startswith("    "))
    return [re.split(r" {2,}", line.strip()) for line in block.split("\n")]


def number(text: str) -> float:
    """A number as plain text prints it."""
    plain = text.translate(str.maketrans("−⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "-0123456789-"))
    return float(plain.replace("·10", "e"))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("samples", [1, 3])
def test_the_size_of_delta_is_right_in_each_layer(seed: int, samples: int) -> None:
    """The table has the mean of |δ| over units and samples, its parts, and the powers of ¼ that bound the slopes."""
    problem = explainer.loads(network(seed, (2, 3, 2, 4, 2), samples=samples))
    page = explainer.render(explainer.explain(explainer.solve(problem)), "text")
    sizes = [np.abs(delta).mean() for delta in reversed(Arrays(problem).deltas())]
    head, *rows = table(page, "How large δ is in each layer")
    assert len(head) == 5
    for place, (row, size) in enumerate(zip(rows, sizes, strict=True)):
        assert number(row[1]) == pytest.approx(size, rel=1e-6, abs=1e-9)
        if place:
            assert number(row[2]) == pytest.approx(size / sizes[place - 1], rel=0.06)
            assert number(row[3]) == pytest.approx(size / sizes[0], rel=0.06)
            assert number(row[4]) == pytest.approx(0.25**place, rel=0.006)
    ratio = sizes[-1] / sizes[0]
    said = "vanishes" if ratio < 0.01 else "shrinks" if ratio < 0.1 else "neither" if ratio < 10 else "explodes"
    assert f"Here δ {said}" in page.replace("\n", " ")


def test_delta_explodes_where_weights_are_large() -> None:
    """Linear units with large weights pass back more than they get, and the page says so."""
    text = network(1, (1, 1, 1, 1, 1)).replace('"sigmoid"', '"linear"')
    settings = {f"network.layers[{layer}].weights": [[6]] for layer in range(4)}
    page = explainer.render(explainer.explain(explainer.solve(explainer.loads(text, settings=settings))), "text")
    assert "Here δ explodes: in the first layer it is 216 times" in page.replace("\n", " ")
    assert "Slopes, at most" not in page


@pytest.mark.parametrize(("activation", "seed"), [("sigmoid", 1), ("tanh", 2), ("tanh", 3), ("relu", 4), ("relu", 5)])
def test_slopes_are_right_at_every_unit(activation: str, seed: int) -> None:
    """The table has the slope of each unit's function, and the sentence names just those that are nearly flat."""
    problem = explainer.loads(network(seed, (2, 4, 3), activation))
    page = explainer.render(explainer.explain(explainer.solve(problem)), "text")
    slopes = np.concatenate([slope[0] for slope in Arrays(problem).slopes()])
    _, *rows = table(page, "How steep the activation functions are")
    assert [number(row[3]) for row in rows] == pytest.approx(list(slopes), abs=1e-8)
    flat = [row[0] for row in rows if number(row[3]) < 0.05]
    told = re.search(r"Saturated (?:is node|are the nodes) ([^.]*)\.", page.replace("\n", " "))
    assert (re.split(", | and ", told[1]) if told else []) == flat


def test_over_a_batch_slopes_have_a_range() -> None:
    """Of several samples the smallest and the largest slope are told, and for which samples a unit is nearly flat."""
    problem = explainer.loads(network(4, (2, 4, 2), "relu", samples=4))
    page = explainer.render(explainer.explain(explainer.solve(problem)), "text")
    slopes = np.concatenate(Arrays(problem).slopes(), axis=1)
    _, *rows = table(page, "How steep the activation functions are")
    for row, steep in zip(rows, slopes.T, strict=True):
        assert (number(row[1]), number(row[2])) == (steep.min(), steep.max())
        flat = [str(place) for place, each in enumerate(steep, 1) if not each]
        assert re.findall(r"\d", row[3]) == flat


class Counted(float):
    """A number that counts how often any of its kind is multiplied."""

    times = 0

    def __mul__(self, other: float) -> "Counted":
        Counted.times += 1
        return Counted(float(self) * float(other))


def multiplications(sizes: tuple[int, ...]) -> tuple[int, int]:
    """So many multiplications backpropagation takes on a network, and differences, counted while they are worked."""
    weights = [[[Counted(0.1)] * before for _ in range(units)] for before, units in pairwise(sizes)]

    def forward() -> list[list[Counted]]:
        """The signals of each layer, slopes and biases left aside."""
        signals = [[Counted(1)] * sizes[0]]
        for rows in weights:
            signals.append([Counted(sum(w * x for w, x in zip(row, signals[-1], strict=True))) for row in rows])
        return signals

    Counted.times = 0
    signals, delta = forward(), [Counted(1) * Counted(0.2) for _ in range(sizes[-1])]
    for layer in reversed(range(len(weights))):
        _ = [[d * x for x in signals[layer]] for d in delta]
        if layer:
            columns = zip(*weights[layer], strict=True)
            delta = [
                Counted(sum(w * d for w, d in zip(column, delta, strict=True))) * Counted(0.2) for column in columns
            ]
    back, Counted.times = Counted.times, 0
    parameters = sum(before * units + units for before, units in pairwise(sizes))
    for _ in range(parameters + 1):
        forward()
    return back, Counted.times


@pytest.mark.parametrize("sizes", [(1, 1), (3, 2, 1), (2, 5, 3, 2), (4, 4, 4, 4)])
def test_the_cost_is_counted_right(sizes: tuple[int, ...]) -> None:
    """The numbers of multiplications are those that are counted while both ways are worked."""
    page = explainer.render(explainer.explain(explainer.solve(explainer.loads(network(1, sizes)))), "text")
    _, *rows = table(page, "What it costs")
    back, differences = multiplications(sizes)
    assert [int(row[1]) for row in rows[-2:]] == [back, differences]
    assert sum(int(row[1]) for row in rows[:3]) == back
    times = re.search(r"That is ([\d.]+) times", page)
    assert float(times[1]) == pytest.approx(differences / back, rel=0.05) if times else differences <= back


@pytest.mark.parametrize("samples", [1, 2])
def test_gradients_are_those_of_differences(samples: int) -> None:
    """Both columns have the gradient that moving the parameter by itself gives, in double precision too."""
    problem = explainer.loads(network(3, (2, 2, 1), samples=samples))
    page = explainer.render(explainer.explain(explainer.solve(problem)), "text")
    _, *rows = table(page, "The gradients, checked by differences")
    arrays, found = Arrays(problem), []
    for layer in (1, 0):
        for unit in range(len(arrays.weights[layer])):
            for array, places in ((arrays.weights[layer][unit], range(2)), (arrays.biases[layer], [unit])):
                for place in places:
                    ends = []
                    for step in (1e-5, -1e-5):
                        array[place] += step
                        ends.append(arrays.loss())
                        array[place] -= step
                    found.append((ends[0] - ends[1]) / 2e-5)
    assert [number(row[1]) for row in rows] == pytest.approx(found, rel=1e-6, abs=1e-9)
    assert [number(row[2]) for row in rows] == pytest.approx(found, rel=1e-6, abs=1e-9)
    assert all(number(row[3]) < 1e-20 for row in rows)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("arithmetic", ["decimal", "float", "exact", "letters"])
def test_sections_go_with_every_convention_and_arithmetic(convention: str, arithmetic: str) -> None:
    """A page with every section renders in every format, and nothing on it is untrue; letters have the cost alone."""
    text = network(2, (2, 2, 1)).replace('arithmetic = "float"\ndecimals = 9', "")
    problem = explainer.loads(text, convention=convention, arithmetic=arithmetic)
    solved = explainer.solve(problem)
    pages = [explainer.render(explainer.explain(solved), name) for name in FORMATS]
    assert all("What it costs" in page for page in pages)
    assert ("checked by differences" in pages[0]) == (arithmetic != "letters")
    assert [wrong for each in findings(solved) for wrong in each.wrong] == []


def test_a_run_has_its_first_and_its_last_step_looked_at() -> None:
    """The sections of a training tell of the first and the last step that are shown, and the cost once."""
    run = explainer.train(explainer.loads(XOR, settings={"presentation.sections": SECTIONS}))
    page = explainer.render(explainer.explain(run), "text")
    assert page.count("In the first step that is shown") == page.count("In the last step that is shown") == 3
    assert page.count("one parameter at a time") == 1


def test_a_large_network_has_its_first_gradients_checked() -> None:
    """Of many parameters the page says how many of them it checks."""
    page = explainer.render(explainer.explain(explainer.solve(explainer.loads(network(1, (6, 6, 4))))), "text")
    _, *rows = table(page[page.index("These are the first") - 3 :].replace("These", "\nThese", 1), page_line(page))
    assert len(rows) == 40
    assert "the first 40 of 70 parameters" in page.replace("\n", " ")


def page_line(page: str) -> str:
    """The line of a page that tells how many parameters are checked."""
    return next(line for line in page.split("\n") if line.startswith("These are the first"))


@pytest.mark.parametrize(
    ("sections", "fault"),
    [
        ('["cots"]', 'presentation.sections[0]: unknown sections "cots" (did you mean "cost"?)'),
        ('["cost", "cost"]', "presentation.sections: found cost, cost, expected each of them once"),
        ('"cost"', 'presentation.sections: found "cost", expected a list of names'),
        (
            "[3]",
            "presentation.sections[0]: found 3, expected one of: gradient-check, cost, vanishing, saturation, errata",
        ),
    ],
)
def test_sections_that_are_none_are_refused(sections: str, fault: str, tmp_path: Any) -> None:
    """A section that there is not is named with its place and what there is."""
    file = tmp_path / "x.toml"
    file.write_text(XOR.replace("steps =", f"sections = {sections}\nsteps ="), encoding="utf-8")
    done = run("explain", str(file))
    assert done.status == 2
    assert [line.removeprefix(f"{file}: ") for line in done.err] == [fault]


def test_small_exercises_have_no_such_sections() -> None:
    """Where no network is trained, the sections are refused with the reason."""
    text = 'kind = "neuron"\n[unit]\ninputs = [1]\nweights = [2]\n[presentation]\nsections = ["cost"]\n'
    with pytest.raises(explainer.ProblemError, match=r"presentation.sections: found where no network is trained"):
        explainer.loads(text)


@pytest.mark.parametrize("name", ["batch-3-2-1", "lecture-2-2-2", "foundations-2-2-2-1", "negnevitsky-2-2-1"])
def test_the_page_says_where_the_source_differs(name: str) -> None:
    """Every erratum has a line with the figure of the source, the right one and the reason."""
    problem = explainer.load(f"problems/{name}.toml")
    page = explainer.render(explainer.explain(explainer.trace(problem)), "text")
    section = " ".join(page.partition("Where the source differs\n")[2].replace("\u00a0", " ").split())
    assert problem.errata
    for erratum in problem.errata.values():
        printed, right = (str(each).replace("-", "−") for each in (erratum.printed, erratum.right))
        assert f": the source has {printed}; it should be {right}. {erratum.reason}" in section


def test_errata_of_names_that_a_convention_does_not_have_are_left_out() -> None:
    """Another convention names quantities otherwise: what it does not name has no line, and no heading is left over."""
    problem = explainer.load("problems/lecture-2-2-2.toml", convention="layered")
    assert "source differs" not in explainer.render(explainer.explain(explainer.trace(problem)), "text")
