// Python interpreters: what they are, and whether LintSeq is installed for them.

import { tmpdir } from "node:os";
import { lastLines, run } from "./run";

export const OLDEST = [3, 11] as const;

export interface Python {
  /** The interpreter. */
  readonly path: string;
  readonly version: readonly [number, number];
  /** The version of LintSeq that is installed for it, or null. */
  readonly lintseq: string | null;
}

// -I: neither the current folder nor the user's variables decide what is imported.
const PROBE = `
import json, sys
from importlib.metadata import PackageNotFoundError, version
try:
    lintseq = version("lintseq")
except PackageNotFoundError:
    lintseq = None
print(json.dumps({"path": sys.executable, "version": sys.version_info[:2], "lintseq": lintseq}))
`;

/** What the interpreter is, or a sentence why it cannot be used. */
export async function probe(path: string, args: readonly string[] = []): Promise<Python | string> {
  try {
    const ended = await run(path, [...args, "-I", "-c", PROBE], tmpdir(), { timeoutMs: 20_000 });
    if (ended.status !== 0) {
      return `${path} ended with status ${ended.status}: ${lastLines(ended.stderr, 1)}`;
    }
    return JSON.parse(ended.stdout) as Python;
  } catch (error) {
    return `${path} cannot be run: ${(error as Error).message}`;
  }
}

export function isNewEnough(python: Python): boolean {
  const [major, minor] = python.version;
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

type Named = readonly [command: string, args: readonly string[]];

/** Where interpreters are looked for that an environment can be made with, best first. */
export function usualNames(platform: NodeJS.Platform): readonly Named[] {
  const versions = ["3.13", "3.12", "3.11", "3.14"];
  if (platform === "win32") {
    const launched = versions.map((version): Named => ["py", [`-${version}`]]);
    return [...launched, ["python", []], ["py", ["-3"]]];
  }
  const named = versions.map((version): Named => [`python${version}`, []]);
  return [...named, ["python3", []], ["python", []]];
}
