"""Nothing is missing: every node has its macro and rule, every sentence its use, every name its place in the README."""

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import click
import pytest

from explainer.cli import main
from explainer.explain.document import Block, Document, Inline, Text
from explainer.explain.prose import prose
from explainer.maths.activations import ACTIVATIONS
from explainer.maths.arithmetic import SUBRESULTS
from explainer.maths.arithmetics import ARITHMETICS
from explainer.maths.formula import PARTS, Formula
from explainer.maths.losses import LOSSES, MEANS
from explainer.maths.optimizers import OPTIMIZERS
from explainer.maths.quantity import CORRECTED, PHASES, ROLES
from explainer.problem.convention import convention, convention_names
from explainer.problem.kinds import KINDS
from explainer.problem.schema import DETAILS, SECTIONS, places_names
from explainer.publish.formats import FORMATS

ROOT = Path(__file__).parent.parent
PROSE = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "templates" / "prose").glob("*.toml")}
README = (ROOT / "README.md").read_text(encoding="utf-8")
SOURCES = [
    ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "explainer" / "explain").rglob("*.py"))
]
NODES = {*get_args(Block), *get_args(Inline), Document} - {Text}


def keys(language: str) -> set[str]:
    """The keys of every sentence of a language."""
    return {f"{section}.{name}" for section, sentences in PROSE[language].items() for name in sentences}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("node", sorted(node.__name__ for node in NODES))
def test_every_node_has_a_macro(format: str, node: str) -> None:
    """Each node of a document is printed by the macro of its name, in every format."""
    template = (ROOT / "templates" / format / "page.j2").read_text(encoding="utf-8")
    assert node in re.findall(r"<%-? macro (\w+)\(", template)


def test_every_template_has_a_format() -> None:
    """Every folder of templates belongs to a format, or holds the sentences or the problem file to start from."""
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    assert folders == {*FORMATS, "prose", "problem"}


@pytest.mark.parametrize("format", FORMATS)
def test_every_formula_node_has_a_rule(format: str) -> None:
    """Each node of a formula is printed in every format, and its parts are known."""
    assert set(FORMATS[format].printer.rules) == set(get_args(Formula)) == set(PARTS)


def strings(trees: Iterable[ast.AST]) -> set[str]:
    """The plain strings of the sources that could be a key or a part of one."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    pieces = {id(piece) for node in nodes if isinstance(node, ast.JoinedStr) for piece in node.values}
    values = (node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in pieces)
    return {value for value in values if isinstance(value, str) and re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", value)}


def patterns(trees: Iterable[ast.AST]) -> set[tuple[str, str]]:
    """The f-strings with one gap, as what stands before it and what after."""
    found = set()
    for node in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
        pieces = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
        if pieces.count(None) == 1:
            gap = pieces.index(None)
            found.add(("".join(map(str, pieces[:gap])), "".join(map(str, pieces[gap + 1 :]))))
    return {(before, after) for before, after in found if re.fullmatch(r"[a-z_.]*", before + after)}


def rules() -> set[str]:
    """The names of the rules that the lines of a derivation follow by."""
    package = ROOT / "explainer"
    files = [
        *(package / "maths" / name for name in ("slopes.py", "loss_slopes.py", "softmax.py")),
        *(package / "trace" / "principles").glob("*.py"),
    ]
    return strings(ast.parse(path.read_text(encoding="utf-8")) for path in files)


def spoken() -> set[str]:
    """Every key that the sources can ask for: their strings, put into the gaps of their f-strings, twice over."""
    words = strings(SOURCES) | rules() | {*ROLES, *PHASES, *SUBRESULTS.values(), *ARITHMETICS, *MEANS}
    made = {before + word + after for before, after in patterns(SOURCES) for word in words}
    again = {before + word + after for before, after in patterns(SOURCES) if "." in before for word in made}
    return words | made | again


@pytest.mark.parametrize("language", PROSE)
def test_no_sentence_is_unused(language: str) -> None:
    """Each sentence of a language is one that a page can have."""
    assert keys(language) - spoken() == set()


@pytest.mark.parametrize("language", PROSE)
def test_no_sentence_is_missing(language: str) -> None:
    """Each sentence that a page asks for by name is there, headings too."""
    sections = PROSE[language].keys()
    asked = {word for word in strings(SOURCES) if "." in word and word.partition(".")[0] in sections}
    calls = (node for tree in SOURCES for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    for call in calls:
        first = call.args[0]
        if getattr(call.func, "attr", "") == "heading" and isinstance(first, ast.Constant):
            asked.add(f"headings.{first.value}")
    assert len(asked) > 30
    assert asked - keys(language) == set()


@pytest.mark.parametrize("language", PROSE)
def test_every_role_phase_and_arithmetic_has_its_words(language: str) -> None:
    """What can be rounded, when, and how numbers are worked out, can be said in every language."""
    sentences = PROSE[language]
    assert set(places_names()) == sentences["roles"].keys()
    assert set(PHASES) <= sentences["phases"].keys()
    assert set(ARITHMETICS) <= sentences["rounding"].keys()


@pytest.mark.parametrize("language", PROSE)
def test_the_sections_of_a_language_can_be_read_one_by_one(language: str) -> None:
    """A page reads only the sections that it needs; each has the sentences that the whole file gives it."""
    sections = prose(language).sentences
    assert {name: sections[name] for name in sections.unread} == PROSE[language]


@pytest.mark.parametrize("language", PROSE)
def test_languages_say_the_same(language: str) -> None:
    """Each language has the sentences of the English one, with the same gaps to fill in."""
    assert keys(language) == keys("en")
    for key in keys("en"):
        section, _, name = key.partition(".")
        assert gaps(PROSE[language][section][name]) == gaps(PROSE["en"][section][name]), key


def gaps(sentence: Any) -> list[str]:
    """The names in braces of a sentence."""
    return sorted(re.findall(r"\{(\w+)\}", str(sentence)))


@pytest.mark.parametrize("name", convention_names())
def test_every_convention_names_every_role(name: str) -> None:
    """A convention has a symbol for every kind of quantity; some are called after another, as a change is."""
    found = convention(name)
    after_others = {"change", "data_loss", "penalty", "data_gradient", "norm_square", "norm", "ahead", *CORRECTED}
    assert set(found.symbols) >= set(ROLES) - {*after_others, "slope", "setting"}
    assert found.title
    assert found.source


def options() -> list[str]:
    """Every option of every command."""
    found = {
        option
        for command in main.commands.values()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
    return sorted(found)


@pytest.mark.parametrize(
    "name",
    [
        *(f"explainer {command}" for command in sorted(main.commands)),
        *options(),
        *ACTIVATIONS,
        *LOSSES,
        *OPTIMIZERS,
        *convention_names(),
        *ARITHMETICS,
        *FORMATS,
        *DETAILS,
        *SECTIONS,
        *KINDS,
    ],
)
def test_the_readme_tells_of_everything(name: str) -> None:
    """Each command, option, activation, loss, optimizer, convention, arithmetic, format and level is in the README."""
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", README)
