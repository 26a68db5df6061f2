"""Settings of any form: never an exception, never a value that is not allowed."""

import json
import tomllib
from dataclasses import fields

from server.options import Options
from server.settings import merged, read_layer
from tests.fuzz.bits import Bits


def read_settings(data: bytes) -> None:
    """A wrong value is reported and changes nothing; a right one is taken as it is."""
    text = Bits(data).text()
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        try:
            raw = tomllib.loads(text)
        except (ValueError, RecursionError):
            return
    layer = read_layer(raw, "fuzz")
    options = merged([layer])
    if not isinstance(raw, dict):
        assert options == Options(), "taken from what is no object"
        return
    for field in fields(Options):
        value = getattr(options, field.name)
        if field.name in layer.values:
            given = raw[field.name]
            assert value == (tuple(given) if isinstance(given, list) else given)
            assert type(value) in (tuple, type(given)), f"{field.name} became {value!r}"
        else:
            assert value == field.default, f"{field.name} is {value!r}"
    reported = {problem.partition(":")[0] for problem in layer.problems}
    taken = set(layer.values)
    assert all(key in taken or key.partition(":")[0] in reported for key in raw), "ignored"
