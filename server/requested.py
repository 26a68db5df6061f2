"""The work that a request for a proposal asks for."""

import re

from lintseq.imports.known import Surroundings
from lintseq.infer.ask import Extent
from lintseq.infer.request import MAX_SAMPLES
from lintseq.tasks import cursor_task
from server.convert import Positions, line_and_character
from server.messages import ProposeParameters
from server.options import Options
from server.work import (
    SAMPLES,
    Wanted,
    Work,
    define_work,
    ghost_work,
    implement_work,
    import_work,
    imports_work,
    instruct_work,
    next_edit_work,
)

_WORD = re.compile(r"\w+")


def requested_work(
    places: Positions,
    parameters: ProposeParameters,
    options: Options,
    surroundings: Surroundings,
    *,
    has_check: bool = False,
) -> Work:
    """The work for a place of the text of `places`.

    Args:
        places: the editor's positions in the text.
        parameters: what is asked for, and where.
        options: of the session.
        surroundings: from where imports may be known.
        has_check: whether candidates are run: then more of them are worth their time.
    """
    text = places.text
    where = surroundings if options.imports else None
    line, character = line_and_character(text, places.offset(parameters.position))
    match parameters.kind:
        case "implement":
            return implement_work(text, line, where, MAX_SAMPLES if has_check else SAMPLES)
        case "nextEdit":
            return next_edit_work(text, line, where)
        case "instruct":
            selected = range(line, _stop(text, places, parameters, line))
            return instruct_work(text, parameters.instruction, selected, where)
        case "import":
            name, statement = _name(parameters, text, places), parameters.statement
            by_name = import_work(text, line, name, surroundings)
            return imports_work(text, [statement]) if statement else by_name
        case "define":
            return define_work(text, line, _name(parameters, text, places))
        case "cursor":
            task = cursor_task(text, line, character, None, options.window)
            extent = Extent(options.max_lines, window=options.window)
            return ghost_work(task, Wanted(extent=extent, where=where))


def _name(parameters: ProposeParameters, text: str, places: Positions) -> str:
    """The name that is asked about: the one that is given, else the word at the position."""
    if parameters.name:
        return parameters.name
    offset = places.offset(parameters.position)
    words = (word for word in _WORD.finditer(text) if word.start() <= offset <= word.end())
    return next((word[0] for word in words), "")


def _stop(text: str, places: Positions, parameters: ProposeParameters, line: int) -> int:
    """The line behind the selection; the line it begins at, if nothing is selected."""
    if parameters.end is None or parameters.end == parameters.position:
        return line
    last, character = line_and_character(text, places.offset(parameters.end))
    # A selection of whole lines ends in front of the first character of the next one.
    return last if character == 0 and last > line else last + 1
