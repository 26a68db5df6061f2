import pytest

from lintseq.errors import FormatError
from lintseq.format import Special, Transcript, header, parse, render, render_edit, text_of
from lintseq.program import Edit, EditSequence, Hunk

AREA = Transcript(
    "Write area.",
    EditSequence(
        (
            Edit((Hunk(0, ("from math import pi\n",)),)),
            Edit((Hunk(1, ("def area(r):\n", "    return pi * r * r\n", "\n")),)),
        )
    ),
)
AREA_TEXT = """\
Write area.
<|diff|>@@ -0,0 +1 @@
+from math import pi
<|diff|>@@ -1,0 +2,3 @@
+def area(r):
+    return pi * r * r
+
<|diff|>
<|diff|><|endoftext|>"""
END = "\n<|diff|>\n<|diff|><|endoftext|>"


def test_a_transcript_is_this_text() -> None:
    assert text_of(render(AREA)) == AREA_TEXT
    assert parse(AREA_TEXT) == AREA


def test_control_tokens_are_segments_and_typed_ones_are_text() -> None:
    edits = EditSequence((Edit((Hunk(0, ("'<|diff|>'",)),)),))
    assert render(Transcript("<|endoftext|>", edits)) == (
        "<|endoftext|>\n",
        Special.DIFF,
        "@@ -0,0 +1 @@\n+'<|diff|>'\n\\ No newline at end of file\n",
        Special.DIFF,
        "\n",
        Special.DIFF,
        Special.END,
    )


def test_the_lines_of_several_hunks_are_numbered_in_the_new_text() -> None:
    edit = Edit((Hunk(0, ("a\n", "b\n")), Hunk(3, ("c\n",)), Hunk(9, ("d",))))
    assert render_edit(edit) == (
        "@@ -0,0 +1,2 @@\n+a\n+b\n@@ -3,0 +6 @@\n+c\n@@ -9,0 +13 @@\n+d\n"
        "\\ No newline at end of file\n"
    )
    assert render_edit(Edit()) == ""
    assert header(4, 9, 0) == "@@ -4,0 +9,0 @@\n"


@pytest.mark.parametrize("instruction", ["", "two\nlines", "\n", "<|diff|>", "a<|endoftext|>"])
def test_nothing_but_an_instruction(instruction: str) -> None:
    assert parse(instruction + END) == Transcript(instruction, EditSequence())


def test_what_is_no_transcript() -> None:
    with pytest.raises(ValueError, match="instruction"):
        Transcript("a\n<|diff|>b", EditSequence())
    with pytest.raises(ValueError, match="empty edit"):
        Transcript("", EditSequence((Edit(),)))


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ("", "empty edit"),
        ("x", "expected a hunk header"),
        ("@@ -0,0 +1 @@", "expected 1 lines with"),
        ("@@ -0,0 +1,0 @@", "at least one line"),
        ("@@ -0,0 +1,1 @@\n+a", "expected the header"),
        ("@@ -0,0 +2 @@\n+a", "expected the header"),
        ("@@ -00,0 +1 @@\n+a", "expected a hunk header"),
        ("@@ -٠,0 +1 @@\n+a", "expected a hunk header"),  # noqa: RUF001
        ("@@ -0,0 +1 @@\r\n+a", "expected a hunk header"),
        ("@@ -0,0 +1 @@ def f():\n+a", "expected a hunk header"),
        ("@@ -1,1 +1 @@\n+a", "expected a hunk header"),
        ("@@ -0,0 +1 @@\n-a", "expected 1 lines with"),
        ("@@ -0,0 +1 @@\n a", "expected 1 lines with"),
        ("@@ -0,0 +1,2 @@\n+a", "expected 2 lines with"),
        ("@@ -0,0 +1 @@\n+a\n+b", "expected a hunk header"),
        ("@@ -0,0 +1 @@\n+\n\\ No newline at end of file", "empty line without newline"),
        ("@@ -0,0 +1,2 @@\n+a\n\\ No newline at end of file\n+b", "only the last line"),
        ("@@ -0,0 +1 @@\n+a\n\\ No newline", "expected a hunk header"),
        ("@@ -0,0 +1 @@\n+a\n@@ -0,0 +2 @@\n+b", "hunks ascend"),
        ("@@ -0,0 +1 @@\n+a\n@@ -1,0 +2 @@\n+b", "expected the header"),
    ],
)
def test_refused_edits(edit: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        parse(f"\n<|diff|>{edit}{END}")


@pytest.mark.parametrize(
    "text", ["", "x", "<|endoftext|>", "<|diff|>\n<|diff|><|endoftext|>", AREA_TEXT + "\n", END * 2]
)
def test_refused_texts(text: str) -> None:
    with pytest.raises(FormatError):
        parse(text)
