import pytest

from lintseq.format import Segment, Special
from lintseq.generated import Generated, read_generated
from lintseq.program import Edit, Hunk

DIFF, END = Special.DIFF, Special.END


def one(*hunks: tuple[int, str], ended: bool = False) -> Generated:
    """A generation of one edit; the lines of a hunk are separated by spaces."""
    edit = Edit(tuple(Hunk(at, tuple(f"{line}\n" for line in text.split())) for at, text in hunks))
    return Generated((edit,), ended)


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([], Generated((), ended=False)),
        ([END], Generated((), ended=True)),
        ([DIFF], Generated((), ended=True)),
        (["\n", DIFF], Generated((), ended=True)),
        (["\n"], Generated((), ended=False)),
        (["@@ -0,0 +1 @@\n+a\n"], one((0, "a"))),
        (["@@ -0,0 +1 @@\n+a\n", DIFF], one((0, "a"))),
        (["@@ -0,0 +1 @@\n+a\n", DIFF, "\n", DIFF], one((0, "a"), ended=True)),
        (["@@ -0,0 +1 @@\n+a\n", END], one((0, "a"))),
        (["@@ -0,0 +1 @@\n+a\n", DIFF, END], one((0, "a"), ended=True)),
        # Text comes in any number of pieces.
        (["@@ -0,", "0 +1 @@", "\n+", "a\n"], one((0, "a"))),
        # The lines that are there count, not what the header says.
        (["@@ -0,0 +1,9 @@\n+a\n+b\n"], one((0, "a b"))),
        (["@@ -0,0 +1,0 @@\n+a\n"], one((0, "a"))),
        # A line that is not whole is cut.
        (["@@ -0,0 +1 @@\n+a\n+b"], one((0, "a"))),
        (["@@ -0,0 +1 @@\n+a"], Generated((), ended=False)),
        (["@@ -0,0 +1 @@\n+a", DIFF], Generated((), ended=False)),
        (["@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n"], one((0, "a"))),
        # Several hunks.
        (["@@ -0,0 +1 @@\n+a\n@@ -2,0 +4 @@\n+b\n"], one((0, "a"), (2, "b"))),
        # A place that is not certain ends the reading.
        (["@@ -0,0 +1 @@\n+a\n@@ -2,0 +3 @@\n+b\n"], one((0, "a"))),
        (["@@ -3,0 +4 @@\n+a\n@@ -2,0 +4 @@\n+b\n"], one((3, "a"))),
        (["@@ -0,0 +2 @@\n+a\n"], Generated((), ended=False)),
        (["@@ -1 +2 @@\n+a\n"], Generated((), ended=False)),
        (["words\n", DIFF, "@@ -0,0 +1 @@\n+a\n"], Generated((), ended=False)),
        (["@@ -0,0 +1 @@\n+a\nwords\n", DIFF, "@@ -0,0 +1 @@\n+b\n"], one((0, "a"))),
        # Typed control tokens are text.
        (["@@ -0,0 +1 @@\n+<|diff|>\n"], one((0, "<|diff|>"))),
    ],
)
def test_read_generated(segments: list[Segment], expected: Generated) -> None:
    assert read_generated(segments) == expected
