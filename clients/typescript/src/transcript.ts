import { sha256 } from './hashing.js';
import { concatenate, equal, u16, u32, utf8, type Octets } from './octets.js';
import { AEAD, factsOf, KDF, type Suite } from './suite.js';

/** The handshake's octet strings and hashes, exactly as the protocol document spells them. Pure functions. */

export const KEY_ID_LENGTH = 16;
export const CHALLENGE_LENGTH = 32;
export const SESSION_ID_LENGTH = 16;
export const ACCEPT_HEADER_LENGTH = 4 + 2 + SESSION_ID_LENGTH;
export const OPEN_HEADER_LENGTH = 4 + 2 + 6 + KEY_ID_LENGTH + CHALLENGE_LENGTH;
export const EXPORT_LABEL = utf8('ssp1 secret');

const MAGIC = utf8('SSP1');
const OPEN_LABEL = utf8('ssp1 open\0');
const ACCEPT_LABEL = utf8('ssp1 accept\0');
const VERSION = 1;
const OPEN = 1;
const ACCEPT = 2;

/** `OH`. */
export function openHeader(suite: Suite, keyId: Octets, challenge: Octets): Octets {
  return concatenate(
    MAGIC,
    Uint8Array.of(VERSION, OPEN),
    u16(factsOf(suite).kem),
    u16(KDF),
    u16(AEAD),
    keyId,
    challenge,
  );
}

/** `AH`. */
export function acceptHeader(sessionId: Octets): Octets {
  return concatenate(MAGIC, Uint8Array.of(VERSION, ACCEPT), sessionId);
}

/** Whether a message begins as ACCEPT does. */
export function beginsAsAccept(message: Uint8Array): boolean {
  return equal(message.subarray(0, 4), MAGIC) && message[4] === VERSION && message[5] === ACCEPT;
}

/** `info1`. */
export async function openInfo(kcd: Octets, header: Octets): Promise<Octets> {
  return concatenate(OPEN_LABEL, kcd, await sha256(header));
}

/** What `ct1` is bound to besides its key. */
export function openAad(header: Octets, enc1: Octets): Octets {
  return concatenate(header, enc1);
}

/** The part of OPEN's body that the proof signs. */
export function signedPart(clientKey: Octets, parameters: Octets): Octets {
  return concatenate(u16(clientKey.length), clientKey, u32(parameters.length), parameters);
}

/** `th1`. */
export function afterOpen(header: Octets, enc1: Octets, ct1: Octets): Promise<Octets> {
  return sha256(header, enc1, ct1);
}

/** `tsh`, which the proof signs. */
export async function proofHash(header: Octets, enc1: Octets, kcd: Octets, signed: Octets): Promise<Octets> {
  return sha256(header, enc1, kcd, await sha256(signed));
}

/** `info2`. */
export function acceptInfo(th1: Octets): Octets {
  return concatenate(ACCEPT_LABEL, th1);
}

/** What `ct2` is bound to besides its key. */
export function acceptAad(header: Octets, enc2: Octets, th1: Octets): Octets {
  return concatenate(header, enc2, th1);
}

/** `th2`. */
export function afterAccept(th1: Octets, header: Octets, enc2: Octets, ct2: Octets): Promise<Octets> {
  return sha256(th1, header, enc2, ct2);
}
