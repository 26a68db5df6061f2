// Every command of the extension, by the name that package.json gives it.

import { type Disposable, type TextEditor, commands, window } from "vscode";

export type Handler = (...args: never[]) => unknown;

const PREFIX = "lintseq.editor.";

/** Register the commands; one that fails tells the user why. */
export function registerCommands(handlers: Readonly<Record<string, Handler>>): Disposable[] {
  return Object.entries(handlers).map(([name, handler]) =>
    commands.registerCommand(`${PREFIX}${name}`, async (...args: never[]) => {
      try {
        return await handler(...args);
      } catch (error) {
        void window.showErrorMessage(`LintSeq: ${(error as Error).message}`);
        return undefined;
      }
    }),
  );
}

/** What the command does in the active editor of a Python text. */
export function inEditor(
  handler: (editor: TextEditor, ...args: never[]) => unknown,
): (...args: never[]) => unknown {
  return (...args) => {
    const editor = window.activeTextEditor;
    if (editor?.document.languageId !== "python") {
      throw new Error("no Python text is open here");
    }
    return handler(editor, ...args);
  };
}
