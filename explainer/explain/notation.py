"""The table of notation that a page opens with: the symbols of the convention, and what they stand for."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from explainer.explain.document import Block, Glossary, Inlines, Math, Section
from explainer.explain.reading import Reading
from explainer.maths.formula import Formula, Negation, Partial
from explainer.maths.quantity import CORRECTED, FIXED_SIGNAL, ROLES, SCALE, SHIFT, STATES, Index, Quantity, Role
from explainer.problem.model import OneStep
from explainer.trace.control import strengths
from explainer.trace.derive import optimizer


class Shown(Struct, frozen=True):
    """What a page shows: the roles of its quantities, those of its output layer, and what else has a symbol there."""

    roles: frozenset[Role]
    at_output: frozenset[Role]
    last: Index
    biased: bool
    fixed_signal: bool
    new: bool
    settings: tuple[Quantity, ...]

    @classmethod
    def of(cls, shown: Iterable[Quantity], last: Index, *, biased: bool) -> "Shown":
        """What these quantities are."""
        found = dict.fromkeys(shown)
        roles = {each.role for each in found}
        if "delta" in roles:  # which is defined by the loss, though a slice may not work it out
            roles.add("loss")
        settings = tuple(each for each in found if each.role == "setting")
        new = any(each.iteration for each in found)
        at_output = frozenset(each.role for each in found if each.layer == last)
        return cls(frozenset(roles), at_output, last, biased, FIXED_SIGNAL in found, new, settings)


def notation_section(reading: Reading) -> Iterator[Block]:
    """The notation of a step, or of a slice of it."""
    shown = Shown.of((*reading.trace.given, *reading.trace.index), reading.last, biased=reading.biased)
    yield notation(reading, shown)


def notation(reading: Reading, shown: Shown, level: int = 2) -> Section:
    """Every kind of symbol on a page with its meaning, in the order in which the page needs them."""
    fillings = places(reading, shown)
    said = ((symbol, reading.prose(f"notation.{key}", **fillings)) for symbol, key in symbols(reading, shown))
    return glossary(reading, ((symbol, named(reading, symbol, meaning)) for symbol, meaning in said), level)


def named(reading: Reading, symbol: Quantity, meaning: Inlines) -> Inlines:
    """The meaning of a symbol; where the quantities of its kind are numbered or have names of their own, that too."""
    trace = reading.trace
    given = [each for each in trace.given if each.role == symbol.role]
    if symbol.iteration or symbol.role not in ("weight", "bias") or len(given) < 2:
        return meaning
    numbered = "{n}" in trace.names.convention.symbols[symbol.role]
    own = all(each in trace.names.own for each in given)
    return reading.prose("notation.named", meaning=meaning) if numbered or own else meaning


def glossary(reading: Reading, entries: Iterable[tuple[Formula, Inlines]], level: int = 2) -> Section:
    """The section with a table of symbols and their meanings."""
    head = reading.prose("notation.symbol"), reading.prose("notation.meaning")
    rows = tuple(((reading.letters(symbol),), meaning) for symbol, meaning in entries)
    return reading.heading("notation", level, [Glossary(head, rows)])


def symbols(reading: Reading, shown: Shown) -> Iterator[tuple[Quantity, str]]:
    """Each symbol, for any unit, and the key of its meaning."""
    convention = reading.trace.names.convention
    for role in ROLES:
        if role == "setting":
            yield from ((each, meaning(reading, each)) for each in shown.settings)
            continue
        unnamed = role == "change" and convention.update != "by-change" and not states_change(reading)
        if role in shown.roles and not unnamed:
            yield general(shown, role), key_of(reading, shown, role)
        if role == "input" and shown.fixed_signal:
            yield FIXED_SIGNAL, "fixed_signal"
        if role in shown.at_output and role in convention.output_symbols and role in AT_OUTPUT and shown.last != 1:
            source = "i" if role == "weight" else 0
            yield Quantity(role, shown.last, "k", source), AT_OUTPUT[role]
    if shown.new:
        yield general(shown, "weight").after(), "new"


AT_OUTPUT: Mapping[Role, str] = {
    "weight": "network_weight",
    "bias": "network_bias",
    "net": "network_net",
    "output": "network_output",
}
"""The meaning of what is called differently in the output layer."""


OF_DECAY: Mapping[str, str] = {
    "q": "rate_factor",
    "κ": "decay_rate",
    "T": "decay_span",
    "η_0": "first_rate",
    "η_min": "least_rate",
    "τ": "over",
}
"""The meaning of each number by which the learning rate falls."""

SETTINGS: Mapping[str, str] = {
    "μ": "momentum",
    "ρ": "decay",
    "β_1": "first_share",
    "β_2": "second_share",
    "ε": "epsilon",
    "λ": "weight_decay",
    "c": "bound",
    **OF_DECAY,
}
"""The meaning of each number that the training is set to, by its sign; λ has several."""


STRENGTHS: Mapping[str, str] = {"l1": "absolute_penalty", "l2": "square_penalty", "weight_decay": "weight_decay"}
"""The meaning of each strength with which large weights are held back."""


def meaning(reading: Reading, setting: Quantity) -> str:
    """The meaning of a number that the training is set to."""
    held_back = {sign: STRENGTHS[name] for name, sign in strengths(reading.trace.problem.training).items()}
    if str(setting.unit) == "β_2" and reading.trace.problem.training.optimizer == "adamax":
        return "largest_share"
    return held_back.get(setting) or setting_key(setting)


OF_LAYER: Mapping[str, str] = {"p": "dropout_rate", "ε": "normalization_epsilon", "κ": "normalization_momentum"}
"""The meaning of each number that a layer is set to, by its sign."""


def setting_key(setting: Quantity) -> str:
    """The key of what is said of a number that the training, or a layer, is set to."""
    return (OF_LAYER if setting.layer else SETTINGS)[str(setting.unit)]


def states_change(reading: Reading) -> bool:
    """Whether an optimizer states the change of a parameter, whatever the convention."""
    task = reading.trace.problem.task
    return isinstance(task, OneStep) and optimizer(task.training).states_change


def general(shown: Shown, role: Role) -> Quantity:
    """The quantity of this role of any unit."""
    match role:
        case "input":
            return Quantity(role, 0, "i")
        case "target" | "error":
            return Quantity(role, shown.last, "k")
        case "rate" | "norm" | "norm_square" | "factor":
            return Quantity(role)
        case "loss" | "data_loss" | "penalty" | "loss_sum":
            return Quantity(role, shown.last)
        case "scale" | "shift":
            return Quantity(role, "l", "j", {"scale": SCALE, "shift": SHIFT}[role])
        case "weight" | "change" | "gradient" | "data_gradient" | "clipped" | "ahead":
            return Quantity(role, "l", "j", "i")
        case _ if role in STATES or role in CORRECTED:
            return Quantity(role, "l", "j", "i")
        case "output" if shown.last == 1:
            return Quantity(role, 1, "k")
        case _:
            return Quantity(role, "l", "j")


def key_of(reading: Reading, shown: Shown, role: Role) -> str:
    """The key of the meaning of a role, where conventions differ in what they mean by it."""
    convention = reading.trace.names.convention
    match role:
        case "bias":
            return BIAS.get(convention.bias, "bias")
        case "net" if convention.bias == "subtracted" and shown.biased:
            return "net_threshold"
        case "delta":
            signed = {"downhill": "delta_downhill", "uphill": "delta_uphill"}[convention.delta]
            return signed if reading.laws.delta_named else "slope"
        case "velocity" if reading.trace.problem.training.optimizer_parameters["form"] == "library":
            return "velocity_of_gradients"
        case "gradient" | "data_gradient" if reading.trace.names.ahead:
            return f"{role}_ahead"
        case "output" if shown.last == 1:
            return "network_output"
        case _:
            return role


BIAS = {"subtracted": "threshold", "weight": "bias_weight"}
"""The meaning of a bias, where it is not simply added."""


def places(reading: Reading, shown: Shown) -> dict[str, Inlines]:
    """How a meaning speaks of any unit: unit j, unit j of layer l, output unit k or the output."""
    names = reading.trace.names
    unit = "unit_of_layer" if names.convention.nodes == "by-layer" else "unit"
    output = "the_output" if names.is_bare(shown.last) else "output_unit"
    letters = {letter: reading.letter(letter) for letter in "ijkl"}
    measured = names.measured or Quantity("loss", shown.last)
    return {
        "definition": (definition(reading, measured, Quantity("net", "l", "j")),),
        "total": (reading.letters(measured),),
        **{letter: (shown,) for letter, shown in letters.items()},
        "unit": reading.prose(f"notation.{unit}", **letters),
        "output_unit": reading.prose(f"notation.{output}", **letters),
    }


def definition(reading: Reading, loss: Quantity, net: Quantity) -> Math:
    """What δ is short for: −∂E/∂net_j or ∂E/∂net_j"""
    slope = Partial(loss, net)
    return reading.letters(Negation(slope) if reading.laws.downhill else slope)
