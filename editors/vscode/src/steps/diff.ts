// A step as a comparison: the text on screen against the text behind the step.

import {
  type Disposable,
  EventEmitter,
  Position,
  TabInputTextDiff,
  Uri,
  ViewColumn,
  commands,
  window,
  workspace,
} from "vscode";
import type { Session, Stepping } from "./controller";
import { applied, textEdits } from "./edits";

const SCHEME = "lintseq-step";

export class StepDiff implements Disposable {
  private readonly contentChanged = new EventEmitter<Uri>();
  private readonly subscriptions: readonly Disposable[];
  private shown: Uri | null = null;

  constructor(private readonly stepping: Stepping) {
    this.subscriptions = [
      this.contentChanged,
      workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: this.contentChanged.event,
        provideTextDocumentContent: () => this.content(),
      }),
      stepping.onDidChange(() => void this.refresh()),
    ];
  }

  dispose(): void {
    this.subscriptions.forEach((each) => each.dispose());
  }

  /** Open the comparison, or show the step that is next now in the one that is open. */
  async open(): Promise<void> {
    const { session } = this.stepping;
    if (session === null) {
      return;
    }
    const right = Uri.from({ scheme: SCHEME, path: session.document.uri.path });
    this.shown = right;
    this.contentChanged.fire(right);
    const title = `${session.document.uri.path.split("/").at(-1)}: ${session.step.label}`;
    const options = { preview: true, viewColumn: ViewColumn.Active };
    await commands.executeCommand("vscode.diff", session.document.uri, right, title, options);
  }

  private content(): string {
    const { session } = this.stepping;
    return session === null ? "" : behind(session);
  }

  private async refresh(): Promise<void> {
    if (this.shown === null) {
      return;
    }
    if (this.stepping.session !== null) {
      this.contentChanged.fire(this.shown);
      return;
    }
    this.shown = null;
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
    const ours = tabs.filter(
      (tab) => tab.input instanceof TabInputTextDiff && tab.input.modified.scheme === SCHEME,
    );
    await window.tabGroups.close(ours);
  }
}

/** The text behind the step that is next. */
function behind(session: Session): string {
  const { document } = session;
  // LSP counts lines as the editor does, whatever ends them.
  return applied(document.getText(), textEdits(session.step.edit), (line, character) =>
    document.offsetAt(new Position(line, character)),
  );
}
