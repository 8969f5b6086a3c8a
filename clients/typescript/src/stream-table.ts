import { SessionUnusableError } from './errors.js';
import type { DropReason } from './received.js';

interface Stream {
  nextSent: number;
  nextReceived: number;
  sendingDone: boolean;
  receivingDone: boolean;
}

/**
 * A client's open streams and the rules of order: numbers rise, chunks are contiguous from 0, nothing follows a FIN.
 * What it holds is bounded by the number of streams open at once.
 */
export class StreamTable {
  readonly #maxOpen: number;
  readonly #open = new Map<number, Stream>();
  #highest = 0;

  constructor(maxOpen: number) {
    this.#maxOpen = maxOpen;
  }

  /** A new stream's number. */
  allocate(): number {
    if (this.#open.size >= this.#maxOpen) {
      throw new SessionUnusableError('stream-limit');
    }
    this.#highest++;
    this.#open.set(this.#highest, { nextSent: 0, nextReceived: 0, sendingDone: false, receivingDone: false });
    return this.#highest;
  }

  /** The next chunk number we send on a stream. */
  nextToSend(number: number, last: boolean): number {
    const stream = this.#open.get(number);
    if (stream === undefined || stream.sendingDone) {
      throw new SessionUnusableError('stream-ended');
    }
    stream.sendingDone = last;
    const idx = stream.nextSent++;
    this.#forgetIfDone(number, stream);
    return idx;
  }

  /** Takes a received chunk in, or says why it is not the one expected. */
  receive(number: number, idx: number, last: boolean): DropReason | undefined {
    const stream = this.#open.get(number);
    if (stream === undefined) {
      return number <= this.#highest ? 'stream-ended' : 'unknown-stream';
    }
    if (stream.receivingDone) {
      return 'stream-ended';
    }
    if (idx !== stream.nextReceived) {
      return 'bad-idx';
    }
    stream.nextReceived++;
    stream.receivingDone = last;
    this.#forgetIfDone(number, stream);
    return undefined;
  }

  /** Ends both halves at once, as an error does. False when the stream was not open. */
  abort(number: number): boolean {
    return this.#open.delete(number);
  }

  isOpen(number: number): boolean {
    return this.#open.has(number);
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Streams there ever were. */
  get count(): number {
    return this.#highest;
  }

  /** The streams whose answer has not seen its FIN, ascending. */
  unfinished(): readonly number[] {
    return [...this.#open].filter(([, stream]) => !stream.receivingDone).map(([number]) => number);
  }

  #forgetIfDone(number: number, stream: Stream): void {
    if (stream.sendingDone && stream.receivingDone) {
      this.#open.delete(number);
    }
  }
}
