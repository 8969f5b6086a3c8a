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
