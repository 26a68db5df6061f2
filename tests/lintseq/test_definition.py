import pytest

from lintseq.definition import definition_place, definition_task
from lintseq.format import text_of
from lintseq.program import split_lines


@pytest.mark.parametrize(
    ("text", "line", "place"),
    [
        ("x = 1\nprint(a)\n", 1, 1),
        ("print(\n    a,\n)\n", 1, 0),
        ("def f():\n    x = 1\n    return a\n", 2, 2),
        ("for x in a:\n    pass\n", 0, 0),
        # An assignment cannot stand in front of an `elif`, nor of a clause, nor of a function
        # that has a decorator.
        ("x = 1\nif x:\n    pass\nelif a:\n    pass\n", 3, 1),
        ("try:\n    pass\nexcept a:\n    pass\n", 2, 0),
        ("x = 1\n@a\ndef f():\n    pass\n", 1, 1),
        ("@b\n@a\ndef f():\n    pass\n", 1, 0),
        # What a loop adds to is there before the loop, and before the outer one of two.
        ("for x in y:\n    if x:\n        a += x\n", 2, 0),
        ("while 1:\n    for x in y:\n        a += x\n", 2, 0),
        ("for x in y:\n    print(a)\n", 1, 1),
        ("for x in y:\n    def f():\n        a = a + x\n", 2, 2),
        # It does not parse.
        ("x = (\ny = a\n", 1, 1),
    ],
)
def test_place(text: str, line: int, place: int) -> None:
    assert definition_place(split_lines(text), line, "a") == place


def test_task() -> None:
    text = "def f(items):\n    for item in items:\n        total += item\n    return total\n"
    task = definition_task(text, 2, "total")
    assert task.forced == "@@ -1,0 +2 @@\n+    total = "
    assert task.snapshot.before == split_lines(text)[:1]
    assert task.snapshot.after == split_lines(text)[1:]
    assert "for item in items:" in text_of(task.prompt())
    assert (task.instruction, list(task.removed)) == ("", [])
