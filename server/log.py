"""What goes to stderr: reports without the texts of files, unless they are asked for.

Libraries put what they were working on into their messages, and so do exceptions. Below the level
"info" of the command line a record of theirs is its wording without what was filled in, and an
exception is its type and the places that it went through.
"""

import logging
import traceback
from types import TracebackType

_OWN = ("server", "lintseq", "__main__")
_ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class WithoutTexts(logging.Formatter):
    """Formats records so that no text of a file is in them."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one text."""
        if record.name.partition(".")[0] not in _OWN:
            record = logging.makeLogRecord(record.__dict__ | {"args": None, "exc_text": None})
            # An exception that was already put into the words of the record follows a line break.
            record.msg = str(record.msg).partition("\n")[0]
        return super().format(record)

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802  logging's name
        """Where the exception went through, and its type."""
        kind, _, trace = ei
        places = [f"  {frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
        return "\n".join([*places, kind.__name__ if kind else ""])


def start_logging(level: str) -> None:
    """Log to stderr from `level` on; from "info" on with texts of files."""
    wording = "%(levelname)s %(name)s: %(message)s"
    handler = logging.StreamHandler()
    has_texts = logging.getLevelNamesMapping()[level.upper()] <= logging.INFO
    handler.setFormatter((logging.Formatter if has_texts else WithoutTexts)(wording))
    logging.basicConfig(level=level.upper(), handlers=[handler])
