import { PosternError, type RefusalCode } from './postern-error.js';

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

export type UnusableReason = 'closed' | 'expired' | 'stream-ended' | 'stream-limit' | 'frame-limit';

/** A frame cannot be sealed on this session or stream any more. */
export class SessionUnusableError extends PosternError {
  readonly code = 'session-unusable';
  override readonly retryable = true;

  constructor(readonly reason: UnusableReason) {
    super(`The session or stream takes nothing more (${reason}). Use another.`);
  }
}
