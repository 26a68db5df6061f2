// One proposal that is taken step by step: asked for, shown, and moved through by the user.

import {
  type CancellationToken,
  type Disposable,
  EventEmitter,
  Position,
  ProgressLocation,
  Selection,
  type TextDocument,
  type TextEditor,
  type WorkspaceEdit,
  commands,
  window,
  workspace,
} from "vscode";
import type { LanguageClient, RequestType } from "vscode-languageclient/node";
import { stepPreview } from "../settings";
import {
  AcceptRequest,
  type Moved,
  type ProposeParameters,
  SkipRequest,
  type Step,
  type StepParameters,
  StepsRequest,
  UndoRequest,
} from "../server/protocol";
import { type Anchor, anchors, textEdits } from "./edits";

/** Where one stands: what is offered, and what is in the text. */
interface Standing {
  readonly steps: readonly Step[];
  readonly taken: readonly number[];
}

export interface Session extends Standing {
  readonly document: TextDocument;
  readonly id: number;
  readonly step: Step;
  readonly total: number;
}

type Question = Omit<ProposeParameters, "uri" | "version">;
/** A step's number; undefined where there is none to name. */
type Which = number | undefined;
type MoveRequest = RequestType<StepParameters, Moved, void>;

export class Stepping implements Disposable {
  private readonly changes = new EventEmitter<void>();
  readonly onDidChange = this.changes.event;
  session: Session | null = null;

  // Texts that the user can come back to with the editor's own undo.
  private readonly stood = new Map<string, Standing>();
  private isApplying = false;
  // Keys come faster than answers: each waits for the one before.
  private queue: Promise<void> = Promise.resolve();
  private readonly subscriptions = [
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document === this.session?.document && contentChanges.length > 0 && !this.isApplying) {
        this.follow(document);
      }
    }),
    workspace.onDidCloseTextDocument((document) => {
      if (document === this.session?.document) {
        this.dismiss();
      }
    }),
  ];

  constructor(
    private readonly client: () => LanguageClient | null,
    private readonly say: (sentence: string) => void,
  ) {}

  dispose(): void {
    this.dismiss();
    this.subscriptions.forEach((each) => each.dispose());
    this.changes.dispose();
  }

  /** Where the step that comes next goes. */
  anchors(session: Session): readonly Anchor[] {
    return anchors(
      textEdits(session.step.edit),
      (line) => session.document.lineAt(Math.min(line, session.document.lineCount - 1)).text.length,
    );
  }

  /** Ask for a proposal and show its first step; whether there is one. */
  async start(editor: TextEditor, title: string, question: Question): Promise<boolean> {
    const client = this.client();
    if (client === null) {
      this.say("the server is not running");
      return false;
    }
    this.dismiss();
    const { document } = editor;
    const parameters = {
      ...question,
      uri: client.code2ProtocolConverter.asUri(document.uri),
      version: document.version,
    };
    const answer = await window.withProgress(
      { location: ProgressLocation.Notification, title: `LintSeq: ${title}`, cancellable: true },
      async (_progress, token: CancellationToken) =>
        await client.sendRequest(StepsRequest, parameters, token).catch((error: unknown) => ({
          id: null,
          steps: [],
          silent: token.isCancellationRequested ? "cancelled" : String(error),
        })),
    );
    if (document.version !== parameters.version) {
      this.say(`${title}: the text has changed since`);
      return false;
    }
    if (window.activeTextEditor?.document !== document) {
      // The cursor is elsewhere by now, and stays there.
      this.say(`${title}: ask again where it is wanted`);
      return false;
    }
    const [step] = answer.steps;
    if (answer.id === null || step === undefined) {
      this.say(`${title}: ${answer.silent ?? "there is nothing to propose"}`);
      return false;
    }
    this.stood.clear();
    const { id, steps } = answer;
    await this.show({ document, id, steps, taken: [], step, total: steps.length });
    return true;
  }

  async accept(): Promise<void> {
    await this.move(AcceptRequest, ({ step }) => step.number);
  }

  async acceptAll(): Promise<void> {
    await this.move(AcceptRequest, ({ steps }) => steps.at(-1)?.number);
  }

  async skip(): Promise<void> {
    await this.move(SkipRequest, ({ step }) => step.number);
  }

  async undo(): Promise<void> {
    await this.move(UndoRequest, () => undefined);
  }

  dismiss(): void {
    if (this.session !== null) {
      this.session = null;
      this.changed();
      void commands.executeCommand("editor.action.inlineSuggest.hide");
    }
  }

  /** Put the cursor where the step goes, and let it appear there. */
  async reveal(): Promise<void> {
    const { session } = this;
    if (session === null) {
      return;
    }
    const anchor = this.anchors(session)[0];
    const editor = await editorOf(session.document);
    if (anchor === undefined || editor === null) {
      return;
    }
    const place = new Position(anchor.line, anchor.character);
    editor.selection = new Selection(place, place);
    editor.revealRange(editor.selection, 2);
    await commands.executeCommand("editor.action.inlineSuggest.trigger");
  }

  private async move(request: MoveRequest, which: (session: Session) => Which): Promise<void> {
    this.queue = this.queue.then(async () => {
      try {
        await this.moveNow(request, which);
      } catch (error) {
        this.say((error as Error).message);
        this.dismiss();
      }
    });
    await this.queue;
  }

  private async moveNow(request: MoveRequest, which: (session: Session) => Which): Promise<void> {
    const { session } = this;
    const client = this.client();
    if (session === null || client === null) {
      return;
    }
    const { document, id } = session;
    const step = which(session);
    const uri = client.code2ProtocolConverter.asUri(document.uri);
    const { version } = document;
    const asked = { uri, version, id, ...(step === undefined ? {} : { step }) };
    const answer = await client.sendRequest(request, asked);
    await this.arrive(session, answer, version, client);
  }

  private async arrive(
    session: Session,
    answer: Moved,
    version: number,
    client: LanguageClient,
  ): Promise<void> {
    const { document } = session;
    if (answer.silent !== null) {
      this.say(answer.silent);
      this.dismiss();
      return;
    }
    if (answer.edit !== null) {
      const edit = await client.protocol2CodeConverter.asWorkspaceEdit(answer.edit);
      await commands.executeCommand("editor.action.inlineSuggest.hide");
      if (document.version !== version || !(await this.apply(edit))) {
        this.say("the text has changed: ask for the steps again");
        this.dismiss();
        return;
      }
    }
    const { steps, taken } = answer;
    const [step] = steps;
    if (step === undefined) {
      this.dismiss();
      return;
    }
    await this.show({ ...session, steps, taken, step });
  }

  private async apply(edit: WorkspaceEdit): Promise<boolean> {
    this.isApplying = true;
    try {
      return await workspace.applyEdit(edit);
    } finally {
      this.isApplying = false;
    }
  }

  private async show(session: Session): Promise<void> {
    this.session = session;
    this.stood.set(session.document.getText(), { steps: session.steps, taken: session.taken });
    this.changed();
    if (stepPreview() === "diff") {
      await commands.executeCommand("lintseq.editor.diffStep");
    } else {
      await this.reveal();
    }
  }

  /** The text was changed by something else: back to where one stood, or no more steps. */
  private follow(document: TextDocument): void {
    const before = this.stood.get(document.getText());
    const step = before?.steps[0];
    if (this.session === null || before === undefined || step === undefined) {
      this.dismiss();
      return;
    }
    this.session = { ...this.session, ...before, step };
    this.changed();
  }

  private changed(): void {
    const { session } = this;
    void commands.executeCommand("setContext", "lintseq.stepping", session !== null);
    const canUndo = session !== null && session.taken.length > 0;
    void commands.executeCommand("setContext", "lintseq.canUndoStep", canUndo);
    this.changes.fire();
  }
}

async function editorOf(document: TextDocument): Promise<TextEditor | null> {
  const isIts = (editor: TextEditor): boolean => editor.document === document;
  const active = window.activeTextEditor;
  if (active !== undefined && isIts(active)) {
    return active;
  }
  const shown = window.visibleTextEditors.find(isIts);
  const column = shown?.viewColumn;
  return await window.showTextDocument(document, column === undefined ? {} : { viewColumn: column });
}
