"""Programs put together from imports, helpers, a signature, a docstring and a body."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from training.exercises.draft import Draft

_ANNOTATION_IMPORTS = {
    "Callable": "from collections.abc import Callable",
    "Iterator": "from collections.abc import Iterator",
    "Iterable": "from collections.abc import Iterable",
    "Any": "from typing import Any",
    "TextIO": "from typing import TextIO",
}


def signature(draft: Draft, *, annotated: bool) -> str:
    """Return "def f(x: int) -> int:"."""
    if not annotated:
        return f"def {draft.name}({', '.join(each.name for each in draft.parameters)}):"
    parameters = ", ".join(f"{each.name}: {each.annotation}" for each in draft.parameters)
    return f"def {draft.name}({parameters}) -> {draft.returns}:"


def module(draft: Draft, head: str, docstring: str, body: str) -> str:
    """Return a whole program, without the imports that it does not need.

    Args:
        head: the signature.
        docstring: its text; empty: none.
        body: the statements, not indented.
    """
    lines = [head if len(head) <= 88 else _broken(head)]
    if docstring:
        lines.append(textwrap.indent(_quoted(docstring), "    "))
    lines.append(textwrap.indent(body.strip("\n"), "    "))
    function = "\n".join(lines)
    helpers = draft.helpers.strip("\n") if _uses_helpers(draft, body) else ""
    rest = "\n\n\n".join(filter(None, (helpers, function)))
    return with_imports(draft.imports, rest + "\n")


def with_imports(lines: Sequence[str], code: str) -> str:
    """Return the program behind those imports that it needs, of `lines` and of usual types."""
    wanted = [
        *lines,
        *(line for name, line in _ANNOTATION_IMPORTS.items() if re.search(rf"\b{name}\b", code)),
    ]
    needed = sorted(set(filter(None, (_needed(line, code) for line in wanted))))
    if not needed:
        return code
    # Plain imports first, as sorters of imports have it.
    needed.sort(key=lambda line: (line.startswith("from"), line))
    gap = "\n\n\n" if re.match(r"def |class |@", code) else "\n\n"
    return "\n".join(needed) + gap + code


def _uses_helpers(draft: Draft, body: str) -> bool:
    names = re.findall(r"^(?:def|class) (\w+)|^([A-Z_]+) =", draft.helpers, re.M)
    flat = [name for pair in names for name in pair if name]
    return any(re.search(rf"\b{name}\b", body) for name in flat)


def _needed(line: str, code: str) -> str:
    """The import line with those of its names that the code uses; empty: with none."""
    code = re.sub(r'"""[\s\S]*?"""', "", code)
    source, _, names = line.partition(" import ")
    if not names:
        name = line.rsplit(maxsplit=1)[-1]
        return line if re.search(rf"(?<![\w.]){re.escape(name)}\b", code) else ""
    used = [name for name in names.split(", ") if re.search(rf"(?<![\w.]){name}\b", code)]
    return f"{source} import {', '.join(used)}" if used else ""


def _quoted(text: str) -> str:
    mark = 'r"""' if "\\" in text else '"""'
    if "\n" in text:
        return f'{mark}{text}\n"""'
    return f'{mark}{text}"""'


def _broken(head: str) -> str:
    """The signature with its parameters one to a line."""
    opening, _, rest = head.partition("(")
    inside, _, tail = rest.rpartition(")")
    parts = _split_parameters(inside)
    return f"{opening}(\n" + "".join(f"    {part},\n" for part in parts) + f"){tail}"


def _split_parameters(text: str) -> Sequence[str]:
    return re.split(r", (?=\w+(?::|,|$))", text)
