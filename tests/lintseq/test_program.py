import pytest

from lintseq.program import Edit, EditSequence, Hunk, split_lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("\n", ("\n",)),
        ("a", ("a",)),
        ("a\n", ("a\n",)),
        ("a\nb", ("a\n", "b")),
        ("a\r\n\r\n", ("a\r\n", "\r\n")),
        ("a\rb\fc\x1cd\u2028e\n", ("a\rb\fc\x1cd\u2028e\n",)),
        ("\n\n", ("\n", "\n")),
    ],
)
def test_split_lines(text: str, lines: tuple[str, ...]) -> None:
    assert split_lines(text) == lines


@pytest.mark.parametrize(
    ("at", "lines"),
    [(-1, ("a\n",)), (0, ()), (0, ("",)), (0, ("a\nb\n",)), (0, ("a", "b\n")), (0, ("\n\n",))],
)
def test_what_is_no_hunk(at: int, lines: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"hunk"):
        Hunk(at, lines)


@pytest.mark.parametrize(
    "hunks",
    [
        (Hunk(1, ("a\n",)), Hunk(1, ("b\n",))),
        (Hunk(2, ("a\n",)), Hunk(1, ("b\n",))),
        (Hunk(0, ("a",)), Hunk(1, ("b\n",))),
    ],
)
def test_what_is_no_edit(hunks: tuple[Hunk, ...]) -> None:
    with pytest.raises(ValueError, match=r"hunks ascend|newline"):
        Edit(hunks)


@pytest.mark.parametrize(
    ("before", "hunks", "after"),
    [
        ("", (), ""),
        ("a\n", (), "a\n"),
        ("", (Hunk(0, ("a",)),), "a"),
        ("b\n", (Hunk(0, ("a\n",)),), "a\nb\n"),
        ("b", (Hunk(0, ("a\n",)),), "a\nb"),
        ("a\n", (Hunk(1, ("b",)),), "a\nb"),
        ("b\nd\n", (Hunk(0, ("a\n",)), Hunk(1, ("c\n",)), Hunk(2, ("e\n",))), "a\nb\nc\nd\ne\n"),
    ],
)
def test_apply(before: str, hunks: tuple[Hunk, ...], after: str) -> None:
    assert Edit(hunks).apply(split_lines(before)) == split_lines(after)


@pytest.mark.parametrize(
    ("before", "hunk"),
    [
        ("", Hunk(1, ("a\n",))),
        ("a\n", Hunk(2, ("b\n",))),
        ("a\nb\n", Hunk(1, ("c",))),
        ("a", Hunk(1, ("b\n",))),
    ],
)
def test_edits_that_do_not_fit(before: str, hunk: Hunk) -> None:
    with pytest.raises(ValueError, match=r"insert"):
        Edit((hunk,)).apply(split_lines(before))


def test_states() -> None:
    first, second = Edit((Hunk(0, ("b\n",)),)), Edit((Hunk(0, ("a\n",)), Hunk(1, ("c\n", "d"))))
    sequence = EditSequence((first, second))
    assert list(sequence.states()) == [("b\n",), ("a\n", "b\n", "c\n", "d")]
    assert sequence.replay() == ("a\n", "b\n", "c\n", "d")
    assert EditSequence((first,)).replay(("x\n",)) == ("b\n", "x\n")
    assert EditSequence().replay(("x",)) == ("x",)
    assert second.inserted == 3
