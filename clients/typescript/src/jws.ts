import { decodeBase64Url, encodeBase64Url } from './base64.js';
import { MalformedContent, readObject, writeJson, type JsonObject } from './json.js';
import { utf8, type Octets } from './octets.js';

const ES256 = { name: 'ECDSA', hash: 'SHA-256' };

/** A compact JWS (RFC 7515), taken apart and not verified. */
export interface CompactJws {
  readonly header: JsonObject;
  readonly payload: Octets;
  readonly signingInput: Octets;
  readonly signature: Octets;
}

/** @throws MalformedContent when it is none, or is longer than `maxLength` */
export function parseJws(compact: string, maxLength: number): CompactJws {
  const parts = compact.length <= maxLength ? compact.split('.') : [];
  const [header, payload, signature] = parts.map((part) => decodeBase64Url(part));
  if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined) {
    throw new MalformedContent('no compact JWS');
  }
  return { header: readObject(header), payload, signingInput: utf8(`${parts[0]}.${parts[1]}`), signature };
}

/** Whether a P-256 key made the signature. */
export async function verifyEs256(jws: CompactJws, key: CryptoKey): Promise<boolean> {
  return jws.signature.length === 64 && crypto.subtle.verify(ES256, key, jws.signature, jws.signingInput);
}

export async function signEs256(header: JsonObject, payload: Octets, key: CryptoKey): Promise<string> {
  const input = `${encodeBase64Url(writeJson(header))}.${encodeBase64Url(payload)}`;
  const signature = await crypto.subtle.sign(ES256, key, utf8(input));
  return `${input}.${encodeBase64Url(new Uint8Array(signature))}`;
}
