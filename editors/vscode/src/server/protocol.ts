// The server's own requests; docs/protocol.md describes them.

import { NotificationType, RequestType } from "vscode-languageclient/node";
import type { Position, WorkspaceEdit } from "vscode-languageclient/node";

export interface Status {
  readonly state: "loading" | "ready" | "busy" | "silent";
  readonly reason: string;
  readonly model: string | null;
  readonly latency: {
    readonly count: number;
    readonly p50: number | null;
    readonly p90: number | null;
  };
  readonly counts: Readonly<Record<string, number>> | null;
  readonly memory_mb: number | null;
}

export interface ProposeParameters {
  readonly uri: string;
  readonly version: number;
  readonly position: Position;
  readonly kind: "implement" | "nextEdit" | "instruct";
  readonly end?: Position;
  readonly instruction?: string;
}

export interface Step {
  readonly number: number;
  readonly label: string;
  readonly edit: WorkspaceEdit;
  readonly diff: string;
}

export interface Steps {
  readonly id: number | null;
  readonly steps: readonly Step[];
  readonly silent: string | null;
  readonly ms: number;
}

export interface StepParameters {
  readonly uri: string;
  readonly version: number;
  readonly id: number;
  readonly step?: number;
}

export interface Moved {
  readonly edit: WorkspaceEdit | null;
  readonly steps: readonly Step[];
  readonly taken: readonly number[];
  readonly silent: string | null;
}

export interface Place {
  readonly uri: string;
  readonly version: number;
  readonly position: Position;
}

export const StatusChanged = new NotificationType<Status>("lintseq/status");
export const StatusRequest = new RequestType<null, Status, void>("lintseq/status");
export const StepsRequest = new RequestType<ProposeParameters, Steps, void>("lintseq/steps");
export const AcceptRequest = new RequestType<StepParameters, Moved, void>("lintseq/accept");
export const SkipRequest = new RequestType<StepParameters, Moved, void>("lintseq/skip");
export const UndoRequest = new RequestType<StepParameters, Moved, void>("lintseq/undo");
export const RejectRequest = new RequestType<Place, { rejected: boolean }, void>("lintseq/reject");
