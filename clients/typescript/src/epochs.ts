import type { Clock } from './clock.js';
import { FrameCipher } from './frame-cipher.js';
import { commitment, nextEpoch, type Role } from './key-schedule.js';
import type { Octets } from './octets.js';
import { redacted } from './redacted.js';
import { ReplayWindow } from './replay-window.js';

/** How long the receive keys of an epoch outlive it. */
export const GRACE_MILLIS = 5_000;

/** The keys of one epoch as one end uses them, with the counter and the window that belong to exactly these keys. */
export class Epoch {
  #nextSeq = 0;

  private constructor(
    readonly number: number,
    readonly sending: FrameCipher,
    readonly receiving: FrameCipher,
    readonly window: ReplayWindow,
    readonly commitment: Octets,
  ) {}

  static async of(number: number, secret: Octets, self: Role, windowBits: number): Promise<Epoch> {
    const [sending, receiving, commit] = await Promise.all([
      FrameCipher.of(secret, self),
      FrameCipher.of(secret, self === 'client' ? 'relay' : 'client'),
      commitment(secret),
    ]);
    return new Epoch(number, sending, receiving, new ReplayWindow(windowBits), commit);
  }

  /** The next sequence number; it is spent even when sealing then fails. */
  takeSeq(): number {
    return this.#nextSeq++;
  }

  get sent(): number {
    return this.#nextSeq;
  }

  static {
    redacted(this, (epoch) => `Epoch[${epoch.number}]`);
  }
}

/**
 * The current epoch and those before it whose receive keys are still in their grace time. Going forward is one way: the
 * epoch secret of before is erased.
 */
export class EpochChain {
  readonly #self: Role;
  readonly #windowBits: number;
  readonly #clock: Clock;
  #secret: Octets;
  #current: Epoch;
  #closed = false;
  #retiring: { readonly epoch: Epoch; readonly until: number }[] = [];

  private constructor(secret: Octets, first: Epoch, self: Role, windowBits: number, clock: Clock) {
    this.#secret = secret;
    this.#current = first;
    this.#self = self;
    this.#windowBits = windowBits;
    this.#clock = clock;
  }

  /** Takes `es_0` over. */
  static async begin(secret: Octets, self: Role, windowBits: number, clock: Clock): Promise<EpochChain> {
    return new EpochChain(secret, await Epoch.of(0, secret, self, windowBits), self, windowBits, clock);
  }

  get current(): Epoch {
    return this.#current;
  }

  /** Begins the next epoch. Not to be called twice at once: the session receives one frame after the other. */
  async advance(): Promise<void> {
    const number = this.#current.number + 1;
    const secret = await nextEpoch(this.#secret, number);
    const next = await Epoch.of(number, secret, this.#self, this.#windowBits);
    if (this.#closed) {
      secret.fill(0);
      return;
    }
    this.#secret.fill(0);
    this.#secret = secret;
    this.#retiring.push({ epoch: this.#current, until: this.#clock() + GRACE_MILLIS });
    this.#current = next;
  }

  /** The epoch whose keys open a frame of that number. Never a second candidate. */
  receiving(number: number): Epoch | undefined {
    const now = this.#clock();
    this.#retiring = this.#retiring.filter((old) => now < old.until);
    if (number === this.#current.number) {
      return this.#current;
    }
    return this.#retiring.find((old) => old.epoch.number === number)?.epoch;
  }

  /** Erases the epoch secret and lets go of the old keys. */
  close(): void {
    this.#closed = true;
    this.#secret.fill(0);
    this.#retiring = [];
  }

  static {
    redacted(this, (chain) => `EpochChain[${chain.current.number}]`);
  }
}
