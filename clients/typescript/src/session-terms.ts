import { decodeBase64Url } from './base64.js';
import { integer, MalformedContent, object, readObject, text } from './json.js';
import type { Octets } from './octets.js';
import { isWindowSize } from './replay-window.js';
import { CHALLENGE_LENGTH } from './transcript.js';

/** What a relay grants a session. Times are milliseconds. */
export interface SessionTerms {
  /** By the relay's clock. */
  readonly expires: number;
  readonly epochFrames: number;
  readonly windowBits: number;
  readonly maxStreams: number;
  readonly idleMillis: number;
  /** For how long the relay says it remembers a `msg_id`. */
  readonly idempotencyMillis: number;
}

/** The JSON in ACCEPT. */
export interface Grant {
  readonly serverTime: number;
  readonly terms: SessionTerms;
  readonly nextChallenge: string;
}

const MAX_EPOCH_SECONDS = 60;
const MAX_EPOCH_FRAMES = 1 << 16;
const MAX_STREAMS = 1 << 16;

export function parseGrant(content: Octets): Grant {
  const json = readObject(content);
  const epoch = object(json, 'epoch');
  const epochSeconds = integer(epoch, 'seconds');
  const terms: SessionTerms = {
    expires: integer(json, 'session_exp'),
    epochFrames: integer(epoch, 'frames'),
    windowBits: integer(json, 'window'),
    maxStreams: integer(json, 'streams'),
    idleMillis: 1000 * integer(json, 'idle'),
    idempotencyMillis: 1000 * integer(json, 'idempotency_ttl'),
  };
  const sound =
    epochSeconds >= 1 &&
    epochSeconds <= MAX_EPOCH_SECONDS &&
    terms.epochFrames >= 1 &&
    terms.epochFrames <= MAX_EPOCH_FRAMES &&
    isWindowSize(terms.windowBits) &&
    terms.maxStreams >= 1 &&
    terms.maxStreams <= MAX_STREAMS &&
    terms.idleMillis > 0;
  const nextChallenge = text(json, 'next_challenge');
  if (!sound || decodeBase64Url(nextChallenge, CHALLENGE_LENGTH) === undefined) {
    throw new MalformedContent('terms out of bounds');
  }
  return { serverTime: integer(json, 'server_time'), terms, nextChallenge };
}
