"""Reads the tables beside this file: rows under headings, blocks of lines, and TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_name("tables")


@cache
def sections(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the lines that stand under each heading "[text]", without blank ones."""
    text = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    _, *parts = re.split(r"^\[(\w+)\]\n", text, flags=re.M)
    return {
        heading: tuple(line for line in body.split("\n") if line.strip())
        for heading, body in zip(parts[::2], parts[1::2], strict=True)
    }


def blocks(name: str) -> tuple[str, ...]:
    """Return the parts of a table that blank lines separate."""
    text = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(text.strip("\n").split("\n\n"))


def rows(name: str) -> tuple[Mapping[str, Any], ...]:
    """Return the tables of a TOML file, which are all of one kind."""
    (found,) = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8")).values()
    return tuple(found)
