import { decodeBase64Url } from './base64.js';
import { sha256 } from './hashing.js';
import { array, integer, isObject, MalformedContent, readObject, text } from './json.js';
import type { Octets } from './octets.js';
import { AEAD, factsOf, KDF, suiteOf, type Suite } from './suite.js';
import { KEY_ID_LENGTH } from './transcript.js';

/** One of a relay's HPKE public keys. */
export interface RelayPublicKey {
  /** 16 octets; base64url where it is text. */
  readonly id: Octets;
  readonly name: string;
  readonly suite: Suite;
  readonly octets: Octets;
}

/**
 * What a relay publishes about itself. One that a client holds came from `KeyConfigVerifier`. Its digest `kcd` is over
 * the exact payload octets and is bound into every handshake.
 */
export interface KeyConfig {
  readonly relayId: string;
  readonly audience: string;
  /** Seconds since 1970. */
  readonly notBefore: number;
  readonly expires: number;
  readonly policyHash: string;
  readonly keys: readonly RelayPublicKey[];
  /** `kcd`. */
  readonly digest: Octets;
}

const MAX_KEYS = 16;

/** Reads a payload. Keys of unknown KEMs, and of suites the relay does not list, are left out. */
export async function parseKeyConfig(payload: Octets): Promise<KeyConfig> {
  const json = readObject(payload);
  if (integer(json, 'v') !== 1) {
    throw new MalformedContent('another version');
  }
  const offered = new Set(array(json, 'suites', MAX_KEYS).map(suiteOfTriple));
  const keys = array(json, 'keys', MAX_KEYS)
    .map(keyOf)
    .filter((key) => key !== undefined)
    .filter((key) => offered.has(key.suite));
  if (new Set(keys.map((key) => key.name)).size !== keys.length) {
    throw new MalformedContent('one key_id for two keys');
  }
  return {
    relayId: text(json, 'relay_id'),
    audience: text(json, 'aud'),
    notBefore: integer(json, 'nbf'),
    expires: integer(json, 'exp'),
    policyHash: text(json, 'policy_hash'),
    keys,
    digest: await sha256(payload),
  };
}

/** The key of the first permitted suite that the relay offers. There is no fallback beyond the permitted ones. */
export function chooseKey(config: KeyConfig, permitted: readonly Suite[]): RelayPublicKey | undefined {
  for (const suite of permitted) {
    const key = config.keys.find((candidate) => candidate.suite === suite);
    if (key !== undefined) {
      return key;
    }
  }
  return undefined;
}

function suiteOfTriple(triple: unknown): Suite | undefined {
  return Array.isArray(triple) && triple.length === 3 ? suiteOf(triple[0], triple[1], triple[2]) : undefined;
}

function keyOf(json: unknown): RelayPublicKey | undefined {
  if (!isObject(json) || typeof json['key_id'] !== 'string' || typeof json['pk'] !== 'string') {
    return undefined;
  }
  const suite = suiteOf(json['kem'], KDF, AEAD);
  const id = decodeBase64Url(json['key_id'], KEY_ID_LENGTH);
  if (suite === undefined || id === undefined) {
    return undefined;
  }
  const octets = decodeBase64Url(json['pk'], factsOf(suite).publicKeyLength);
  return octets === undefined ? undefined : { id, name: json['key_id'], suite, octets };
}
