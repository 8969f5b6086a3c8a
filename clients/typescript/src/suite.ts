/**
 * The HPKE suites of SSP1, by KEM. KDF and AEAD are the same in both: HKDF-SHA256 and AES-256-GCM.
 *
 * Nothing here falls from one suite to the other by itself: a client lists what it permits, and the choice is bound
 * into the first transcript hash.
 */
export type Suite = 'x-wing' | 'x25519';

export const KDF = 0x0001;
export const AEAD = 0x0002;

/** What a client permits unless it was told otherwise. */
export const DEFAULT_SUITES: readonly Suite[] = ['x-wing'];

interface SuiteFacts {
  readonly kem: number;
  readonly publicKeyLength: number;
  readonly encapsulationLength: number;
}

const FACTS: Readonly<Record<Suite, SuiteFacts>> = {
  'x-wing': { kem: 0x647a, publicKeyLength: 1216, encapsulationLength: 1120 },
  x25519: { kem: 0x0020, publicKeyLength: 32, encapsulationLength: 32 },
};

export function factsOf(suite: Suite): SuiteFacts {
  return FACTS[suite];
}

/** The suite with exactly these registered identifiers, if it is one of SSP1's. */
export function suiteOf(kem: unknown, kdf: unknown, aead: unknown): Suite | undefined {
  if (kdf !== KDF || aead !== AEAD) {
    return undefined;
  }
  return (Object.keys(FACTS) as Suite[]).find((suite) => FACTS[suite].kem === kem);
}
