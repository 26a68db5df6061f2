"""JSON written whole or not at all; frozen dataclasses from JSON and from `name=value`."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


def write_json(path: Path, value: object) -> None:
    """Write a JSON value; `path` holds the old or the new one, never a part."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)


def from_json(kind: type[T], value: object, where: str = "value") -> T:
    """Return the dataclass that a JSON value describes.

    Args:
        where: how error messages call the value.

    Raises:
        ValueError: A name is unknown or missing, or a value has another type.
    """
    result: T = _convert(kind, value, where)
    return result


def with_settings(config: T, settings: Sequence[str]) -> T:
    """Return the configuration with each `name=value` applied; names of nested fields have dots.

    Raises:
        ValueError: A setting has no `=`, names no field, or its value has another type.
    """
    for setting in settings:
        name, sign, text = setting.partition("=")
        if not sign:
            raise ValueError(f"wanted name=value, got {setting!r}")
        config = _replace(config, name.split("."), text, name)
    return config


def _convert(kind: Any, value: object, where: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _convert_fields(kind, value, where)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise ValueError(f"{where}: wanted a list, got {value!r}")
        return tuple(_convert(arguments[0], item, where) for item in value)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        return _convert(arguments[0], value, where)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ValueError(f"{where}: wanted {kind.__name__}, got {value!r}")
    return value


def _convert_fields(kind: Any, value: object, where: str) -> Any:
    types_by_name = _field_types(kind)
    if not isinstance(value, Mapping) or not set(value) <= set(types_by_name):
        raise ValueError(f"{where}: wanted {', '.join(types_by_name)}; got {value!r}")
    converted = {
        name: _convert(types_by_name[name], item, f"{where}.{name}") for name, item in value.items()
    }
    try:
        return kind(**converted)
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from error


def _replace(config: Any, names: list[str], text: str, where: str) -> Any:
    types_by_name = _field_types(type(config))
    if names[0] not in types_by_name:
        raise ValueError(f"no setting {where!r}; there are: {', '.join(types_by_name)}")
    kind = types_by_name[names[0]]
    if len(names) > 1:
        if not dataclasses.is_dataclass(kind):
            raise ValueError(f"{where}: {names[0]} has no parts")
        value = _replace(getattr(config, names[0]), names[1:], text, where)
    else:
        value = _read(kind, text, where)
    return dataclasses.replace(config, **{names[0]: value})


def _read(kind: Any, text: str, where: str) -> Any:
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        if text in ("", "none"):
            return None
        kind = typing.get_args(kind)[0]
    if kind is str:
        return text
    if kind is bool and text in ("true", "false"):
        return text == "true"
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError as error:
            raise ValueError(f"{where}: wanted {kind.__name__}, got {text!r}") from error
    raise ValueError(f"{where}: wanted {getattr(kind, '__name__', kind)}, got {text!r}")


def _field_types(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}
