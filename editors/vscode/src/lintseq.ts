// The parts of the extension, put together.

import {
  type Disposable,
  type ExtensionContext,
  type TextDocument,
  commands,
  window,
  workspace,
} from "vscode";
import { type Launch, type Missing, findServer } from "./environment/find";
import { install } from "./environment/install";
import { log } from "./log";
import { Supervisor } from "./server/supervisor";
import { type Situation, shown } from "./server/state";
import { isEnabled, serverCommand, serverPython, workspacePython } from "./settings";
import { StatusBar } from "./statusBar";
import { Stepping } from "./steps/controller";
import { StepDiff } from "./steps/diff";
import { StepView } from "./steps/view";

const START = "lintseq.startSteps";

export class LintSeq implements Disposable {
  readonly supervisor: Supervisor;
  readonly stepping: Stepping;
  readonly diff: StepDiff;
  snoozedUntil: Date | null = null;
  private readonly bar = new StatusBar(() => this.situation());
  private readonly parts: readonly Disposable[];
  private told = "";

  constructor(readonly context: ExtensionContext) {
    this.supervisor = new Supervisor({
      find: () => this.find(),
      storage: context.globalStorageUri.fsPath,
      // While steps are shown they are the ghost text.
      wantsGhostText: (document) => this.stepping.session?.document !== document,
      takesCommand: (command) => this.takes(command),
    });
    this.stepping = new Stepping(
      () => this.supervisor.client,
      (sentence) => this.say(sentence),
    );
    this.diff = new StepDiff(this.stepping);
    this.parts = [
      this.supervisor,
      this.stepping,
      this.diff,
      new StepView(this.stepping),
      this.bar,
      this.supervisor.onDidChange(() => this.changed()),
      this.stepping.onDidChange(() => this.bar.update()),
      window.onDidChangeActiveTextEditor(() => this.bar.update()),
      workspace.onDidChangeConfiguration(() => this.bar.update()),
    ];
  }

  dispose(): void {
    this.parts.forEach((part) => part.dispose());
  }

  /** How things stand for the text on screen. */
  situation(): Situation {
    const document = window.activeTextEditor?.document;
    const { session } = this.stepping;
    return {
      process: this.supervisor.process,
      status: this.supervisor.status,
      off: document?.languageId === "python" ? whyOff(document) : "",
      stepping: session?.step.label ?? "",
    };
  }

  /** The status bar as it is, for whoever wants to see it without eyes. */
  status(): { text: string; tooltip: string; state: string; reason: string } {
    const { state, reason } = shown(this.situation());
    const { item } = this.bar;
    const tooltip = typeof item.tooltip === "object" ? item.tooltip.value : (item.tooltip ?? "");
    return { text: item.text, tooltip, state, reason };
  }

  /** Make the managed environment and start the server in it; whether that worked. */
  async install(): Promise<boolean> {
    await this.supervisor.stop();
    this.supervisor.installing("");
    const isMade = await install(this.context, (message) => this.supervisor.installing(message));
    await this.supervisor.restart();
    return isMade;
  }

  async find(): Promise<Launch | Missing> {
    return await findServer({
      command: serverCommand(),
      python: serverPython(),
      workspacePython: workspacePython(),
      storage: this.context.globalStorageUri.fsPath,
      path: process.env["PATH"] ?? "",
      platform: process.platform,
    });
  }

  /** A sentence for the user that asks for nothing. */
  say(sentence: string): void {
    log.info(sentence);
    void window.showInformationMessage(`LintSeq: ${sentence}.`);
  }

  // The server's code actions for steps lead to the preview of this extension.
  private takes(command: string): boolean {
    const mine: Readonly<Record<string, string>> = {
      [START]: "lintseq.editor.implement",
      "lintseq.acceptStep": "lintseq.editor.acceptStep",
      "lintseq.skipStep": "lintseq.editor.skipStep",
      "lintseq.undoStep": "lintseq.editor.undoStep",
    };
    const name = mine[command];
    // Steps that are no longer shown are still the server's to take back.
    if (name === undefined || (command !== START && this.stepping.session === null)) {
      return false;
    }
    void commands.executeCommand(name);
    return true;
  }

  private changed(): void {
    const { process } = this.supervisor;
    this.bar.update();
    const isThere = process.kind === "running";
    void commands.executeCommand("setContext", "lintseq.hasServer", isThere);
    if (process.kind !== "running") {
      this.stepping.dismiss();
    }
    if (process.kind === "missing") {
      this.tell(process.reason, ["Install Now", "Use a Python…", "What to Expect"]);
    } else if (process.kind === "crashed" && process.retryMs === null) {
      this.tell(process.reason, ["Restart", "Run the Doctor", "Show the Log"]);
    } else if (isThere) {
      this.told = "";
    }
  }

  /** Show a problem once, with what can be done about it. */
  private tell(reason: string, actions: readonly string[]): void {
    if (this.told === reason) {
      return;
    }
    this.told = reason;
    const names: Readonly<Record<string, string>> = {
      "Install Now": "install",
      "Use a Python…": "choosePython",
      "What to Expect": "walkthrough",
      Restart: "restart",
      "Run the Doctor": "doctor",
      "Show the Log": "log",
    };
    void window.showWarningMessage(`LintSeq: ${reason}`, ...actions).then((chosen) => {
      const name = chosen === undefined ? undefined : names[chosen];
      if (name !== undefined) {
        void commands.executeCommand(`lintseq.editor.${name}`);
      }
    });
  }
}

function whyOff(document: TextDocument): string {
  if (!isEnabled(document)) {
    return "switched off by the setting lintseq.enabled";
  }
  const { scheme } = document.uri;
  return scheme === "file" || scheme === "untitled"
    ? ""
    : `nothing is proposed in texts of the kind ${scheme}`;
}
