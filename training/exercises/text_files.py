"""Open text files as values: what they hold, and how a test writes them."""

from __future__ import annotations

import io
import random

from training.exercises.words import FIRST_NAMES, PRODUCTS, WORDS, sentence

LEVELS = ("INFO", "INFO", "WARNING", "ERROR")


class TextFile(io.StringIO):
    """An open text file that shows as the expression that makes it."""

    def __repr__(self) -> str:
        """Return "io.StringIO('first line')"."""
        return f"io.StringIO({self.getvalue()!r})"


def _file(lines: list[str], rng: random.Random) -> TextFile:
    end = "\n" if lines and rng.random() < 0.8 else ""
    return TextFile("\n".join(lines) + end)


def text_file(rng: random.Random) -> TextFile:
    """Return a file of a few lines, some of them blank or comments."""
    lines = [sentence(rng) for _ in range(rng.randint(0, 4))]
    if lines and rng.random() < 0.5:
        lines.insert(rng.randrange(len(lines)), rng.choice(("", "  ", "# " + sentence(rng))))
    if lines and rng.random() < 0.4:
        lines.append(rng.choice(lines))
    if lines and rng.random() < 0.2:
        lines[0] += "  "
    return _file(lines, rng)


def number_file(rng: random.Random) -> TextFile:
    """Return a file with a number on each line that is not blank."""
    lines = [str(rng.randint(-20, 60)) for _ in range(rng.randint(0, 5))]
    if rng.random() < 0.4:
        lines.insert(0, "")
    return _file(lines, rng)


def config_file(rng: random.Random) -> TextFile:
    """Return a file of settings, with comments, in both of the usual forms at once."""
    lines = []
    for _ in range(rng.randint(0, 4)):
        name, value = rng.choice(("Color", "size", "Name", "debug", "size")), rng.choice(WORDS)
        gap = rng.choice(("", " "))
        # Read as "name = value" as well as "name: value".
        lines.append(f"{name}{gap}={gap}:{gap}{value}")
    if rng.random() < 0.5:
        lines.append(rng.choice(("", "# a comment", "  ")))
    return _file(lines, rng)


def csv_file(rng: random.Random) -> TextFile:
    """Return a file of comma-separated values: a header, then a name first and a number last."""
    header, pool = rng.choice(
        (
            ("name,city,age", FIRST_NAMES),
            ("product,price", PRODUCTS),
            ("player,team,score", FIRST_NAMES),
        )
    )
    width = header.count(",") - 1
    rows = [
        ",".join(
            [rng.choice(pool), *(rng.choice(WORDS) for _ in range(width)), str(rng.randint(1, 60))]
        )
        for _ in range(rng.randint(0, 4))
    ]
    return _file([header, *rows], rng)


def log_file(rng: random.Random) -> TextFile:
    """Return a log: time, level and message on each line that is not blank."""
    lines = [
        f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02} {rng.choice(LEVELS)} "
        f"{rng.choice(WORDS)} {rng.choice(WORDS)}"
        for _ in range(rng.randint(0, 4))
    ]
    if rng.random() < 0.3:
        lines.append("")
    return _file(lines, rng)
