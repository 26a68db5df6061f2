"""An import that comes with an insertion: where it goes, and that both are clean together."""

import pytest

from lintseq.imports.known import Surroundings
from lintseq.infer.bring import behind_import, bring
from lintseq.infer.fix import known_import_fixes, misspelt, needed_imports, undefined_at
from lintseq.infer.propose import Proposal, Rejected, propose_edits, verify_at_cursor
from lintseq.lint import lint
from lintseq.program import Edit, EditSequence, Hunk, split_lines
from lintseq.tasks import next_edit_task
from tests.infer.test_propose import wrote

ALONE = Surroundings()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\n", "import os\nx = 1\n"),
        ('"""Doc."""\nx = 1\n', '"""Doc."""\nimport os\nx = 1\n'),
        ("import re\nx = 1\n", "import re\nimport os\nx = 1\n"),
        (
            "#!/bin/python\n# coding: latin-1\n\nx = 1\n",
            "#!/bin/python\n# coding: latin-1\nimport os\n\nx = 1\n",
        ),
        (
            "from __future__ import annotations\r\nx = 1\r\n",
            "from __future__ import annotations\r\nimport os\r\nx = 1\r\n",
        ),
        ("", "import os\n"),
    ],
)
def test_where_an_import_goes(before: str, after: str) -> None:
    brought = bring(before, ["import os"])
    assert brought is not None
    assert brought.text == after
    assert before[: brought.offset] + "".join(brought.lines) + before[brought.offset :] == after


@pytest.mark.parametrize("text", ["import re", "\ufeffx = 1\n"])
def test_where_no_line_can_go_noop(text: str) -> None:
    assert bring(text, ["import os"]) is None


def test_the_edits_behind_an_import_insert_what_they_inserted() -> None:
    lines = split_lines("import re\na = 1\nb = 2\n")
    edits = EditSequence(
        (
            Edit((Hunk(0, ("# top\n",)), Hunk(2, ("c = 3\n",)))),
            Edit((Hunk(1, ("# next\n",)), Hunk(5, ("d = 4\n",)))),
        )
    )
    brought = bring("".join(lines), ["import os"])
    assert brought is not None
    moved = [*behind_import(edits, brought).states(lines)]
    plain = [*edits.states(lines)]
    assert [[*filter("import os\n".__ne__, state)] for state in moved[1:]] == [*map(list, plain)]
    assert all("import os\n" in state for state in moved)


def test_an_undefined_name_is_repaired_by_an_import_as_a_pair() -> None:
    text = "def home(name):\n    return \n"
    outcome = verify_at_cursor(text, 27, "os.path.join(name)", 0.9, ALONE)
    assert isinstance(outcome, Proposal)
    assert outcome.imports == ("import os",)
    assert outcome.steps == (
        "import os\n" + text,
        "import os\ndef home(name):\n    return os.path.join(name)\n",
    )


@pytest.mark.parametrize(
    ("shown", "where"),
    [
        ("os.path.join(name)", None),
        ("lenght(name)", ALONE),
        ("os.path.join(nam)", ALONE),
        ("np.zeros(name)", ALONE),
    ],
)
def test_what_no_import_repairs_is_rejected(shown: str, where: Surroundings | None) -> None:
    assert isinstance(
        verify_at_cursor("def f(name):\n    return \n", 24, shown, 0.9, where), Rejected
    )


def test_no_import_is_promised_that_cannot_be_verified_alone() -> None:
    """The block around the cursor is sound, but a step from text to text has to parse."""
    torn = "def torn()\n\n\ndef home(name):\n    return \n"
    outcome = verify_at_cursor(torn, len(torn) - 1, "os.path.join(name)", 0.9, ALONE)
    assert isinstance(outcome, Rejected)
    assert "os" in outcome.reason
    assert isinstance(verify_at_cursor(torn, len(torn) - 1, "name", 0.9, ALONE), Proposal)


def test_an_edit_sequence_begins_with_its_import() -> None:
    text = "def f(name):\n    return name\n\n\nprint(f('x'))\n"
    task = next_edit_task(text, 0)
    segments = ("@@ -1,0 +2 @@\n+    name = os.path.join(name)\n",)
    assert isinstance(propose_edits(task, wrote(*segments, ended="edit"), 1.0), Rejected)
    outcome = propose_edits(task, wrote(*segments, ended="edit"), 1.0, where=ALONE)
    assert isinstance(outcome, Proposal)
    assert outcome.steps[0] == "import os\n" + text
    assert [lint(step) for step in outcome.steps] == [(), ()]
    assert "    name = os.path.join(name)\n" in outcome.text


def test_known_fixes_make_the_name_known() -> None:
    text = "import re\n\n\ndef f(x):\n    return os.path.join(x, y)\n"
    fix, *_ = known_import_fixes(text, 4, "os", ALONE)
    assert fix.text == text.replace("import re\n", "import re\nimport os\n")
    assert known_import_fixes(text, 4, "y", ALONE) == ()
    assert undefined_at(text, range(4, 5)) == (
        ("os", text.index("os")),
        ("y", text.index(" y)") + 1),
    )
    assert undefined_at(text, range(4)) == ()


def test_a_slip_is_not_a_name_to_define() -> None:
    assert misspelt("length = 1\nprint(lenght)\n", "lenght") == "length"
    assert misspelt("width = 1\nprint(total)\n", "total") == ""


def test_the_import_of_an_accepted_text_is_added_only_where_it_is_needed() -> None:
    text = "def f(x):\n    if os.path.exists(x):\n\n\ny = 1\n"
    fix = needed_imports(text, ["import os"])
    assert fix is not None
    assert fix.text == "import os\n" + text
    assert needed_imports(fix.text, ["import os"]) is None
    assert needed_imports(text, ["import re"]) is None
    assert needed_imports(text, ["print(1)"]) is None


def test_a_file_of_lone_returns_gets_no_import() -> None:
    assert bring("x = 1\rprint(os)\r", ["import os"]) is None
