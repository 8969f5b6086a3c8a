import { integer, MalformedContent, readObject, text, writeJson } from './json.js';
import type { Octets } from './octets.js';

/** What CLOSE says: why, and how many streams and frames there were, so that the other end sees what never came. */
export interface CloseSummary {
  readonly reason: string;
  readonly streams: number;
  readonly frames: number;
}

const MAX_REASON = 64;

export function writeSummary(summary: CloseSummary): Octets {
  if (summary.reason.length > MAX_REASON) {
    throw new RangeError(`a reason has at most ${MAX_REASON} characters`);
  }
  return writeJson(summary);
}

export function parseSummary(content: Octets): CloseSummary {
  const json = readObject(content);
  const summary = { reason: text(json, 'reason'), streams: integer(json, 'streams'), frames: integer(json, 'frames') };
  if (summary.reason.length > MAX_REASON) {
    throw new MalformedContent('a reason that is too long');
  }
  return summary;
}
