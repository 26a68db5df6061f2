"""Files to ask about: the standard library's and installed ones, as they are and disfigured."""

import random
import sysconfig
from collections.abc import Callable
from pathlib import Path

_SIGNS = (
    *("# <|diff|>", "sign = '<|diff|><|endoftext|>'", "# @@ -1,0 +2 @@", "#+import os"),
    '"""\n<|diff|>@@ -0,0 +1 @@\n+x = 1\n<|diff|>\n"""',
)
_MARKS = ("é", "e\u0301", "\U0001f600", "\U0001d4b3", "ñ\u0303", "漢", "\u200d", "🇩🇪")


def files() -> list[Path]:
    """Every Python file of this interpreter's libraries that is neither tiny nor large."""
    roots = {Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")}
    found = {path for root in roots for path in root.rglob("*.py")}
    return sorted(path for path in found if 500 < path.stat().st_size < 12_000)


def disfigured(text: str, rng: random.Random) -> tuple[str, str]:
    """What was done to the text, and what became of it."""
    name, change = rng.choice(_CHANGES)
    return name, change(text, rng)


def _as_it_is(text: str, _rng: random.Random) -> str:
    return text


def _windows(text: str, _rng: random.Random) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _tabs(text: str, _rng: random.Random) -> str:
    lines = text.split("\n")
    width = [len(line) - len(line.lstrip(" ")) for line in lines]
    return "\n".join(
        "\t" * (n // 4) + " " * (n % 4) + line[n:] for n, line in zip(width, lines, strict=True)
    )


def _marks(text: str, rng: random.Random) -> str:
    """Comments with signs that take one, two, three or four units, between the lines."""
    lines = text.split("\n")
    for _ in range(rng.randint(2, 12)):
        sign = "".join(rng.choices(_MARKS, k=3))
        number = rng.randrange(len(lines))
        lines[number] += f"  # {sign}" if rng.random() < 0.5 and lines[number].strip() else ""
        lines.insert(number, rng.choice([f"# {sign}", "", f"s_{number} = '{sign}'"]))
    return "\n".join(lines)


def _signs(text: str, rng: random.Random) -> str:
    """What the transcript of edits is written with, typed by somebody."""
    lines = text.split("\n")
    for _ in range(rng.randint(2, 12)):
        lines.insert(rng.randrange(len(lines)), rng.choice(_SIGNS))
    return "\n".join(lines)


def _names(text: str, rng: random.Random) -> str:
    return f"größe = {rng.randint(1, 9)}\nИмя = größe\n{text}"


def _bom(text: str, _rng: random.Random) -> str:
    return "\ufeff" + text


def _torn(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(rng.randint(1, 3)):
        del lines[rng.randrange(len(lines))]
    return "\n".join(lines) or "\n"


def _cut(text: str, rng: random.Random) -> str:
    return text[: rng.randint(len(text) // 3, len(text) - 1)]


def _odd_ends(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    number = rng.randrange(len(lines))
    lines[number] += rng.choice(["\f", "  # a\rb", "\r", " \u2028# x", "\x0b"])
    return "\n".join(lines)


def _old_mac(text: str, _rng: random.Random) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r")


def _unended(text: str, _rng: random.Random) -> str:
    return text.rstrip("\r\n")


def _latin(text: str, rng: random.Random) -> str:
    """A file whose encoding has 256 characters, and says so."""
    lines = text.encode("latin-1", "replace").decode("latin-1").split("\n")
    for _ in range(3):
        lines.insert(rng.randrange(len(lines)), "# größer als né")
    return "\n".join(["# -*- coding: latin-1 -*-", *lines])


def _both(text: str, rng: random.Random) -> str:
    return _windows(_marks(text, rng), rng)


_CHANGES: tuple[tuple[str, Callable[[str, random.Random], str]], ...] = (
    ("as it is", _as_it_is),
    ("as it is", _as_it_is),
    ("with CRLF", _windows),
    ("with tabs", _tabs),
    ("with marks", _marks),
    ("with the transcript's signs", _signs),
    ("with names", _names),
    ("with CRLF and marks", _both),
    ("with a BOM", _bom),
    ("torn", _torn),
    ("cut off", _cut),
    ("with odd line ends", _odd_ends),
    ("with CR", _old_mac),
    ("without a final newline", _unended),
    ("in latin-1", _latin),
)
