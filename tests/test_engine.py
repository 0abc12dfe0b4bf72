"""The engine: in arrays, a long training comes to what its equations come to; what it does not know is left to them."""

import math
import re
from collections.abc import Callable, Mapping
from random import Random

import networks
import numpy as np
import pytest
from msgspec import Struct
from msgspec.structs import replace

import explainer
from explainer.maths.arrays import ARRAYS, compiled
from explainer.maths.formula import Formula, IndexedSum, Letter
from explainer.maths.functions import FUNCTIONS
from explainer.maths.optimizers import OPTIMIZERS
from explainer.maths.quantity import Quantity
from explainer.problem.model import Layer, Network, Problem, Training
from explainer.trace import runner, suited
from explainer.trace.engine import Engine
from explainer.trace.suited import is_suited

SEEDS = 80

XOR = """
[network]
inputs = 2
[[network.layers]]
weights = [[0.5, 0.9], [0.4, 1.0]]
biases = [-0.8, 0.1]
[[network.layers]]
weights = [[-1.2, 1.1]]
biases = [-0.3]
[[samples]]
inputs = [1, 1]
targets = [0]
[[samples]]
inputs = [0, 1]
targets = [1]
[[samples]]
inputs = [1, 0]
targets = [1]
[[samples]]
inputs = [0, 0]
targets = [0]
[training]
learning_rate = 0.5
epochs = 6
[numbers]
arithmetic = "float"
[presentation]
steps = []
"""


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine takes short trainings too."""
    monkeypatch.setattr(suited, "LONG", 0)


DECAYS = (
    '"exponential"',
    '"cosine"',
    '{ name = "step", every = 2, per = "step" }',
    '{ name = "inverse-time", rate = 0.3, per = "step" }',
    '{ name = "cosine", over = 3, minimum = 0.01 }',
)
"""How the learning rate falls."""


def of_layer(pick: Random) -> str:
    """Dropout or batch normalization of a hidden layer, or both."""
    form, rate, momentum = pick.choice(("inverted", "classic")), pick.choice((0.2, 0.5)), pick.choice((0.5, 0.9))
    dropout = f'dropout = {{ rate = {rate}, seed = {pick.randint(0, 99)}, form = "{form}" }}\n'
    normalization = f"normalization = {{ epsilon = 0.01, momentum = {momentum} }}\n"
    return pick.choice((dropout, normalization, dropout + normalization))


def training(seed: int, *, layers: bool = False) -> str:
    """A training on a random network: several samples, any batch, order, reduction and optimizer.

    With `layers`, every hidden layer has dropout or is normalized.
    """
    draw, drawn, pick = networks.Draw(seed), networks.problem(seed), Random(seed)
    count = pick.choice((2, 3, 5) if layers else (1, 2, 3, 5))
    samples = [
        f"inputs = {networks.written(draw.numbers(len(drawn.inputs), 'plain'))}\n"
        f"targets = {networks.written(draw.targets(drawn.loss, drawn.sizes[-1], 'plain'))}\n"
        for _ in range(count)
    ]
    first, rest = drawn.toml.split("[training]\n")
    batch = pick.choice([size for size in range(1, count + 1) if not layers or (size > 1 and count % size != 1)])
    text = first.partition("[[samples]]")[0] + "".join(f"[[samples]]\n{sample}" for sample in samples)
    if layers:
        *hidden, output = text.split("[[network.layers]]\n")
        text = "[[network.layers]]\n".join([hidden[0], *(f"{of_layer(pick)}{each}" for each in hidden[1:]), output])
    if drawn.loss not in networks.LOGARITHMS and pick.random() < 0.5:
        text += f"[[validation]]\n{samples[0]}"
    lines = [f"batch = {batch}", f"epochs = {pick.randint(2, 5)}"]
    reductions = ("mean",) if drawn.loss_parameter in ('"samples"', '"both"') else ("mean", "sum")
    lines += [f'reduction = "{pick.choice(reductions)}"', f'optimizer = "{pick.choice(list(OPTIMIZERS))}"']
    lines += ['order = "shuffled"', f"seed = {seed}"] if pick.random() < 0.4 else []
    rest = rest.replace("[numbers]", '[numbers]\narithmetic = "float"')
    lines += [f"decay = {pick.choice(DECAYS)}"] if pick.random() < 0.4 and "adadelta" not in lines[3] else []
    steered = control(drawn, pick) if pick.random() < 0.5 else ""
    if any(name in line for line in lines for name in ("adadelta", "adamw")):  # no rate, or a decay of its own
        steered = re.sub(r"\bweight_decay = ", "l2 = ", steered) if "l2" not in steered else ""
    return "".join([text, "[training]\n", *(f"{line}\n" for line in lines), rest, steered])


def control(drawn: networks.Problem, pick: Random) -> str:
    """Large weights held back, biases too where not all weights are trained; and gradients clipped."""
    ways = ("l1 = 0.01", "l2 = 0.1", "weight_decay = 0.05", "l1 = 0.02\nl2 = 0.01\nweight_decay = 0.1")
    partly = bool(drawn.named) or any(layer.trained != "all" or layer.mask for layer in drawn.layers)
    biases = str(partly or pick.random() < 0.5).lower()
    bound = f"{pick.choice(('norm', 'value'))} = {pick.choice((0.1, 1, 20))}"
    return f"[training.regularization]\n{pick.choice(ways)}\nbiases = {biases}\n[training.clipping]\n{bound}\n"


def by_equations(problem: Problem) -> explainer.Run:
    """The run by the equations alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "engine", lambda problem: None)
        return explainer.train(problem)


PLAIN = ("sgd", "momentum", "nesterov")
"""The optimizers that do not divide by the size of the gradients; the others make the rounding of a small one large."""


def assert_same(one: explainer.Run, other: explainer.Run) -> None:
    """Two runs are the same but for the order in which sums are rounded.

    In a normalized layer gradients may cancel to nothing but rounding, by which some optimizers divide; that of its
    bias always does, which has no effect.
    """
    idle = {number for number, layer in enumerate(one.problem.network.layers, 1) if layer.normalization}
    near = 1e-12 if one.problem.training.optimizer in PLAIN else 1e-6 if idle else 1e-9
    assert (one.ended, one.best, one.steps) == (other.ended, other.best, other.steps)
    for here, there in zip(one.epochs, other.epochs, strict=True):
        assert math.isclose(here.error, there.error, rel_tol=near, abs_tol=near / 10)
        if there.validation is not None:
            assert math.isclose(here.validation, there.validation, rel_tol=near, abs_tol=near / 10)
    largest = max(map(abs, other.final.values()))
    assert one.final.keys() == other.final.keys()
    for quantity, value in other.final.items():
        if near > 1e-12 and quantity.source == 0 and quantity.layer in idle:
            continue
        assert math.isclose(one.final[quantity], value, rel_tol=near, abs_tol=near * largest), quantity


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_dropout_and_normalization_in_arrays_come_to_what_the_equations_come_to(seed: int) -> None:
    """With outputs left out and layers normalized, all values agree, those for the network in use too."""
    problem = explainer.loads(training(seed, layers=True), settings={"presentation.steps": []})
    assert is_suited(problem)
    found, expected = (outcome(worked, problem) for worked in (explainer.train, by_equations))
    if isinstance(found, str) or isinstance(expected, str):
        assert found == expected
    else:
        assert_same(found, expected)


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_engine_comes_to_what_the_equations_come_to(seed: int) -> None:
    """On any network, with any loss, optimizer and batches, all values agree but for rounding, or the faults do."""
    problem = explainer.loads(training(seed), settings={"presentation.steps": []})
    assert is_suited(problem)
    found, expected = (outcome(worked, problem) for worked in (explainer.train, by_equations))
    if isinstance(found, str) or isinstance(expected, str):
        assert found == expected
    else:
        assert_same(found, expected)


def outcome(worked: Callable[[Problem], explainer.Run], problem: Problem) -> explainer.Run | str:
    """The run of a problem, or the fault of one whose first step is beyond range."""
    try:
        return worked(problem)
    except explainer.ProblemError as error:
        return str(error)


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("convention", ["lecture", "layered", "flat", "threshold"])
def test_every_optimizer_has_the_same_lines_in_arrays(name: str, convention: str) -> None:
    """Every optimizer leads to the same parameters in arrays, and keeps the same of every parameter."""
    settings = {"training.optimizer": name, "training.learning_rate": 0.05, "training.batch": 2}
    problem = explainer.loads(XOR, settings=settings, convention=convention)
    assert_same(explainer.train(problem), by_equations(problem))


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("formula", ["z / (1 + exp(-z))", "max(z, 0.2 z) + abs(z)", "ln(1 + z^2)", "sqrt(z^2 + 1) - 1"])
def test_functions_of_ones_own_work_in_arrays(formula: str) -> None:
    """A function that a problem defines is the same in arrays, and so is its derivative."""
    problem = explainer.loads(XOR, settings={"network.layers[0].activation": formula})
    assert_same(explainer.train(problem), by_equations(problem))


@pytest.mark.usefixtures("always")
def test_the_engine_takes_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """What agrees with the equations are the engine's own steps: nearly all of those on random networks are."""
    taken = []
    step = Engine.step

    def counted(*arguments: object) -> object:
        taken.append(0)
        found = step(*arguments)  # type: ignore[arg-type]
        taken[-1] = 1
        return found

    monkeypatch.setattr(Engine, "step", counted)
    for seed in range(30):
        text = training(seed, layers=seed % 2 == 0)
        explainer.train(explainer.loads(text, settings={"presentation.steps": []}))
    assert len(taken) > 100
    assert sum(taken) / len(taken) > 0.9


@pytest.mark.usefixtures("always")
def test_a_shown_step_is_traced_from_where_the_engine_stands() -> None:
    """Steps in the middle and at the end begin with what the steps before have left, whoever has taken those."""
    settings = {"presentation.steps": [3, "last"], "training.batch": 1, "training.optimizer": "momentum"}
    run = explainer.train(explainer.loads(XOR, settings=settings))
    expected = by_equations(explainer.loads(XOR, settings=settings))
    assert [each.batch.step for each in run.shown] == [3, 24]
    for here, there in zip(run, expected, strict=True):
        assert [step.name for step in here] == [step.name for step in there]
        assert [step.value for step in here] == pytest.approx([step.value for step in there], rel=1e-12)
        assert [here.value(each) for each in here.given] == pytest.approx([there.value(each) for each in there.given])
    last = run[24]
    for quantity, value in run.final.items():
        assert last.value(quantity.after()) == value


KINKED = """
[network]
inputs = 3
[[network.layers]]
activation = "relu"
weights = [[0.1, 0.2, -0.3]]
[[network.layers]]
activation = "linear"
weights = [[1]]
[[samples]]
inputs = [1, 1, 1]
targets = [1]
[training]
learning_rate = 0.1
epochs = 3
[numbers]
arithmetic = "float"
[presentation]
steps = []
"""


@pytest.mark.usefixtures("always")
def test_near_a_kink_the_equations_decide() -> None:
    """0.1 + 0.2 − 0.3 is 0 on the page, where ReLU has the slope 0, though a sum in doubles gives 6e-17."""
    assert np.array([0.1, 0.2, -0.3]).sum() > 0
    run = explainer.train(explainer.loads(KINKED))
    assert_same(run, by_equations(explainer.loads(KINKED)))
    assert run.final == run.first


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("loss", ["absolute-error", "hinge"])
def test_at_a_kink_of_the_loss_the_equations_decide(loss: str) -> None:
    """Where an output reaches its target to the last digits, the slope is that of the page."""
    settings = {"training.loss": loss, "network.layers[0].activation": "linear", "samples[0].targets": [1]}
    weights = {"network.layers[0].weights": [[0.3, 0.5, 0.1]]}
    problem = explainer.loads(KINKED, settings={**settings, **weights, "training.epochs": 20})
    assert_same(explainer.train(problem), by_equations(problem))


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize(("rate", "activation"), [(900, "linear"), (10**7, "exp(-z)"), (900, "z^2")])
def test_a_run_that_diverges_ends_as_by_its_equations(rate: int, activation: str) -> None:
    """Where numbers leave their range the equations say so: at the same step, for the same reason."""
    settings = {"training.learning_rate": rate, "training.epochs": 90}
    layers = {f"network.layers[{layer}].activation": activation for layer in (0, 1)}
    problem = explainer.loads(XOR, settings={**settings, **layers})
    run, expected = explainer.train(problem), by_equations(problem)
    assert run.ended == expected.ended == "diverged"
    assert (run.steps, len(run.epochs), str(run.fault)) == (expected.steps, len(expected.epochs), str(expected.fault))


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize(("small", "output"), [(0, "sigmoid"), (14, "linear")])
def test_a_value_beyond_range_is_found_wherever_it_is(small: int, output: str) -> None:
    """A net input or a gradient beyond range ends the run, though what follows from it may be in range."""
    weights = [*["1e-12"] * small, *["1e12"] * 26]
    chain = [f'[[network.layers]]\nactivation = "linear"\nweights = [[{each}]]\n' for each in weights]
    text = "".join(["[network]\ninputs = 1\n", *chain, KINKED[KINKED.index("[[samples]]") :]])
    last = f"network.layers[{len(weights) - 1}].activation"
    problem = explainer.loads(text, settings={last: output, "training.loss": "huber", "samples[0].inputs": [1]})
    found = outcome(explainer.train, problem)
    assert isinstance(found, str)
    assert found == outcome(by_equations, problem)


POINTS = np.array([-800.0, -30.0, -3.1, -1.0, -0.2, 0.0, 1e-8, 0.3, 1.0, 2.5, 30.0, 800.0])
MORE = {"leaky-relu": 0.1, "leaky-relu'": 0.1, "elu": 1.5, "elu'": 1.5, "huber": 1.2, "huber'": 1.2}
"""The other argument of those functions that have one."""


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_is_the_same_in_arrays(name: str) -> None:
    """Every named function gives for an array what it gives for each of its numbers."""
    array, number = ARRAYS[name], FUNCTIONS[name].binary
    if name.startswith("root"):
        assert array() == number()
        return
    points = POINTS[POINTS > 0] if name in ("ln", "sqrt") else POINTS
    if name == "softmax":
        found, expected = array(points, points), [number(each, *points) for each in points]
    else:
        others = [0.5] if name in ("max", "min") else [MORE[name]] if name in MORE else []
        found, expected = array(points, *others), [number(float(each), *others) for each in points]
    assert found == pytest.approx(expected, rel=1e-13, abs=1e-300)


def test_no_function_is_missing_in_arrays() -> None:
    """Arrays have the functions that numbers have, and no others."""
    assert ARRAYS.keys() == FUNCTIONS.keys()


class Penalized(Training, frozen=True):
    """A training with one field more than the engine knows."""

    penalty: int = 0


class Noisy(Layer, frozen=True):
    """A layer with one field more than the engine knows."""

    noise: float | None = None


def with_fields(problem: Problem, training: Mapping[str, object], layer: Mapping[str, object]) -> Problem:
    """The problem with a field more in its training and in its layers."""
    task = problem.task
    assert isinstance(task, explainer.problem.training.Trained)  # type: ignore[attr-defined]
    layers = tuple(Noisy(**fields(each), **layer) for each in task.network.layers)
    network = Network(**{**fields(task.network), "layers": layers})
    return replace(
        problem, task=replace(task, network=network, training=Penalized(**fields(task.training), **training))
    )


def fields(part: Struct) -> dict[str, object]:
    """The fields of a part of a problem."""
    return {name: getattr(part, name) for name in part.__struct_fields__}


@pytest.mark.usefixtures("always")
def test_what_the_engine_does_not_know_is_left_to_the_equations(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that the engine does not know keeps it from a problem, unless it is as if it were left out."""
    monkeypatch.setattr(
        suited, "KNOWN", {**suited.KNOWN, Penalized: suited.KNOWN[Training], Noisy: suited.KNOWN[Layer]}
    )
    problem = explainer.loads(XOR)
    assert is_suited(with_fields(problem, {}, {}))
    assert not is_suited(with_fields(problem, {"penalty": 1}, {}))
    assert not is_suited(with_fields(problem, {}, {"noise": 0.5}))


@pytest.mark.parametrize("arithmetic", ["decimal", "exact", "letters"])
def test_the_engine_is_for_long_trainings_in_double_precision(arithmetic: str) -> None:
    """What is worked by hand, exactly or in letters never goes through arrays, nor does what is short."""
    long = {"training.epochs": 10_000}
    assert is_suited(explainer.loads(XOR, settings=long))
    assert not is_suited(explainer.loads(XOR, settings=long, arithmetic=arithmetic))
    assert not is_suited(explainer.loads(XOR))


def test_a_formula_that_has_no_value_is_refused() -> None:
    """Arrays compile what has a value, and nothing else."""
    nothing: Formula = IndexedSum("i", Letter("z"))
    with pytest.raises(TypeError, match="no value"):
        compiled(nothing, (Quantity("net"),))


def test_a_missing_connection_has_no_part_in_arrays() -> None:
    """Whatever number stands where the mask has a 0, a long training comes to the same."""
    masked = {"network.layers[0].mask": [[1, 0], [1, 1]], "training.epochs": 2000}
    one = explainer.train(explainer.loads(XOR, settings=masked))
    other = explainer.train(explainer.loads(XOR, settings={**masked, "network.layers[0].weights[0][1]": 77}))
    assert one.final == other.final
