import pytest

from lintseq.format import Special
from lintseq.program import split_lines
from lintseq.repair import import_place, repair_task


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", 0),
        ("x = 1\n", 0),
        ("#!/usr/bin/env python\nx = 1\n", 0),
        ("import a\nx = 1\n", 1),
        ("import a\n\nfrom b import (\n    c,\n)\n\nx = 1\n", 5),
        ('"""Doc."""\nx = 1\n', 1),
        ('"""Doc.\n\nMore.\n"""\n\nimport a\nx = 1\n', 6),
        ("__all__ = ['f']\nimport a\nx = 1\n", 2),
        ("import a\nx = 1\nimport b\n", 1),
        ("from __future__ import annotations\nx = 1\n", 1),
        ("def f():\n    import a\n", 0),
        # What does not parse is read by its words.
        ("import a\nfrom b import c\ndef f(:\n", 2),
        ("import a\nfrom b import (\n    c\nx = 1\n", 1),
        ("x = (\nimport a\n", 2),
        ("def f(:\n    pass\nimport a\n", 0),
        ("@d\nimport a\n", 0),
        ("'''\r'''\nimport a\nx = 1\n", 2),
    ],
)
def test_import_place(text: str, place: int) -> None:
    assert import_place(split_lines(text)) == place


def test_repair_task() -> None:
    task = repair_task("import a\n\nx = 1\ny = os.sep\nz = 1\n", 3, "os")
    assert task.prompt() == (
        "undefined name 'os'\n",
        Special.DIFF,
        "@@ -0,0 +1,4 @@\n+\n+x = 1\n+y = os.sep\n+z = 1\n",
        Special.DIFF,
        "@@ -0,0 +1 @@\n+import a\n",
        Special.DIFF,
    )
    assert task.forced == "@@ -1,0 +2 @@\n+"
    assert task.removed == range(0)


def test_a_far_use_is_shown_without_what_lies_between() -> None:
    task = repair_task(
        "import a\n" + "x = 1\n" * 2000 + "y = os.sep\n" + "z = 1\n" * 2000, 2001, "os"
    )
    assert task.snapshot.before == ("import a\n",)
    assert "y = os.sep\n" in task.snapshot.after
    assert len(task.snapshot.after) < 300
