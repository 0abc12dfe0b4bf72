"""The command, run within the tests."""

from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from explainer.cli import main

PROBLEM = """\
title = "A small network"

[network]
inputs = 3
[[network.layers]]
activation = "sigmoid"
weights = [[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]]
biases = [-0.4, 0.2]
[[network.layers]]
activation = "sigmoid"
weights = [[-0.3, -0.2]]
biases = [0.1]

[[samples]]
inputs = [1, 0, 1]
targets = [1]

[training]
loss = "half-squared-error"
learning_rate = 0.9
"""
"""A problem without faults, to put faults into."""


class Done(NamedTuple):
    """What a command has done: its exit status, standard output, and the lines of standard error."""

    status: int
    out: str
    err: list[str]


def run(*arguments: str) -> Done:
    """The command with these arguments; an exception that it lets through is raised here."""
    result = CliRunner().invoke(main, arguments, prog_name="explainer")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr.splitlines())


def faults_of(text: str, folder: Path) -> list[str]:
    """What is said of a problem file with this text, which is refused; each line without the name of the file."""
    file = folder / "problem.toml"
    file.write_text(text, encoding="utf-8")
    done = run("explain", str(file))
    assert done.status == 2, done.out
    assert all(line.startswith(f"{file}: ") for line in done.err), done.err
    return [line.removeprefix(f"{file}: ") for line in done.err]
