// The menu behind the status bar item, and the choices that it leads to.

import { type QuickPickItem, type TextDocument, QuickPickItemKind, commands, window } from "vscode";
import { type Shown } from "./server/state";
import type { Status } from "./server/protocol";
import { type Eagerness, eagerness, isEnabled, setGlobally } from "./settings";

interface Entry extends QuickPickItem {
  readonly command?: string;
  readonly arguments?: readonly unknown[];
}

export interface Facts {
  readonly shown: Shown;
  readonly status: Status | null;
  readonly document: TextDocument | undefined;
  readonly isRunning: boolean;
  readonly snoozedUntil: Date | null;
}

export async function showMenu(facts: Facts): Promise<void> {
  const chosen = await window.showQuickPick(entries(facts), {
    title: "LintSeq",
    placeHolder: sentence(facts),
    matchOnDescription: true,
  });
  if (chosen?.command !== undefined) {
    await commands.executeCommand(chosen.command, ...(chosen.arguments ?? []));
  }
}

/** How things stand, in one line. */
function sentence({ shown, status }: Facts): string {
  const parts = [shown.reason ? `${shown.state}: ${shown.reason}` : shown.state];
  if (status?.latency.p50 != null) {
    parts.push(`half of the answers within ${status.latency.p50} ms`);
  }
  if (status?.memory_mb != null) {
    parts.push(`${Math.round(status.memory_mb)} MB`);
  }
  return parts.join(" · ");
}

function entries(facts: Facts): Entry[] {
  const running = facts.isRunning ? whileRunning(facts) : installing();
  return [
    { label: `$(${facts.shown.icon}) ${sentence(facts)}`, command: "lintseq.editor.log" },
    { label: "", kind: QuickPickItemKind.Separator },
    ...running,
    { label: "", kind: QuickPickItemKind.Separator },
    entry("$(pulse) Run the doctor", "doctor", "checks the installation"),
    entry("$(output) Show the log", "log"),
    entry("$(debug-restart) Restart the server", "restart"),
    entry("$(file-binary) Choose a model file…", "chooseModel", "a bigger GGUF"),
    entry("$(book) What to expect", "walkthrough"),
    {
      label: "$(gear) Settings",
      command: "workbench.action.openSettings",
      arguments: ["@ext:lintseq.lintseq"],
    },
  ];
}

function installing(): Entry[] {
  return [
    entry("$(cloud-download) Install the server", "install", "an environment of its own"),
    entry("$(folder-opened) Use a Python that has LintSeq…", "choosePython"),
  ];
}

function whileRunning({ document, snoozedUntil }: Facts): Entry[] {
  const until = snoozedUntil?.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const isOn = document === undefined || isEnabled(document);
  const language = document?.languageId ?? "python";
  return [
    snoozedUntil === null
      ? entry("$(bell-slash) Snooze…", "snooze", "nothing appears by itself")
      : entry("$(bell) Wake up", "snooze", `snoozed until ${until}`, [0]),
    entry("$(dashboard) How eager…", "eagerness", eagerness()),
    entry(`$(code) Switch ${isOn ? "off" : "on"} for ${language}`, "toggleLanguage"),
    entry(`$(root-folder) Switch ${isOn ? "off" : "on"} for this workspace`, "toggleWorkspace"),
  ];
}

function entry(
  label: string,
  name: string,
  description = "",
  args: readonly unknown[] = [],
): Entry {
  return { label, description, command: `lintseq.editor.${name}`, arguments: args };
}

/** How long to be quiet; undefined if the user thinks better of it. */
export async function askMinutes(): Promise<number | undefined> {
  const choices = [10, 30, 60, 240].map((minutes) => ({
    label: minutes < 60 ? `${minutes} minutes` : minutes === 60 ? "an hour" : "four hours",
    minutes,
  }));
  const chosen = await window.showQuickPick(choices, { title: "LintSeq: quiet for how long?" });
  return chosen?.minutes;
}

const LEVELS: readonly (readonly [Eagerness, string])[] = [
  ["manual", "only when asked by a key"],
  ["low", "only when it is very sure"],
  ["normal", "when it is more likely right than wrong"],
  ["high", "more often, and more often wrong"],
];

/** Let the user say how sure a proposal has to be, and keep it. */
export async function chooseEagerness(): Promise<void> {
  const now = eagerness();
  const choices = LEVELS.map(([level, description]) => ({
    label: level === now ? `$(check) ${level}` : level,
    description,
    level,
  }));
  const chosen = await window.showQuickPick(choices, { title: "LintSeq: how eager?" });
  if (chosen !== undefined) {
    await setGlobally("eagerness", chosen.level);
  }
}

/** Let the user name a GGUF, and keep it; undefined if none was chosen. */
export async function chooseModel(): Promise<void> {
  const chosen = await window.showOpenDialog({
    title: "A GGUF that was trained on LintSeq's transcript",
    filters: { "GGUF models": ["gguf"] },
    openLabel: "Use This Model",
  });
  if (chosen?.[0] !== undefined) {
    await setGlobally("model", chosen[0].fsPath);
  }
}
