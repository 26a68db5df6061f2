// The environment that the extension makes and keeps in its own storage.

import { randomUUID } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Python, isNewEnough, probe, usualNames } from "./python";
import { type Cancelled, type Ended, lastLines, run } from "./run";
import type { Wheels } from "./wheels";

// Written last: a folder that it does not name was never finished.
const STAMP = "environment.json";

interface Stamp {
  readonly folder: string;
  readonly wheels: readonly string[];
}

export interface Progress {
  readonly cancelled: Cancelled;
  say(message: string): void;
  log(line: string): void;
}

/** The interpreter of the finished environment, or null. */
export async function managedPython(
  storage: string,
  platform: NodeJS.Platform,
): Promise<string | null> {
  const stamp = await readStamp(storage);
  return stamp === null ? null : interpreter(join(storage, stamp.folder), platform);
}

/** The names of the wheels that the finished environment was made from. */
export async function managedWheels(storage: string): Promise<readonly string[]> {
  return (await readStamp(storage))?.wheels ?? [];
}

/**
 * Make the environment, and return its interpreter. A killed or failed try leaves the old one.
 *
 * Rejects with a sentence for the user.
 */
export async function makeEnvironment(
  storage: string,
  wheels: Wheels,
  preferred: readonly string[],
  platform: NodeJS.Platform,
  progress: Progress,
): Promise<string> {
  await mkdir(storage, { recursive: true });
  progress.say("looking for Python");
  const base = await findBase(preferred, platform);
  const folder = `environment-${randomUUID().slice(0, 8)}`;
  const path = join(storage, folder);
  try {
    progress.say(`making an environment with Python ${base.version.join(".")}`);
    await must(run(base.path, ["-I", "-m", "venv", path], storage, progress), progress, "venv");
    const python = interpreter(path, platform);
    await install(python, wheels, storage, progress);
    progress.say("checking it");
    const checked = await probe(python);
    if (typeof checked === "string" || checked.lintseq === null) {
      throw new Error(typeof checked === "string" ? checked : "LintSeq is not in it");
    }
    const stamp: Stamp = { folder, wheels: wheels.files.map((file) => basename(file)) };
    await writeStamp(storage, stamp);
    await removeOthers(storage, folder);
    return python;
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw error;
  }
}

async function findBase(preferred: readonly string[], platform: NodeJS.Platform): Promise<Python> {
  const seen: string[] = [];
  const named = preferred.filter(Boolean).map((path) => [path, []] as const);
  for (const [path, args] of [...named, ...usualNames(platform)]) {
    const found = await probe(path, args);
    if (typeof found === "string") {
      continue;
    }
    if (isNewEnough(found)) {
      return found;
    }
    seen.push(`${path} is ${found.version.join(".")}`);
  }
  const others = seen.length > 0 ? ` (${seen.join(", ")})` : "";
  throw new Error(`Python 3.11 or newer was not found${others}. Install it, then try again.`);
}

async function install(
  python: string,
  wheels: Wheels,
  storage: string,
  progress: Progress,
): Promise<void> {
  const pip = ["-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"];
  const from = ["--progress-bar", "off", "--prefer-binary", "--find-links", wheels.folder];
  const onLine = (line: string): void => {
    progress.log(line);
    progress.say(line.replace(/^(Collecting|Processing|Using cached|Downloading) .*\//, "$1 "));
  };
  const options = { cancelled: progress.cancelled, onLine };
  progress.say("installing");
  // Where everything lies beside the extension no index is asked, and no network is needed.
  const offline = [...pip, ...from, "--no-index", ...wheels.files];
  if ((await run(python, offline, storage, options)).status === 0) {
    return;
  }
  const limits = ["--retries", "2", "--timeout", "20"];
  const online = [...pip, ...from, ...limits, ...wheels.files];
  await must(run(python, online, storage, options), progress, "pip");
}

async function must(running: Promise<Ended>, progress: Progress, name: string): Promise<void> {
  const ended = await running;
  if (progress.cancelled.isCancellationRequested) {
    throw new Error("The installation was cancelled.");
  }
  if (ended.status !== 0) {
    progress.log(ended.stderr);
    throw new Error(`${name} failed: ${lastLines(ended.stderr || ended.stdout, 2)}`);
  }
}

function interpreter(folder: string, platform: NodeJS.Platform): string {
  return platform === "win32"
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python");
}

async function readStamp(storage: string): Promise<Stamp | null> {
  try {
    return JSON.parse(await readFile(join(storage, STAMP), "utf8")) as Stamp;
  } catch {
    return null;
  }
}

async function writeStamp(storage: string, stamp: Stamp): Promise<void> {
  const temporary = join(storage, `${STAMP}.${process.pid}`);
  await writeFile(temporary, JSON.stringify(stamp));
  await rename(temporary, join(storage, STAMP));
}

async function removeOthers(storage: string, kept: string): Promise<void> {
  for (const name of await readdir(storage)) {
    if (name.startsWith("environment-") && name !== kept) {
      await rm(join(storage, name), { recursive: true, force: true });
    }
  }
}
