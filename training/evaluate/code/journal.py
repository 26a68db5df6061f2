"""JSON lines that outlive a kill: whole lines are appended, half a line is dropped on reading."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


class Journal:
    """The rows of a file by their "problem", and the means to add one."""

    def __init__(self, path: Path) -> None:
        """Read what there is; a last line that was not finished is cut off.

        Raises:
            ValueError: another line is no row.
        """
        self._path = path
        self.rows: dict[str, Row] = {}
        data = path.read_bytes() if path.is_file() else b""
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.truncate(path, whole)
        for number, line in enumerate(data[:whole].splitlines(), 1):
            row = _row(line)
            if row is None:
                raise ValueError(f"{path}, line {number}: wanted a row, got {line[:60]!r}")
            self.rows[row["problem"]] = row

    def append(self, row: Row) -> None:
        """Add a row; when this returns it is on the disk."""
        with self._path.open("ab") as file:
            file.write(json.dumps(row).encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.rows[row["problem"]] = row


def _row(line: bytes) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("problem"), str) else None
