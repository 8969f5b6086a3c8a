import type { Abort } from './abort.js';
import { passed, type Clock } from './clock.js';
import type { Connection } from './connection.js';
import {
  ConnectionLostError,
  EffectUnknownError,
  PosternError,
  RefusedError,
  RelayProblemError,
  SessionUnusableError,
  TruncatedError,
} from './errors.js';
import type { Message } from './message-assembler.js';
import type { Octets } from './octets.js';
import type { PosternErrorCode } from './postern-error.js';
import type { Sessions } from './sessions.js';

/** What is sent, and how often at most. */
export interface Sending {
  /** The request as it leaves now: under its present `msg_id`, with the time that is left. */
  document(): Octets;
  /** Asks anew, under another `msg_id`, from now on: only where having its effect twice does no harm. */
  rename(): boolean;
  /** Whether having its effect twice does no harm. */
  readonly harmless: boolean;
  readonly attempts: number;
  /** Whether it may leave again after some of it had left. */
  readonly resend: boolean;
  readonly clock: Clock;
}

/** What a request may take to arrive where it is remembered. */
const ARRIVAL_MILLIS = 10_000;

/**
 * One request and its answer, over as many sessions as it takes: when a session ends before any of the answer was
 * handed over, the request goes out on the next one under the same `msg_id`, for as long as relays remember it.
 *
 * Once part of an answer was handed over nothing is sent again: another answer would not continue the first.
 */
export async function exchange(
  sessions: Sessions,
  sending: Sending,
  abort: Abort,
  onMessage: (message: Message) => void,
): Promise<void> {
  let begun = false;
  /** How the session was lost that had the request under its present `msg_id`, and whether relays may have forgotten it. */
  let lost: { error?: PosternError; readonly forgotten: () => boolean } | undefined;
  for (let attempt = 1; ; attempt++) {
    let connection: Connection | undefined;
    try {
      connection = await withRoom(sessions, abort);
      if (lost?.error !== undefined && lost.forgotten()) {
        if (!sending.rename()) {
          throw new EffectUnknownError(lost.error);
        }
        lost = undefined;
      }
      const forgotten = passed(connection.remembersMillis - ARRIVAL_MILLIS, sending.clock);
      const { over } = begin(connection, sending.document(), abort, (message) => {
        begun = true;
        onMessage(message);
      });
      lost ??= { forgotten };
      await over;
      sessions.succeeded();
      return;
    } catch (error) {
      if (isFull(error)) {
        attempt--;
        continue;
      }
      if (!begun && isUndecided(error) && attempt < sending.attempts && sending.rename()) {
        lost = undefined;
        continue;
      }
      const loss = isLoss(error);
      if (loss && connection !== undefined) {
        sessions.lost(connection);
      }
      if (begun) {
        throw loss ? new TruncatedError(error) : error;
      }
      if (loss && lost !== undefined) {
        lost.error = error;
      }
      if (loss && attempt < sending.attempts && (lost === undefined || sending.resend)) {
        continue;
      }
      // What keeps it from being asked about once more says nothing of what became of it.
      const unseen = lost?.error !== undefined && isUnseen(error) && !sending.harmless;
      throw lost === undefined || (isFinal(error) && !unseen) ? error : new EffectUnknownError(error);
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

/** Whether the relay knows that the request had begun, and not what became of it. */
function isUndecided(error: unknown): boolean {
  return error instanceof EffectUnknownError && error.cause instanceof RelayProblemError;
}

/** What ends a request for certain: the relay's own refusal or answer, and whoever asked. */
const FINAL: ReadonlySet<PosternErrorCode> = new Set([
  'problem',
  'effect-unknown',
  'answer-too-large',
  'malformed-answer',
  'cancelled',
  'deadline',
  'closed',
]);

/** Refusals of the moment, the token or the policy, which relays give before they look whether they know the request. */
const UNSEEN: ReadonlySet<string> = new Set([
  'overloaded',
  'revocation-unavailable',
  'token-expired',
  'forbidden',
  // A model that the token or the policy does not grant, and an upload that stalled.
  'unknown-model',
  'bad-request',
]);

function isUnseen(error: unknown): boolean {
  return error instanceof RelayProblemError && UNSEEN.has(error.problem.code);
}

function isFinal(error: unknown): boolean {
  if (error instanceof RefusedError) {
    return error.authenticated && !error.retryable;
  }
  return error instanceof PosternError && FINAL.has(error.code);
}

/** Whether the session was lost, and not the request refused. */
function isLoss(error: unknown): error is PosternError {
  if (error instanceof RefusedError) {
    // A stale challenge was tried twice already.
    return error.retryable && error.code !== 'challenge';
  }
  return error instanceof ConnectionLostError || error instanceof SessionUnusableError;
}
