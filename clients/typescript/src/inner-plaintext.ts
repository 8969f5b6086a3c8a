import { MAX_PLAINTEXT } from './frame-header.js';
import type { Octets } from './octets.js';

/** What a content is. `bytes` is also every chunk but the last of a content that is longer than one frame. */
export type ContentType = 'json' | 'problem' | 'cbor' | 'bytes';

const TYPES: readonly (ContentType | undefined)[] = [undefined, 'json', 'problem', 'cbor', 'bytes'];
const SMALLEST = 256;

/** The most content one frame carries: its type takes one octet. */
export const MAX_CONTENT = MAX_PLAINTEXT - 1;

/** The octet of a content type. */
export function codeOf(type: ContentType): number {
  return TYPES.indexOf(type);
}

/** The next power of two from 256 octets to 16 KiB that holds a content and its type: a length tells a bucket only. */
export function paddedLength(contentLength: number): number {
  if (contentLength > MAX_CONTENT) {
    throw new RangeError(`a frame carries ${MAX_CONTENT} octets, not ${contentLength}`);
  }
  let bucket = SMALLEST;
  while (bucket <= contentLength) {
    bucket *= 2;
  }
  return bucket;
}

/** Splits `content || type || zeros` (RFC 8446 s5.4), or nothing when there is no known type. Erases the plaintext. */
export function parseInner(plaintext: Octets): { type: ContentType; content: Octets } | undefined {
  let end = plaintext.length - 1;
  while (end >= 0 && plaintext[end] === 0) {
    end--;
  }
  const type = end < 0 ? undefined : TYPES[plaintext[end]!];
  const inner = type === undefined ? undefined : { type, content: plaintext.slice(0, end) };
  plaintext.fill(0);
  return inner;
}
