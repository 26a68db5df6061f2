// What the user can expect right now, from everything that is known, as words and an icon.

import type { Status } from "./protocol";

/** Where the server's process stands. */
export type Process =
  | { readonly kind: "missing"; readonly reason: string }
  | { readonly kind: "installing"; readonly reason: string }
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  | { readonly kind: "crashed"; readonly reason: string; readonly retryMs: number | null }
  | { readonly kind: "stopped" };

export interface Situation {
  readonly process: Process;
  readonly status: Status | null;
  /** Why nothing is proposed for the text on screen whatever the server says; "" if nothing. */
  readonly off: string;
  readonly stepping: string;
}

export interface Shown {
  readonly icon: string;
  readonly state: string;
  readonly reason: string;
  readonly isTrouble: boolean;
}

export function shown(situation: Situation): Shown {
  const { process, status } = situation;
  switch (process.kind) {
    case "missing":
      return trouble("cloud-download", "not installed", process.reason);
    case "installing":
      return calm("sync~spin", "installing", process.reason);
    case "starting":
      return calm("loading~spin", "starting", "");
    case "crashed":
      return trouble(
        "error",
        "stopped",
        process.retryMs === null
          ? process.reason
          : `${process.reason} It starts again in ${Math.round(process.retryMs / 1000)} s.`,
      );
    case "stopped":
      return calm("circle-slash", "stopped", "");
    case "running":
      break;
  }
  if (situation.off) {
    return calm("circle-slash", "off", situation.off);
  }
  if (situation.stepping) {
    return calm("list-ordered", "stepping", situation.stepping);
  }
  switch (status?.state) {
    case "ready":
      return calm("check", "ready", status.reason);
    case "busy":
      return calm("sync~spin", "busy", status.reason);
    case "silent":
      return status.model === null
        ? trouble("warning", "no model", status.reason)
        : calm("comment", "silent", status.reason);
    default:
      return calm("loading~spin", "loading", status?.reason ?? "the model is being loaded");
  }
}

function calm(icon: string, state: string, reason: string): Shown {
  return { icon, state, reason, isTrouble: false };
}

function trouble(icon: string, state: string, reason: string): Shown {
  return { icon, state, reason, isTrouble: true };
}
