// The server's own check of its installation, shown as a text.

import { type Disposable, EventEmitter, ProgressLocation, Uri, window, workspace } from "vscode";
import type { Launch } from "./environment/find";
import { run } from "./environment/run";
import { SECTION } from "./settings";

const SCHEME = "lintseq-doctor";
const PLACE = Uri.from({ scheme: SCHEME, path: "LintSeq doctor.txt" });
const changed = new EventEmitter<Uri>();
let report = "";

/** Let the editor show reports. */
export function registerDoctor(): Disposable {
  return workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: () => report,
  });
}

/** Run the doctor with the settings that count here, and show what it says; its exit status. */
export async function runDoctor(launch: Launch, storage: string): Promise<number | null> {
  const model = workspace.getConfiguration(SECTION).get<string | null>("model", null);
  const args = [...launch.args, "doctor", ...(model ? ["--model", model] : [])];
  const ended = await window.withProgress(
    { location: ProgressLocation.Notification, title: "LintSeq: the doctor is looking" },
    async () => await run(launch.command, args, storage, { timeoutMs: 120_000 }),
  );
  report = [
    `server    ${launch.command}`,
    `          from ${launch.origin}`,
    "",
    `${ended.stdout}${ended.stderr}`,
    ended.status === 0 ? "All is well." : "There is something to do, see above.",
    "",
  ].join("\n");
  changed.fire(PLACE);
  await window.showTextDocument(await workspace.openTextDocument(PLACE), { preview: true });
  return ended.status;
}
