"""Instruction pairs for tests."""

import gzip
import json
from pathlib import Path


def write_pairs(path: Path, count: int) -> Path:
    """Write so many small pairs, and return the path."""
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        for number in range(count):
            code = f"import math\n\n\ndef scale(value):\n    return math.pi * value * {number}\n"
            pair = {"instruction": f"Scale a value by pi and {number}.", "code": code}
            lines.write(json.dumps(pair) + "\n")
    return path
