r"""Python files and their transcripts as bytes.

A file is decoded by its byte order mark or its encoding cookie, else as UTF-8, as Python does
it, and newlines stay as they are. Its transcript has the same encoding and the same byte order
mark in front. Whoever replays a transcript therefore need not know the encoding: its lines are
bytes between "\n" and "\n" (`replay_bytes`). A file whose encoding does not write lines in that
way, such as UTF-7, is refused.
"""

import codecs
import tokenize
from dataclasses import dataclass

from lintseq.errors import FormatError
from lintseq.format import CLOSING, Transcript, parse, render, text_of
from lintseq.program import EditSequence, split_lines


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file, and how texts of its kind become bytes."""

    text: str
    """Without the byte order mark."""
    encoding: str = "utf-8"
    mark: bytes = b""
    """The byte order mark in front of the text, if there is one."""

    def encode(self, text: str) -> bytes:
        """`text` as a file of the same kind: behind the mark, line by line in the encoding."""
        return self.mark + b"".join(line.encode(self.encoding) for line in split_lines(text))

    def transcript(self, edits: EditSequence) -> bytes:
        """The transcript of `edits` as a file of the same kind."""
        return self.encode(text_of(render(Transcript("", edits))))


def decode_source(data: bytes) -> Source:
    """The source that `data` encodes: `source.encode(source.text) == data`.

    Raises:
        FormatError: the encoding is unknown, is not that of `data`, or does not keep lines and
            ASCII as they are.
    """
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    encoding = _encoding(data)
    try:
        text = data.removeprefix(mark).decode(encoding)
        lines = [f"+{line}".encode(encoding) for line in split_lines(text)]
    except (UnicodeError, LookupError) as error:
        raise FormatError(f"not text in the encoding {encoding}: {error}") from error
    if lines != [b"+" + line for line in _byte_lines(data.removeprefix(mark))]:
        raise FormatError(f"the encoding {encoding} does not give the same bytes back")
    return Source(text, encoding, mark)


def is_encodable(text: str) -> bool:
    """Whether the text can be written in the encoding that its own first lines name."""
    try:
        encoding = _encoding(text.encode("utf-8"))
        text.encode(encoding)
    except (FormatError, UnicodeError, LookupError):
        return False
    return True


def replay_bytes(transcript: bytes) -> bytes:
    """The program that one transcript builds, behind the byte order mark of the transcript.

    A newline behind the end-of-text token belongs to neither.

    Raises:
        FormatError: it is not one transcript, or an edit does not fit what is there before it.
    """
    mark = codecs.BOM_UTF8 if transcript.startswith(codecs.BOM_UTF8) else b""
    # Latin-1 gives each byte a character of its own, and back.
    text = transcript.removeprefix(mark).decode("latin-1").removesuffix("\n")
    count = text.count(CLOSING)
    if count > 1:
        raise FormatError(f"one transcript is wanted, got {count}")
    edits = parse(text).edits
    try:
        return mark + "".join(edits.replay()).encode("latin-1")
    except ValueError as error:
        raise FormatError(f"an edit does not fit: {error}") from error


def _encoding(data: bytes) -> str:
    # Lines of bytes end at a lone "\r" too, as they do where Python looks for the cookie.
    lines = iter(data.splitlines(keepends=True))
    try:
        encoding, _ = tokenize.detect_encoding(lines.__next__)
    except SyntaxError as error:
        raise FormatError(f"{error} (wanted UTF-8, or a cookie that names it)") from error
    # The mark is kept apart.
    return encoding.removesuffix("-sig")


def _byte_lines(data: bytes) -> list[bytes]:
    *ended, rest = data.split(b"\n")
    return [*(line + b"\n" for line in ended), *([rest] if rest else [])]
