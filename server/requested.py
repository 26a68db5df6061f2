"""The work that a request for a proposal asks for."""

from lintseq.tasks import cursor_task
from server.convert import Positions, line_and_character
from server.messages import ProposeParameters
from server.options import Options
from server.work import Wanted, Work, ghost_work, implement_work, instruct_work, next_edit_work


def requested_work(
    text: str, places: Positions, parameters: ProposeParameters, options: Options
) -> Work:
    """The work for a place of `text`, whose positions in the editor are `places`."""
    line, character = line_and_character(text, places.offset(parameters.position))
    match parameters.kind:
        case "implement":
            return implement_work(text, line)
        case "nextEdit":
            return next_edit_work(text, line)
        case "instruct":
            selected = range(line, _stop(text, places, parameters, line))
            return instruct_work(text, parameters.instruction, selected)
        case "cursor":
            task = cursor_task(text, line, character)
            return ghost_work(task, Wanted(lines=options.max_lines))


def _stop(text: str, places: Positions, parameters: ProposeParameters, line: int) -> int:
    """The line behind the selection; the line it begins at, if nothing is selected."""
    if parameters.end is None or parameters.end == parameters.position:
        return line
    last, character = line_and_character(text, places.offset(parameters.end))
    # A selection of whole lines ends in front of the first character of the next one.
    return last if character == 0 and last > line else last + 1
