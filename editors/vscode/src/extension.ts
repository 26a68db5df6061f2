// Where VS Code comes in: commands are bound to the parts, and the server is started.

import { type ExtensionContext, commands, workspace, window } from "vscode";
import { implement, instruct, nextEdit } from "./ask";
import { inEditor, registerCommands } from "./commandTable";
import { registerDoctor, runDoctor } from "./doctor";
import { choosePython, isOutdated } from "./environment/install";
import { followIndentation, reject } from "./ghost";
import { LintSeq } from "./lintseq";
import { log } from "./log";
import { askMinutes, chooseEagerness, chooseModel, showMenu } from "./menu";
import { openSample } from "./sample";
import { shown } from "./server/state";
import { SECTION, toggleLanguage, toggleWorkspace } from "./settings";

let lintseq: LintSeq | undefined;

/** Start everything; what is returned lets other extensions see how things stand. */
export async function activate(context: ExtensionContext): Promise<{ status(): unknown }> {
  const made = new LintSeq(context);
  lintseq = made;
  context.subscriptions.push(
    made,
    log,
    followIndentation(),
    registerDoctor(),
    ...registerCommands({ ...asking(made), ...stepping(made), ...managing(made) }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.server`)) {
        void made.supervisor.restart();
      }
    }),
    workspace.onDidGrantWorkspaceTrust(() => void made.supervisor.restart()),
  );
  await workspace.fs.createDirectory(context.globalStorageUri);
  void made.supervisor.restart().then(async () => await offerUpdate(made));
  return { status: () => made.status() };
}

export async function deactivate(): Promise<void> {
  await lintseq?.supervisor.stop();
}

function asking(made: LintSeq): Parameters<typeof registerCommands>[0] {
  const run = (command: string) => async () => await commands.executeCommand(command);
  return {
    implement: inEditor((editor) => implement(made.stepping, editor)),
    nextEdit: inEditor((editor) => nextEdit(made.stepping, editor)),
    instruct: inEditor((editor, words?: string) => instruct(made.stepping, editor, words)),
    suggest: run("editor.action.inlineSuggest.trigger"),
    acceptWord: run("editor.action.inlineSuggest.acceptNextWord"),
    acceptLine: run("editor.action.inlineSuggest.acceptNextLine"),
    reject: async () => await reject(made.supervisor.client),
    sample: openSample,
  };
}

function stepping({ stepping: steps, diff }: LintSeq): Parameters<typeof registerCommands>[0] {
  return {
    acceptStep: () => steps.accept(),
    acceptAllSteps: () => steps.acceptAll(),
    skipStep: () => steps.skip(),
    undoStep: () => steps.undo(),
    showStep: () => steps.reveal(),
    diffStep: () => diff.open(),
    dismissSteps: () => steps.dismiss(),
  };
}

function managing(made: LintSeq): Parameters<typeof registerCommands>[0] {
  const { supervisor, context } = made;
  return {
    menu: async () => {
      const status = await supervisor.askStatus();
      await showMenu({
        shown: shown(made.situation()),
        status,
        document: window.activeTextEditor?.document,
        isRunning: supervisor.client !== null,
        snoozedUntil: awake(made),
      });
    },
    snooze: async (minutes?: number) => await snooze(made, minutes ?? (await askMinutes())),
    eagerness: chooseEagerness,
    toggleLanguage: inEditor((editor) => toggleLanguage(editor.document)),
    toggleWorkspace: async () => await toggleWorkspace(),
    chooseModel,
    doctor: async () => {
      if (supervisor.launch === null) {
        throw new Error("there is no server yet to be examined");
      }
      return await runDoctor(supervisor.launch, context.globalStorageUri.fsPath);
    },
    log: () => log.show(),
    install: async () => await made.install(),
    choosePython: async () => {
      if (await choosePython()) {
        await supervisor.restart();
      }
    },
    restart: async () => await supervisor.restart(),
    walkthrough: async () =>
      await commands.executeCommand(
        "workbench.action.openWalkthrough",
        `${context.extension.id}#start`,
        false,
      ),
  };
}

function awake(made: LintSeq): Date | null {
  return made.snoozedUntil !== null && made.snoozedUntil > new Date() ? made.snoozedUntil : null;
}

async function snooze(made: LintSeq, minutes: number | undefined): Promise<void> {
  if (minutes === undefined) {
    return;
  }
  const answer = await commands.executeCommand<{ until: string | null }>("lintseq.snooze", minutes);
  made.snoozedUntil = answer?.until ? new Date(answer.until) : null;
}

/** A newer extension brings a newer server: offer to put it into the managed environment. */
async function offerUpdate(made: LintSeq): Promise<void> {
  if (!(await isOutdated(made.context))) {
    return;
  }
  const question = "LintSeq: this version of the extension brings a newer server.";
  if ((await window.showInformationMessage(question, "Update the Server")) !== undefined) {
    await made.install();
  }
}
