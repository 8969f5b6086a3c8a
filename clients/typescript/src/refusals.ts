import {
  ConnectionLostError,
  EffectUnknownError,
  RefusedError,
  RelayProblemError,
  type PosternError,
  type RefusalCode,
} from './errors.js';
import type { StreamProblem } from './stream-problem.js';

const CLOSE_CODES: Readonly<Record<RefusalCode, number>> = {
  'key-config': 4422,
  challenge: 4401,
  'open-rejected': 4401,
  forbidden: 4403,
  'open-replayed': 4409,
  'session-unknown': 4410,
  limit: 4429,
  'too-large': 4429,
  'store-unavailable': 4503,
  'revocation-unavailable': 4503,
};

/** Where the reason says nothing that fits the code. */
const CODES_ALONE: ReadonlyMap<number, RefusalCode> = new Map([
  [4401, 'open-rejected'],
  [4403, 'forbidden'],
  [4409, 'open-replayed'],
  [4410, 'session-unknown'],
  [4422, 'key-config'],
  [4429, 'limit'],
  [4503, 'store-unavailable'],
]);

/** What a closed WebSocket says. Anybody on the way may have said it: a hint, never a reason to step down. */
export function errorOfSocketClose(code: number, reason: string): PosternError {
  if (isRefusalCode(reason) && CLOSE_CODES[reason] === code) {
    return new RefusedError(reason);
  }
  const alone = CODES_ALONE.get(code);
  return alone === undefined ? new ConnectionLostError('The connection to the relay ended.') : new RefusedError(alone);
}

/** What the relay's own CLOSE says, authentically. */
export function errorOfSessionClose(reason: string): PosternError {
  switch (reason) {
    case 'revoked':
      return new RefusedError('forbidden', true);
    case 'frame-limit':
      return new RefusedError('limit', true);
    default:
      return new RefusedError('session-unknown', true);
  }
}

/** What the relay's ERROR on a stream says, authentically. */
export function errorOfProblem(problem: StreamProblem): PosternError {
  const error = new RelayProblemError(problem);
  return problem.code === 'effect-unknown' ? new EffectUnknownError(error) : error;
}

/** What the gateway's HTTP status says. */
export function refusalOfStatus(status: number): RefusedError | undefined {
  switch (status) {
    case 403:
      return new RefusedError('forbidden');
    case 429:
      return new RefusedError('limit');
    case 503:
      return new RefusedError('store-unavailable');
    default:
      return undefined;
  }
}

function isRefusalCode(text: string): text is RefusalCode {
  return Object.hasOwn(CLOSE_CODES, text);
}
