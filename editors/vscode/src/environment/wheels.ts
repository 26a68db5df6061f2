// Which wheels there are to install the server from.

import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export interface Wheels {
  /** Where pip also looks for what these need. */
  readonly folder: string;
  /** LintSeq itself, and llama-cpp-python if it lies beside it. */
  readonly files: readonly string[];
}

/** The wheels at a path: a folder, or the wheel of LintSeq with others beside it; null if none. */
export async function findWheels(path: string): Promise<Wheels | null> {
  const folder = (await isFolder(path)) ? path : dirname(path);
  const names = await readdir(folder).catch((): string[] => []);
  const lintseq = folder === path ? newest(names, "lintseq") : basename(path);
  if (!lintseq?.endsWith(".whl") || !names.includes(lintseq)) {
    return null;
  }
  const llama = newest(names, "llama_cpp_python");
  const files = [lintseq, ...(llama === undefined ? [] : [llama])];
  return { folder, files: files.map((name) => join(folder, name)) };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

function newest(names: readonly string[], distribution: string): string | undefined {
  return names
    .filter((name) => name.startsWith(`${distribution}-`) && name.endsWith(".whl"))
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }))
    .at(-1);
}
