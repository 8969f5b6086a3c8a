import type { Clock } from './clock.js';

/** How attempts are spaced and bounded. */
export interface BackoffSettings {
  /** Attempts in all for one request, the first included. */
  readonly attempts: number;
  readonly baseMillis: number;
  readonly maxMillis: number;
}

export const DEFAULT_BACKOFF: BackoffSettings = { attempts: 4, baseMillis: 250, maxMillis: 5_000 };

/** Exponential back-off with full jitter, shared by all requests of a client: one reconnects, the others wait. */
export class Backoff {
  #failures = 0;
  #notBefore = 0;

  constructor(
    private readonly settings: BackoffSettings,
    private readonly clock: Clock,
  ) {}

  failed(): void {
    const longest = Math.min(this.settings.maxMillis, this.settings.baseMillis * 2 ** this.#failures);
    this.#failures++;
    // Jitter needs no secrecy.
    this.#notBefore = this.clock() + Math.random() * longest;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#notBefore = 0;
  }

  async wait(): Promise<void> {
    const millis = this.#notBefore - this.clock();
    if (millis > 0) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(millis, this.settings.maxMillis)));
    }
  }
}
