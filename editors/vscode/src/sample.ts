// A text to try the tool on, for who has just installed it.

import { Position, Selection, window, workspace } from "vscode";

const SAMPLE = `"""A sample to try LintSeq on. Nothing of it is kept.

Put the cursor behind "return " below and wait a moment, or press Alt+\\\\ to ask.
Then put it into \`word_count\` and press Ctrl+Alt+I (Cmd+Alt+I on a Mac).
"""

import os


def list_files(folder: str) -> list[str]:
    """The names of the files in a folder, sorted."""
    names = []
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            names.append(name)
    return ${""}


def word_count(text: str) -> dict[str, int]:
    """How often each word occurs in the text."""
`;

/** Open the sample with the cursor where something is missing. */
export async function openSample(): Promise<void> {
  const document = await workspace.openTextDocument({ language: "python", content: SAMPLE });
  const editor = await window.showTextDocument(document);
  const line = SAMPLE.split("\n").findIndex((text) => text.trim() === "return");
  const place = new Position(line, "    return ".length);
  editor.selection = new Selection(place, place);
}
