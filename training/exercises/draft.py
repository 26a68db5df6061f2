"""What a family draws: a task and its solution, before anybody chose the words to put it in."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Arguments = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function."""

    name: str
    annotation: str
    noun: str
    """What a text that does not know the name calls it, "list of scores"; empty for plain numbers,
    which are called by their name everywhere."""
    make: Callable[[random.Random], Any]
    """Draws a value to call the function with."""
    about: str = ""
    """What an `Args:` section says; empty: what the noun says."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A function to write.

    Texts mention a parameter as `{name}`.
    """

    kind: str
    """What it is about, "strings"."""
    family: str
    """Which file it comes from."""
    name: str
    parameters: tuple[Parameter, ...]
    returns: str
    """The annotation of what comes back."""
    phrase: str
    """"the number of …", "whether …" or "remove …": without a capital and a full stop."""
    body: str
    """The solution, not indented."""
    reference: str
    """Another one that does the same; the same text where only one is known."""
    details: tuple[str, ...] = ()
    """Sentences about what the phrase leaves open."""
    raises: tuple[tuple[str, str], ...] = ()
    """Errors that belong to the task: class, and when, as in "{n} is negative"."""
    imports: tuple[str, ...] = ()
    """Lines, for either solution; those that a solution does not need are left out of it."""
    helpers: str = ""
    """Definitions above the function, for the solution and for the reference."""
    tried: tuple[Arguments, ...] = ()
    """Arguments that are worth trying beside drawn ones."""
    accepts: Callable[[Arguments], bool] | None = None
    """Which drawn arguments are allowed; None: all."""

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or not self.body.strip() or not self.phrase:
            raise ValueError(f"wanted a name, a phrase and a body, got {self!r}")

    @property
    def is_generator(self) -> bool:
        """Whether calls are to be put into a list."""
        return self.returns.startswith(("Iterator", "Generator"))


@dataclass(frozen=True, slots=True)
class ClassDraft:
    """A class to write."""

    kind: str
    family: str
    name: str
    summary: str
    """What an object of it is: "a stack of integers"."""
    members: tuple[str, ...]
    """What it must have, a sentence each."""
    code: str
    """The class, with `#doc` lines where docstrings may stand."""
    scripts: tuple[tuple[str, ...], ...]
    """Statements and expressions that try an object, in order; each script begins with one."""
    silent: frozenset[str] = frozenset()
    """Methods that give nothing back: a test calls them and looks at nothing."""
    imports: tuple[str, ...] = ()
