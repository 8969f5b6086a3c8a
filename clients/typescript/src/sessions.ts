import { Backoff, type BackoffSettings } from './backoff.js';
import { decodeBase64Url } from './base64.js';
import { ClientHandshake } from './client-handshake.js';
import type { Clock } from './clock.js';
import { Connection, type ConnectionSettings } from './connection.js';
import {
  ClosedError,
  ConfigurationError,
  ConnectionLostError,
  HandshakeError,
  KeyConfigError,
  RefusedError,
} from './errors.js';
import type { Gateway } from './gateway.js';
import { chooseKey, type KeyConfig, type RelayPublicKey } from './key-config.js';
import { integer, readObject } from './json.js';
import type { KeyConfigVerifier } from './key-config-verifier.js';
import { NOTHING } from './octets.js';
import type { ProofKey } from './proof-key.js';
import type { Suite } from './suite.js';

/** Where tokens come from. Called once per session; keep tokens until shortly before they expire. */
export interface TokenSource {
  /** An access token for the gateway's audience. */
  gateway(): Promise<string>;
  /**
   * An access token for the relay's audience, bound to the proof key (`cnf.jkt` is its thumbprint).
   *
   * @param proofKey makes the proof that the token endpoint asks for
   */
  relay(thumbprint: string, proofKey: ProofKey): Promise<string>;
}

export interface SessionSettings {
  readonly gateway: Gateway;
  readonly verifier: KeyConfigVerifier;
  readonly tokens: TokenSource;
  readonly proofKey: Promise<ProofKey>;
  readonly suites: readonly Suite[];
  readonly clientId: string;
  readonly tenant: string;
  readonly models: readonly string[];
  readonly maxStreams: number;
  readonly clock: Clock;
  readonly backoff: BackoffSettings;
  readonly connection: Pick<ConnectionSettings, 'WebSocket' | 'openTimeoutMillis' | 'maxAnswerBytes' | 'dropped'>;
}

const MAX_TOKEN = 8 * 1024;

interface Candidate {
  readonly relay: KeyConfig;
  readonly key: RelayPublicKey;
  readonly challenge: string;
}

/** The client's session: made when it is needed, made anew when it ends, one at a time. */
export class Sessions {
  readonly #settings: SessionSettings;
  readonly #backoff: Backoff;
  readonly #live = new Set<Connection>();
  #current: Connection | undefined;
  #opening: Promise<Connection> | undefined;
  #closed = false;
  #last = '';

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.#backoff = new Backoff(settings.backoff, settings.clock);
  }

  /** A session that takes requests. Whoever asks while one is being opened gets that one. */
  connection(): Promise<Connection> {
    if (this.#closed) {
      return Promise.reject(new ClosedError());
    }
    if (this.#current?.usable === true) {
      return Promise.resolve(this.#current);
    }
    this.#opening ??= this.#replace().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** A session ended with requests unanswered: the next one is opened later. However many they are, it counts once. */
  lost(connection: Connection): void {
    if (this.#live.delete(connection)) {
      this.#backoff.failed();
    }
  }

  succeeded(): void {
    this.#backoff.succeeded();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#live].map((connection) => connection.close()));
    this.#live.clear();
  }

  async #replace(): Promise<Connection> {
    this.#current?.retire();
    this.#current = undefined;
    await this.#backoff.wait();
    const connection = await this.#openWithFreshChallenge().catch((error: unknown) => {
      this.#backoff.failed();
      throw error;
    });
    this.#forgetEnded();
    this.#live.add(connection);
    if (this.#closed) {
      await connection.close();
      throw new ClosedError();
    }
    this.#current = connection;
    return connection;
  }

  #forgetEnded(): void {
    for (const old of this.#live) {
      if (old.over) {
        this.#live.delete(old);
      }
    }
  }

  /** A stale challenge is nobody's fault: once more with a fresh one, and not twice. */
  async #openWithFreshChallenge(): Promise<Connection> {
    try {
      return await this.#open();
    } catch (error) {
      if (error instanceof RefusedError && error.code === 'challenge') {
        return this.#open();
      }
      throw error;
    }
  }

  async #open(): Promise<Connection> {
    const { gateway, tokens, clock, suites, connection, clientId, tenant, models, maxStreams } = this.#settings;
    const proofKey = await this.#settings.proofKey;
    // Before the challenge, which ages.
    const gatewayToken = await tokens.gateway();
    const protocols = gateway.protocols(gatewayToken);
    const token = await tokens.relay(proofKey.thumbprint, proofKey);
    if (token.trim() === '' || token.length > MAX_TOKEN) {
      throw new ConfigurationError(
        'tokens.relay() gave no token. Return an access token for the relay of at most 8 KiB.',
      );
    }
    const { relay, key, challenge } = await this.#choose(gatewayToken);
    const parameters = { clientId, tenant, models, maxStreams, token };
    const handshake = await ClientHandshake.start({ relay, suites, challenge, parameters, proofKey }, clock);
    const url = gateway.sessionUrl(key.name);
    return Connection.open({ ...connection, protocols, url, clock, tokenExpires: expiryOf(gatewayToken) }, handshake);
  }

  /**
   * Any relay that proves to be one and offers a permitted suite; another replica than the last time where there is
   * another, because whoever comes again may come from one that is gone.
   */
  async #choose(gatewayToken: string): Promise<Candidate> {
    const { gateway, verifier, suites, connection } = this.#settings;
    const offered = await gateway.relays(gatewayToken, connection.openTimeoutMillis);
    const candidates: Candidate[] = [];
    let refused: Error = new ConnectionLostError('The gateway knows no relay.');
    for (const { keyConfig, challenge } of offered) {
      try {
        const relay = await verifier.verify(keyConfig);
        const key = chooseKey(relay, suites);
        if (key === undefined) {
          throw new HandshakeError('no-common-suite');
        }
        candidates.push({ relay, key, challenge });
      } catch (error) {
        if (!(error instanceof KeyConfigError || error instanceof HandshakeError)) {
          throw error;
        }
        refused = error;
      }
    }
    const others = candidates.filter(({ relay }) => relay.relayId !== this.#last);
    const choice = others.length > 0 ? others : candidates;
    const chosen = choice[Math.floor(Math.random() * choice.length)];
    if (chosen === undefined) {
      throw refused;
    }
    this.#last = chosen.relay.relayId;
    return chosen;
  }
}

/** When a token ends, where it is a JWT that says so. It is not verified: only the gateway's opinion counts. */
function expiryOf(token: string): number | undefined {
  try {
    return 1000 * integer(readObject(decodeBase64Url(token.split('.')[1] ?? '') ?? NOTHING), 'exp');
  } catch {
    return undefined;
  }
}
