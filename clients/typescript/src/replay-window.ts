const BLOCK_BITS = 32;

export const DEFAULT_WINDOW = 1024;
const MAX_WINDOW = 8192;

export type Verdict = 'fresh' | 'duplicate' | 'too-old';

/** Whether a replay window may have this many bits: 64 to 8192 in steps of 64. */
export function isWindowSize(bits: number): boolean {
  return bits >= 64 && bits <= MAX_WINDOW && bits % 64 === 0;
}

/**
 * A sliding window over sequence numbers (RFC 6479): a ring of blocks, one of them spare, so that moving forward clears
 * whole blocks and never shifts bits.
 *
 * After `mark(n)`, `peek(n)` never again says fresh. Numbers inside the window may come in any order; a number below it
 * is too old, whether it was seen or not.
 */
export class ReplayWindow {
  readonly #bits: number;
  readonly #blocks: Uint32Array;
  #highest = -1;

  constructor(bits: number) {
    if (!isWindowSize(bits)) {
      throw new RangeError(`a replay window has 64 to 8192 bits in steps of 64, not ${bits}`);
    }
    this.#bits = bits;
    this.#blocks = new Uint32Array(bits / BLOCK_BITS + 1);
  }

  /** Looks and changes nothing: asked before the tag is verified. */
  peek(seq: number): Verdict {
    if (seq > this.#highest) {
      return 'fresh';
    }
    if (this.#highest - seq >= this.#bits) {
      return 'too-old';
    }
    return (this.#blocks[this.#slot(seq)]! & bit(seq)) === 0 ? 'fresh' : 'duplicate';
  }

  /** Records a number that `peek` called fresh and whose frame verified. */
  mark(seq: number): void {
    if (this.peek(seq) !== 'fresh') {
      throw new Error('only a fresh number is marked');
    }
    if (seq > this.#highest) {
      const from = Math.floor(this.#highest / BLOCK_BITS);
      const skipped = Math.min(Math.floor(seq / BLOCK_BITS) - from, this.#blocks.length);
      for (let i = 1; i <= skipped; i++) {
        this.#blocks[(from + i) % this.#blocks.length] = 0;
      }
      this.#highest = seq;
    }
    this.#blocks[this.#slot(seq)]! |= bit(seq);
  }

  #slot(seq: number): number {
    return Math.floor(seq / BLOCK_BITS) % this.#blocks.length;
  }
}

function bit(seq: number): number {
  return 1 << (seq % BLOCK_BITS);
}
