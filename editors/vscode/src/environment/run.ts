// Child processes whose output is read to its end.

import { spawn } from "node:child_process";

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Cancelled {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

/**
 * What the program wrote and how it ended. Rejects if it cannot be started.
 *
 * It never runs in a folder of the user's: Python would import what lies there.
 */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  options: { cancelled?: Cancelled; onLine?: (line: string) => void; timeoutMs?: number } = {},
): Promise<Ended> {
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, windowsHide: true, stdio: ["ignore", "pipe", "pipe"] });
    const kill = (): void => void child.kill();
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(kill, options.timeoutMs);
    const listener = options.cancelled?.onCancellationRequested(kill);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      for (const line of text.split(/\r?\n/)) {
        if (line.trim()) {
          options.onLine?.(line.trim());
        }
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const finish = (): void => {
      clearTimeout(timer);
      listener?.dispose();
    };
    child.on("error", (error) => {
      finish();
      reject(error);
    });
    child.on("close", (status) => {
      finish();
      resolve({ status, stdout, stderr });
    });
  });
}

/** The last lines that say something: what a user is told of a failure. */
export function lastLines(text: string, count = 3): string {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim())
    .slice(-count)
    .join("\n");
}
