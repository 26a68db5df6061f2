import pytest

from lintseq.errors import FormatError
from lintseq.program import Edit, EditSequence, Hunk, split_lines
from lintseq.source import Source, decode_source, replay_bytes

MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("data", "source"),
    [
        (b"", Source("")),
        (b"x = 1", Source("x = 1")),
        (b"a\r\nb\rc\f\n", Source("a\r\nb\rc\f\n")),
        ("é\n".encode(), Source("é\n")),
        (MARK + "é".encode(), Source("é", "utf-8", MARK)),
        (MARK, Source("", "utf-8", MARK)),
        (MARK + MARK, Source("\ufeff", "utf-8", MARK)),
        (MARK + b"# coding: utf-8\n", Source("# coding: utf-8\n", "utf-8", MARK)),
        (b"# coding: latin-1\n\xe9\n", Source("# coding: latin-1\né\n", "iso-8859-1")),
        (
            b"\r# vim: fileencoding=cp1252\n\x80",
            Source("\r# vim: fileencoding=cp1252\n€", "cp1252"),
        ),
        (b"# coding: shift_jis\n\x83\x5c\n", Source("# coding: shift_jis\nソ\n", "shift_jis")),
        # Behind a line of code there is no cookie, and Python ends a line at "\r" too.
        (b"x\n# coding: latin-1\n", Source("x\n# coding: latin-1\n")),
        (b"x\r# coding: latin-1\n", Source("x\r# coding: latin-1\n")),
    ],
)
def test_files_are_decoded_and_encoded_back(data: bytes, source: Source) -> None:
    assert decode_source(data) == source
    assert source.encode(source.text) == data
    edits = EditSequence((Edit((Hunk(0, split_lines(source.text)),)),) if source.text else ())
    assert replay_bytes(source.transcript(edits)) == data


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\n",
        b"a\n\n\n\xe9\n",
        b"# coding: utf-8\n\xe9\n",
        b"# coding: nope\n",
        b"# coding: rot13\n",
        b"# coding: hex\n61\n",
        b"# coding: undefined\n",
        b"# coding: utf-16\nx\n",
        b"# coding: utf-7\n+AOk-\n",
        b"# coding: unicode_escape\nx = 1\n",
        MARK + b"# coding: latin-1\n",
        b"\xff\xfex\0",
    ],
)
def test_what_cannot_be_decoded_and_encoded_back_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        decode_source(data)


EDIT = b"\n<|diff|>@@ -0,0 +1 @@\n+x = '\xe9\x85'\r\n"
END = b"<|diff|>\n<|diff|><|endoftext|>"


@pytest.mark.parametrize(
    ("transcript", "program"),
    [
        (EDIT + END, b"x = '\xe9\x85'\r\n"),
        (EDIT + END + b"\n", b"x = '\xe9\x85'\r\n"),
        (MARK + EDIT + END, MARK + b"x = '\xe9\x85'\r\n"),
        (b"Instruction \xff" + EDIT + END, b"x = '\xe9\x85'\r\n"),
        (b"\n" + END, b""),
    ],
)
def test_replay_moves_bytes(transcript: bytes, program: bytes) -> None:
    assert replay_bytes(transcript) == program


@pytest.mark.parametrize(
    ("transcript", "reason"),
    [
        (b"", "a transcript ends with"),
        (EDIT, "a transcript ends with"),
        (EDIT + END + b"\n\n", "a transcript ends with"),
        ((EDIT + END + b"\n") * 3, "one transcript is wanted, got 3"),
        (b"\n<|diff|>@@ -1,0 +2 @@\n+a\n" + END, "insertion behind line 1 of a text of 0 lines"),
        (b"\n<|diff|>x\n" + END, "expected a hunk header"),
    ],
)
def test_refused_transcripts(transcript: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        replay_bytes(transcript)
