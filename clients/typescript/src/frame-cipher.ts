import { HEADER_LENGTH, TAG_LENGTH } from './frame-header.js';
import { frameIv, frameKey, NONCE_LENGTH, type Role } from './key-schedule.js';
import type { Octets } from './octets.js';
import { redacted } from './redacted.js';

/**
 * One direction's AES-256-GCM in one epoch. The key is a WebCrypto key that cannot be extracted. The nonce is
 * `iv XOR seq`: the caller never gives one sequence number to `seal` twice.
 */
export class FrameCipher {
  readonly #key: CryptoKey;
  readonly #iv: Octets;

  private constructor(key: CryptoKey, iv: Octets) {
    this.#key = key;
    this.#iv = iv;
  }

  static async of(epochSecret: Octets, sender: Role): Promise<FrameCipher> {
    const octets = await frameKey(epochSecret, sender);
    try {
      const key = await crypto.subtle.importKey('raw', octets, 'AES-GCM', false, ['encrypt', 'decrypt']);
      return new FrameCipher(key, await frameIv(epochSecret, sender));
    } finally {
      octets.fill(0);
    }
  }

  /** Seals in place: the frame holds the header and, after it, the plaintext; its last 16 octets take the tag. */
  async seal(seq: number, frame: Octets): Promise<void> {
    const plaintext = frame.subarray(HEADER_LENGTH, frame.length - TAG_LENGTH);
    frame.set(
      new Uint8Array(await crypto.subtle.encrypt(this.#algorithm(seq, frame), this.#key, plaintext)),
      HEADER_LENGTH,
    );
  }

  /** The plaintext of a whole frame, or nothing when the tag does not verify. */
  async open(seq: number, frame: Octets): Promise<Octets | undefined> {
    try {
      const ciphertext = frame.subarray(HEADER_LENGTH);
      return new Uint8Array(await crypto.subtle.decrypt(this.#algorithm(seq, frame), this.#key, ciphertext));
    } catch {
      return undefined;
    }
  }

  #algorithm(seq: number, frame: Octets): AesGcmParams {
    const nonce = this.#iv.slice();
    let rest = seq;
    for (let i = 1; i <= 8; i++) {
      nonce[NONCE_LENGTH - i]! ^= rest % 256;
      rest = Math.floor(rest / 256);
    }
    return { name: 'AES-GCM', iv: nonce, additionalData: frame.subarray(0, HEADER_LENGTH), tagLength: 8 * TAG_LENGTH };
  }

  static {
    redacted(this, () => 'FrameCipher');
  }
}
