// The keys for ghost text: what Esc tells the server, and where Tab indents instead.

import { type Disposable, commands, window } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { RejectRequest } from "./server/protocol";

/** Keep the keys informed whether the cursor stands in front of the line's first word. */
export function followIndentation(): Disposable {
  const tell = (): void => {
    const editor = window.activeTextEditor;
    const here = editor?.selection.active;
    const before = here && editor.document.lineAt(here.line).text.slice(0, here.character);
    void commands.executeCommand("setContext", "lintseq.inIndentation", before?.trim() === "");
  };
  tell();
  const changes = [
    window.onDidChangeTextEditorSelection(tell),
    window.onDidChangeActiveTextEditor(tell),
  ];
  return { dispose: () => changes.forEach((each) => each.dispose()) };
}

/** Hide the ghost text, and have the server remember that it is not wanted here. */
export async function reject(client: LanguageClient | null): Promise<void> {
  const editor = window.activeTextEditor;
  await commands.executeCommand("editor.action.inlineSuggest.hide");
  if (client === null || editor === undefined) {
    return;
  }
  await client.sendRequest(RejectRequest, {
    uri: client.code2ProtocolConverter.asUri(editor.document.uri),
    version: editor.document.version,
    position: client.code2ProtocolConverter.asPosition(editor.selection.active),
  });
}
