"""Of tests with very many random problems, a sample is run; `pytest --every` runs them all."""

from collections import defaultdict

import pytest

FEW = 12
"""So many of each are run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that asks for all of them."""
    parser.addoption("--every", action="store_true", help="run every random problem, not a sample")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keeps some of the parameters of each test that has many, evenly spread."""
    if config.getoption("--every"):
        return
    groups: dict[tuple[str, str], list[pytest.Item]] = defaultdict(list)
    for item in items:
        groups[str(item.path), item.name.partition("[")[0]].append(item)
    items[:] = [item for members in groups.values() for item in members[:: max(1, len(members) // FEW)]]
