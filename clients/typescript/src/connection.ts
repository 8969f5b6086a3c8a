import type { ClientHandshake } from './client-handshake.js';
import type { Clock } from './clock.js';
import {
  ClosedError,
  ConnectionLostError,
  PosternError,
  RefusedError,
  SessionUnusableError,
} from './errors.js';
import { MessageAssembler, type Message } from './message-assembler.js';
import type { Octets } from './octets.js';
import type { DropReason, Received } from './received.js';
import { redacted } from './redacted.js';
import { errorOfProblem, errorOfSessionClose, errorOfSocketClose } from './refusals.js';
import type { SealedSession } from './sealed-session.js';
import { Serial } from './serial.js';
import type { Socket, SocketConstructor } from './socket.js';
import { CANCELLED } from './stream-problem.js';

/** Who waits for the answer on a stream. Either the last message comes, or `failed` is called, once. */
export interface AnswerListener {
  message(message: Message): void;
  failed(error: PosternError): void;
}

export interface ConnectionSettings {
  readonly WebSocket: SocketConstructor;
  readonly url: string;
  readonly protocols: readonly string[];
  readonly clock: Clock;
  readonly openTimeoutMillis: number;
  readonly maxAnswerBytes: number;
  /** When the gateway's token ends, in milliseconds of the platform's clock, where it says so. */
  readonly tokenExpires: number | undefined;
  /** Told of every frame that changed nothing. */
  readonly dropped: (reason: DropReason) => void;
}

const PROTOCOL = 'ssp1';
const NORMAL = 1000;
/** A session that ends or goes idle so soon takes no new request. */
const MARGIN_MILLIS = 2_000;

interface Answer {
  readonly listener: AnswerListener;
  readonly assembler: MessageAssembler;
}

/**
 * One sealed session on its WebSocket: OPEN goes out first, the first message back is ACCEPT, every later one is a
 * frame. Messages are handled one after the other, and frames leave in the order in which they were sealed.
 */
export class Connection {
  readonly #settings: ConnectionSettings;
  readonly #handshake: ClientHandshake;
  readonly #socket: Socket;
  readonly #inbox = new Serial();
  readonly #outbox = new Serial();
  readonly #answers = new Map<number, Answer>();
  readonly #waiting = new Set<() => void>();
  #session: SealedSession | undefined;
  /** By our own clock, when the gateway closes the socket because its token ended. */
  #tokenLeft: () => number = () => Infinity;
  #opened: ((error?: unknown) => void) | undefined;
  #end: PosternError | undefined;
  #retired = false;

  private constructor(settings: ConnectionSettings, handshake: ClientHandshake) {
    this.#settings = settings;
    this.#handshake = handshake;
    this.#socket = new settings.WebSocket(settings.url, [...settings.protocols]);
    this.#socket.binaryType = 'arraybuffer';
  }

  /**
   * Connects and completes the handshake. Takes the handshake over.
   *
   * @throws HandshakeError when the answer is not the relay's
   * @throws RefusedError when the relay, or somebody on the way, refuses
   * @throws ConnectionLostError when no answer comes
   */
  static async open(settings: ConnectionSettings, handshake: ClientHandshake): Promise<Connection> {
    let connection: Connection;
    try {
      connection = new Connection(settings, handshake);
    } catch {
      handshake.close();
      throw new ConnectionLostError('No WebSocket can be made for the gateway.');
    }
    await connection.#open();
    return connection;
  }

  async #open(): Promise<void> {
    const timer = setTimeout(
      () => this.#finish(new ConnectionLostError('The relay did not answer in time.')),
      this.#settings.openTimeoutMillis,
    );
    try {
      await new Promise<void>((resolve, reject) => {
        this.#opened = (error) => (error === undefined ? resolve() : reject(error));
        this.#socket.addEventListener('open', () => this.#sendOpen());
        this.#socket.addEventListener('message', ({ data }) => void this.#inbox.run(() => this.#receive(data)));
        this.#socket.addEventListener('error', () => undefined);
        this.#socket.addEventListener('close', ({ code, reason }) => {
          void this.#inbox.run(async () => this.#finish(this.#endedBy(errorOfSocketClose(code, reason))));
        });
      });
    } finally {
      clearTimeout(timer);
      this.#opened = undefined;
      this.#handshake.close();
    }
  }

  /** Whether it takes new requests. */
  get usable(): boolean {
    const timeLeft = Math.min(this.#session?.timeLeft ?? 0, this.#tokenLeft());
    return this.#end === undefined && !this.#retired && timeLeft > MARGIN_MILLIS;
  }

  /** How long relays remember a request after it arrived. */
  get remembersMillis(): number {
    return this.#session?.terms.idempotencyMillis ?? 0;
  }

  /** Whether one more request is within what the relay granted. */
  get hasRoom(): boolean {
    return this.#session !== undefined && this.#session.openStreams < this.#session.terms.maxStreams;
  }

  /** Completes when there may be room again, or when the session is over. */
  room(): Promise<void> {
    return this.#end !== undefined || this.hasRoom
      ? Promise.resolve()
      : new Promise((resolve) => this.#waiting.add(resolve));
  }

  get over(): boolean {
    return this.#end !== undefined;
  }

  /**
   * Sends a request; its answer goes to the listener.
   *
   * @returns the stream's number
   * @throws SessionUnusableError when nothing of it was sent
   */
  begin(request: Octets, listener: AnswerListener): number {
    const session = this.#session;
    if (session === undefined || this.#end !== undefined || this.#retired) {
      throw new SessionUnusableError('closed');
    }
    const stream = session.openStream();
    this.#answers.set(stream, { listener, assembler: new MessageAssembler(this.#settings.maxAnswerBytes) });
    this.#send(session.seal(stream, request, 'json', true));
    return stream;
  }

  /** Nobody wants the answer any more: the relay hears it at once, the listener nothing. */
  cancel(stream: number): void {
    if (this.#answers.delete(stream) && this.#session !== undefined && this.#end === undefined) {
      this.#send(this.#session.sealError(stream, CANCELLED));
      this.#settle();
    }
  }

  /** Takes no new requests and closes when the last answer has ended. */
  retire(): void {
    this.#retired = true;
    this.#settle();
  }

  /** Closes in good order. Whoever still waits hears that the client is closed. */
  async close(): Promise<void> {
    if (this.#end === undefined) {
      this.#close(new ClosedError());
    }
    await this.#outbox.run(async () => undefined);
  }

  /** A token that ends in the middle of a session is no refusal: the next session gets new ones. */
  #endedBy(error: PosternError): PosternError {
    return this.#session !== undefined && error.code === 'open-rejected' ? new RefusedError('session-unknown') : error;
  }

  #sendOpen(): void {
    if (this.#socket.protocol !== PROTOCOL) {
      this.#finish(new ConnectionLostError('The gateway does not speak SSP1.'));
    } else if (this.#end === undefined) {
      this.#socket.send(this.#handshake.message);
    }
  }

  async #receive(data: unknown): Promise<void> {
    if (this.#end !== undefined) {
      return;
    }
    if (!(data instanceof ArrayBuffer)) {
      this.#finish(new ConnectionLostError('The gateway does not speak SSP1: a message was not binary.'));
      return;
    }
    const message = new Uint8Array(data);
    if (this.#session === undefined) {
      await this.#accept(message);
    } else {
      this.#handle(await this.#session.receive(message));
    }
  }

  async #accept(message: Octets): Promise<void> {
    try {
      const { session, clockOffset } = await this.#handshake.accept(message);
      if (this.#end === undefined) {
        const { tokenExpires = Infinity, clock } = this.#settings;
        this.#tokenLeft = () => tokenExpires - (clock() + clockOffset);
        this.#session = session;
        this.#opened?.();
      } else {
        session.close();
      }
    } catch (error) {
      this.#finish(error instanceof PosternError ? error : new ConnectionLostError('The handshake broke.'));
    }
  }

  #handle(received: Received): void {
    switch (received.kind) {
      case 'delivered': {
        const answer = this.#answers.get(received.stream);
        if (answer !== undefined) {
          this.#deliver(received.stream, answer, () => answer.assembler.add(received));
        }
        break;
      }
      case 'stream-error': {
        const error = errorOfProblem(received.problem);
        if (received.stream === 0) {
          this.#close(error);
        } else {
          const answer = this.#answers.get(received.stream);
          this.#answers.delete(received.stream);
          answer?.listener.failed(error);
          this.#settle();
        }
        break;
      }
      case 'key-updated':
        break;
      case 'closed':
        this.#finish(errorOfSessionClose(received.reason));
        break;
      case 'dropped':
        this.#settings.dropped(received.reason);
        break;
    }
  }

  #deliver(stream: number, answer: Answer, assemble: () => Message | undefined): void {
    try {
      const message = assemble();
      if (message?.last === true) {
        this.#answers.delete(stream);
      }
      if (message !== undefined) {
        answer.listener.message(message);
      }
    } catch (error) {
      // Too large, or of a form the listener cannot use: the relay need not go on.
      this.cancel(stream);
      answer.listener.failed(
        error instanceof PosternError ? error : new ConnectionLostError('The answer was not usable.'),
      );
    }
    this.#settle();
  }

  #settle(): void {
    this.#wake();
    if (this.#retired && this.#answers.size === 0 && this.#end === undefined) {
      this.#close(new ClosedError());
    }
  }

  #close(error: PosternError): void {
    if (this.#session !== undefined) {
      this.#send(this.#session.sealClose('done'));
    }
    this.#finish(error);
  }

  /** The session is over, whoever ended it: what has no end yet was truncated. */
  #finish(error: PosternError): void {
    if (this.#end !== undefined) {
      return;
    }
    this.#end = error;
    this.#session?.close();
    this.#opened?.(error);
    const waiting = [...this.#answers.values()];
    this.#answers.clear();
    this.#wake();
    void this.#outbox.run(async () => this.#socket.close(NORMAL));
    for (const { listener } of waiting) {
      listener.failed(error);
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    waiting.forEach((wake) => wake());
  }

  #send(sealed: Promise<readonly Octets[]>): void {
    this.#outbox
      .run(async () => {
        for (const frame of await sealed) {
          this.#socket.send(frame);
        }
      })
      .catch((error: unknown) => {
        if (error instanceof SessionUnusableError && error.reason === 'stream-ended') {
          // The stream ended while this was on its way.
          return;
        }
        this.#finish(error instanceof PosternError ? error : new ConnectionLostError('A frame could not be sent.'));
      });
  }

  static {
    redacted(this, (connection) => `Connection[${connection.over ? 'over' : 'live'}]`);
  }
}
