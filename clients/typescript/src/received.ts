import type { ContentType } from './inner-plaintext.js';
import type { Octets } from './octets.js';
import type { StreamProblem } from './stream-problem.js';

/**
 * Why a received frame changed nothing. The sender is told nothing: an injector must not be able to end a session.
 * Count them.
 */
export type DropReason =
  | 'malformed'
  | 'too-large'
  | 'unknown-session'
  | 'reflected'
  | 'unknown-epoch'
  | 'epoch-retired'
  | 'frame-limit'
  | 'duplicate'
  | 'too-old'
  | 'bad-tag'
  | 'bad-idx'
  | 'stream-ended'
  | 'unknown-stream'
  | 'stream-limit'
  | 'revoked'
  | 'closed';

/** What became of a received frame. */
export type Received =
  | Delivered
  /** The relay ended a stream with a problem. Stream 0 is the session as a whole. */
  | { readonly kind: 'stream-error'; readonly stream: number; readonly problem: StreamProblem }
  /** Everything sealed from now on is sealed under this epoch. */
  | { readonly kind: 'key-updated'; readonly epoch: number }
  | Closed
  | { readonly kind: 'dropped'; readonly reason: DropReason };

/** Authentic, fresh and in order. */
export interface Delivered {
  readonly kind: 'delivered';
  readonly stream: number;
  readonly idx: number;
  readonly fin: boolean;
  readonly type: ContentType;
  readonly content: Octets;
}

/**
 * The peer closed the session. `truncated` lists the streams it left without a FIN, `missingFrames` counts frames it
 * says it sent and that never arrived. Either is an error for whoever waited.
 */
export interface Closed {
  readonly kind: 'closed';
  readonly reason: string;
  readonly truncated: readonly number[];
  readonly missingFrames: number;
}
