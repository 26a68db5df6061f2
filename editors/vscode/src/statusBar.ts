// The item in the status bar: what the server does, why it is silent, and the way to the menu.

import { type Disposable, MarkdownString, StatusBarAlignment, ThemeColor, window } from "vscode";
import { type Situation, shown } from "./server/state";

// Shorter states would only flicker while somebody types.
const BUSY_MS = 300;

export class StatusBar implements Disposable {
  readonly item = window.createStatusBarItem("lintseq.status", StatusBarAlignment.Right, 90);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly situation: () => Situation) {
    this.item.name = "LintSeq";
    this.item.command = "lintseq.editor.menu";
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.item.dispose();
  }

  /** Show how things stand, busy states a moment later. */
  update(): void {
    clearTimeout(this.timer);
    if (shown(this.situation()).state === "busy") {
      this.timer = setTimeout(() => this.show(), BUSY_MS);
    } else {
      this.show();
    }
  }

  private show(): void {
    const situation = this.situation();
    const { icon, state, reason, isTrouble } = shown(situation);
    const quiet = ["ready", "silent", "busy", "loading"].includes(state);
    this.item.text = quiet ? `$(${icon}) LintSeq` : `$(${icon}) LintSeq: ${state}`;
    this.item.tooltip = tooltip(situation);
    const label = reason ? `LintSeq, ${state}: ${reason}` : `LintSeq, ${state}`;
    this.item.accessibilityInformation = { label, role: "button" };
    this.item.backgroundColor = isTrouble
      ? new ThemeColor("statusBarItem.warningBackground")
      : undefined;
    const isPython = window.activeTextEditor?.document.languageId === "python";
    if (isPython || isTrouble || state === "installing") {
      this.item.show();
    } else {
      this.item.hide();
    }
  }
}

function tooltip(situation: Situation): MarkdownString {
  const { state, reason } = shown(situation);
  const { status } = situation;
  const lines = [`**LintSeq**, ${state}${reason ? `: ${escaped(reason)}` : ""}`];
  if (status?.model) {
    const { count, p50, p90 } = status.latency;
    const times =
      count > 0 ? `, answers after ${p50} ms (half of them) and ${p90} ms (nine in ten)` : "";
    lines.push(`Model ${escaped(status.model)}${times}`);
  }
  if (status?.counts) {
    const { shown: seen = 0, silent = 0 } = status.counts;
    lines.push(`Shown ${seen} times, silent ${silent} times`);
  }
  return new MarkdownString([...lines, "Click for the menu."].join("\n\n"));
}

// A reason names what stands in the user's text.
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!<>|~&]/g, "\\$&");
}
