// The language client: which texts, what it is told of the settings, and what is answered here.

import { type TextDocument, env } from "vscode";
import {
  type CloseHandlerResult,
  CloseAction,
  type ConfigurationParams,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
} from "vscode-languageclient/node";
import { log } from "../log";
import { SECTION, isEnabled, serverOptions } from "../settings";
import type { ServerProcess } from "./process";

export interface Hooks {
  /** The connection is gone, and nobody asked for that. */
  closed(): void;
  /** Whether the server's own ghost text is wanted for this text now. */
  wantsGhostText(document: TextDocument): boolean;
  /** Run one of the server's commands here instead; false if it is the server's to run. */
  takesCommand(command: string, args: unknown[]): boolean;
}

/** A client of a process that runs already. */
export function createClient(server: ServerProcess, hooks: Hooks): LanguageClient {
  const options: LanguageClientOptions = {
    // Not the cells of notebooks: the server is told of no notebook.
    documentSelector: [
      { scheme: "file", language: "python" },
      { scheme: "untitled", language: "python" },
    ],
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: serverOptions(),
    initializationFailedHandler: () => false,
    synchronize: { configurationSection: SECTION },
    markdown: { isTrusted: false },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue }),
      closed: (): CloseHandlerResult => {
        hooks.closed();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    middleware: {
      provideInlineCompletionItems: (document, position, context, token, next) =>
        isEnabled(document) && hooks.wantsGhostText(document)
          ? next(document, position, context, token)
          : null,
      provideCodeActions: (document, range, context, token, next) =>
        isEnabled(document) ? next(document, range, context, token) : null,
      executeCommand: async (command, args, next) =>
        hooks.takesCommand(command, args) ? undefined : ((await next(command, args)) as unknown),
      workspace: {
        // Only what is the server's, and only what somebody has set.
        configuration: async (params: ConfigurationParams) =>
          await Promise.resolve(
            params.items.map((item) => (item.section === SECTION ? serverOptions() : null)),
          ),
      },
    },
  };
  const transport = async () => await Promise.resolve(server.child);
  const client = new LanguageClient(SECTION, `LintSeq on ${env.appName}`, transport, options);
  return client;
}
