import type { Abort } from './abort.js';
import type { Connection } from './connection.js';
import {
  ConnectionLostError,
  EffectUnknownError,
  PosternError,
  RefusedError,
  SessionUnusableError,
  TruncatedError,
} from './errors.js';
import type { Message } from './message-assembler.js';
import type { Octets } from './octets.js';
import type { Sessions } from './sessions.js';

/** What is sent, and how often at most. */
export interface Sending {
  readonly document: Octets;
  readonly attempts: number;
  /** Whether it may leave again after some of it had left. */
  readonly resend: boolean;
}

/**
 * One request and its answer, over as many sessions as it takes: when a session ends before any of the answer was
 * handed over, the same document, with the same `msg_id`, goes out on the next one.
 *
 * Once part of an answer was handed over nothing is sent again: another answer would not continue the first.
 */
export async function exchange(
  sessions: Sessions,
  sending: Sending,
  abort: Abort,
  onMessage: (message: Message) => void,
): Promise<void> {
  let sent = false;
  let begun = false;
  for (let attempt = 1; ; attempt++) {
    let connection: Connection | undefined;
    try {
      connection = await withRoom(sessions, abort);
      const { over } = begin(connection, sending.document, abort, (message) => {
        begun = true;
        onMessage(message);
      });
      sent = true;
      await over;
      sessions.succeeded();
      return;
    } catch (error) {
      if (isFull(error)) {
        attempt--;
        continue;
      }
      if (!isLoss(error)) {
        throw error;
      }
      if (connection !== undefined) {
        sessions.lost(connection);
      }
      if (begun) {
        throw new TruncatedError(error);
      }
      if (sent && !sending.resend) {
        throw new EffectUnknownError(error);
      }
      if (attempt >= sending.attempts) {
        throw error;
      }
    }
  }
}

async function withRoom(sessions: Sessions, abort: Abort): Promise<Connection> {
  for (;;) {
    const connection = await abort.race(sessions.connection());
    if (connection.hasRoom || connection.over) {
      return connection;
    }
    await abort.race(connection.room());
  }
}

/**
 * Sends the request on one session.
 *
 * @returns a promise, wrapped so that nobody awaits it by accident, that the answer ends
 * @throws SessionUnusableError when nothing of it was sent
 */
function begin(
  connection: Connection,
  request: Octets,
  abort: Abort,
  onMessage: (message: Message) => void,
): { over: Promise<void> } {
  abort.signal.throwIfAborted();
  let cancel: (() => void) | undefined;
  const done = (): void => abort.signal.removeEventListener('abort', cancel!);
  let listener: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  const over = new Promise<void>((resolve, reject) => {
    listener = { resolve, reject };
  });
  const stream = connection.begin(request, {
    message(message) {
      onMessage(message);
      if (message.last) {
        done();
        listener!.resolve();
      }
    },
    failed(error) {
      done();
      listener!.reject(error);
    },
  });
  cancel = () => {
    connection.cancel(stream);
    listener!.reject(abort.signal.reason);
  };
  abort.signal.addEventListener('abort', cancel, { once: true });
  return { over };
}

function isFull(error: unknown): boolean {
  return error instanceof SessionUnusableError && error.reason === 'stream-limit';
}

/** Whether the session was lost, and not the request refused. */
function isLoss(error: unknown): error is PosternError {
  if (error instanceof RefusedError) {
    // A stale challenge was tried twice already.
    return error.retryable && error.code !== 'challenge';
  }
  return error instanceof ConnectionLostError || error instanceof SessionUnusableError;
}
