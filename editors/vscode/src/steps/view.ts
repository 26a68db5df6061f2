// A step in the text itself: ghost text where it goes, marks in the margin, and buttons above.

import {
  CodeLens,
  type Disposable,
  EventEmitter,
  InlineCompletionItem,
  MarkdownString,
  OverviewRulerLane,
  Position,
  Range,
  type TextDocument,
  ThemeColor,
  commands,
  languages,
  window,
} from "vscode";
import type { Session, Stepping } from "./controller";
import type { Anchor } from "./edits";

const SELECTOR = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
];
const MOST_CHARACTERS = 60;

export class StepView implements Disposable {
  private readonly lensesChanged = new EventEmitter<void>();
  private readonly mark = window.createTextEditorDecorationType({
    isWholeLine: true,
    borderStyle: "solid",
    borderWidth: "0 0 0 3px",
    borderColor: new ThemeColor("editorGutter.addedBackground"),
    overviewRulerColor: new ThemeColor("editorOverviewRuler.addedForeground"),
    overviewRulerLane: OverviewRulerLane.Left,
  });
  private readonly subscriptions: readonly Disposable[];

  constructor(private readonly stepping: Stepping) {
    this.subscriptions = [
      this.lensesChanged,
      this.mark,
      languages.registerCodeLensProvider(SELECTOR, {
        onDidChangeCodeLenses: this.lensesChanged.event,
        provideCodeLenses: (document) => this.lenses(document),
      }),
      languages.registerInlineCompletionItemProvider(SELECTOR, {
        provideInlineCompletionItems: (document, position) => this.ghosts(document, position),
      }),
      stepping.onDidChange(() => this.refresh()),
      window.onDidChangeVisibleTextEditors(() => this.refresh()),
      window.onDidChangeTextEditorSelection(() => this.tellPlace()),
    ];
  }

  dispose(): void {
    this.subscriptions.forEach((each) => each.dispose());
  }

  private sessionOf(document: TextDocument): Session | null {
    const { session } = this.stepping;
    return session?.document === document ? session : null;
  }

  private ghosts(document: TextDocument, position: Position): InlineCompletionItem[] {
    const session = this.sessionOf(document);
    return (session === null ? [] : this.stepping.anchors(session))
      .filter((anchor) => position.isEqual(new Position(anchor.line, anchor.character)))
      .map((anchor) => new InlineCompletionItem(anchor.text, new Range(position, position)));
  }

  private lenses(document: TextDocument): CodeLens[] {
    const session = this.sessionOf(document);
    const anchor = session === null ? undefined : this.stepping.anchors(session)[0];
    if (session === null || anchor === undefined) {
      return [];
    }
    const place = new Range(anchor.line, 0, anchor.line, 0);
    return buttons(session).map(([title, command]) => new CodeLens(place, { title, command }));
  }

  private refresh(): void {
    this.lensesChanged.fire();
    this.tellPlace();
    for (const editor of window.visibleTextEditors) {
      const session = this.sessionOf(editor.document);
      const places = session === null ? [] : this.stepping.anchors(session);
      const marks = places.map((anchor, index) => ({
        range: new Range(anchor.line, 0, anchor.line, anchor.character),
        hoverMessage: new MarkdownString().appendCodeblock(session?.step.diff ?? "", "diff"),
        // The first one is shown as ghost text.
        ...(index > 0 ? { renderOptions: { after: glimpse(anchor) } } : {}),
      }));
      editor.setDecorations(this.mark, marks);
    }
  }

  /** Tell the keys whether the cursor stands where a step goes. */
  private tellPlace(): void {
    const editor = window.activeTextEditor;
    const session = editor === undefined ? null : this.sessionOf(editor.document);
    const here = editor?.selection.active;
    const isThere =
      session !== null &&
      this.stepping
        .anchors(session)
        .some(({ line, character }) => here?.isEqual(new Position(line, character)));
    void commands.executeCommand("setContext", "lintseq.atStep", isThere);
  }
}

function buttons(session: Session): [string, string][] {
  const left = session.steps.length;
  const all: [string, string][] = [["$(check-all)\u2002accept all", "lintseq.editor.acceptAllSteps"]];
  const undo: [string, string][] = [["$(discard)\u2002undo", "lintseq.editor.undoStep"]];
  return [
    // The ghost text says what it is; the row has to fit into narrow windows.
    [`$(list-ordered)\u2002${session.step.label.split(":")[0]}`, "lintseq.editor.showStep"],
    ["$(check)\u2002accept", "lintseq.editor.acceptStep"],
    ...(left > 1 ? all : []),
    ["$(debug-step-over)\u2002skip", "lintseq.editor.skipStep"],
    ...(session.taken.length > 0 ? undo : []),
    ["$(diff)\u2002compare", "lintseq.editor.diffStep"],
    ["$(close)\u2002dismiss", "lintseq.editor.dismissSteps"],
  ];
}

function glimpse(anchor: Anchor): { contentText: string; color: ThemeColor } {
  const line = anchor.text.trim().split("\n")[0] ?? "";
  const text = line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
  return { contentText: ` + ${text}`, color: new ThemeColor("editorGhostText.foreground") };
}
