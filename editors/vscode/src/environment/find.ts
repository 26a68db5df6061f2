// How the server is started here: what the user has set, what is managed, what lies on the PATH.

import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { managedPython } from "./managed";
import { probe } from "./python";

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it comes from, for people. */
  readonly origin: string;
  /** The interpreter, if one is known. */
  readonly python: string | null;
}

export interface Missing {
  /** Why there is no server, for people. */
  readonly reason: string;
  /** Whether the user has chosen something that does not work: nothing else is tried then. */
  readonly isChosen: boolean;
}

export interface Choices {
  readonly command: readonly string[];
  readonly python: string;
  /** The interpreter of the workspace, "" if none or not trusted. */
  readonly workspacePython: string;
  readonly storage: string;
  readonly path: string;
  readonly platform: NodeJS.Platform;
}

export function isLaunch(found: Launch | Missing): found is Launch {
  return "command" in found;
}

/** The server to start, or why there is none. */
export async function findServer(choices: Choices): Promise<Launch | Missing> {
  const [command, ...args] = choices.command;
  if (command) {
    return { command, args, origin: "the setting lintseq.server.command", python: null };
  }
  if (choices.python) {
    const found = await withLintseq(choices.python, "the setting lintseq.server.python");
    return typeof found === "string" ? { reason: found, isChosen: true } : found;
  }
  const managed = await managedPython(choices.storage, choices.platform);
  if (managed !== null) {
    const found = await withLintseq(managed, "the managed environment");
    if (typeof found !== "string") {
      return found;
    }
  }
  if (choices.workspacePython) {
    const found = await withLintseq(choices.workspacePython, "python.defaultInterpreterPath");
    if (typeof found !== "string") {
      return found;
    }
  }
  const onPath = await findOnPath(choices.path, choices.platform);
  if (onPath !== null) {
    return { command: onPath, args: [], origin: "the PATH", python: null };
  }
  return { reason: "The server is not installed yet.", isChosen: false };
}

async function withLintseq(path: string, origin: string): Promise<Launch | string> {
  const python = await probe(path);
  if (typeof python === "string") {
    return `${origin}: ${python}`;
  }
  if (python.lintseq === null) {
    return `${origin}: LintSeq is not installed for ${path}`;
  }
  // -P: a folder `server` in the workspace is never imported.
  return { command: path, args: ["-P", "-m", "server"], origin, python: path };
}

async function findOnPath(path: string, platform: NodeJS.Platform): Promise<string | null> {
  const name = platform === "win32" ? "lintseq-server.exe" : "lintseq-server";
  for (const folder of path.split(delimiter)) {
    // An entry that is not absolute would be looked up in whatever folder is open.
    if (!folder.startsWith("/") && !/^[A-Za-z]:[\\/]/.test(folder)) {
      continue;
    }
    const candidate = join(folder, name);
    try {
      await access(candidate);
      return candidate;
    } catch {
      continue;
    }
  }
  return null;
}
