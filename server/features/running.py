"""Whether candidates may be run against examples: the option, and the user's word for a workspace.

The user is asked once for each workspace, when there is something to run for the first time.
"""

import logging
from pathlib import PurePosixPath

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lintseq.infer.trial import Trial, trial_at
from lintseq.sandbox.choose import open_sandbox
from lintseq.sandbox.run import Limits, Sandbox, SandboxError
from server.consent import consent_path, keep_consent, read_consent
from server.convert import line_and_character
from server.documents import Document
from server.messages import ProposeParameters
from server.session import LintseqServer
from server.work import Check

logger = logging.getLogger(__name__)

_RUN, _NEVER, _LATER = "Run here", "Never here", "Not now"
_LIMITS = Limits(cpu_s=2.0, wall_s=5.0)


async def check_for(
    server: LintseqServer, document: Document, parameters: ProposeParameters
) -> Check | None:
    """What candidates have to pass; None if nothing may be run, or there is nothing to run."""
    if not server.options.run_examples or parameters.kind not in ("implement", "instruct"):
        return None
    offset = server.positions(document.text).offset(parameters.position)
    line, _ = line_and_character(document.text, offset)
    trial = trial_at(document.text, line, parameters.test)
    if trial is None or not await _is_allowed(server, document, trial):
        return None
    try:
        sandbox = await server.proposer.in_background(lambda: _sandbox(server))
    except SandboxError as error:
        server.tell_once(f"examples are not run: {error}", types.MessageType.Warning)
        return None
    return Check(trial, sandbox)


async def _is_allowed(server: LintseqServer, document: Document, trial: Trial) -> bool:
    workspace = server.workspace.root_uri or str(PurePosixPath(document.uri).parent)
    # One question at a time: what is asked meanwhile waits for its answer.
    async with server.asking:
        answers = read_consent(consent_path()) | server.consent
        if workspace not in answers:
            answer = await _asked(server, workspace, trial)
            server.consent[workspace] = answers[workspace] = answer == _RUN
            if answer in (_RUN, _NEVER):
                _keep(server, workspace, is_allowed=answer == _RUN)
    return answers[workspace]


def _keep(server: LintseqServer, workspace: str, *, is_allowed: bool) -> None:
    try:
        keep_consent(consent_path(), workspace, is_allowed=is_allowed)
    except OSError as error:
        lost = (
            f"the answer counts until the end of the session, it cannot be kept: {error.strerror}"
        )
        server.tell_once(lost, types.MessageType.Warning)


async def _asked(server: LintseqServer, workspace: str, trial: Trial) -> str:
    question = (
        f"LintSeq: run what the model writes for {trial.name} against its examples? It runs in a "
        f"sandbox without files and network. The answer counts for {workspace}."
    )
    actions = [types.MessageActionItem(title) for title in (_RUN, _NEVER, _LATER)]
    asked = types.ShowMessageRequestParams(types.MessageType.Info, question, actions)
    try:
        answer = await server.window_show_message_request_async(asked)
    except JsonRpcException as error:
        logger.warning("the client does not ask: %s", error)
        return _LATER
    return answer.title if answer else _LATER


def _sandbox(server: LintseqServer) -> Sandbox:
    if server.sandbox is None:
        server.sandbox = open_sandbox(_LIMITS)
    return server.sandbox
