import { decodeBase64Url, encodeBase64Url } from './base64.js';
import type { Operation, RequestOptions } from './client.js';
import type { Clock } from './clock.js';
import { ConfigurationError } from './errors.js';
import { writeJson, type JsonObject } from './json.js';
import { random, type Octets } from './octets.js';
import { SENSITIVITIES } from './sensitivity.js';

const MESSAGE_ID_LENGTH = 16;
const DEFAULT_DEADLINE = 600_000;
const LONGEST_TIMER = 2 ** 31 - 1;
/** Asking these twice does no harm. */
const HARMLESS: ReadonlySet<Operation> = new Set(['/v1/models', '/v1/embeddings']);

/** One request as the relay reads it, each time it leaves. */
export class Envelope {
  readonly deadlineMillis: number;
  readonly resend: boolean;
  readonly harmless: boolean;
  readonly #began: number;
  #msgId: string;

  /** @throws ConfigurationError when an option cannot work */
  constructor(
    private readonly operation: Operation,
    private readonly body: JsonObject | undefined,
    private readonly options: RequestOptions,
    private readonly clock: Clock,
  ) {
    this.#msgId = options.msgId ?? newId();
    if (decodeBase64Url(this.#msgId, MESSAGE_ID_LENGTH) === undefined) {
      throw new ConfigurationError('msgId must be 16 octets in base64url, which are 22 characters.');
    }
    this.deadlineMillis = options.deadlineMs ?? DEFAULT_DEADLINE;
    if (!Number.isSafeInteger(this.deadlineMillis) || this.deadlineMillis < 1 || this.deadlineMillis > LONGEST_TIMER) {
      throw new ConfigurationError('deadlineMs must be a whole number of milliseconds, from 1 to 2^31 - 1.');
    }
    if (options.sensitivity !== undefined && !SENSITIVITIES.includes(options.sensitivity)) {
      throw new ConfigurationError(`sensitivity must be one of ${SENSITIVITIES.join(', ')}.`);
    }
    this.resend = options.resend ?? true;
    // A name that the caller gave is not ours to change, and once is once.
    this.harmless = HARMLESS.has(operation) && options.msgId === undefined && this.resend;
    this.#began = clock();
  }

  document(): Octets {
    const left = this.deadlineMillis - Math.max(0, Math.floor(this.clock() - this.#began));
    return writeJson({
      op: this.operation,
      msg_id: this.#msgId,
      deadline_ms: Math.max(1, left),
      conversation: this.options.conversation,
      latency_class: this.options.latencyClass,
      sensitivity: this.options.sensitivity,
      body: this.body,
    });
  }

  /** Takes another `msg_id` where that does no harm; says whether. */
  rename(): boolean {
    if (this.harmless) {
      this.#msgId = newId();
    }
    return this.harmless;
  }
}

function newId(): string {
  return encodeBase64Url(random(MESSAGE_ID_LENGTH));
}
