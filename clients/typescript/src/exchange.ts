import type { Abort } from './abort.js';
import type { Connection } from './connection.js';
import { PosternError, RefusedError, SessionUnusableError, TruncatedError, ConnectionLostError } from './errors.js';
import type { Message } from './message-assembler.js';
import type { Octets } from './octets.js';
import type { Sessions } from './sessions.js';

/**
 * One request and its answer, over as many sessions as it takes and at most `attempts`: when a session ends before any
 * of the answer was handed over, the same document, with the same `msg_id`, goes out on the next one.
 *
 * Once part of an answer was handed over nothing is sent again: another answer would not continue the first.
 */
export async function exchange(
  sessions: Sessions,
  request: Octets,
  attempts: number,
  abort: Abort,
  onMessage: (message: Message) => void,
): Promise<void> {
  let begun = false;
  for (let attempt = 1; ; attempt++) {
    try {
      const connection = await abort.race(sessions.connection());
      await carry(connection, request, abort, (message) => {
        begun = true;
        onMessage(message);
      });
      sessions.succeeded();
      return;
    } catch (error) {
      if (!isLoss(error)) {
        throw error;
      }
      sessions.failed();
      if (begun) {
        throw new TruncatedError(error);
      }
      if (attempt >= attempts) {
        throw error;
      }
    }
  }
}

/** Sends the request on one session and waits until its answer ends. */
function carry(
  connection: Connection,
  request: Octets,
  abort: Abort,
  onMessage: (message: Message) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    abort.signal.throwIfAborted();
    const cancel = (): void => {
      connection.cancel(stream);
      reject(abort.signal.reason);
    };
    const stream = connection.begin(request, {
      message(message) {
        onMessage(message);
        if (message.last) {
          abort.signal.removeEventListener('abort', cancel);
          resolve();
        }
      },
      failed(error) {
        abort.signal.removeEventListener('abort', cancel);
        reject(error);
      },
    });
    abort.signal.addEventListener('abort', cancel, { once: true });
  });
}

/** Whether the session was lost, and not the request refused. */
function isLoss(error: unknown): error is PosternError {
  if (error instanceof RefusedError) {
    // A stale challenge was tried twice already.
    return error.retryable && error.code !== 'challenge';
  }
  return error instanceof ConnectionLostError || error instanceof SessionUnusableError;
}
