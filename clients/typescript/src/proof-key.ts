import { encodeBase64Url } from './base64.js';
import type { Clock } from './clock.js';
import { systemClock } from './clock.js';
import { ConfigurationError } from './errors.js';
import { sha256 } from './hashing.js';
import { signEs256 } from './jws.js';
import { writeJson } from './json.js';
import { random, utf8 } from './octets.js';
import { redacted } from './redacted.js';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const PROOF_ID_LENGTH = 16;

/** WebCrypto's key, by what is common to the types of Node and of browsers. */
type SigningKey = Parameters<typeof crypto.subtle.exportKey>[1];

/** A `CryptoKeyPair`. */
export interface SigningKeyPair {
  readonly privateKey: SigningKey;
  readonly publicKey: SigningKey;
}

interface PublicJwk {
  readonly crv: 'P-256';
  readonly kty: 'EC';
  readonly x: string;
  readonly y: string;
}

/**
 * `K_c`: the P-256 key to which the client's tokens are bound and whose possession it proves (RFC 9449), for OPEN and
 * for the token endpoint. The private half is a WebCrypto key that cannot be extracted; browsers can keep the pair in
 * IndexedDB.
 */
export class ProofKey {
  /** `jkt`: the value of `cnf` in a token bound to this key (RFC 7638). */
  readonly thumbprint: string;
  readonly publicJwk: PublicJwk;
  readonly #privateKey: CryptoKey;

  private constructor(privateKey: CryptoKey, publicJwk: PublicJwk, thumbprint: string) {
    this.#privateKey = privateKey;
    this.publicJwk = publicJwk;
    this.thumbprint = thumbprint;
  }

  static async generate(): Promise<ProofKey> {
    return ProofKey.of(await crypto.subtle.generateKey(P256, false, ['sign', 'verify']));
  }

  /** @param pair a P-256 key pair for ECDSA whose private half cannot be extracted */
  static async of(pair: SigningKeyPair): Promise<ProofKey> {
    if (pair.privateKey.extractable) {
      throw new ConfigurationError(
        'A proof key must not be extractable. Import or generate it with extractable=false.',
      );
    }
    const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    if (crv !== 'P-256' || kty !== 'EC' || x === undefined || y === undefined) {
      throw new ConfigurationError('A proof key is a P-256 key pair for ECDSA.');
    }
    // The members of a thumbprint are in this order, without spaces.
    const jwk: PublicJwk = { crv, kty, x, y };
    return new ProofKey(pair.privateKey, jwk, encodeBase64Url(await sha256(writeJson(jwk))));
  }

  /**
   * A DPoP proof of this key: a compact JWS with the public key in its header.
   *
   * @param method `htm`: the HTTP method, or `OPEN`
   * @param target `htu`
   * @param claims further claims, such as `ath` and `nonce`
   */
  prove(
    method: string,
    target: string,
    claims: Readonly<Record<string, string>> = {},
    clock: Clock = systemClock,
  ): Promise<string> {
    const payload = writeJson({
      htm: method,
      htu: target,
      jti: encodeBase64Url(random(PROOF_ID_LENGTH)),
      iat: Math.floor(clock() / 1000),
      ...claims,
    });
    return signEs256({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.publicJwk }, payload, this.#privateKey);
  }

  static {
    redacted(this, (key) => `ProofKey[${key.thumbprint}]`);
  }
}

/** `ath`. */
export async function tokenHash(token: string): Promise<string> {
  return encodeBase64Url(await sha256(utf8(token)));
}
