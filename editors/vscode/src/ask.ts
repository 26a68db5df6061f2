// What is asked for by a command: a function's body, the next edit, what the user's words say.

import { type TextEditor, window } from "vscode";
import type { Stepping } from "./steps/controller";

export async function implement(stepping: Stepping, editor: TextEditor): Promise<void> {
  const position = editor.selection.active;
  await stepping.start(editor, "implement this function", { kind: "implement", position });
}

export async function nextEdit(stepping: Stepping, editor: TextEditor): Promise<void> {
  const position = editor.selection.active;
  await stepping.start(editor, "next edit", { kind: "nextEdit", position });
}

/** Ask for words and do what they say; `words` given, nothing is asked. */
export async function instruct(
  stepping: Stepping,
  editor: TextEditor,
  words?: string,
): Promise<void> {
  const { selection } = editor;
  const instruction = words ?? (await askWords(!selection.isEmpty));
  if (!instruction?.trim()) {
    return;
  }
  await stepping.start(editor, "instruction", {
    kind: "instruct",
    position: selection.start,
    end: selection.end,
    instruction,
  });
}

async function askWords(isSelection: boolean): Promise<string | undefined> {
  return await window.showInputBox({
    title: "LintSeq: what should be written?",
    prompt: isSelection
      ? "For the selected lines. What comes back only inserts, and lints clean."
      : "At the cursor. What comes back only inserts, and lints clean.",
    placeHolder: "Return the mean of the values, or None if there are none.",
    ignoreFocusOut: true,
  });
}
