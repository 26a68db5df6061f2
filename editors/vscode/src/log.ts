// One output channel for the client, the server's stderr and installations.

import { type LogOutputChannel, window } from "vscode";

export const log: LogOutputChannel = window.createOutputChannel("LintSeq", { log: true });
