"""What becomes of the values of a pipeline: a sum, the largest, a dictionary and so on.

In code `{g}` stands for "value for x in xs if …", `{v}` for the value, within a loop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training.exercises.blocks import Type
from training.exercises.read_table import rows


@dataclass(frozen=True, slots=True)
class Aggregation:
    """One way to end a pipeline."""

    takes: tuple[Type, ...]
    phrase: str
    """"the sum of {}"."""
    slug: str
    returns: str
    short: tuple[str, ...]
    """Bodies made of one expression."""
    start: str
    step: str
    end: str
    """The three parts of a body with a loop."""
    detail: str = ""
    imports: tuple[str, ...] = ()
    plain_only: bool = False
    """Whether it makes no sense behind a conversion: counting does not."""
    is_lazy: bool = False
    """Whether it yields the values one by one."""
    parameter: str = ""
    """A further parameter that the code uses."""


def _aggregation(row: Mapping[str, Any]) -> Aggregation:
    takes: tuple[Type, ...] = tuple(row["takes"].split())
    lists = {name: tuple(row[name]) for name in ("short", "imports") if name in row}
    return Aggregation(**{**row, **lists, "takes": takes})


AGGREGATIONS = tuple(map(_aggregation, rows("aggregations")))

DATE_IMPORTS = ("from datetime import date, timedelta",)
"""What blocks for dates need."""
_FOR_DATES = frozenset(
    {
        *("count", "list", "reversed", "sorted", "descending", "distinct", "unique", "set"),
        *("count_distinct", "frequencies", "first", "last", "all_different", "most_frequent"),
        *("iterate", "numbered_pairs", "chunks", "every_second", "singles", "joined"),
    }
)


def fits(aggregation: Aggregation, kind: Type) -> bool:
    """Whether values of that type can be put together so."""
    if kind == "date":
        return "str" in aggregation.takes and aggregation.slug in _FOR_DATES
    return ("int" if kind == "digit" else kind) in aggregation.takes
