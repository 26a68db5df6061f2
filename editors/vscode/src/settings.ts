// What the user has set: the server's options, as its own table names them, and the client's.

import { ConfigurationTarget, type TextDocument, workspace } from "vscode";
import manifest from "./serverOptions.json";

export const SECTION = "lintseq";
export const SERVER_OPTIONS: readonly string[] = manifest;

export type Eagerness = "manual" | "low" | "normal" | "high";
export type StepPreview = "inline" | "diff";

/** The server's options that somebody has set. Defaults are left to its settings file and to it. */
export function serverOptions(): Record<string, unknown> {
  const section = workspace.getConfiguration(SECTION);
  const found: Record<string, unknown> = {};
  for (const name of SERVER_OPTIONS) {
    const said = section.inspect(name);
    if (said === undefined) {
      continue;
    }
    if (
      said.globalValue !== undefined ||
      said.workspaceValue !== undefined ||
      said.workspaceFolderValue !== undefined
    ) {
      // `get` leaves out what a workspace that is not trusted may not say.
      found[name] = section.get(name);
    }
  }
  return found;
}

/** Whether proposals are on for this text: for its language, its folder and in general. */
export function isEnabled(document: TextDocument): boolean {
  return workspace.getConfiguration(SECTION, document).get("enabled", true);
}

export function stepPreview(): StepPreview {
  return workspace.getConfiguration(SECTION).get<StepPreview>("stepPreview", "inline");
}

export function eagerness(): Eagerness {
  return workspace.getConfiguration(SECTION).get<Eagerness>("eagerness", "normal");
}

/** Whole command that starts the server; empty if the user has set none. */
export function serverCommand(): string[] {
  return workspace.getConfiguration(SECTION).get<string[]>("server.command", []);
}

/** The interpreter that has LintSeq; "" if the user has set none. */
export function serverPython(): string {
  return workspace.getConfiguration(SECTION).get("server.python", "").trim();
}

/** A wheel, or a folder of wheels, to install from instead of those in the extension. */
export function serverWheels(): string {
  return workspace.getConfiguration(SECTION).get("server.wheels", "").trim();
}

/** The interpreter of the Python extension's settings; "" if there is none to be trusted. */
export function workspacePython(): string {
  const section = workspace.getConfiguration("python");
  const said = section.inspect<string>("defaultInterpreterPath");
  const path = workspace.isTrusted
    ? section.get<string>("defaultInterpreterPath")
    : said?.globalValue;
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  return (path ?? "").replaceAll("${workspaceFolder}", folder).trim();
}

export async function setGlobally(name: string, value: unknown): Promise<void> {
  await workspace.getConfiguration(SECTION).update(name, value, ConfigurationTarget.Global);
}

/** Turn proposals on or off for one language, everywhere. */
export async function toggleLanguage(document: TextDocument): Promise<void> {
  const section = workspace.getConfiguration(SECTION, document);
  if (isEnabled(document)) {
    await section.update("enabled", false, ConfigurationTarget.Global, true);
    return;
  }
  // What a language says goes before everything else: it says nothing where it need not.
  await section.update("enabled", undefined, ConfigurationTarget.Global, true);
  if (!isEnabled(document)) {
    await section.update("enabled", true, ConfigurationTarget.Global, true);
  }
}

/** Turn proposals on or off for this workspace. */
export async function toggleWorkspace(): Promise<void> {
  const section = workspace.getConfiguration(SECTION);
  const value = !section.get("enabled", true);
  await section.update("enabled", value, ConfigurationTarget.Workspace);
}
