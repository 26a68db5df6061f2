"""The workspace's folders: what its files import and define is kept true in the background."""

from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from server.session import LintseqServer

_PATTERN = "**/*.py"


def register(server: LintseqServer) -> None:
    """Follow the folders, and the files that are saved or change otherwise."""
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(saved)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(files_changed)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(folders_changed)


def follow(server: LintseqServer) -> None:
    """Index the folders there are, if the options say so, and no others."""
    is_wanted = server.options.enabled and server.options.index
    folders = [*map(Path, server.folders())] if is_wanted else []
    if [*server.indexes.folders] != [*dict.fromkeys(folders)]:
        server.indexes.follow(folders, lambda path: server.options.excludes(path, server.folders()))


def watch(server: LintseqServer) -> None:
    """Ask the client to tell what changes outside of it, where it can."""
    workspace = server.client_capabilities.workspace
    able = workspace.did_change_watched_files if workspace else None
    if not (able and able.dynamic_registration):
        return
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    watcher = types.FileSystemWatcher(glob_pattern=_PATTERN)
    options = types.DidChangeWatchedFilesRegistrationOptions([watcher])
    wanted = types.Registration(id=method, method=method, register_options=options)
    # Its answer tells nothing that would change what is done.
    server.client_register_capability(types.RegistrationParams([wanted]))


def saved(server: LintseqServer, params: types.DidSaveTextDocumentParams) -> None:
    """Read the file again."""
    _changed(server, params.text_document.uri)


def files_changed(server: LintseqServer, params: types.DidChangeWatchedFilesParams) -> None:
    """Read the files again, or forget those that are gone."""
    for change in params.changes:
        _changed(server, change.uri)


def folders_changed(server: LintseqServer, _params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Index other folders."""
    follow(server)


def _changed(server: LintseqServer, uri: str) -> None:
    if path := to_fs_path(uri):
        server.indexes.changed(Path(path))
