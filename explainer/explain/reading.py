"""What every section of a page draws on: a trace, the sentences of a language, and small pieces of mathematics."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from msgspec import Struct

from explainer.explain.document import Block, Derivations, Inlines, Lens, Math, Paragraph, Section, Term, Text
from explainer.explain.prose import Prose, listed
from explainer.explain.working import Line, Working
from explainer.maths.activations import ACTIVATIONS
from explainer.maths.formula import Constant, Formula, Letter, Number, Signed
from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Index, Phase, Quantity, Role
from explainer.problem.model import Layer
from explainer.trace.laws import Laws
from explainer.trace.names import Symbol
from explainer.trace.trace import Step, Trace

Item = TypeVar("Item")

LISTED = 3
"""A list is shown whole up to so many times the length of a sum."""

FIRST = 3
"""So many items of a longer list stand before the dots."""


WORDS = {"subtracted": ("threshold", "thresholds"), "weight": ("bias_weight", "bias_weights")}
"""What a bias is called, where it is not called that."""


def worded(prose: Prose, trace: Trace) -> Prose:
    """The prose in the words of the trace's convention: what it calls δ, and a bias."""
    convention = trace.names.convention
    one, many = WORDS.get(convention.bias, ("bias", "biases"))
    delta = trace.names(Quantity("delta", "l", "j"))
    sign = Symbol(delta.base) if isinstance(delta, Symbol) else delta
    words = {
        "δ": (Math((Term("", Quantity("delta"), lambda _: sign),)),),
        "bias": prose(f"words.{one}"),
        "biases": prose(f"words.{many}"),
        "Bias": (Text(prose.text(f"words.{one}").capitalize()),),
        "Biases": (Text(prose.text(f"words.{many}").capitalize()),),
        "fixed": (Math((Term("", Constant(-1 if convention.bias == "subtracted" else 1), trace.names),)),),
    }
    return Prose(prose.language, prose.sentences, words)


class Reading(Struct, frozen=True):
    """A trace as it is read in one language."""

    trace: Trace
    prose: Prose
    working: Working

    def letters(self, *formulas: Formula) -> Math:
        """Formulas in letters, joined by equality signs."""
        return Math(
            tuple(Term("=" if index else "", formula, self.trace.names) for index, formula in enumerate(formulas))
        )

    def value(self, quantity: Quantity) -> Math:
        """symbol = value; in letters the symbol alone"""
        if self.in_letters:
            return self.letters(quantity)
        if self.trace.in_fractions:
            return self.fraction(quantity)
        return self.equality((quantity, self.trace.names), (quantity, self.trace.numeral))

    def fraction(self, quantity: Quantity) -> Math:
        """symbol = decimal = fraction for a number that was given as that decimal; else the other way round"""
        symbol = Term("", quantity, self.trace.names)
        sides = tuple(self.working.result(quantity))
        if quantity in self.trace.given and len(sides) > 1 and sides[-1].relation == "=":
            return Math((symbol, Term("=", quantity, self.trace.numeral), sides[0]))
        return Math((symbol, *sides))

    def equality(self, *sides: tuple[Formula, Lens]) -> Math:
        """Formulas, each read through its lens, joined by the signs that their printed digits bear out."""
        (first, lens), *others = sides
        terms, before = [Term("", first, lens)], Line(first)
        for formula, look in others:
            line = Line(formula)
            terms.append(Term(self.working.relation(before, line), formula, look))
            before = line
        return Math(tuple(terms))

    def plain(self, numeral: Numeral) -> Inlines:
        """A number that no quantity of the trace has."""
        return (Math((Term("", Number(None, numeral), self.trace.numeral),)),)

    def number(self, quantity: Quantity) -> Math:
        """The value alone."""
        return Math((Term("", quantity, self.trace.numeral),))

    def worked(self, formula: Formula, role: Role, phase: Phase) -> Math:
        """The value of a formula that has no step of its own, rounded as a role is in a phase."""
        return Math((Term("", self.trace.worked(formula, role, phase), self.trace.numeral),))

    def figure(self, quantity: Quantity) -> Math:
        """The value alone, with the trailing zeros that its column has."""
        return Math((Term("", quantity, self.in_column),))

    def in_column(self, quantity: Quantity) -> Symbol | Numeral:
        """The lens of a table: values with their trailing zeros, so that a column lines up."""
        step = self.trace.index.get(quantity)
        phase: Phase = step.phase if step else "update"
        return self.padded(self.trace.numeral(quantity), quantity.role, phase)

    def padded(self, numeral: Numeral, role: Role, phase: Phase) -> Numeral:
        """A numeral with trailing zeros up to the places that a role has in a phase."""
        rounding = self.trace.arithmetic.rounding(role, phase)
        return numeral.padded(rounding.places) if rounding.kind == "decimals" else numeral

    def signed(self, number: Formula) -> Math:
        """A number with its sign, + included."""
        return Math((Term("", Signed(number), self.trace.numeral),))

    def listing(self, quantities: Iterable[Quantity], *, values: bool = True) -> Inlines:
        """x_1 = 1, x_2 = 0, x_3 = 1; a long list by its first and last items."""
        items, write = list(quantities), partial(self.labeled, values=values)
        return self.elided(items, write) or listed(list(map(write, items)))

    def naming(self, quantities: Iterable[Quantity], *, values: bool = False) -> Inlines:
        """The quantities in a sentence, with their values or without; a long list by its first and last items."""
        items, write = list(quantities), partial(self.labeled, values=values)
        return self.elided(items, write) or self.prose.enumerated(list(map(write, items)))

    def elided(self, items: Sequence[Item], write: Callable[[Item], Inlines]) -> Inlines | None:
        """A long list by its first and last items, each written out; None of one that is shown whole."""
        if not self.is_elided(items):
            return None
        first, last = listed(list(map(write, items[:FIRST]))), write(items[-1])
        return self.prose("given.elided", first=first, last=last, count=len(items))

    def is_elided(self, items: Sequence[Item]) -> bool:
        """Whether a list is too long to be shown whole."""
        return len(items) > LISTED * self.trace.problem.presentation.longest_sum

    def labeled(self, quantity: Quantity, *, values: bool = False) -> Inlines:
        """A quantity, with its value or without, and what the problem calls it: x_1 = 2 (size)."""
        shown = self.value(quantity) if values else self.letters(quantity)
        label = self.label(quantity)
        return (shown, Text(f" ({label})")) if label else (shown,)

    def label(self, quantity: Quantity) -> str:
        """What the problem calls an input, an output or its target; nothing where it does not."""
        task = self.trace.problem.task
        if quantity.role == "input" and quantity.unit and task.input_names:
            return task.input_names[int(quantity.unit) - 1]
        if quantity.role in ("output", "target") and task.output_names and quantity.layer == self.last:
            return task.output_names[int(quantity.unit) - 1]
        return ""

    def heading(self, key: str, level: int, blocks: Iterable[Block], **fillings: str | Inlines) -> Section:
        """A section under one of the headings of the language."""
        return Section(level, self.prose(f"headings.{key}", **fillings), tuple(blocks))

    def say(self, key: str, **fillings: str | int | Math | Inlines) -> Paragraph:
        """A paragraph of one sentence of the language."""
        return Paragraph(self.prose(key, **fillings))

    def together(self, steps: Iterable[Step]) -> Derivations:
        """The derivations of several steps, aligned."""
        return Derivations(tuple(derivation for step in steps for derivation in self.working.derivations(step)))

    def steps(self, phase: Phase, *roles: str, layer: int | None = None) -> list[Step]:
        """The steps of a phase, of certain roles and one layer where they are named."""
        return [
            step
            for step in self.trace.phases[phase]
            if (not roles or step.quantity.role in roles) and layer in (None, step.quantity.layer)
        ]

    def used(self, parameter: Quantity) -> Quantity:
        """Any parameter as the passes use it: itself, or where its velocity takes it."""
        ahead = self.trace.names.ahead and parameter.role in self.trace.connections.changed
        return parameter.ahead() if ahead else parameter

    def node(self, quantity: Quantity) -> str:
        """The number or name of the unit that a quantity belongs to."""
        return self.trace.names.unit(quantity.layer, quantity.unit)

    def place(self, quantity: Quantity) -> Inlines:
        """The unit that a quantity belongs to, with its layer where numbers start anew in each."""
        node = self.node(quantity)
        if self.trace.names.convention.nodes != "by-layer":
            return (Text(node),)
        return self.prose("given.node_of", node=node, layer=int(quantity.layer))

    @property
    def any_sample(self) -> str:
        """The letter for any sample of a batch."""
        return self.trace.names.convention.any_sample

    @property
    def samples(self) -> str:
        """The letter for the number of samples of a batch."""
        return self.trace.names.convention.samples

    def letter(self, letter: str) -> Math:
        """A letter alone: an index, or a number of things."""
        return Math((Term("", Quantity("net"), lambda _: Symbol(letter)),))

    def layer(self, index: int) -> Layer:
        """A layer of the network, from 1."""
        return self.trace.problem.network.layers[index - 1]

    def activation(self, index: int) -> str | Math:
        """What the activation of a layer is called; of a function that the problem defines, its sign."""
        layer = self.layer(index)
        return self.letters(Letter(layer.own.sign)) if layer.own else ACTIVATIONS[layer.activation].label

    @property
    def laws(self) -> Laws:
        """The laws as the convention means them."""
        return Laws(self.trace.names.convention)

    @property
    def in_letters(self) -> bool:
        """Whether quantities have no values."""
        return self.trace.arithmetic.in_letters

    @property
    def over_batch(self) -> bool:
        """Whether the step goes over several samples."""
        return any(quantity.sample for quantity in self.trace.given)

    @property
    def of_law(self) -> Index:
        """The sample that a law of a pass is of: any one of a batch, or the only one, which has no number."""
        return self.any_sample if self.over_batch else 0

    @property
    def averaged(self) -> bool:
        """Whether the loss of several samples is the mean of theirs, and not the sum."""
        return self.trace.problem.training.reduction == "mean"

    @property
    def measured(self) -> Quantity:
        """The loss that error signals are derivatives of: where samples act on each other, the sum of theirs."""
        return self.trace.names.measured or Quantity("loss", self.last, 0, 0, self.of_law)

    @property
    def biased(self) -> bool:
        """Whether any unit has a bias."""
        return any(layer.biases is not None for layer in self.trace.problem.network.layers)

    @property
    def last(self) -> int:
        """The output layer."""
        return len(self.trace.problem.network.layers)
