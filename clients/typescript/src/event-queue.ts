import { AnswerTooLargeError } from './errors.js';
import type { Octets } from './octets.js';

/** What an event takes beside its octets, so that empty ones are not free. */
const OVERHEAD = 256;

/**
 * Events between the session, which cannot be held back, and their one reader. Bounded in octets: a reader who is too
 * slow loses the answer, not the page's memory.
 */
export class EventQueue {
  readonly #maxBytes: number;
  readonly #events: Octets[] = [];
  #bytes = 0;
  #wake: (() => void) | undefined;
  #end: { readonly error?: unknown } | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @throws AnswerTooLargeError when more waits than may; a single event always may */
  put(event: Octets): void {
    this.#bytes += OVERHEAD + event.length;
    if (this.#bytes > this.#maxBytes && this.#events.length > 0) {
      throw new AnswerTooLargeError();
    }
    this.#events.push(event);
    this.#wake?.();
  }

  /** Nothing more comes; the reader still gets what waits. */
  end(): void {
    this.#end ??= {};
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  /** The next event, or nothing at the end. For one reader. */
  async take(): Promise<Octets | undefined> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) {
        this.#bytes -= OVERHEAD + event.length;
        return event;
      }
      if (this.#end !== undefined) {
        if ('error' in this.#end) {
          throw this.#end.error;
        }
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
