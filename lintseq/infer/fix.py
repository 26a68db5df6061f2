"""Repairs of an undefined name: an import or a definition, verified to make the name known.

An import has to be one that exists, as far as that can be known offline. A name that looks like a
misspelt one is not defined: that would hide the mistake.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from lintseq.errors import LimitError
from lintseq.imports.known import Surroundings, is_known, known_imports
from lintseq.imports.statement import Import
from lintseq.infer.bring import bring
from lintseq.infer.judge import findings_of_text
from lintseq.infer.needed import bring_needed, is_fixed
from lintseq.infer.propose import Proposal
from lintseq.program import Edit, EditSequence, Hunk, split_lines

_NAME = re.compile(r"[^\W\d]\w*")
# Of six letters one is another one, or two have changed places.
_ALIKE = 0.8


def undefined_at(text: str, lines: range) -> tuple[tuple[str, int], ...]:
    """The undefined names in these lines, each with the offset of its first use there.

    Lines count from 0, offsets in characters. None are found in a text that does not parse.
    """
    try:
        found = findings_of_text(text)
    except LimitError:
        return ()
    split = split_lines(text)
    places: dict[str, int] = {}
    for each in found:
        if each.kind == "UndefinedName" and each.line in lines and each.name not in places:
            use = re.search(rf"\b{re.escape(each.name)}\b", split[each.line])
            column = use.start() if use else 0
            places[each.name] = sum(map(len, split[: each.line])) + column
    return tuple(places.items())


def import_fixes(
    text: str,
    line: int,
    name: str,
    where: Surroundings,
    ask_model: Callable[[], Iterable[Proposal]],
) -> tuple[Proposal, ...]:
    """What an editor offers for the undefined `name` used at `line` (from 0), best first.

    Those are the imports that are known to bring it; where none is, what the model proposes and
    what is found to be sound. It is asked only then.
    """
    known = known_import_fixes(text, line, name, where)
    return known or tuple(sound_imports(ask_model(), text, name, where))


def known_ways(text: str, line: int, name: str, where: Surroundings) -> tuple[Import, ...]:
    """The imports known to bring the name used at `line` (from 0), likeliest first; not linted."""
    known = known_imports(name, uses(text, line, name), text, where)
    return tuple(each.statement for each in known)


def known_import_fixes(
    text: str, line: int, name: str, where: Surroundings
) -> tuple[Proposal, ...]:
    """The imports that are known to bring the name used at `line` (from 0), likeliest first."""
    known = known_imports(name, uses(text, line, name), text, where)
    proposals = (_import_fix(text, name, each.statement.line, each.share) for each in known)
    return tuple(proposal for proposal in proposals if proposal)


def uses(text: str, line: int, name: str) -> str:
    """The lines in which the name is not defined, and the one at `line` (from 0)."""
    try:
        found = findings_of_text(text)
    except LimitError:
        found = ()
    lines = split_lines(text)
    places = {each.line for each in found if each.kind == "UndefinedName" and each.name == name}
    return "".join(lines[each] for each in sorted({*places, line}) if each < len(lines))


def sound_imports(
    proposals: Iterable[Proposal], text: str, name: str, where: Surroundings
) -> Iterator[Proposal]:
    """Those of a model's proposals that import the name from where it is."""
    for proposal in proposals:
        (hunk,) = proposal.edits.edits[0].hunks
        is_sound = len(hunk.lines) == 1 and is_known(hunk.lines[0], name, text, where)
        if is_sound and is_fixed(text, proposal.text, name):
            yield proposal


def needed_imports(text: str, imports: Sequence[str]) -> Proposal | None:
    """The import lines, for a text in which each brings an undefined name; None if one does not."""
    brought = bring_needed(text, imports)
    if brought is None:
        return None
    edits = EditSequence((Edit((Hunk(brought.at, brought.lines),)),))
    return Proposal(edits, (brought.text,), "", 1.0)


def misspelt(text: str, name: str) -> str:
    """The name of the text that `name` seems to be a slip of; nothing if there is none."""
    known = set(_NAME.findall(text)) - {name}
    return next(iter(difflib.get_close_matches(name, known, 1, _ALIKE)), "")


def _import_fix(text: str, name: str, line: str, confidence: float) -> Proposal | None:
    brought = bring(text, [line])
    if brought is None or not is_fixed(text, brought.text, name):
        return None
    edits = EditSequence((Edit((Hunk(brought.at, brought.lines),)),))
    return Proposal(edits, (brought.text,), "", confidence)
