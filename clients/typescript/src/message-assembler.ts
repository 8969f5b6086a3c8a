import { AnswerTooLargeError } from './errors.js';
import type { ContentType } from './inner-plaintext.js';
import { concatenate, type Octets } from './octets.js';
import type { Delivered } from './received.js';

/** A whole content: one event of a streamed answer, or the one document of a plain one. */
export interface Message {
  readonly type: ContentType;
  readonly content: Octets;
  /** Whether the answer ends with this message. A streamed answer's last message is empty. */
  readonly last: boolean;
}

/** Puts the chunks of one stream together: bytes chunks are carried over until one of another type, or the FIN. */
export class MessageAssembler {
  readonly #maxBytes: number;
  #pending: Octets[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The message, when this chunk completes one.
   *
   * @throws AnswerTooLargeError when the message is longer than allowed
   */
  add(chunk: Delivered): Message | undefined {
    this.#size += chunk.content.length;
    if (this.#size > this.#maxBytes) {
      this.#forget();
      throw new AnswerTooLargeError();
    }
    if (chunk.content.length > 0) {
      this.#pending.push(chunk.content);
    }
    if (!chunk.fin && chunk.type === 'bytes') {
      return undefined;
    }
    const content = this.#pending.length === 1 ? this.#pending[0]! : concatenate(...this.#pending);
    this.#forget();
    return { type: chunk.type, content, last: chunk.fin };
  }

  #forget(): void {
    this.#pending = [];
    this.#size = 0;
  }
}
