import pytest

from lintseq.format import Special
from lintseq.stub import Stub, implement_task, instruction_of, stub_at


def stub_of(text: str, line: int = 0) -> Stub:
    stub = stub_at(text, line)
    assert stub is not None
    return stub


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f():\n    pass\n", Stub("f", "Implement f.", 1, 2)),
        ("def f():\n    ...\n", Stub("f", "Implement f.", 1, 2)),
        ("async def f():\n\traise NotImplementedError\n", Stub("f", "Implement f.", 1, 2)),
        ("def f():\n  raise NotImplementedError('f')\n", Stub("f", "Implement f.", 1, 2)),
        ('def f():\n    """Do it."""\n', Stub("f", "Do it.", 2, 2)),
        ('def f():\n    """Do it."""', Stub("f", "Do it.", 2, 2)),
        ('def f():\n    """Do it."""\n    pass\n', Stub("f", "Do it.", 2, 3)),
        (
            'def f():\n    """Do\n    it.\n\n    More.\n    """\n',
            Stub("f", "Do\nit.", 6, 6),
        ),
        ("def f():\n    # Do it,\n    # now.\n    pass\n", Stub("f", "Do it,\nnow.", 3, 4)),
        ('def f():\n    """Do."""\n    # It.\n', Stub("f", "Do.", 3, 3)),
        ("@d\n@e\ndef f(\n    a,\n):\n    pass\n", Stub("f", "Implement f.", 5, 6)),
    ],
)
def test_stubs(text: str, expected: Stub) -> None:
    assert stub_of(text) == expected


def test_the_innermost_function_counts() -> None:
    text = "class A:\n    def f(self):\n        pass\n\n    def g(self):\n        return 1\n"
    assert stub_of(text, 1).name == "f"
    assert stub_of(text, 2).name == "f"
    assert [stub_at(text, line) for line in (0, 3, 4, 5)] == [None] * 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1\n",
        "def f(): pass\n",
        "def f():\n    return 1\n",
        'def f():\n    """Do."""\n    return 1\n',
        "def f():\n    raise ValueError\n",
        "def f():\n    pass\n    x = 1\n",
        "class A:\n    pass\n",
        "def broken(:\n    pass\n",
        "'''\r'''\ndef f():\n    pass\n",
        # The placeholder shares its line with what has to stay.
        "def f(\n    a,\n): pass\n",
        'def f():\n    """Do."""; pass\n',
        'def f(\n    a,\n): """Do."""\n',
    ],
)
def test_no_stub(text: str) -> None:
    assert all(stub_at(text, line) is None for line in range(4))


@pytest.mark.parametrize(
    ("docstring", "comment", "expected"),
    [
        (None, "", "Implement f."),
        ("", "", "Implement f."),
        ("  Do it.  \n\n  More.", "", "Do it."),
        (None, "Do it.", "Do it."),
        ("\n    Do\n      it.\n    ", "other", "Do\n  it."),
        ("a\n<|diff|>b", "", "a b"),
    ],
)
def test_instruction_of(docstring: str | None, comment: str, expected: str) -> None:
    assert instruction_of("f", docstring, comment) == expected


def test_implement_task() -> None:
    task = implement_task('x = 1\ndef f():\n    """Do it."""\n    pass\n\ny = 1\n', 2)
    assert task is not None
    assert task.prompt() == (
        "Do it.\n",
        Special.DIFF,
        "@@ -0,0 +1,2 @@\n+\n+y = 1\n",
        Special.DIFF,
        '@@ -0,0 +1,3 @@\n+x = 1\n+def f():\n+    """Do it."""\n',
        Special.DIFF,
    )
    assert task.removed == range(3, 4)
    assert task.forced == "@@ -3,0 +4"
    assert implement_task("x = 1\n", 0) is None
