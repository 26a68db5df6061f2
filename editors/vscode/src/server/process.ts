// The server's process: its last words are kept, to tell why it ended.

import { type ChildProcess, spawn } from "node:child_process";
import type { Launch } from "../environment/find";
import { lastLines } from "../environment/run";

const KEPT_CHARACTERS = 8_000;

export class ServerProcess {
  private words = "";
  private ended: string | null = null;
  private readonly startedAt = Date.now();

  private constructor(readonly child: ChildProcess) {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.words = (this.words + text).slice(-KEPT_CHARACTERS);
    });
    child.on("exit", (status, signal) => {
      this.ended = signal === null ? `with status ${status}` : `by the signal ${signal}`;
    });
  }

  /** The running process; rejects with a sentence if it cannot be started. */
  static async start(launch: Launch, cwd: string): Promise<ServerProcess> {
    const child = spawn(launch.command, launch.args, {
      cwd,
      windowsHide: true,
      env: { ...process.env, PYTHONUTF8: "1" },
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) =>
        reject(new Error(`${launch.command} cannot be started: ${error.message}`)),
      );
    });
    return new ServerProcess(child);
  }

  get ranMs(): number {
    return Date.now() - this.startedAt;
  }

  /** Why it is gone, as far as it said. */
  why(): string {
    const how = `The server ended ${this.ended ?? "its connection"}`;
    const words = lastLines(this.words, 1);
    return words ? `${how}: ${words}` : `${how}.`;
  }

  kill(): void {
    this.child.kill();
  }
}
