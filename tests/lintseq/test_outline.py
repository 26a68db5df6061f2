"""What a window is shown of the file above it."""

import pytest

from lintseq.format import text_of
from lintseq.infer.request import Candidate
from lintseq.infer.written import written_at_cursor
from lintseq.outline import outline
from lintseq.program import split_lines
from lintseq.tasks import Window, cursor_task

ABOVE = """\
import os
import sys
from shop import Cart, Order
from other import thing

LIMIT = 3
UNUSED = 4


def price(order):
    return order.total


def unused():
    pass


class Desk(Base):
    name = "desk"

    def open(self):
        pass

    def close(self, cart: Cart):
        total = 0
"""
WINDOW = """\
        for order in cart.orders[:LIMIT]:
            total += price(order)
        print(sys.argv, Cart)
"""


def shown(characters: int, above: str = ABOVE, window: str = WINDOW) -> list[str]:
    return "".join(outline(split_lines(above), split_lines(window), characters)).splitlines()


def test_headers_imports_and_definitions_that_are_used_in_their_order() -> None:
    assert shown(1000) == [
        "import sys",
        "from shop import Cart, Order",
        "LIMIT = 3",
        "def price(order):",
        "class Desk(Base):",
        "    def close(self, cart: Cart):",
    ]


@pytest.mark.parametrize("characters", range(0, 220, 10))
def test_of_so_many_characters_at_most_the_nearest_header_first(characters: int) -> None:
    lines = shown(characters)
    assert sum(len(line) + 1 for line in lines) <= characters
    if lines:
        assert "    def close(self, cart: Cart):" in lines


def test_nothing_is_needed_noop() -> None:
    assert shown(1000, above="x = 1\n\n", window="y = 2\n") == []
    assert shown(1000, above="", window="y = 2\n") == []


def test_a_text_that_does_not_parse_has_an_outline_too() -> None:
    assert shown(1000, above="import os\nclass (\n  (((\n", window="os.path\n") == ["import os"]


def test_of_twenty_thousand_lines_the_model_reads_a_window_and_what_it_needs() -> None:
    filler = "".join(f"def filler_{n}(a):\n    return a\n\n\n" for n in range(5_000))
    text = f"import json\n\n\n{filler}def last(value):\n    return json.\n"
    line = text.count("\n") - 1
    assert line > 20_000
    task = cursor_task(text, line, 16, None, Window(1600, 600, outline=300))
    prompt = text_of(task.prompt())
    assert len(prompt) < 2_600
    assert "+import json\n" in prompt
    # The window may begin behind the header of a function.
    assert task.snapshot.outline[0] == "import json\n"
    assert len(task.snapshot.outline) <= 2
    # Lines of the state are numbered from its own first one, and what is written comes back.
    assert (
        task.forced()
        == f"@@ -{task.line_number() - 1},0 +{task.line_number()} @@\n+    return json."
    )
    candidate = Candidate(("dumps(value)\n",), (-0.1,), "edit")
    assert written_at_cursor(task, candidate) == "dumps(value)"
    # Typing on grows the prompt.
    grown = cursor_task(text.replace("json.\n", "json.d\n"), line, 17, task.snapshot)
    assert grown.prompt() == task.prompt()
