import type { StreamProblem } from './stream-problem.js';

/** How a relay or gateway refuses a handshake or ends a session: one name on every wire. */
export type RefusalCode =
  | 'key-config'
  | 'challenge'
  | 'open-rejected'
  | 'forbidden'
  | 'open-replayed'
  | 'session-unknown'
  | 'too-large'
  | 'limit'
  | 'store-unavailable'
  | 'revocation-unavailable';

export type PosternErrorCode =
  | RefusalCode
  | 'configuration'
  | 'key-config-rejected'
  | 'handshake-failed'
  | 'unauthorized'
  | 'connection-lost'
  | 'truncated'
  | 'effect-unknown'
  | 'problem'
  | 'cancelled'
  | 'deadline'
  | 'answer-too-large'
  | 'malformed-answer'
  | 'session-unusable'
  | 'closed';

/** Everything this library throws on purpose. Switch on `code`; the message says what to do. */
export abstract class PosternError extends Error {
  abstract readonly code: PosternErrorCode;
  /** Whether the same call may succeed later, unchanged. */
  readonly retryable: boolean = false;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The client was set up in a way that cannot work. */
export class ConfigurationError extends PosternError {
  readonly code = 'configuration';
}

export type KeyConfigReason =
  'malformed' | 'untrusted-chain' | 'wrong-identity' | 'bad-signature' | 'wrong-audience' | 'not-yet-valid' | 'expired';

const KEY_CONFIG_ADVICE: Readonly<Record<KeyConfigReason, string>> = {
  malformed: 'It is no key configuration. Check that the gateway address is right.',
  'untrusted-chain': 'Its certificates lead to none of the trust anchors. Check trustAnchors; do not go on without.',
  'wrong-identity': 'It is not that of the expected relay. Check relayId; do not go on without.',
  'bad-signature': 'Its signature is not that of its certificate. Somebody altered it.',
  'wrong-audience': 'It is meant for another audience. Check audience.',
  'not-yet-valid': 'It begins more than an hour from now. Set the clock.',
  expired: 'It ended more than an hour ago. Set the clock, or ask for a current one.',
};

/** A key configuration that must not be used. The gateway that handed it on is not trusted with it. */
export class KeyConfigError extends PosternError {
  readonly code = 'key-config-rejected';

  constructor(readonly reason: KeyConfigReason) {
    super(`The relay's key configuration is refused (${reason}). ${KEY_CONFIG_ADVICE[reason]}`);
  }
}

export type HandshakeReason = 'no-common-suite' | 'unusable-offer' | 'malformed-accept' | 'forged-accept';

const HANDSHAKE_ADVICE: Readonly<Record<HandshakeReason, string>> = {
  'no-common-suite': 'The relay offers none of the permitted suites. Change suites only if policy permits it.',
  'unusable-offer': 'The relay published an unusable key or challenge. Report it to its operator.',
  'malformed-accept': 'The answer is no ACCEPT. Check that the gateway speaks SSP1.',
  'forged-accept': 'The answer is not from the relay that was asked, or was altered on the way. Report it.',
};

/** The handshake cannot be completed. Its keys are gone; nothing was sent under them. */
export class HandshakeError extends PosternError {
  readonly code = 'handshake-failed';

  constructor(readonly reason: HandshakeReason) {
    super(`The handshake failed (${reason}). ${HANDSHAKE_ADVICE[reason]}`);
  }
}

const REFUSAL_ADVICE: Readonly<Record<RefusalCode, string>> = {
  'key-config': 'The relay does not know the key any more. Try again: the configuration is fetched anew.',
  challenge: 'The challenge was stale twice. Try again later.',
  'open-rejected': 'Token or proof was not accepted. Get a new relay token for this proof key, then call again.',
  forbidden: 'Policy forbids it, or access was revoked. Stop; ask whoever administers access.',
  'open-replayed': 'This OPEN was seen before. Try again.',
  'session-unknown': 'The session is over. Try again.',
  'too-large': 'A message was too large. Send less.',
  limit: 'Too many sessions or messages. Wait, then try again.',
  'store-unavailable': 'The relay cannot check for replays right now and refuses. Try again later.',
  'revocation-unavailable': 'The relay cannot check for revocation right now and refuses. Try again later.',
};

const PERMANENT: ReadonlySet<RefusalCode> = new Set(['open-rejected', 'forbidden', 'too-large']);

/** The relay refused a handshake or ended a session. Unless `authenticated`, anybody on the way could have said so. */
export class RefusedError extends PosternError {
  override readonly retryable: boolean;

  constructor(
    readonly code: RefusalCode,
    readonly authenticated: boolean = false,
  ) {
    super(`Refused (${code}). ${REFUSAL_ADVICE[code]}`);
    this.retryable = !PERMANENT.has(code);
  }
}

/** The gateway did not accept its token. */
export class UnauthorizedError extends PosternError {
  readonly code = 'unauthorized';

  constructor() {
    super('The gateway did not accept the token. Get a new gateway token, then call again.');
  }
}

/** The connection could not be made, or broke, before an answer began. */
export class ConnectionLostError extends PosternError {
  readonly code = 'connection-lost';
  override readonly retryable = true;

  constructor(what: string) {
    super(`${what} Try again; if it persists, check the gateway address and the network.`);
  }
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

/** The session ended after the request had left, and the caller wants it sent once only. */
export class EffectUnknownError extends PosternError {
  readonly code = 'effect-unknown';

  /** @param cause how the session ended */
  constructor(cause?: PosternError) {
    super('Whether the request took effect is not known. Ask again under the same msgId, which has one effect.', {
      cause,
    });
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

export type UnusableReason = 'closed' | 'expired' | 'stream-ended' | 'stream-limit' | 'frame-limit';

/** A frame cannot be sealed on this session or stream any more. */
export class SessionUnusableError extends PosternError {
  readonly code = 'session-unusable';
  override readonly retryable = true;

  constructor(readonly reason: UnusableReason) {
    super(`The session or stream takes nothing more (${reason}). Use another.`);
  }
}

/** The client was closed. */
export class ClosedError extends PosternError {
  readonly code = 'closed';

  constructor() {
    super('The client is closed. Make a new one.');
  }
}
