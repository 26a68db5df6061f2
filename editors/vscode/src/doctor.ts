// The server's own check of its installation, in a channel of its own.

import { ProgressLocation, window, workspace } from "vscode";
import type { Launch } from "./environment/find";
import { run } from "./environment/run";
import { SECTION } from "./settings";

const channel = window.createOutputChannel("LintSeq Doctor");

/** Run the doctor with the settings that count here, and show what it says; its exit status. */
export async function runDoctor(launch: Launch, storage: string): Promise<number | null> {
  const model = workspace.getConfiguration(SECTION).get<string | null>("model", null);
  const args = [...launch.args, "doctor", ...(model ? ["--model", model] : [])];
  channel.clear();
  channel.show(true);
  channel.appendLine(`server    ${launch.command}, from ${launch.origin}`);
  const ended = await window.withProgress(
    { location: ProgressLocation.Window, title: "LintSeq: the doctor is looking" },
    async () => await run(launch.command, args, storage, { timeoutMs: 120_000 }),
  );
  channel.append(ended.stdout);
  channel.append(ended.stderr);
  channel.appendLine(ended.status === 0 ? "All is well." : "There is something to do, see above.");
  return ended.status;
}
