"""The arguments and options of the commands, and how the shell completes them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from explainer.request import listed

Command = TypeVar("Command", bound=Callable[..., Any])


def options(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options at once, in the order in which --help lists them."""

    def decorated(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorated


Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def names_of(what: str) -> Completer:
    """Completes the names of a list; they are checked with the problem, so that all faults come at once."""

    def completed(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(name) for name in listed(what) if name.startswith(incomplete)]

    return completed


def among(*names: str) -> Completer:
    """Completes one of these names."""

    def completed(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]

    return completed


def problem_names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completes problem files of this folder and the problems that ship, else any path."""
    known = [*sorted(path.name for path in Path().glob("*.toml")), *listed("problems")]
    names = [CompletionItem(name) for name in known if name.startswith(incomplete)]
    return names or [CompletionItem(incomplete, type="file")]


def whole(_ctx: click.Context, _param: click.Parameter, text: str | None) -> int | str | None:
    """A whole number, or the text as it is, which is then a fault of the problem's field."""
    return int(text) if text and text.removeprefix("-").isdecimal() and len(text) < 10 else text


PROBLEMS = click.argument("problems", nargs=-1, required=True, metavar="PROBLEM...", shell_complete=problem_names)
ONE_PROBLEM = click.argument("problem", metavar="PROBLEM", shell_complete=problem_names)
OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(readable=False),
    metavar="PATH",
    help="File or existing folder to write to; - or nothing: standard output.",
)
FORMAT = click.option(
    "-f",
    "--format",
    "format",
    shell_complete=names_of("formats"),
    metavar="FORMAT",
    help="markdown, latex or text; left out: by the suffix of the file, else markdown.",
)
RECORDS = click.option(
    "-f",
    "--format",
    "format",
    metavar="FORMAT",
    help="json, csv or table; left out: by the suffix of the file, else table.",
)
FRAGMENT = click.option(
    "--fragment", is_flag=True, help="LaTeX without preamble, to \\input in a document of your own."
)
DETAIL = click.option(
    "--detail",
    shell_complete=names_of("details"),
    metavar="LEVEL",
    help="brief: formula and result; standard: also the numbers put in; full: every line.",
)
LANGUAGE = click.option(
    "--language", shell_complete=names_of("languages"), metavar="LANGUAGE", help="The language of the sentences."
)
ONLY = click.option(
    "--only",
    multiple=True,
    metavar="QUANTITY",
    help="Only what is needed for this quantity, by its name in the convention, such as dw_14 or δ_5. Repeatable.",
)
SETTINGS = options(
    click.option(
        "--convention",
        shell_complete=names_of("conventions"),
        metavar="NAME",
        help="Whose notation (see: explainer list conventions).",
    ),
    click.option(
        "--arithmetic",
        shell_complete=names_of("arithmetics"),
        metavar="NAME",
        help="decimal: by hand, rounded values carried; float: full precision; exact: fractions; letters: no numbers.",
    ),
    click.option(
        "--decimals",
        callback=whole,
        metavar="N",
        help="Decimals of every result, in place of the problem's own rounding.",
    ),
    click.option(
        "--set",
        "assignments",
        multiple=True,
        metavar="KEY=VALUE",
        help="Any field of the problem, such as training.learning_rate=0.5 or samples[0].inputs=[1,1,1]. Repeatable.",
    ),
)
WISH = options(
    click.option(
        "--layers",
        metavar="SIZES",
        help="The units of each layer, the inputs first; left out: 3-2-1.",
    ),
    click.option(
        "--activation",
        shell_complete=names_of("activations"),
        metavar="NAME[,NAME...]",
        help="For all layers; or for the hidden layers and the output layer; or for each. A formula of z, such as "
        '"z / (1 + exp(-z))", is as good as a name. Left out: sigmoid.',
    ),
    click.option(
        "--loss",
        shell_complete=names_of("losses"),
        metavar="NAME",
        help="The error that is made smaller; left out: half-squared-error, behind softmax cross-entropy.",
    ),
    click.option(
        "--convention",
        shell_complete=names_of("conventions"),
        metavar="NAME",
        help="Whose notation: a name, or a file of your own; left out: lecture.",
    ),
    click.option("--learning-rate", metavar="RATE", help="Left out: one with which the error falls."),
    click.option("--no-biases", "biases", flag_value=False, default=None, help="The units have no biases."),
    click.option("--decimals", callback=whole, metavar="N", help="Decimals of every result; left out: 4."),
    click.option("--title", metavar="TEXT", help="The title of the page."),
    click.option(
        "--seed",
        callback=whole,
        metavar="N",
        help="The same seed gives the same numbers; left out: a new one, which the file tells.",
    ),
)
FORCE = click.option("--force", is_flag=True, help="Write over the file if it exists.")
