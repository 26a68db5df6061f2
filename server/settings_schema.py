"""The options as a JSON schema, from which an editor's own table of settings is made."""

from dataclasses import MISSING, Field, fields
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

from server.options import Options

_NAMES = {bool: "boolean", int: "integer", str: "string", NoneType: "null"}


def option_schemas() -> dict[str, dict[str, Any]]:
    """A JSON schema for each option, with its default and what it means."""
    return {option.name: _schema(option) for option in fields(Options)}


def _schema(option: Field[Any]) -> dict[str, Any]:
    if option.default is MISSING:
        raise ValueError(f"wanted a default for the option {option.name}, found none")
    lowest, highest = option.metadata.get("range", (None, None))
    limits = {} if lowest is None else {"minimum": lowest, "maximum": highest}
    default = list(option.default) if isinstance(option.default, tuple) else option.default
    meaning: str = option.metadata["meaning"]
    return {**_of_type(option.type), **limits, "default": default, "description": meaning}


def _of_type(kind: Any) -> dict[str, Any]:  # noqa: ANN401  whatever stands in an annotation
    if get_origin(kind) is Literal:
        return {"type": "string", "enum": list(get_args(kind))}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _of_type(get_args(kind)[0])}
    if isinstance(kind, UnionType):
        return {"type": [_NAMES[part] for part in get_args(kind)]}
    return {"type": _NAMES[kind]}
