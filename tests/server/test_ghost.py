import pytest

from server.ghost import Ghost

BEFORE = "if ready:\n    \n"
SHOWN = "go()\r\n    stop()"
GHOST = Ghost(BEFORE, 14, SHOWN, 0.9)


def typed(text: str) -> str:
    return BEFORE[:14] + text + BEFORE[14:]


@pytest.mark.parametrize("count", range(len(SHOWN)))
def test_what_is_left_after_typing_along(count: int) -> None:
    left = GHOST.after_typing(typed(SHOWN[:count]), 14 + count)
    assert left == Ghost(typed(SHOWN[:count]), 14 + count, SHOWN[count:], 0.9)
    # What is left goes on in the same way.
    further = min(count + 3, len(SHOWN) - 1)
    assert left.after_typing(typed(SHOWN[:further]), 14 + further) == Ghost(
        typed(SHOWN[:further]), 14 + further, SHOWN[further:], 0.9
    )


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        (typed(SHOWN), 14 + len(SHOWN)),  # all of it was typed
        (typed("x"), 15),
        (typed("go"), 15),  # the cursor went back
        (BEFORE, 13),
        (BEFORE + "x = 1\n", 14),  # something else changed too
        ("", 0),
    ],
)
def test_nothing_is_left_otherwise(text: str, offset: int) -> None:
    assert GHOST.after_typing(text, offset) is None
