import { CancelledError, DeadlineError, type PosternError } from './errors.js';

/** Why a call ends early: the caller's signal, its deadline, or its reader going away. Dispose of it after the call. */
export class Abort {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #cancel = (): void => this.abort(new CancelledError());

  constructor(outer: AbortSignal | undefined, deadlineMillis: number | undefined) {
    this.#outer = outer;
    outer?.addEventListener('abort', this.#cancel, { once: true });
    if (outer?.aborted === true) {
      this.#cancel();
    }
    this.#timer =
      deadlineMillis === undefined ? undefined : setTimeout(() => this.abort(new DeadlineError()), deadlineMillis);
  }

  /** Ends the call. The first reason counts. */
  abort(reason: PosternError): void {
    this.#controller.abort(reason);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What a promise gives, or the reason to stop waiting for it. */
  async race<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this;
    let stop: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      signal.throwIfAborted();
      return await Promise.race([promise, aborted]);
    } finally {
      signal.removeEventListener('abort', stop!);
      promise.catch(() => undefined);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#cancel);
  }
}
