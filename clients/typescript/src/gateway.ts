import { ConfigurationError, ConnectionLostError, UnauthorizedError } from './errors.js';
import { array, isObject, MalformedContent, readObject, text } from './json.js';
import { concatenate, type Octets } from './octets.js';
import { refusalOfStatus } from './refusals.js';

/** A relay as the gateway names it, unverified. */
export interface OfferedRelay {
  readonly keyConfig: string;
  readonly challenge: string;
}

const MAX_RELAYS = 64;
const MAX_ANSWER = 1024 * 1024;
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
/** The characters of a token that may be part of a WebSocket subprotocol (RFC 9110 s5.6.2). */
const SUBPROTOCOL = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/;

/** The gateway's two addresses of SSP1. It is trusted with routing and with its own token, with nothing else. */
export class Gateway {
  readonly #base: URL;
  readonly #fetch: typeof fetch;

  constructor(base: string | URL, fetcher: typeof fetch) {
    this.#base = parse(base);
    this.#fetch = fetcher;
  }

  /** `GET /ssp1/key-config`. */
  async relays(token: string, timeoutMillis: number): Promise<readonly OfferedRelay[]> {
    const answer = await this.#get(token, timeoutMillis);
    if (answer.status === 401) {
      throw new UnauthorizedError();
    }
    if (answer.status !== 200) {
      throw refusalOfStatus(answer.status) ?? new ConnectionLostError(`The gateway answered ${answer.status}.`);
    }
    try {
      const json = readObject(answer.body);
      return array(json, 'relays', MAX_RELAYS)
        .filter(isObject)
        .map((relay) => ({ keyConfig: text(relay, 'key_config'), challenge: text(relay, 'challenge') }));
    } catch (error) {
      throw error instanceof MalformedContent ? new ConnectionLostError('The gateway gave no list of relays.') : error;
    }
  }

  async #get(token: string, timeoutMillis: number): Promise<{ status: number; body: Octets }> {
    try {
      const response = await this.#fetch(new URL('ssp1/key-config', this.#base), {
        headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMillis),
      });
      return { status: response.status, body: await bounded(response) };
    } catch (error) {
      throw error instanceof ConnectionLostError ? error : new ConnectionLostError('The gateway cannot be reached.');
    }
  }

  /** Where the session of a relay's key is. */
  sessionUrl(keyName: string): string {
    const url = new URL('ssp1', this.#base);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('key_id', keyName);
    return url.href;
  }

  /** A browser cannot set headers on a WebSocket: the token travels as a second subprotocol. */
  protocols(token: string): readonly string[] {
    if (!SUBPROTOCOL.test(token)) {
      throw new ConfigurationError(
        'tokens.gateway() gave no token that fits a WebSocket subprotocol. Return a compact JWT.',
      );
    }
    return ['ssp1', `ssp1.bearer.${token}`];
  }
}

/** The body, of which no more is held than a list of relays may need. */
async function bounded(response: Response): Promise<Octets> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    length += part.value.length;
    if (length > MAX_ANSWER) {
      await reader?.cancel();
      throw new ConnectionLostError('The gateway answered with too much.');
    }
    parts.push(part.value);
  }
  return concatenate(...parts);
}

function parse(base: string | URL): URL {
  let url: URL;
  try {
    url = new URL(base);
  } catch {
    throw new ConfigurationError('gateway is no URL. Give its https address.');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) {
    throw new ConfigurationError('gateway must be an https address; http is for localhost only.');
  }
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) {
    url.pathname += '/';
  }
  return url;
}
