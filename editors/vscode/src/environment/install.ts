// The one click: a managed environment, with progress that can be seen and cancelled.

import { join } from "node:path";
import { type ExtensionContext, ProgressLocation, window } from "vscode";
import { log } from "../log";
import { serverWheels, setGlobally, workspacePython } from "../settings";
import { makeEnvironment, managedWheels } from "./managed";
import { probe } from "./python";
import { findWheels } from "./wheels";

/** Whether the environment was made; the user has been told if not. */
export async function install(
  context: ExtensionContext,
  said: (message: string) => void,
): Promise<boolean> {
  const beside = join(context.extensionPath, "wheels");
  const place = serverWheels() || beside;
  const wheels = await findWheels(place);
  if (wheels === null) {
    void window.showErrorMessage(`LintSeq: no wheel of the server lies at ${place}.`);
    return false;
  }
  log.info(`Installing ${wheels.files.join(", ")}`);
  try {
    await window.withProgress(
      { location: ProgressLocation.Notification, title: "LintSeq", cancellable: true },
      async (progress, cancelled) =>
        await makeEnvironment(
          context.globalStorageUri.fsPath,
          wheels,
          [workspacePython()],
          process.platform,
          {
            cancelled,
            say: (message) => {
              progress.report({ message });
              said(message);
            },
            log: (line) => log.info(line),
          },
        ),
    );
  } catch (error) {
    const message = (error as Error).message;
    log.error(message);
    void window.showErrorMessage(`LintSeq was not installed. ${message}`, "Show the Log").then(
      (chosen) => {
        if (chosen !== undefined) {
          log.show();
        }
      },
    );
    return false;
  }
  // What was chosen before would go first.
  await setGlobally("server.python", undefined);
  return true;
}

/** Whether the extension brings other wheels than those that the environment was made from. */
export async function isOutdated(context: ExtensionContext): Promise<boolean> {
  const made = await managedWheels(context.globalStorageUri.fsPath);
  const wheels = await findWheels(serverWheels() || join(context.extensionPath, "wheels"));
  if (made.length === 0 || wheels === null) {
    return false;
  }
  const brought = wheels.files.map((file) => file.split(/[\\/]/).at(-1));
  return brought[0] !== made[0];
}

/** Ask for an interpreter that has LintSeq, and keep it in the settings; whether it was chosen. */
export async function choosePython(): Promise<boolean> {
  const chosen = await window.showOpenDialog({
    title: "A Python interpreter that LintSeq is installed for",
    openLabel: "Use This Python",
  });
  const path = chosen?.[0]?.fsPath;
  if (path === undefined) {
    return false;
  }
  const python = await probe(path);
  if (typeof python === "string" || python.lintseq === null) {
    const why = typeof python === "string" ? python : `LintSeq is not installed for ${path}`;
    void window.showErrorMessage(`LintSeq: ${why}`);
    return false;
  }
  await setGlobally("server.python", path);
  return true;
}
