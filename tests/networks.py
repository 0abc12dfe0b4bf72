"""Random problems: networks, samples and ways of rounding, drawn from a seed and written as problem files."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import explainer

ACTIVATIONS = (
    "sigmoid",
    "tanh",
    "relu",
    "leaky-relu",
    "elu",
    "softplus",
    "gelu",
    "gelu-tanh",
    "silu",
    "linear",
    "softmax",
)
LOSSES = (
    "half-squared-error",
    "sum-squared-error",
    "mean-squared-error",
    "absolute-error",
    "binary-cross-entropy",
    "cross-entropy",
    "huber",
    "hinge",
)
LOGARITHMS = {"binary-cross-entropy": ("sigmoid", "softmax"), "cross-entropy": ("softmax",)}
"""The losses with a logarithm in them, and the activations of which it can be taken."""

CONVENTIONS = ("lecture", "mitchell", "layered", "aima", "flat", "threshold")

Places = int | str
"""Decimals, or as TOML writes them: '"all"' for no rounding, "{ significant = 3 }" for significant figures."""


@dataclass(frozen=True)
class Parameters:
    """The parameters of the functions of a problem, and which form of GELU it has."""

    slope: Fraction
    alpha: Fraction
    width: Fraction
    tanh_form: bool
    own: tuple[tuple[str, Callable[..., Any], Callable[..., Any]], ...] = ()
    """The functions that the problem defines itself: their signs, f and f′."""


@dataclass(frozen=True)
class Layer:
    """One layer; numbers are kept as they are written in the file.

    The slope is that of a leaky ReLU, or the α of an ELU.
    """

    activation: str
    slope: str
    weights: tuple[tuple[str, ...], ...]
    biases: tuple[str, ...] | None
    mask: tuple[tuple[str, ...], ...] | None = None
    trained: str = "all"


@dataclass(frozen=True)
class Named:
    """A parameter with a name of its own; where `trained` is None, it is trained as its layers are."""

    name: str
    value: str
    trained: bool | None

    @property
    def toml(self) -> str:
        """Its line in the file."""
        if self.trained is None:
            return f"{self.name} = {self.value}"
        return f"{self.name} = {{ value = {self.value}, trained = {str(self.trained).lower()} }}"


Place = tuple[int, int, int]
"""Layer, unit and source of a weight, from 0; the source of a bias is −1."""


@dataclass(frozen=True)
class Rounding:
    """How the problem asks for its numbers to be rounded."""

    kind: str
    places: int
    exceptions: tuple[tuple[str, Places], ...] = ()
    trailing_zeros: bool | None = None


@dataclass(frozen=True)
class Problem:
    """A problem as it is written in a file."""

    inputs: tuple[str, ...]
    layers: tuple[Layer, ...]
    targets: tuple[str, ...]
    loss: str
    rate: str
    convention: str
    rounding: Rounding
    longest_sum: int = 10
    named: tuple[Named, ...] = ()
    loss_parameter: str = ""
    long_way: bool = False

    @property
    def function_parameters(self) -> Parameters:
        """The parameters of its functions; all layers of one kind have the same."""
        slopes = {layer.activation: Fraction(layer.slope) for layer in self.layers}
        return Parameters(
            slope=slopes.get("leaky-relu", Fraction(0)),
            alpha=slopes.get("elu", Fraction(1)),
            width=Fraction(self.loss_parameter) if self.loss == "huber" else Fraction(1),
            tanh_form="gelu-tanh" in slopes,
        )

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many units each layer has, the inputs first."""
        return (len(self.inputs), *(len(layer.weights) for layer in self.layers))

    def number(self, entry: str) -> str:
        """What an entry of the weights or biases is worth: a number, or that of the name in quotes."""
        return {f'"{each.name}"': each.value for each in self.named}.get(entry, entry)

    @property
    def parameters(self) -> list[tuple[Place, ...]]:
        """The places of every parameter: those of one name together, and none where there is no connection."""
        found: dict[str, list[Place]] = {}
        for index, layer in enumerate(self.layers):
            entries = {
                (unit, source): entry for unit, row in enumerate(layer.weights) for source, entry in enumerate(row)
            }
            entries |= {(unit, -1): entry for unit, entry in enumerate(layer.biases or ())}
            for (unit, source), entry in entries.items():
                if source < 0 or layer.mask is None or layer.mask[unit][source] == "1":
                    name = entry if entry.startswith('"') else f"{index} {unit} {source}"
                    found.setdefault(name, []).append((index, unit, source))
        return [tuple(places) for places in found.values()]

    def is_trained(self, place: Place) -> bool:
        """Whether the parameter at a place is changed by a step."""
        index, unit, source = place
        layer = self.layers[index]
        entry = layer.biases[unit] if source < 0 and layer.biases else layer.weights[unit][source]
        said = {f'"{each.name}"': each.trained for each in self.named}.get(entry)
        return layer.trained in ("all", "biases" if source < 0 else "weights") if said is None else said

    @property
    def toml(self) -> str:
        """The problem file."""
        lines = ["[network]", f"inputs = {len(self.inputs)}"]
        lines += ["[network.parameters]"] + [each.toml for each in self.named] if self.named else []
        for layer in self.layers:
            lines += ["[[network.layers]]", f"activation = {written_activation(layer)}"]
            lines.append(f"weights = [{', '.join(map(written, layer.weights))}]")
            lines += [f"biases = {written(layer.biases)}"] if layer.biases else []
            lines += [f"mask = [{', '.join(map(written, layer.mask))}]"] if layer.mask else []
            lines += [f'trained = "{layer.trained}"'] if layer.trained != "all" else []
        lines += ["[[samples]]", f"inputs = {written(self.inputs)}", f"targets = {written(self.targets)}"]
        lines += ["[training]", f"loss = {written_loss(self)}", f"learning_rate = {self.rate}"]
        lines += ["[numbers]", f"{self.rounding.kind} = {self.rounding.places}"]
        if self.rounding.trailing_zeros is not None:
            lines.append(f"trailing_zeros = {str(self.rounding.trailing_zeros).lower()}")
        if self.rounding.exceptions:
            lines.append("[numbers.places]")
            lines += [f'"{name}" = {places}' for name, places in self.rounding.exceptions]
        lines += ["[presentation]", f'convention = "{self.convention}"', f"longest_sum = {self.longest_sum}"]
        lines += ['output_delta = "long"'] if self.long_way else []
        return "\n".join(lines) + "\n"


def written(numbers: Sequence[str]) -> str:
    """A list of numbers as TOML writes it."""
    return f"[{', '.join(numbers)}]"


def written_activation(layer: Layer) -> str:
    """An activation as TOML writes it, with its parameter where it has one."""
    parameter = {"leaky-relu": "slope", "elu": "alpha"}.get(layer.activation)
    if parameter is None:
        return f'"{layer.activation}"'
    return f'{{ name = "{layer.activation}", {parameter} = {layer.slope} }}'


def written_loss(problem: Problem) -> str:
    """A loss as TOML writes it, with its parameter where it has one."""
    parameter = {"huber": "width", "mean-squared-error": "over"}.get(problem.loss)
    if parameter is None or not problem.loss_parameter:
        return f'"{problem.loss}"'
    return f'{{ name = "{problem.loss}", {parameter} = {problem.loss_parameter} }}'


class Draw:
    """Draws the parts of a problem from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # not a secret: the same seed gives the same problem

    def problem(self) -> Problem:
        """Any problem; one in two with parameters that are missing, shared, or not trained."""
        problem = self.plain()
        return self.rewired(problem) if self.random.random() < 0.5 else problem

    def rewired(self, problem: Problem) -> Problem:
        """The same problem with parameters that are missing, shared, or not trained; some are."""
        while True:
            layers = tuple(replace(each, mask=self.mask(each), trained=self.trained()) for each in problem.layers)
            found = self.shared(replace(problem, layers=layers))
            if any(found.is_trained(places[0]) for places in found.parameters):
                return found

    def mask(self, layer: Layer) -> tuple[tuple[str, ...], ...] | None:
        """Where there are connections; for most layers everywhere."""
        if self.random.random() < 0.6:
            return None
        return tuple(tuple(self.random.choice("0111") for _ in row) for row in layer.weights)

    def trained(self) -> str:
        """What of a layer is trained, mostly all of it."""
        return self.random.choice(("all", "all", "all", "all", "weights", "weights", "biases", "none"))

    def shared(self, problem: Problem) -> Problem:
        """The problem with names in place of some weights and biases."""
        for name, kind in (("w", 0), ("w_0", 0), ("b", 1), ("b_0", 1)):
            places = [each for each in self.places(problem) if (each[2] < 0) == bool(kind)]
            if places and self.random.random() < 0.4:
                chosen = self.random.sample(places, min(len(places), self.random.choice((1, 2, 2, 3))))
                problem = self.sharing(problem, name, chosen)
        return problem

    def places(self, problem: Problem) -> list[Place]:
        """Every place of a number that has no name yet."""
        return [
            (index, unit, source)
            for index, layer in enumerate(problem.layers)
            for unit, row in enumerate(layer.weights)
            for source, entry in [*enumerate(row), *([(-1, layer.biases[unit])] if layer.biases else [])]
            if not entry.startswith('"')
        ]

    def sharing(self, problem: Problem, name: str, places: list[Place]) -> Problem:
        """The problem with one name at these places; the number is that of the first."""
        kinds = {problem.is_trained(place) for place in places}
        index, unit, source = places[0]
        layer = problem.layers[index]
        value = layer.biases[unit] if source < 0 and layer.biases else layer.weights[unit][source]
        trained = self.random.choice((True, True, False)) if len(kinds) > 1 or self.random.random() < 0.3 else None
        layers = [with_name(layer, f'"{name}"', index, places) for index, layer in enumerate(problem.layers)]
        return replace(problem, layers=tuple(layers), named=(*problem.named, Named(name, value, trained)))

    def plain(self) -> Problem:
        """Any fully connected network: 1 to 4 layers of 1 to 4 units, every activation, loss, convention, rounding."""
        pick = self.random
        layers = pick.choices((1, 2, 3, 4), (3, 6, 2, 1))[0]
        sizes = [pick.choices((1, 2, 3, 4), (3, 4, 2, 1))[0] for _ in range(layers + 1)]
        style = pick.choice(("plain", "plain", "plain", "fine", "mixed", "wild"))
        slope = pick.choice(("0.01", "0.1", "0.25"))
        loss = pick.choice(LOSSES)
        drawn = [self.layer(before, units, style, slope) for before, units in pairwise(sizes)]
        if loss == "cross-entropy" and len(drawn[-1].weights) == 1:
            loss = "binary-cross-entropy"
        if loss in LOGARITHMS:
            drawn[-1] = replace(drawn[-1], activation=pick.choice(LOGARITHMS[loss]))
        drawn = [self.not_alone(each) for each in drawn]
        return Problem(
            inputs=self.numbers(sizes[0], style),
            layers=self.with_one_form(drawn),
            targets=self.targets(loss, sizes[-1], style),
            loss=loss,
            loss_parameter=self.loss_parameter(loss),
            long_way=pick.random() < 0.4,
            rate=pick.choice(("0.9", "0.5", "0.1", "1", "0.05", "0.001", "2")),
            convention=pick.choice(CONVENTIONS),
            rounding=self.rounding(),
            longest_sum=pick.choice((10, 10, 10, 3)),
        )

    def not_alone(self, layer: Layer) -> Layer:
        """The layer with a sigmoid in place of a softmax of a single unit, which is always 1."""
        alone = layer.activation == "softmax" and len(layer.weights) == 1
        return replace(layer, activation="sigmoid") if alone else layer

    def with_one_form(self, layers: list[Layer]) -> tuple[Layer, ...]:
        """The layers, all that are GELU in the same form: both are called GELU on a page."""
        form = self.random.choice(("gelu", "gelu-tanh"))
        return tuple(replace(each, activation=form) if "gelu" in each.activation else each for each in layers)

    def targets(self, loss: str, count: int, style: str) -> tuple[str, ...]:
        """Targets that a loss is for."""
        known = {"binary-cross-entropy": ("0", "1", "0.3", "0.75"), "hinge": ("1", "-1")}.get(loss)
        if known:
            return tuple(self.random.choice(known) for _ in range(count))
        if loss == "cross-entropy":
            shares = self.random.choice((["1"], ["1"], ["0.75", "0.25"]))
            return tuple(self.random.sample([*shares, *["0"] * (count - len(shares))], count))
        return self.numbers(count, self.random.choice(("plain", style)))

    def loss_parameter(self, loss: str) -> str:
        """A value for the parameter of a loss that has one."""
        known = {"huber": ("1", "0.5", "1.5"), "mean-squared-error": ("", '"outputs"', '"samples"', '"both"')}
        return self.random.choice(known.get(loss, ("",)))

    def layer(self, before: int, units: int, style: str, slope: str) -> Layer:
        """One layer after one of so many units."""
        biases = self.numbers(units, style) if self.random.random() < 0.7 else None
        weights = tuple(self.numbers(before, style) for _ in range(units))
        return Layer(self.random.choice(ACTIVATIONS), slope, weights, biases)

    def numbers(self, count: int, style: str) -> tuple[str, ...]:
        """So many numbers of one style."""
        return tuple(self.number(style) for _ in range(count))

    def number(self, style: str) -> str:
        """A number: plain as in a textbook, fine with many decimals, or wild, from tiny to large."""
        pick = self.random
        if style == "mixed":
            style = pick.choice(("plain", "fine", "wild"))
        if style == "fine":
            return f"{pick.uniform(-3, 3):.{pick.randint(2, 8)}f}"
        if style == "wild":
            return pick.choice(
                (
                    f"{pick.uniform(-1, 1) * 10 ** pick.randint(0, 4):.2f}",
                    f"{pick.uniform(-1, 1) * 10 ** -pick.randint(1, 7):.10f}",
                    f"{pick.uniform(-2, 2):.1f}",
                    str(pick.randint(-20, 20)),
                )
            )
        return pick.choice(
            ("0", "1", "-1", f"{pick.uniform(-1, 1):.1f}", f"{pick.uniform(-1, 1):.1f}", f"{pick.uniform(-2, 2):.2f}")
        )

    def rounding(self) -> Rounding:
        """Decimals or significant figures, sometimes with exceptions, sometimes as the lecture has it."""
        pick = self.random
        kind = pick.choice(("decimals", "decimals", "significant"))
        exceptions: tuple[tuple[str, Places], ...] = ()
        if pick.random() < 0.3:
            exceptions = pick.choice(EXCEPTIONS)
        return Rounding(kind, pick.randint(2, 6), exceptions, pick.choice((None, None, True, False)))


ALL = '"all"'
EXCEPTIONS: tuple[tuple[tuple[str, Places], ...], ...] = (
    (
        ("exp", 4),
        ("delta", 4),
        ("change", 4),
        ("net", '"all"'),
        ("product", '"all"'),
        ("sum", '"all"'),
        ("check.net", 3),
    ),
    (("delta", "{ significant = 3 }"), ("change", "{ significant = 2 }"), ("check.output", 6)),
    (("power", 3), ("function", 3), ("loss", 6), ("update.product", ALL)),
    (("weight", 2), ("bias", 2), ("backward.sum", 3), ("quotient", 5)),
)
"""Rounding by role, by sub-result, and by phase."""


def with_name(layer: Layer, name: str, index: int, places: Sequence[Place]) -> Layer:
    """A layer with a name at those of the places that are in it."""
    weights = tuple(
        tuple(name if (index, unit, source) in places else entry for source, entry in enumerate(row))
        for unit, row in enumerate(layer.weights)
    )
    biases = tuple(name if (index, unit, -1) in places else entry for unit, entry in enumerate(layer.biases or ()))
    return replace(layer, weights=weights, biases=biases or None)


def problem(seed: int) -> Problem:
    """The problem of a seed; one that is refused for a logarithm of 0 has no page, and the next one is taken."""
    for attempt in range(100):
        drawn = Draw(seed + 100_000 * attempt).problem()
        if drawn.loss not in LOGARITHMS or not saturates(drawn):
            return drawn
    raise AssertionError("every problem is refused")


def saturates(problem: Problem) -> bool:
    """Whether an output is 0 or 1 to the digits carried, so that its logarithms cannot be worked out."""
    try:
        for arithmetic in ("decimal", "float"):
            explainer.trace(explainer.loads(problem.toml, arithmetic=arithmetic))
    except explainer.ProblemError as error:
        return "the logarithm of 0" in str(error) or "a division by 0" in str(error)
    return False
