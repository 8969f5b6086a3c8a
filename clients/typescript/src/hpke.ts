import * as noble from '@panva/hpke-noble';
import * as HPKE from 'hpke';
import { concatenate, type Octets } from './octets.js';
import { factsOf, type Suite } from './suite.js';
import { redacted } from './redacted.js';

/**
 * HPKE base mode with export (RFC 9180). The KEMs are noble's, which behave alike on every platform; everything after
 * them is WebCrypto's.
 */
const SUITES: Readonly<Record<Suite, HPKE.CipherSuite>> = {
  'x-wing': suite(noble.KEM_MLKEM768_X25519),
  x25519: suite(noble.KEM_DHKEM_X25519_HKDF_SHA256),
};

function suite(kem: HPKE.KEMFactory): HPKE.CipherSuite {
  return new HPKE.CipherSuite(kem, HPKE.KDF_HKDF_SHA256, HPKE.AEAD_AES_256_GCM);
}

/** The octets are no usable public key or encapsulation of the suite, or do not open. Says no more. */
export class HpkeFailed extends Error {
  override readonly name = 'HpkeFailed';
}

/** One encapsulation: what it is, and the context it began. */
export interface Sender {
  readonly encapsulation: Octets;
  seal(plaintext: Octets, aad: Octets): Promise<Octets>;
  exportSecret(label: Octets, length: number): Promise<Octets>;
}

export interface Recipient {
  open(ciphertext: Octets, aad: Octets): Promise<Octets>;
  exportSecret(label: Octets, length: number): Promise<Octets>;
}

/** A KEM key pair. Its private half prints nothing and cannot be extracted unless it was made from octets. */
export class KemKeyPair {
  readonly suite: Suite;
  readonly publicKey: Octets;
  #pair: HPKE.KeyPair | undefined;

  private constructor(ofSuite: Suite, publicKey: Octets, pair: HPKE.KeyPair) {
    this.suite = ofSuite;
    this.publicKey = publicKey;
    this.#pair = pair;
  }

  static async generate(ofSuite: Suite): Promise<KemKeyPair> {
    return KemKeyPair.#of(ofSuite, await SUITES[ofSuite].GenerateKeyPair(false));
  }

  /** From a seed, for known answers: equal seeds are equal keys. */
  static async insecureDerive(ofSuite: Suite, ikm: Octets): Promise<KemKeyPair> {
    return KemKeyPair.#of(ofSuite, await SUITES[ofSuite].DeriveKeyPair(ikm, false));
  }

  /** From its serialized halves, as known answers give them. */
  static async insecureRead(ofSuite: Suite, publicKey: Octets, privateKey: Octets): Promise<KemKeyPair> {
    const hpke = SUITES[ofSuite];
    return KemKeyPair.#of(ofSuite, {
      publicKey: await hpke.DeserializePublicKey(publicKey),
      privateKey: await hpke.DeserializePrivateKey(privateKey, false),
    });
  }

  static async #of(ofSuite: Suite, pair: HPKE.KeyPair): Promise<KemKeyPair> {
    return new KemKeyPair(ofSuite, concatenate(await SUITES[ofSuite].SerializePublicKey(pair.publicKey)), pair);
  }

  /** Decapsulates. */
  async recipient(encapsulation: Octets, info: Octets): Promise<Recipient> {
    const pair = this.#pair;
    if (pair === undefined) {
      throw new HpkeFailed('the key pair is gone');
    }
    const context = await orFail(() => SUITES[this.suite].SetupRecipient(pair, encapsulation, { info }));
    return {
      open: async (ciphertext, aad) => concatenate(await orFail(() => context.Open(ciphertext, aad))),
      exportSecret: async (label, length) => concatenate(await context.Export(label, length)),
    };
  }

  /** Forgets the private key: the nearest to erasing that JavaScript has for a key object. */
  forget(): void {
    this.#pair = undefined;
  }

  static {
    redacted(this, (key) => `KemKeyPair[${key.suite}]`);
  }
}

/** Encapsulates to a public key. */
export async function sender(ofSuite: Suite, publicKey: Octets, info: Octets): Promise<Sender> {
  if (publicKey.length !== factsOf(ofSuite).publicKeyLength) {
    throw new HpkeFailed('a public key of another length');
  }
  const hpke = SUITES[ofSuite];
  const { encapsulatedSecret, ctx } = await orFail(async () =>
    hpke.SetupSender(await hpke.DeserializePublicKey(publicKey), { info }),
  );
  return {
    encapsulation: concatenate(encapsulatedSecret),
    seal: async (plaintext, aad) => concatenate(await ctx.Seal(plaintext, aad)),
    exportSecret: async (label, length) => concatenate(await ctx.Export(label, length)),
  };
}

async function orFail<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch {
    throw new HpkeFailed('HPKE refused its input');
  }
}
