"""The command. The only module that writes files."""

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from explainer import __version__, api
from explainer.options import (
    DETAIL,
    FORCE,
    FORMAT,
    FRAGMENT,
    LANGUAGE,
    ONE_PROBLEM,
    ONLY,
    OUTPUT,
    PROBLEMS,
    RECORDS,
    SETTINGS,
    WISH,
    among,
)
from explainer.problem.faults import Parts, ProblemError, fault, one_of
from explainer.problem.toml import reason
from explainer.request import LISTS, Found, chosen, destinations, listed, traces, unused

Command = TypeVar("Command", bound=Callable[..., Any])
SCHEMAS = ("problem", "trace", "convention")

INTERRUPTED = 130
"""The exit status of what the user has interrupted, as shells have it: 128 and the number of the signal."""

COMPLETIONS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="explainer")
def main() -> None:
    """Writes the complete worked solution of backpropagation by hand.

    A short problem file describes a network, a sample and a learning rate. Every quantity is worked
    out step by step, in your notation and with your rounding, as Markdown, LaTeX or plain text.

    \b
    Start with:
      explainer list problems
      explainer explain lecture-3-2-1 -f text
      explainer explain problem.toml -o solution.tex

    PROBLEM is a file, or the name of a problem that comes with the program.

    Exit status: 0 done; 1 a check found something wrong; 2 the request or a file is at fault; 130 interrupted.
    """  # noqa: D301 (Click reads the \b)


def reported(command: Command) -> Command:
    """The command, with every fault on a line of standard error and exit status 2; interrupted, it says so."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except ProblemError as error:
            for line in error.lines():
                click.echo(line, err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("interrupted; nothing is written", err=True)
            sys.exit(INTERRUPTED)

    return run  # type: ignore[return-value]


@main.command()
@PROBLEMS
@OUTPUT
@FORMAT
@FRAGMENT
@ONLY
@DETAIL
@LANGUAGE
@SETTINGS
@reported
def explain(
    *,
    problems: tuple[str, ...],
    output: str | None,
    format: str | None,
    fragment: bool,
    only: tuple[str, ...],
    assignments: tuple[str, ...],
    **settings: Any,
) -> None:
    """Write the worked solution of each PROBLEM.

    With several problems, PATH is a folder; each page is named after its problem.
    """
    from explainer.publish.formats import FORMATS

    suffixes = {name: each.suffixes for name, each in FORMATS.items()}
    parts = Parts()
    kind = parts.attempt(chosen, format, output, suffixes, "markdown")
    targets = parts.attempt(destinations, problems, output, suffixes[kind][0] if kind else "")
    pages = []
    found = traces(parts, problems, assignments, only, settings)
    for each in found:
        page = api.explain(each.shown)
        pages.append(parts.attempt(api.render, page, kind, fragment=fragment) if kind else None)
    parts.settle()
    deliver((targets or [])[: len(pages)], pages)
    tell(problems, found)


@main.command()
@ONE_PROBLEM
@OUTPUT
@RECORDS
@ONLY
@SETTINGS
@reported
def trace(
    *,
    problem: str,
    output: str | None,
    format: str | None,
    only: tuple[str, ...],
    assignments: tuple[str, ...],
    **settings: Any,
) -> None:
    """List every quantity of PROBLEM: name, formula, value, law."""
    from explainer.publish.records import RECORD_FORMATS
    from explainer.publish.run_records import RUN_FORMATS

    suffixes = {name: (".txt" if name == "table" else f".{name}",) for name in RECORD_FORMATS}
    parts = Parts()
    kind = parts.attempt(chosen, format, output, suffixes, "table")
    targets = parts.attempt(destinations, (problem,), output, suffixes[kind][0] if kind else "")
    found = traces(parts, (problem,), assignments, only, settings)
    parts.settle()
    written = [
        RECORD_FORMATS[kind](each.shown) if isinstance(each.shown, api.Trace) else RUN_FORMATS[kind](each.shown)
        for each in found
        if kind
    ]
    deliver(targets or [], written)
    tell((problem,), found)


@main.command()
@PROBLEMS
@SETTINGS
@reported
def check(*, problems: tuple[str, ...], assignments: tuple[str, ...], **settings: Any) -> None:
    """Recompute everything, and compare with what the source prints.

    Each printed equality from its printed digits; every gradient against finite differences; every δ against
    the derivative of the error; the published figures of the file, if no option changes its problem. Exit
    status 1 if anything is wrong.
    """
    import gc

    from explainer.check.report import report

    gc.enable()  # SymPy makes cycles
    parts = Parts()
    found = traces(parts, problems, assignments, (), settings)
    parts.settle()
    other = [each for each in assignments if not each.startswith(("published", "errata"))]
    changed = bool(other) or any(value is not None for value in settings.values())
    held = True
    for name, each in zip(problems, found, strict=False):
        text, good = report(each.shown, name, changed=changed)
        emit(text)
        held = held and good
    tell(problems, found)
    if not held:
        sys.exit(1)


@main.command()
@OUTPUT
@FORCE
@WISH
@reported
def new(*, output: str | None, force: bool, **words: Any) -> None:
    """Make a problem: a commented file with numbers that are good to calculate with by hand.

    Weights have one decimal, no unit is dead or saturated, every parameter moves, and the error falls. In a
    folder, the file is named after its layers and its seed. A file that exists is only replaced with --force.
    """
    from explainer.exercise.draw import drawn
    from explainer.exercise.wish import Words, wish
    from explainer.exercise.written import written

    parts = Parts()
    wished = parts.attempt(wish, Words(**{name: word for name, word in words.items() if word is not None}))
    targets = parts.attempt(unused, output, wished.stem if wished else "", force=force)
    parts.settle()
    folder = targets[0].parent if targets and targets[0] else Path()
    deliver(targets or [], [written(each, drawn(each), folder) for each in (wished,) if each])


@main.command("list")
@click.argument("what", metavar="[WHAT]", required=False, shell_complete=among(*LISTS))
@reported
def list_command(*, what: str | None) -> None:
    """Say what there is.

    WHAT is activations, arithmetics, conventions, details, formats, kinds (of problems), languages, losses, optimizers,
    problems, or roles (the names that numbers.places takes in a problem file). Left out, all of them are listed.
    """
    if what:
        emit("".join(f"{name}\n" for name in listed(one_of(LISTS, "list", what))))
    else:
        emit("".join(f"{each}: {', '.join(listed(each))}\n" for each in LISTS))


@main.command()
@click.argument("what", metavar="problem|trace|convention", shell_complete=among(*SCHEMAS))
@reported
def schema(*, what: str) -> None:
    """Print the JSON Schema of a problem file, of what `trace -f json` writes, or of a convention's file."""
    import json

    from explainer.problem.own_convention import convention_schema
    from explainer.problem.schema import problem_schema
    from explainer.publish.records import trace_schema

    makers = dict(zip(SCHEMAS, (problem_schema, trace_schema, convention_schema), strict=True))
    found = makers[one_of(SCHEMAS, "schema", what)]()
    emit(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


@main.command()
@click.argument("shell", metavar="bash|zsh|fish", shell_complete=among(*COMPLETIONS))
@reported
def completion(*, shell: str) -> None:
    """Print the script that lets your shell complete this command.

    \b
    bash: explainer completion bash > ~/.explainer-complete.bash
          and in ~/.bashrc: . ~/.explainer-complete.bash
    zsh:  explainer completion zsh > ~/.explainer-complete.zsh
          and in ~/.zshrc: . ~/.explainer-complete.zsh
    fish: explainer completion fish > ~/.config/fish/completions/explainer.fish
    """  # noqa: D301 (Click reads the \b)
    kind = COMPLETIONS[one_of(list(COMPLETIONS), "shell", shell)]
    emit(kind(main, {}, "explainer", "_EXPLAINER_COMPLETE").source())


def tell(problems: Iterable[str], found: Iterable[Found]) -> None:
    """Says of a training that the user has interrupted that what is written is not the whole of it."""
    for name, each in zip(problems, found, strict=False):
        if each.interrupted is not None:
            click.echo(f"{name}: interrupted after epoch {each.interrupted}, which is where it ends", err=True)
            sys.exit(INTERRUPTED)


def deliver(targets: Iterable[Path | None], pages: Iterable[str | None]) -> None:
    """Each page to its place: none before all of them are made and lie beside their places.

    Raises:
        ProblemError: a place cannot be written to; what was there before is untouched.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for target, page in zip(targets, pages, strict=True):
            if target is None:
                emit(page or "")
            else:
                staged.append((target, stage(target, page or "")))
        for target, temporary in staged:
            with writing(target):
                put_in_place(temporary, target)
    finally:
        for _, temporary in staged:
            temporary.unlink(missing_ok=True)


def emit(text: str) -> None:
    """A text on standard output, in UTF-8 wherever it goes.

    Raises:
        ProblemError: it cannot be written there, the disk being full for instance.
    """
    try:
        click.echo(text.encode(), nl=False)
    except OSError as error:
        if error.errno == errno.EPIPE:  # the reader has seen enough
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left over fails no second time
        raise fault("standard output", f"cannot be written: {reason(error)}") from None


def stage(target: Path, text: str) -> Path:
    """A temporary file with the text, in the folder of the file whose place it is to take."""
    import tempfile  # which takes a while to import, and standard output does not need it

    with writing(target):
        folder = real(target).parent if is_file_or_new(target) else None
        descriptor, name = tempfile.mkstemp(prefix=".explainer-", dir=folder)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except BaseException:
            temporary.unlink()
            raise
    return temporary


def put_in_place(temporary: Path, target: Path) -> None:
    """Lets the temporary file take the place of the file; a pipe or a device is written to instead."""
    if is_file_or_new(target):
        temporary.chmod(permissions(target))
        temporary.replace(real(target))
    else:
        target.write_bytes(temporary.read_bytes())


def is_file_or_new(target: Path) -> bool:
    """Whether a target is a file, or nothing yet."""
    return target.is_file() or not target.exists()


def real(target: Path) -> Path:
    """The file itself, where links lead to it."""
    return Path(os.path.realpath(target))


def permissions(target: Path) -> int:
    """The permissions that the file has, or that a new file gets."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Turns what the system says against writing a file into a fault.

    Raises:
        ProblemError: it cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise fault(str(target), f"cannot be written: {reason(error)}") from None
