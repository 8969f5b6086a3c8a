import { PosternError } from './postern-error.js';
import type { StreamProblem } from './stream-problem.js';

/** The client was set up in a way that cannot work. */
export class ConfigurationError extends PosternError {
  readonly code = 'configuration';
}

/** An answer began and did not end. What came of it is genuine, but not the whole. */
export class TruncatedError extends PosternError {
  readonly code = 'truncated';
  override readonly retryable = true;

  /** @param cause how the session ended */
  constructor(cause?: PosternError) {
    super('The answer was cut off before its end. Discard it, or ask again.', { cause });
  }
}

/** The relay answered with a problem, authentically. */
export class RelayProblemError extends PosternError {
  readonly code = 'problem';
  override readonly retryable: boolean;

  constructor(readonly problem: StreamProblem) {
    super(`The relay refused the request (${problem.code}): ${problem.title}`);
    this.retryable = problem.status === 429 || problem.status >= 502;
  }
}

/**
 * The request, or some of it, had left, and nobody knows whether it took effect: neither this client, nor, when the
 * cause says so, the relay. It is never thrown where nothing had left.
 */
export class EffectUnknownError extends PosternError {
  readonly code = 'effect-unknown';

  /** @param cause how the session ended, why there was no other, or the relay's refusal to decide */
  constructor(cause: unknown) {
    super(
      cause instanceof RelayProblemError && cause.problem.code === 'effect-unknown'
        ? 'The relay cannot tell whether the request took effect. Ask again under a new msgId if twice does no harm.'
        : 'Whether the request took effect is not known. Asked again soon, under the same msgId, it has one effect.',
      { cause },
    );
  }
}

/** The caller's signal aborted the call. */
export class CancelledError extends PosternError {
  readonly code = 'cancelled';

  constructor() {
    super('Cancelled by the caller.');
  }
}

/** No answer in the time the caller allowed. */
export class DeadlineError extends PosternError {
  readonly code = 'deadline';
  override readonly retryable = true;

  constructor() {
    super('No answer within the deadline. Allow more time, or ask for less.');
  }
}

/** The answer, or what the caller has not read of it, is larger than the client was told to hold. */
export class AnswerTooLargeError extends PosternError {
  readonly code = 'answer-too-large';

  constructor() {
    super('The answer is larger than maxAnswerBytes. Raise it, read faster, or ask for less.');
  }
}

/** An authentic answer that is not what this call expects. */
export class MalformedAnswerError extends PosternError {
  readonly code = 'malformed-answer';

  constructor() {
    super(
      'The answer is not of the expected form. Use stream() for streamed answers and chat() or request() for others.',
    );
  }
}

/** The client was closed. */
export class ClosedError extends PosternError {
  readonly code = 'closed';

  constructor() {
    super('The client is closed. Make a new one.');
  }
}
