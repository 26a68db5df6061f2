"""Settings from several places, read strictly: a wrong key or value never stops the server.

It is reported with the key and what is allowed, and what the place below says stands in for it,
or else the default. From the weakest to the strongest: the settings file, `initializationOptions`,
`workspace/configuration`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

import cattrs
from cattrs.errors import CattrsError

from server.options import Options


@dataclass(frozen=True, slots=True)
class Layer:
    """What one place sets."""

    source: str
    """The place, for people."""
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    """One sentence per wrong key or value."""


def read_layer(raw: object, source: str) -> Layer:
    """What `raw`, a JSON or TOML value, sets; nothing, for null."""
    if raw is None:
        return Layer(source)
    if not isinstance(raw, Mapping):
        return Layer(source, problems=(f"got {raw!r}, allowed is an object",))
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
    return Layer(source, wanted, tuple(problems))


def merged(layers: Iterable[Layer]) -> Options:
    """The options that the layers set, of which later ones are stronger."""
    values: dict[str, Any] = {}
    for layer in layers:
        values |= layer.values
    return Options(**values)


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
