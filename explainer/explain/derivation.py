"""The rules of backpropagation derived from first principles, as sections of a page."""

from collections.abc import Iterator, Mapping

from explainer.explain.document import Block, Bullets, Derivation, Inlines, Math, Paragraph, Section, Table, Term
from explainer.explain.reading import Reading
from explainer.maths.activations import Activation
from explainer.maths.chain import Chain, Condition, Line, last
from explainer.maths.formula import ONE, Constant, Formula, IndexedSum, Letter, Partial, Sum, difference, parts
from explainer.maths.quantity import FIXED_SIGNAL, Quantity
from explainer.maths.slopes import Z
from explainer.maths.softmax import written
from explainer.problem.model import Function
from explainer.trace.claims import Place, SlopeClaim
from explainer.trace.derive import RATE, activation
from explainer.trace.laws import Unit
from explainer.trace.principles import ANY, COUNT, OUTPUT, Principles, principles_of

UNIT: Mapping[Place, str] = {"any": "j", "hidden": "h", "output": "k"}
"""The letter for a unit of each kind."""


class Board:
    """A derivation as it is written on the board; `level` is that of its headings."""

    def __init__(self, reading: Reading, principles: Principles, level: int) -> None:
        self.reading, self.principles, self.level = reading, principles, level
        self.prose, self.letters, self.say = reading.prose, reading.letters, reading.say

    def sections(self) -> Iterator[Section]:
        """The derivation from top to bottom."""
        yield self.heading("setting", self.setting())
        yield self.heading("descent", self.descent())
        yield self.heading("to_weight", self.to_weight())
        yield self.heading("output_term", self.output_term())
        if self.principles.hidden:
            yield self.heading("hidden_term", self.hidden_term())
            yield self.heading("shape_softmax" if self.principles.coupled else "shape", self.shape())

    # -- the sections ----------------------------------------------------------------------------

    def setting(self) -> Iterator[Block]:
        """The network, its functions and its loss, for any unit."""
        yield Bullets(tuple(self.definitions()))
        if self.reading.trace.names.convention.nodes == "by-layer":
            layer = Letter(ANY)
            yield self.say(
                "derivation.layers",
                any=self.letters(layer),
                before=self.letters(difference(layer, ONE)),
                next=self.letters(Sum((layer, ONE))),
                output=self.letter(OUTPUT),
            )

    def definitions(self) -> Iterator[Inlines]:
        """Net input, output and loss."""
        own, prose, letters = self.principles, self.prose, self.letters
        net = letters(own.any_unit.net, own.net(ANY, "j", own.signal, "i"))
        yield prose(
            "derivation.net", unit=self.letter("j"), net=net, signal=letters(own.signal("i")), sender=self.letter("i")
        )
        if own.hidden in (own.output, None) and not own.coupled:
            yield prose("derivation.output", output=self.function(own.output, own.any_unit))
        else:
            if own.hidden:
                hidden = self.function(own.hidden, own.hidden_unit)
                yield prose("derivation.hidden_output", unit=self.letter("h"), output=hidden)
            yield prose("derivation.final_output", unit=self.letter("k"), output=self.final_function())
        if own.coupled:
            yield prose("derivation.distribution", sum=letters(IndexedSum("k", own.target), ONE))
        loss = own.loss_in_letters("k")
        key = "loss_counted" if contains(loss, COUNT) else "loss"
        yield prose(
            f"derivation.{key}", unit=self.letter("k"), count=letters(COUNT), loss=letters(own.loss_of_sample, loss)
        )
        yield prose("derivation.rate", rate=letters(RATE))
        if own.fixed:
            yield prose("derivation.fixed_signal", value=letters(FIXED_SIGNAL, ONE))

    def descent(self) -> Iterator[Block]:
        """How a weight is changed, and what is needed for it."""
        own = self.principles
        yield self.say("derivation.descent")
        yield self.chain(own.descent())
        yield self.say("derivation.wanted", slope=self.letters(own.by_loss(own.weight)))

    def to_weight(self) -> Iterator[Block]:
        """From the slope of the loss by a weight to the error term of a unit."""
        own = self.principles
        yield self.say("derivation.split", weight=self.letters(own.weight), net=self.letters(own.any_unit.net))
        yield self.chain(own.split())
        yield self.say("derivation.slope_of_net")
        yield self.chain(own.slope_of_net())
        yield from self.meaning()
        yield self.say("derivation.change_downhill" if own.laws.downhill else "derivation.change_uphill")
        yield self.chain(own.change())
        if own.biased:
            slope = self.letters(*(line.formula for line in own.slope_by_bias()))
            yield self.say("derivation.change_of_fixed" if own.fixed else "derivation.change_of_bias", slope=slope)
            yield self.chain(own.change_of_bias())
        yield self.say("derivation.open")

    def meaning(self) -> Iterator[Block]:
        """What the error term of a unit is."""
        own = self.principles
        if own.laws.delta_named:
            yield self.say("derivation.meaning_downhill" if own.laws.downhill else "derivation.meaning_uphill")
            yield self.chain(own.meaning())
        else:
            slope = self.letters(own.by_loss(own.any_unit.net))
            yield self.say("derivation.meaning_itself", slope=slope, unit=self.letter("j"))

    def output_term(self) -> Iterator[Block]:
        """The error term of an output unit."""
        own, unit = self.principles, self.principles.output_unit
        if own.coupled:
            yield from self.softmax_term()
            return
        yield self.say("derivation.output_split", unit=self.letter("k"), output=self.letters(unit.output))
        yield self.chain(own.output_split())
        yield self.heading("slope_of_loss", iter((self.chain(own.slope_of_loss()),)), 1)
        yield self.heading("slope_of_output", self.slope(own.slopes()[-1]), 1)
        yield self.heading("both_factors", self.both_factors(), 1)

    def softmax_term(self) -> Iterator[Block]:
        """The error term of an output unit under softmax, where every output depends on every net input."""
        own, other = self.principles, self.letter("m")
        net = self.letters(own.output_unit.net)
        yield self.say("derivation.softmax", net=net, other=other)
        yield self.chain(own.softmax_slope()[:2])
        yield self.heading("slope_of_loss", iter((self.chain(own.slope_of_loss()),)), 1)
        mine, theirs = own.softmax_slopes()
        slopes = (
            self.say("derivation.softmax_own", unit=self.letter("k")),
            self.chain(mine),
            self.say("derivation.softmax_other", other=other),
            self.chain(theirs),
        )
        yield self.heading("slopes_of_outputs", iter(slopes), 1)
        yield self.heading("both_factors", self.softmax_together(), 1)

    def softmax_together(self) -> Iterator[Block]:
        """All outputs put together, with targets that add up to 1."""
        own = self.principles
        yield self.chain(own.softmax_slope())
        if own.laws.delta_named:
            yield self.chain(own.softmax_delta())
        yield self.result(
            "derivation.result_output", own.softmax_delta() if own.laws.delta_named else own.softmax_slope()
        )

    def both_factors(self) -> Iterator[Block]:
        """The two factors of an output unit put together."""
        yield self.chain(self.principles.output_delta())
        yield self.result("derivation.result_output", self.principles.output_delta())

    def hidden_term(self) -> Iterator[Block]:
        """The error term of a hidden unit."""
        own, unit = self.principles, self.principles.hidden_unit
        net, receiver = self.letters(unit.net), self.letter("k")
        yield self.say("derivation.hidden", net=net, receiver=receiver)
        path: list[Block] = [
            self.say("derivation.path", net=net, receiver=receiver, output=self.letters(unit.output)),
            self.chain(own.path()),
        ]
        if own.hidden != own.output:
            path = [*self.slope(own.slopes()[0]), *path]
        yield self.heading("one_path", iter(path), 1)
        yield self.heading("all_paths", self.all_paths(), 1)

    def all_paths(self) -> Iterator[Block]:
        """What comes back along all paths, added up."""
        own = self.principles
        yield self.chain(own.paths())
        if own.laws.delta_named:
            yield self.chain(own.hidden_delta())
        yield self.result("derivation.result_hidden", own.hidden_delta() if own.laws.delta_named else own.paths())

    def slope(self, claim: SlopeClaim) -> Iterator[Block]:
        """The slope of an activation function, case by case where there are several."""
        variable = self.letters(Z)
        yield self.say(f"derivation.slope_{claim.place}", variable=variable)
        for case in claim.cases:
            if case.condition:
                yield self.say("derivation.case", condition=self.condition(case.condition))
            yield self.chain(case.chain)
        own = self.letters(
            Partial(claim.unit.output, claim.unit.net), self.principles.slope(claim.function, claim.unit)
        )
        key = "derivation.cases" if claim.cases[0].condition else "derivation.slope_at"
        yield self.say(key, variable=variable, slope=own)

    def shape(self) -> Iterator[Block]:
        """What the error terms are made of, and in which order they are found."""
        own = self.principles
        if own.coupled:
            (hidden,) = own.shapes()
            yield self.say("derivation.shape_softmax", local=self.letters(hidden.local))
            yield self.say("derivation.local_softmax", signal=self.letters(hidden.signal))
        else:
            yield from self.shapes()
        change = last(own.change())
        yield self.say("derivation.recursion", change=self.letters(Quantity("change", ANY, "j", "i"), change))

    def shapes(self) -> Iterator[Block]:
        """Local derivative × error signal, for both kinds of unit."""
        prose, letters = self.prose, self.letters
        yield self.say("derivation.shape")
        rows = [
            (
                prose(f"shape.{each.place}", unit=self.letter(UNIT[each.place])),
                (letters(each.local),),
                (letters(each.signal),),
            )
            for each in self.principles.shapes()
        ]
        yield Table(tuple(prose(f"shape.{head}") for head in ("unit", "local", "signal")), tuple(rows))
        yield self.say("derivation.local")

    # -- pieces ----------------------------------------------------------------------------------

    def heading(self, key: str, blocks: Iterator[Block], deeper: int = 0) -> Section:
        """A section of the derivation."""
        return self.reading.heading(key, self.level + deeper, blocks)

    def chain(self, lines: Chain) -> Derivation:
        """A chain with the rule of each line beside it."""
        return Derivation(tuple(map(self.term, lines)))

    def term(self, line: Line) -> Term:
        """One side of a chain, and the name of its rule."""
        about = dict(zip(("first", "second", "third"), map(self.letters, line.about), strict=False))
        reason = self.prose(f"rules.{line.rule}", **about, equation=self.letters(*line.about)) if line.rule else ()
        return Term("=", line.formula, self.reading.trace.names, reason)

    def result(self, key: str, lines: Chain) -> Paragraph:
        """What a chain has shown, in a sentence."""
        return self.say(key, result=self.letters(lines[0].formula, last(lines)))

    def function(self, named: Function, unit: Unit) -> Math:
        """An activation function as it is defined."""
        function: Activation = activation(named)
        written = function.definition(unit.net) if function.definition else None
        sides = [unit.output, function.value(unit.net), *([] if written is None else [written])]
        return self.letters(*sides)

    def final_function(self) -> Math:
        """The activation function of the output units."""
        own, unit = self.principles, self.principles.output_unit
        if own.coupled:
            return self.letters(unit.output, written(Quantity("net", OUTPUT, "k"), "m"))
        return self.function(own.output, unit)

    def condition(self, condition: Condition) -> Math:
        """What a case assumes."""
        names = self.reading.trace.names
        relation = Term(">" if condition.positive else "≤", Constant(0), names)
        return Math((Term("", condition.formula, names), relation))

    def letter(self, letter: str) -> Math:
        """A letter by itself."""
        return self.letters(Letter(letter))


def contains(formula: Formula, part: Formula) -> bool:
    """Whether a formula has a part."""
    return formula == part or any(contains(each, part) for each in parts(formula))


def derivation_section(reading: Reading) -> Section:
    """The derivation as a section of another page."""
    sections = Board(reading, principles_of(reading.trace.problem), 3).sections()
    return reading.heading("derivation", 2, sections)
