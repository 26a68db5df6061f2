// When a server that ended is started again.

/** Milliseconds before each new start; after the last one it is left to the user. */
export const DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 16_000] as const;
/** A server that ran so long ended for a new reason. */
export const HEALTHY_MS = 60_000;

export class Backoff {
  private crashes = 0;

  /** Milliseconds to wait after a server that ran for `ranMs`, or null: no further try. */
  next(ranMs: number): number | null {
    if (ranMs >= HEALTHY_MS) {
      this.crashes = 0;
    }
    const delay = DELAYS_MS[this.crashes];
    this.crashes += 1;
    return delay ?? null;
  }

  /** The user has done something about it. */
  reset(): void {
    this.crashes = 0;
  }
}
