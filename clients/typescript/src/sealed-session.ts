import type { Clock } from './clock.js';
import { parseSummary, writeSummary } from './close-summary.js';
import { EpochChain } from './epochs.js';
import { SessionUnusableError } from './errors.js';
import {
  HEADER_LENGTH,
  parseHeader,
  sameSession,
  TAG_LENGTH,
  writeHeader,
  type FrameHeader,
  type FrameType,
} from './frame-header.js';
import { codeOf, MAX_CONTENT, paddedLength, parseInner, type ContentType } from './inner-plaintext.js';
import { MalformedContent } from './json.js';
import type { Octets } from './octets.js';
import type { DropReason, Received } from './received.js';
import { redacted } from './redacted.js';
import { Serial } from './serial.js';
import type { SessionTerms } from './session-terms.js';
import { parseProblem, writeProblem, type StreamProblem } from './stream-problem.js';
import { StreamTable } from './stream-table.js';

/**
 * A client's end of an established session: seals contents into frames and opens received ones, in the protocol's exact
 * order.
 *
 * Guarantee: what `receive` delivers was sealed by the relay for this session, epoch, direction, stream and place, and
 * is delivered once. No guarantee that everything sent arrives: a missing FIN or CLOSE is truncation, and the caller
 * must treat it as an error.
 *
 * Sequence and chunk numbers are taken when a sealing method is called, before anything asynchronous, so no two calls
 * share a nonce. Send the frames of two calls in the order of the calls. Frames may be received at any time: they are
 * opened one after the other.
 */
export class SealedSession {
  readonly #id: Octets;
  readonly #clock: Clock;
  readonly #epochs: EpochChain;
  readonly #streams: StreamTable;
  readonly #inbox = new Serial();
  #framesSent = 0;
  #framesAccepted = 0;
  #lastActiveAt: number;
  #revoked = false;
  #closed = false;

  private constructor(
    id: Octets,
    readonly terms: SessionTerms,
    /** The end in milliseconds of this end's own clock. */
    readonly expiresAt: number,
    epochs: EpochChain,
    clock: Clock,
  ) {
    this.#id = id;
    this.#epochs = epochs;
    this.#clock = clock;
    this.#streams = new StreamTable(terms.maxStreams);
    this.#lastActiveAt = clock();
  }

  /** Takes `es_0` over. */
  static async begin(
    id: Octets,
    firstEpoch: Octets,
    terms: SessionTerms,
    expiresAt: number,
    clock: Clock,
  ): Promise<SealedSession> {
    const epochs = await EpochChain.begin(firstEpoch, 'client', terms.windowBits, clock);
    return new SealedSession(id, terms, expiresAt, epochs, clock);
  }

  get id(): Octets {
    return this.#id.slice();
  }

  get epoch(): number {
    return this.#epochs.current.number;
  }

  /** `commit_n` of the current epoch, for an audit that relies on ciphertexts. Public knowledge. */
  get epochCommitment(): Octets {
    return this.#epochs.current.commitment.slice();
  }

  get closed(): boolean {
    return this.#closed;
  }

  get openStreams(): number {
    return this.#streams.openCount;
  }

  /** How long, in milliseconds, the relay will still take requests: until its end, or until it calls it idle. */
  get timeLeft(): number {
    if (this.#closed) {
      return 0;
    }
    const untilEnd = this.expiresAt - this.#clock();
    const untilIdle = this.#lastActiveAt + this.terms.idleMillis - this.#clock();
    return Math.max(0, this.#streams.openCount > 0 ? untilEnd : Math.min(untilEnd, untilIdle));
  }

  /** Begins a request. */
  openStream(): number {
    this.#requireUsable();
    return this.#streams.allocate();
  }

  isOpen(stream: number): boolean {
    return this.#streams.isOpen(stream);
  }

  /** The streams whose answer has not ended: truncated if the connection is gone. */
  unfinishedStreams(): readonly number[] {
    return this.#streams.unfinished();
  }

  /**
   * Seals a content into as many frames as it needs. Every chunk but the last has type bytes, the last the given one.
   *
   * @throws SessionUnusableError when the session or the stream is over
   */
  seal(stream: number, content: Octets, type: ContentType, last: boolean): Promise<readonly Octets[]> {
    return sealing(() => {
      this.#requireUsable();
      const frames: Promise<Octets>[] = [];
      let from = 0;
      for (; content.length - from > MAX_CONTENT; from += MAX_CONTENT) {
        frames.push(this.#chunk(stream, content.subarray(from, from + MAX_CONTENT), 'bytes', false));
      }
      frames.push(this.#chunk(stream, content.subarray(from), type, last));
      return frames;
    });
  }

  /** Ends a stream with a problem, such as `CANCELLED`. It is over at once. */
  sealError(stream: number, problem: StreamProblem): Promise<readonly Octets[]> {
    return sealing(() => {
      this.#requireUsable();
      if (!this.#streams.abort(stream)) {
        throw new SessionUnusableError('stream-ended');
      }
      this.#requireFrameLeft();
      return [this.#frame('error', false, stream, 0, writeProblem(problem), 'problem')];
    });
  }

  /** Ends the session in good order and erases its keys. Empty when it is closed already. */
  sealClose(reason: string): Promise<readonly Octets[]> {
    return sealing(() => {
      if (this.#closed) {
        return [];
      }
      const summary = writeSummary({ reason, streams: this.#streams.count, frames: this.#framesSent });
      const frames = [this.#frame('close', false, 0, 0, summary, 'json')];
      this.close();
      return frames;
    });
  }

  #chunk(stream: number, content: Octets, type: ContentType, last: boolean): Promise<Octets> {
    this.#requireFrameLeft();
    const idx = this.#streams.nextToSend(stream, last);
    this.#lastActiveAt = this.#clock();
    return this.#frame('data', last, stream, idx, content, type);
  }

  /** Everything up to the cipher's own work happens before this returns. */
  async #frame(
    type: FrameType,
    fin: boolean,
    stream: number,
    idx: number,
    content: Octets,
    contentType: ContentType,
  ): Promise<Octets> {
    const epoch = this.#epochs.current;
    const length = paddedLength(content.length) + TAG_LENGTH;
    const seq = epoch.takeSeq();
    const frame = new Uint8Array(HEADER_LENGTH + length);
    writeHeader(
      { type, fin, sender: 'client', session: this.#id, epoch: epoch.number, seq, stream, idx, length },
      frame,
    );
    frame.set(content, HEADER_LENGTH);
    frame[HEADER_LENGTH + content.length] = codeOf(contentType);
    this.#framesSent++;
    await epoch.sending.seal(seq, frame);
    return frame;
  }

  /** Opens one whole frame. Never fails for what a relay or an injector sent. */
  receive(frame: Octets): Promise<Received> {
    return this.#inbox.run(() => this.#receive(frame));
  }

  async #receive(frame: Octets): Promise<Received> {
    const header = parseHeader(frame);
    if (typeof header === 'string') {
      return dropped(header);
    }
    if (this.#closed) {
      return dropped('closed');
    }
    if (!sameSession(header, this.#id)) {
      return dropped('unknown-session');
    }
    if (header.sender === 'client') {
      return dropped('reflected');
    }
    const epoch = this.#epochs.receiving(header.epoch);
    if (epoch === undefined) {
      return dropped(header.epoch < this.epoch ? 'epoch-retired' : 'unknown-epoch');
    }
    if (header.seq >= this.#hardMaxFrames) {
      return dropped('frame-limit');
    }
    const verdict = epoch.window.peek(header.seq);
    if (verdict !== 'fresh') {
      return dropped(verdict);
    }
    const plaintext = await epoch.receiving.open(header.seq, frame);
    if (plaintext === undefined) {
      return dropped('bad-tag');
    }
    epoch.window.mark(header.seq);
    if (this.#closed) {
      // Closed by this end while the frame was being opened.
      return dropped('closed');
    }
    this.#framesAccepted++;
    this.#lastActiveAt = this.#clock();
    const inner = parseInner(plaintext);
    if (inner === undefined) {
      return dropped('malformed');
    }
    switch (header.type) {
      case 'data':
        return this.#data(header, inner.type, inner.content);
      case 'key-update':
        return this.#keyUpdate(header, inner.content);
      case 'close':
        return this.#closedByRelay(inner.content);
      case 'error':
        return this.#error(header, inner.type, inner.content);
    }
  }

  #data(header: FrameHeader, type: ContentType, content: Octets): Received {
    const refused = this.#streams.receive(header.stream, header.idx, header.fin);
    if (refused !== undefined) {
      return dropped(refused);
    }
    if (this.#revoked) {
      return dropped('revoked');
    }
    return { kind: 'delivered', stream: header.stream, idx: header.idx, fin: header.fin, type, content };
  }

  async #keyUpdate(header: FrameHeader, content: Octets): Promise<Received> {
    if (header.epoch !== this.epoch || content.length !== 0) {
      return dropped('malformed');
    }
    await this.#epochs.advance();
    return { kind: 'key-updated', epoch: this.epoch };
  }

  #error(header: FrameHeader, type: ContentType, content: Octets): Received {
    const problem = type === 'problem' ? orMalformed(() => parseProblem(content)) : undefined;
    if (problem === undefined) {
      return dropped('malformed');
    }
    if (header.stream !== 0 && !this.#streams.abort(header.stream)) {
      return dropped('stream-ended');
    }
    return { kind: 'stream-error', stream: header.stream, problem };
  }

  #closedByRelay(content: Octets): Received {
    const summary = orMalformed(() => parseSummary(content));
    if (summary === undefined) {
      return dropped('malformed');
    }
    // The CLOSE itself is counted as accepted, not among the frames it names.
    const missingFrames = Math.max(0, summary.frames - (this.#framesAccepted - 1));
    const truncated = this.#streams.unfinished();
    this.close();
    return { kind: 'closed', reason: summary.reason, truncated, missingFrames };
  }

  /** From now on no DATA is delivered, though it is still authenticated and marked. */
  revoke(): void {
    this.#revoked = true;
  }

  /** Erases the keys. Says nothing to the relay: `sealClose` does. */
  close(): void {
    if (!this.#closed) {
      this.#closed = true;
      this.#epochs.close();
    }
  }

  #requireUsable(): void {
    if (this.#closed) {
      throw new SessionUnusableError('closed');
    }
    if (this.#clock() >= this.expiresAt) {
      throw new SessionUnusableError('expired');
    }
  }

  #requireFrameLeft(): void {
    if (this.#epochs.current.sent >= this.#hardMaxFrames) {
      throw new SessionUnusableError('frame-limit');
    }
  }

  /** The relay updates keys in time; an end may be a flight behind, so twice the frames are the limit. */
  get #hardMaxFrames(): number {
    return 2 * this.terms.epochFrames;
  }

  static {
    redacted(this, (session) => `SealedSession[epoch ${session.epoch}${session.closed ? ', closed' : ''}]`);
  }
}

/** Takes the numbers at once and fails as a promise does. */
async function sealing(step: () => readonly Promise<Octets>[]): Promise<readonly Octets[]> {
  return Promise.all(step());
}

function dropped(reason: DropReason): Received {
  return { kind: 'dropped', reason };
}

function orMalformed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof MalformedContent) {
      return undefined;
    }
    throw error;
  }
}
