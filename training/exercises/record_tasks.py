"""What can be done with a list of records, in words and in code.

In words `{items}` stands for "the orders in {orders} that are paid". In code `@many` is the list,
`@r` a record, `@V` its number, `@L` its label, `@N` its name, `@if` a condition behind a
comprehension; lines that begin with `?` are done under the condition. Bodies that mean the same are
parted by `~~`.
"""

from __future__ import annotations

from dataclasses import dataclass

from training.exercises.read_table import blocks


@dataclass(frozen=True, slots=True)
class RecordTask:
    """One thing to do."""

    slug: str
    returns: str
    phrase: str
    bodies: tuple[str, ...]
    detail: str = ""


def _task(block: str) -> RecordTask:
    head, phrase, *lines = block.split("\n")
    slug, returns = head.split(" -> ")
    detail = ""
    if lines[0].startswith("+ "):
        detail = lines.pop(0)[2:]
    bodies = tuple(each.strip("\n") for each in "\n".join(lines).split("~~"))
    return RecordTask(slug, returns, phrase, bodies, detail)


TASKS = tuple(map(_task, blocks("record_tasks")))
