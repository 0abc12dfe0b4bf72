"""Findings: what a check has looked at, and what it found wrong."""

from msgspec import Struct


class Finding(Struct, frozen=True):
    """One check: how many things held, each that did not, and remarks on what was left out."""

    subject: str
    held: int
    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
