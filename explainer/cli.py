"""The command. The only module that writes files."""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from explainer import __version__, api
from explainer.problem.faults import Fault, ProblemError, fault, suggestion
from explainer.problem.settings import setting

Command = TypeVar("Command", bound=Callable[..., Any])

STDOUT = "-"

LISTS = ("conventions", "activations", "losses", "arithmetics", "formats", "languages", "roles", "problems")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="explainer")
def main() -> None:
    """Writes the complete worked solution of backpropagation by hand.

    A problem file of ten lines describes a network, a sample and a learning rate. Every quantity is worked
    out step by step, in your notation and with your rounding, as Markdown, LaTeX or plain text.

    \b
    Start with:
      explainer list problems
      explainer explain lecture-3-2-1 -f text
      explainer explain problem.toml -o solution.tex

    PROBLEM is a file, or the name of a problem that comes with the program.
    """


def reported(command: Command) -> Command:
    """The command, with every fault on a line of standard error and exit status 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except ProblemError as error:
            for line in error.lines():
                click.echo(line, err=True)
            sys.exit(2)

    return run  # type: ignore[return-value]


def options(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options at once, in the order in which --help lists them."""

    def decorated(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorated


class ProblemFile(click.ParamType):
    """A problem file, completed by the shell from files and from the problems that ship."""

    name = "problem"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """The problems that ship, or files."""
        names = [name for name in listed("problems") if name.startswith(incomplete)]
        return [click.shell_completion.CompletionItem(name) for name in names] or [
            click.shell_completion.CompletionItem(incomplete, type="file")
        ]


class Named(click.ParamType):
    """One of the names of a list; checked with the problem, so that all faults come at once."""

    name = "name"

    def __init__(self, what: str) -> None:
        self.what = what

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """The names that begin so."""
        return [
            click.shell_completion.CompletionItem(name) for name in listed(self.what) if name.startswith(incomplete)
        ]


PROBLEMS = click.argument("problems", nargs=-1, required=True, type=ProblemFile(), metavar="PROBLEM...")
ONE_PROBLEM = click.argument("problem", type=ProblemFile(), metavar="PROBLEM")
OUTPUT = click.option(
    "-o", "--output", metavar="PATH", help="File or existing folder to write to; - or nothing: standard output."
)
SETTINGS = options(
    click.option("--convention", type=Named("conventions"), metavar="NAME", help="Whose notation (see: explainer list conventions)."),
    click.option("--arithmetic", type=Named("arithmetics"), metavar="NAME", help="decimal: by hand, rounded values carried; float: full precision."),
    click.option("--decimals", type=int, metavar="N", help="Decimals of every result, in place of the file's own rounding."),
    click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Any field of the problem, for example training.learning_rate=0.5 or samples[0].inputs=[1,1,1]. Repeatable."),
)  # fmt: skip


@main.command()
@PROBLEMS
@OUTPUT
@click.option("-f", "--format", "format", type=Named("formats"), metavar="FORMAT", help="markdown, latex or text; else by the suffix of the file, else markdown.")
@click.option("--fragment", is_flag=True, help="LaTeX without preamble, to \\input in a document of your own.")
@click.option("--only", multiple=True, metavar="QUANTITY", help="Only what is needed for this quantity, for example dw_14 or δ_5. Repeatable.")
@click.option("--detail", metavar="LEVEL", help="brief: formula and result; standard: also the numbers put in; full: every line.")
@click.option("--language", type=Named("languages"), metavar="LANGUAGE", help="The language of the sentences.")
@SETTINGS
@reported
def explain(
    problems: tuple[str, ...],
    output: str | None,
    format: str | None,
    fragment: bool,
    only: tuple[str, ...],
    detail: str | None,
    language: str | None,
    assignments: tuple[str, ...],
    **settings: Any,
) -> None:
    """Write the worked solution of each PROBLEM.

    With several problems, PATH is a folder; each page is named after its problem.
    """
    from explainer.publish.formats import format_of

    kind = format or (format_of(Path(output)) if output else None) or "markdown"
    targets = destinations(problems, output, suffix_of(kind))
    pages = []
    for trace in traces(problems, assignments, detail=detail, language=language, **settings):
        page = api.explain(trace, only=list(only))
        pages.append(api.render(page, kind, fragment=fragment))
    deliver(targets, pages)


@main.command()
@ONE_PROBLEM
@OUTPUT
@click.option("-f", "--format", "format", default="table", metavar="FORMAT", help="json, csv or table (the default).")
@click.option("--only", multiple=True, metavar="QUANTITY", help="Only what is needed for this quantity. Repeatable.")
@SETTINGS
@reported
def trace(
    problem: str, output: str | None, format: str, only: tuple[str, ...], assignments: tuple[str, ...], **settings: Any
) -> None:
    """List every quantity of PROBLEM: name, formula, value, law."""
    from explainer.publish.records import RECORD_FORMATS

    if format not in RECORD_FORMATS:
        raise fault("format", f'unknown format "{format}"{suggestion(format, list(RECORD_FORMATS))}')
    targets = destinations((problem,), output, {"table": ".txt"}.get(format, f".{format}"))
    (found,) = traces((problem,), assignments, **settings)
    deliver(targets, [RECORD_FORMATS[format](found.only(*only) if only else found)])


@main.command()
@PROBLEMS
@SETTINGS
@reported
def check(problems: tuple[str, ...], assignments: tuple[str, ...], **settings: Any) -> None:
    """Recompute everything, and compare with what the source prints.

    Each printed equality from its printed digits; every gradient against finite differences; every δ against
    the derivative of the error; the published figures of the file. Exit status 1 if anything is wrong.
    """
    from explainer.check.report import report

    held = True
    for name, found in zip(problems, traces(problems, assignments, **settings), strict=True):
        text, good = report(found, name)
        click.echo(text)
        held = held and good
    if not held:
        sys.exit(1)


@main.command("list")
@click.argument("what", metavar="|".join(LISTS), type=click.Choice(LISTS))
def list_command(what: str) -> None:
    """Say what there is: conventions, activations, losses, ..."""
    for name in listed(what):
        click.echo(name)


@main.command()
@click.argument("what", metavar="problem|trace", type=click.Choice(["problem", "trace"]))
def schema(what: str) -> None:
    """Print the JSON Schema of a problem file or of `trace -f json`."""
    from explainer.problem.schema import problem_schema
    from explainer.publish.records import trace_schema

    found = problem_schema() if what == "problem" else trace_schema()
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that lets SHELL complete this command.

    For bash: explainer completion bash > ~/.explainer-complete.bash, and source that file in ~/.bashrc.
    """
    kind = click.shell_completion.get_completion_class(shell)
    assert kind is not None
    click.echo(kind(main, {}, "explainer", "_EXPLAINER_COMPLETE").source())


def listed(what: str) -> list[str]:
    """The names of one kind."""
    from explainer.maths.arithmetic import ARITHMETICS
    from explainer.maths.functions import ACTIVATIONS
    from explainer.maths.losses import LOSSES
    from explainer.problem.convention import convention_names
    from explainer.problem.schema import languages, places_names
    from explainer.publish.formats import FORMATS
    from explainer.resources import PROBLEMS as SHIPPED

    names: dict[str, Callable[[], Iterable[str]]] = {
        "conventions": convention_names,
        "activations": lambda: ACTIVATIONS,
        "losses": lambda: LOSSES,
        "arithmetics": lambda: ARITHMETICS,
        "formats": lambda: FORMATS,
        "languages": languages,
        "roles": places_names,
        "problems": lambda: sorted(path.stem for path in SHIPPED.glob("*.toml")),
    }
    return list(names[what]())


def traces(problems: Iterable[str], assignments: Iterable[str], **settings: Any) -> list[api.Trace]:
    """The trace of each problem; the faults of all of them at once."""
    found, faults = [], []
    for name in problems:
        try:
            assigned = dict(map(setting, assignments))
            problem = api.load(path_of(name), settings=assigned, **settings)
            found.append(api.trace(problem))
        except ProblemError as error:
            faults += [Fault(error.file, str(each)) if error.file else each for each in error.faults]
    if faults:
        raise ProblemError(faults)
    return found


def path_of(name: str) -> Path:
    """The file of a problem: as it is given, or of that name among those that ship."""
    from explainer.resources import PROBLEMS as SHIPPED

    path = Path(name)
    shipped = SHIPPED / f"{name}.toml"
    return shipped if not path.exists() and path.name == name and shipped.exists() else path


def suffix_of(format: str) -> str:
    """How files of a format end."""
    from explainer.publish.formats import FORMATS

    if format not in FORMATS:
        raise fault("format", f'unknown format "{format}"{suggestion(format, list(FORMATS))}')
    return FORMATS[format].suffixes[0]


def destinations(problems: tuple[str, ...], output: str | None, suffix: str) -> list[Path | None]:
    """Where each page goes; None is standard output.

    Raises:
        ProblemError: the place cannot be written to, or two pages would have the same name.
    """
    if output in (None, STDOUT):
        return [None] * len(problems)
    place = Path(str(output))
    if place.is_dir():
        targets = [place / f"{Path(name).stem}{suffix}" for name in problems]
    elif len(problems) == 1:
        targets = [place]
    else:
        raise fault(str(place), "is no folder; with several problems, expected an existing folder")
    for target in targets:
        if targets.count(target) > 1:
            raise fault(str(target), "two problems have this name, so one page would overwrite the other")
        if not target.parent.is_dir():
            raise fault(str(target), f"cannot be written: there is no folder {target.parent}")
        if not os.access(target.parent, os.W_OK):
            raise fault(str(target), f"cannot be written: the folder {target.parent} is read-only")
    return list(targets)


def deliver(targets: Iterable[Path | None], pages: Iterable[str]) -> None:
    """Each page to its place, once all of them are made."""
    for target, page in zip(targets, pages, strict=True):
        if target is None:
            click.echo(page, nl=False)
        else:
            write(target, page)


def write(target: Path, text: str) -> None:
    """Write a file whole or not at all: to a temporary file beside it, which then takes its place.

    Raises:
        ProblemError: it cannot be written; what was there before is untouched.
    """
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, permissions(target))
        os.replace(temporary, target)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise fault(str(target), f"cannot be written: {error.strerror}") from None


def permissions(target: Path) -> int:
    """The permissions that the file has, or that a new file gets."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
