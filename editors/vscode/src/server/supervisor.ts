// Starts the server, starts it again after a crash, and knows at any time where it stands.

import { type Disposable, EventEmitter, type TextDocument } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { type Launch, type Missing, isLaunch } from "../environment/find";
import { log } from "../log";
import { Backoff } from "./backoff";
import { createClient } from "./client";
import { ServerProcess } from "./process";
import { type Status, StatusChanged, StatusRequest } from "./protocol";
import type { Process } from "./state";

export interface Surroundings {
  find(): Promise<Launch | Missing>;
  /** A folder of the extension's own, to run in. */
  readonly storage: string;
  wantsGhostText(document: TextDocument): boolean;
  takesCommand(command: string, args: unknown[]): boolean;
}

export class Supervisor implements Disposable {
  private readonly changes = new EventEmitter<void>();
  readonly onDidChange = this.changes.event;
  process: Process = { kind: "stopped" };
  status: Status | null = null;
  launch: Launch | null = null;

  private running: { client: LanguageClient; server: ServerProcess } | null = null;
  private readonly backoff = new Backoff();
  private timer: NodeJS.Timeout | undefined;
  // Counts starts and stops: what an older one was waiting for no longer matters.
  private generation = 0;

  constructor(private readonly around: Surroundings) {}

  /** The client, if there is a server to talk to. */
  get client(): LanguageClient | null {
    return this.process.kind === "running" ? (this.running?.client ?? null) : null;
  }

  /** Start, or start again, because the user asked or something was installed. */
  async restart(): Promise<void> {
    this.backoff.reset();
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    this.generation += 1;
    clearTimeout(this.timer);
    const { running } = this;
    this.running = null;
    this.set({ kind: "stopped" });
    if (running !== null) {
      await end(running.client);
      running.server.kill();
    }
  }

  dispose(): void {
    void this.stop();
    this.changes.dispose();
  }

  /** The figures now; the notification leaves some out. */
  async askStatus(): Promise<Status | null> {
    const answer = await this.client?.sendRequest(StatusRequest, null);
    if (answer !== undefined) {
      this.status = answer;
      this.changes.fire();
    }
    return answer ?? null;
  }

  /** Show that the server is being installed. */
  installing(reason: string): void {
    this.set({ kind: "installing", reason });
  }

  private async start(): Promise<void> {
    const generation = ++this.generation;
    this.set({ kind: "starting" });
    const found = await this.around.find();
    if (generation !== this.generation) {
      return;
    }
    if (!isLaunch(found)) {
      log.warn(found.reason);
      this.set({ kind: "missing", reason: found.reason });
      return;
    }
    this.launch = found;
    log.info(`Starting ${[found.command, ...found.args].join(" ")} (from ${found.origin})`);
    await this.connect(found, generation);
  }

  private async connect(launch: Launch, generation: number): Promise<void> {
    let server: ServerProcess;
    try {
      server = await ServerProcess.start(launch, this.around.storage);
    } catch (error) {
      this.set({ kind: "crashed", reason: (error as Error).message, retryMs: null });
      return;
    }
    const client = createClient(server, {
      closed: () => this.closed(server, generation),
      wantsGhostText: (document) => this.around.wantsGhostText(document),
      takesCommand: (command, args) => this.around.takesCommand(command, args),
    });
    this.running = { client, server };
    this.status = null;
    client.onNotification(StatusChanged, (status) => {
      this.status = status;
      this.changes.fire();
    });
    try {
      await client.start();
    } catch (error) {
      log.error(`The server did not start: ${(error as Error).message}`);
      server.kill();
      this.closed(server, generation);
      return;
    }
    if (generation === this.generation) {
      this.set({ kind: "running" });
      await this.askStatus();
    }
  }

  private closed(server: ServerProcess, generation: number): void {
    if (generation !== this.generation) {
      return;
    }
    const crashed = ++this.generation;
    this.running = null;
    // The process tells its end a moment after its pipes are gone.
    setTimeout(() => {
      if (crashed !== this.generation) {
        return;
      }
      const reason = server.why();
      const retryMs = this.backoff.next(server.ranMs);
      log.error(reason);
      this.set({ kind: "crashed", reason, retryMs });
      if (retryMs !== null) {
        this.timer = setTimeout(() => void this.start(), retryMs);
      }
    }, 200);
  }

  private set(process: Process): void {
    this.process = process;
    this.changes.fire();
  }
}

async function end(client: LanguageClient): Promise<void> {
  try {
    await client.dispose(3_000);
  } catch (error) {
    log.debug(`The client did not end well: ${(error as Error).message}`);
  }
}
