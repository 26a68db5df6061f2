// A step's edit as plain values: where it goes, what the text is then, and how it can be shown.

import type { TextEdit, WorkspaceEdit } from "vscode-languageclient/node";

export interface Anchor {
  /** Where a ghost text of it stands: the cursor has to be there. */
  readonly line: number;
  readonly character: number;
  readonly text: string;
}

/** The edits of one text; the server sends them for one text only. */
export function textEdits(edit: WorkspaceEdit): readonly TextEdit[] {
  const versioned = (edit.documentChanges ?? []).flatMap((change) =>
    "edits" in change ? (change.edits as TextEdit[]) : [],
  );
  return [...versioned, ...Object.values(edit.changes ?? {}).flat()];
}

/** The text with the edits in it. */
export function applied(
  text: string,
  edits: readonly TextEdit[],
  offsetAt: (line: number, character: number) => number,
): string {
  const placed = edits.map(({ range, newText }) => ({
    start: offsetAt(range.start.line, range.start.character),
    end: offsetAt(range.end.line, range.end.character),
    newText,
  }));
  // From the back, so that what comes earlier stays where it is.
  placed.sort((one, other) => other.start - one.start);
  return placed.reduce(
    (so_far, { start, end, newText }) => so_far.slice(0, start) + newText + so_far.slice(end),
    text,
  );
}

/**
 * Where each insertion is shown, and as what. Whole lines that go in front of a line are shown
 * behind the line above it: there the text around them stays as it is.
 */
export function anchors(
  edits: readonly TextEdit[],
  lengthOfLine: (line: number) => number,
): readonly Anchor[] {
  return edits.map(({ range: { start }, newText }) => {
    if (start.character > 0 || start.line === 0 || !newText.endsWith("\n")) {
      return { ...start, text: newText };
    }
    const line = start.line - 1;
    const text = `\n${newText.replace(/\r?\n$/, "")}`;
    return { line, character: lengthOfLine(line), text };
  });
}
