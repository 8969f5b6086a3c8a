import { hmacSha256 } from './hashing.js';
import { concatenate, NOTHING, u16, u32, utf8, type Octets } from './octets.js';

/** SSP1's key schedule: HKDF-SHA256 with the protocol's labels. Pure functions; the caller erases what they return. */

export const SECRET_LENGTH = 32;
export const NONCE_LENGTH = 12;

/** Who seals: the client, or the relay. */
export type Role = 'client' | 'relay';

const LABELS: Readonly<Record<Role, string>> = { client: 'c', relay: 'r' };

/** `prk = HKDF-Extract(salt = th2, ikm = exp1 || exp2)`. */
export async function masterSecret(th2: Octets, exp1: Octets, exp2: Octets): Promise<Octets> {
  const secret = concatenate(exp1, exp2);
  const prk = await hmacSha256(th2, secret);
  secret.fill(0);
  return prk;
}

/** `fin_r`: the relay's proof that it derived the same keys from the same transcript. */
export async function relayFinish(prk: Octets, th2: Octets): Promise<Octets> {
  const key = await expand(prk, 'fin r', NOTHING, SECRET_LENGTH);
  const finish = await hmacSha256(key, th2);
  key.fill(0);
  return finish;
}

/** `es_0`. */
export function firstEpoch(prk: Octets): Promise<Octets> {
  return expand(prk, 'epoch', u32(0), SECRET_LENGTH);
}

/** `es_{n+1}` from `es_n`; the caller erases `es_n`. */
export function nextEpoch(epochSecret: Octets, next: number): Promise<Octets> {
  return expand(epochSecret, 'upd', u32(next), SECRET_LENGTH);
}

/** The key with which `sender` seals the frames of an epoch. */
export function frameKey(epochSecret: Octets, sender: Role): Promise<Octets> {
  return expand(epochSecret, `key ${LABELS[sender]}`, NOTHING, SECRET_LENGTH);
}

/** The value every nonce of that key starts from. */
export function frameIv(epochSecret: Octets, sender: Role): Promise<Octets> {
  return expand(epochSecret, `iv ${LABELS[sender]}`, NOTHING, NONCE_LENGTH);
}

/** `commit_n`: binds an epoch's ciphertexts to one key, which AES-GCM by itself does not. */
export function commitment(epochSecret: Octets): Promise<Octets> {
  return expand(epochSecret, 'commit', NOTHING, SECRET_LENGTH);
}

/**
 * `XL(secret, label, context, length)`. No output is longer than one block of HMAC-SHA256, so HKDF-Expand is one HMAC;
 * WebCrypto's own HKDF would extract again and cannot be used.
 */
async function expand(secret: Octets, label: string, context: Octets, length: number): Promise<Octets> {
  const name = utf8(`ssp1 ${label}`);
  const info = concatenate(
    u16(length),
    Uint8Array.of(name.length),
    name,
    Uint8Array.of(context.length),
    context,
    Uint8Array.of(1),
  );
  const block = await hmacSha256(secret, info);
  const output = block.slice(0, length);
  block.fill(0);
  return output;
}
