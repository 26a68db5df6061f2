"""What a user can set through `initializationOptions`, read strictly.

A wrong key or value never stops the server: it is reported with the key and what is allowed,
and the default stands in for it.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from fnmatch import fnmatch
from pathlib import PurePath
from typing import Any, Literal

import cattrs
from cattrs.errors import CattrsError

Eagerness = Literal["manual", "low", "normal", "high"]

_SECRETS = (".env", ".env.*", "*.pem", "*.key", "**/secrets/**")


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of one editor session."""

    enabled: bool = field(default=True, metadata={"allowed": "true or false"})
    """Whether anything is proposed at all."""
    eagerness: Eagerness = field(
        default="normal", metadata={"allowed": 'one of "manual", "low", "normal", "high"'}
    )
    """How sure a proposal has to be to appear by itself; "manual" shows it when asked only."""
    model: str | None = field(
        default=None, metadata={"allowed": "the path of a GGUF file, or null"}
    )
    """The model file; None means the installed default model."""
    max_lines: int = field(
        default=1, metadata={"allowed": "a whole number from 1 to 20", "range": (1, 20)}
    )
    """How many lines one ghost text may have."""
    exclude: tuple[str, ...] = field(
        default=_SECRETS, metadata={"allowed": 'a list of patterns such as "*.env"'}
    )
    """Files for which nothing is proposed: patterns of file names or of whole paths."""
    threads: int | None = field(
        default=None,
        metadata={"allowed": "a whole number from 1 to 256, or null", "range": (1, 256)},
    )
    """Threads of the model's process; None lets it choose."""

    def excludes(self, path: str) -> bool:
        """Whether one of the `exclude` patterns names the file or the path."""
        name = PurePath(path).name
        return any(fnmatch(name, p) or fnmatch(path, p) for p in self.exclude)


def parse_options(raw: object) -> tuple[Options, tuple[str, ...]]:
    """The options that `raw`, a JSON value, asks for, and one sentence per wrong key or value."""
    if raw is None:
        return Options(), ()
    if not isinstance(raw, Mapping):
        return Options(), (f"initializationOptions: got {raw!r}, allowed is an object",)
    known = {known_field.name: known_field for known_field in fields(Options)}
    wanted: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in raw.items():
        if key not in known:
            problems.append(f"{key}: unknown option, allowed are {', '.join(known)}")
            continue
        try:
            wanted[key] = _structured(known[key], value)
        except (ValueError, TypeError, CattrsError):
            allowed = known[key].metadata["allowed"]
            problems.append(f"{key}: got {value!r}, allowed is {allowed}")
    return Options(**wanted), tuple(problems)


def _structured(option: Field[Any], value: object) -> object:
    kind: Any = option.type
    structured = _CONVERTER.structure(value, kind)
    lowest, highest = option.metadata.get("range", (None, None))
    if None not in (structured, lowest) and not lowest <= structured <= highest:
        raise ValueError(f"need {lowest} <= {option.name} <= {highest}, got {structured}")
    return structured


def _strict_converter() -> cattrs.Converter:
    """A converter that never turns one type into another, as `bool("no")` would."""
    converter = cattrs.Converter()
    for wanted in (bool, int, str):
        converter.register_structure_hook(wanted, _same_type)
    converter.register_structure_hook_func(lambda wanted: wanted == tuple[str, ...], _texts)
    return converter


def _same_type(value: object, wanted: type) -> object:
    if type(value) is not wanted:
        raise TypeError(f"wanted {wanted.__name__}, got {type(value).__name__}")
    return value


def _texts(value: object, _wanted: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
        raise TypeError(f"wanted a list of strings, got {value!r}")
    return tuple(value)


_CONVERTER = _strict_converter()
