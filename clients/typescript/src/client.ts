import { Abort } from './abort.js';
import { DEFAULT_BACKOFF, type BackoffSettings } from './backoff.js';
import { systemClock, type Clock } from './clock.js';
import { CancelledError, ConfigurationError, MalformedAnswerError } from './errors.js';
import { Envelope } from './envelope.js';
import { EventQueue } from './event-queue.js';
import { exchange } from './exchange.js';
import { Gateway } from './gateway.js';
import { MalformedContent, readJson, type JsonObject } from './json.js';
import { KeyConfigVerifier } from './key-config-verifier.js';
import type { Message } from './message-assembler.js';
import type { Octets } from './octets.js';
import { ProofKey } from './proof-key.js';
import type { DropReason } from './received.js';
import { redacted } from './redacted.js';
import type { Sensitivity } from './sensitivity.js';
import { Sessions, type TokenSource } from './sessions.js';
import type { SocketConstructor } from './socket.js';
import { DEFAULT_SUITES, type Suite } from './suite.js';

/** What a client may ask of a model. */
export type Operation = '/v1/chat/completions' | '/v1/completions' | '/v1/embeddings' | '/v1/models';

export interface PosternClientOptions {
  /** The gateway's https address. */
  readonly gateway: string | URL;
  /** The platform authority's certificates, PEM or DER. A relay's chain must end in one of them. */
  readonly trustAnchors: readonly (string | Uint8Array)[];
  /** The relays' SPIFFE id, such as `spiffe://postern.local/service/inference-relay`. */
  readonly relayId: string;
  /** The audience of the relays' tokens, such as `urn:postern:relay`. */
  readonly audience: string;
  /** The client's registered id, as in its tokens. */
  readonly clientId: string;
  /** The tenant, as in its tokens; by default whatever the token says. */
  readonly tenant?: string;
  readonly tokens: TokenSource;
  /** The key the relay tokens are bound to. By default a fresh one that cannot be extracted. */
  readonly proofKey?: ProofKey;
  /** Permitted suites, best first. By default X-Wing alone; nothing steps down by itself. */
  readonly suites?: readonly Suite[];
  /** The models the sessions are for. By default any the token allows. */
  readonly models?: readonly string[];
  /** Requests at once. */
  readonly maxStreams?: number;
  /** The longest answer document or event, and the most that may wait for a stream's reader. 8 MiB by default. */
  readonly maxAnswerBytes?: number;
  /** Of fetching the key configuration, and of connecting until ACCEPT. 10 s by default. */
  readonly openTimeoutMs?: number;
  readonly backoff?: Partial<BackoffSettings>;
  /** Node before 22 has none: give it that of the package `ws`. */
  readonly WebSocket?: SocketConstructor;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}

export interface RequestOptions {
  /** Aborting it cancels the request at the relay, too. */
  readonly signal?: AbortSignal;
  /** The longest wait in all. 10 minutes by default, which is also the most a relay allows. */
  readonly deadlineMs?: number;
  /** 16 octets in base64url that name the request; the same for every repetition of it. By default random. */
  readonly msgId?: string;
  /**
   * Whether the request may be sent again, under its `msgId`, when the session ends before its answer began. The relay
   * remembers the `msgId` and keeps the effect to one, or says that it cannot tell (`effect-unknown`). True by default;
   * false sends it again only if none had left.
   */
  readonly resend?: boolean;
  /** How soon the answer is wanted. Interactive requests come before batch. */
  readonly latencyClass?: 'interactive' | 'batch';
  /** What the request belongs to, for the platform's redaction. */
  readonly conversation?: string;
  /**
   * How sensitive its data is: the tenant's redaction policy treats it by this label, and the access policy refuses what
   * the client is not cleared for. By default what the tenant's policy says.
   */
  readonly sensitivity?: Sensitivity;
}

const DEFAULT_MAX_ANSWER = 8 * 1024 * 1024;
const DEFAULT_OPEN_TIMEOUT = 10_000;
const DEFAULT_STREAMS = 64;

/**
 * Talks to models through a session that only the relay can read. Sessions are opened when they are needed and again
 * when they end. Close it when done.
 */
export class PosternClient {
  readonly #sessions: Sessions;
  readonly #clock: Clock;
  readonly #proofKey: Promise<ProofKey>;
  readonly #maxAnswerBytes: number;
  readonly #attempts: number;
  readonly #dropped = new Map<DropReason, number>();

  /** @throws ConfigurationError when an option cannot work */
  constructor(options: PosternClientOptions) {
    const clock = options.clock ?? systemClock;
    const backoff = { ...DEFAULT_BACKOFF, ...options.backoff };
    const suites = options.suites ?? DEFAULT_SUITES;
    if (options.clientId.trim() === '') {
      throw new ConfigurationError('clientId is empty. Give the id under which the client is registered.');
    }
    if (suites.length === 0) {
      throw new ConfigurationError('suites is empty. Permit at least one, or leave it out.');
    }
    this.#clock = clock;
    this.#maxAnswerBytes = options.maxAnswerBytes ?? DEFAULT_MAX_ANSWER;
    this.#attempts = Math.max(1, backoff.attempts);
    this.#proofKey = options.proofKey === undefined ? ProofKey.generate() : Promise.resolve(options.proofKey);
    // Whoever uses it first hears of a failure.
    this.#proofKey.catch(() => undefined);
    this.#sessions = new Sessions({
      gateway: new Gateway(options.gateway, options.fetch ?? fetch.bind(globalThis)),
      verifier: new KeyConfigVerifier(options.trustAnchors, options.relayId, options.audience, clock),
      tokens: options.tokens,
      proofKey: this.#proofKey,
      suites,
      clientId: options.clientId,
      tenant: options.tenant ?? '',
      models: options.models ?? [],
      maxStreams: options.maxStreams ?? DEFAULT_STREAMS,
      clock,
      backoff,
      connection: {
        WebSocket: options.WebSocket ?? defaultWebSocket(),
        openTimeoutMillis: options.openTimeoutMs ?? DEFAULT_OPEN_TIMEOUT,
        maxAnswerBytes: this.#maxAnswerBytes,
        dropped: (reason) => this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1),
      },
    });
  }

  /** The key to which relay tokens must be bound. */
  get proofKey(): Promise<ProofKey> {
    return this.#proofKey;
  }

  /** Received frames that changed nothing, by reason. Forged ones are ignored, not answered: watch these numbers. */
  get droppedFrames(): ReadonlyMap<DropReason, number> {
    return new Map(this.#dropped);
  }

  /** A chat completion as one document. */
  chat<T = unknown>(body: JsonObject, options: RequestOptions = {}): Promise<T> {
    return this.request<T>('/v1/chat/completions', body, options);
  }

  /**
   * A chat completion as its events. Nothing is asked until the first event is; leaving the loop cancels the rest.
   *
   * @throws TruncatedError from the iterator when the events ended before the answer did
   */
  stream<T = unknown>(body: JsonObject, options: RequestOptions = {}): AsyncGenerator<T, void, undefined> {
    return this.streamOf<T>('/v1/chat/completions', body, options);
  }

  /** Any operation's answer as one document. */
  async request<T = unknown>(operation: Operation, body?: JsonObject, options: RequestOptions = {}): Promise<T> {
    if (body?.['stream'] === true) {
      throw new ConfigurationError('A streamed answer is no single document. Use stream(), or leave stream out.');
    }
    const document: { message?: Message } = {};
    const envelope = new Envelope(operation, body, options, this.#clock);
    const abort = new Abort(options.signal, envelope.deadlineMillis);
    try {
      await this.#exchange(envelope, abort, (message) => {
        if (!message.last) {
          throw new MalformedAnswerError();
        }
        document.message = message;
      });
    } finally {
      abort.dispose();
    }
    return parse<T>(document.message!.content);
  }

  /** Any operation's answer as its events. */
  async *streamOf<T = unknown>(
    operation: Operation,
    body: JsonObject,
    options: RequestOptions = {},
  ): AsyncGenerator<T, void, undefined> {
    const envelope = new Envelope(operation, { ...body, stream: true }, options, this.#clock);
    const abort = new Abort(options.signal, envelope.deadlineMillis);
    const events = new EventQueue(this.#maxAnswerBytes);
    const answered = this.#exchange(envelope, abort, (message) => {
      // A streamed answer's last message is empty.
      if (!message.last || message.content.length > 0) {
        events.put(message.content);
      }
    }).then(
      () => events.end(),
      (error: unknown) => events.fail(error),
    );
    try {
      for (let event = await events.take(); event !== undefined; event = await events.take()) {
        yield parse<T>(event);
      }
    } finally {
      abort.abort(new CancelledError());
      await answered;
      abort.dispose();
    }
  }

  /** Says goodbye to the relay and erases the session's keys. Requests under way fail with `closed`. */
  close(): Promise<void> {
    return this.#sessions.close();
  }

  async #exchange(envelope: Envelope, abort: Abort, onMessage: (message: Message) => void): Promise<void> {
    const sending = {
      document: () => envelope.document(),
      rename: () => envelope.rename(),
      harmless: envelope.harmless,
      resend: envelope.resend,
      attempts: this.#attempts,
      clock: this.#clock,
    };
    await exchange(this.#sessions, sending, abort, (message) => {
      if (message.type !== 'json' && !(message.type === 'bytes' && message.last)) {
        throw new MalformedAnswerError();
      }
      onMessage(message);
    });
  }

  static {
    redacted(this, () => 'PosternClient');
  }
}

function parse<T>(content: Octets): T {
  try {
    return readJson(content) as T;
  } catch (error) {
    throw error instanceof MalformedContent ? new MalformedAnswerError() : error;
  }
}

function defaultWebSocket(): SocketConstructor {
  const found = (globalThis as { WebSocket?: SocketConstructor }).WebSocket;
  if (found === undefined) {
    throw new ConfigurationError(
      "This platform has no WebSocket. Give the option WebSocket, as from the package 'ws'.",
    );
  }
  return found;
}
