/** Octets in memory of their own, as WebCrypto takes them. */
export type Octets = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const NOTHING: Octets = new Uint8Array(0);

export function concatenate(...parts: readonly Uint8Array[]): Octets {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The octets of a text in UTF-8; of an ASCII label, its characters. */
export function utf8(text: string): Octets {
  return encoder.encode(text);
}

/** @throws TypeError when the octets are not UTF-8 */
export function fromUtf8(octets: Uint8Array): string {
  return decoder.decode(octets);
}

export function u16(value: number): Octets {
  return Uint8Array.of(value >>> 8, value);
}

export function u32(value: number): Octets {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** Equality in time that depends on the length only. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) {
    return false;
  }
  let difference = 0;
  for (let i = 0; i < a.length; i++) {
    difference |= a[i]! ^ b[i]!;
  }
  return difference === 0;
}

export function random(length: number): Octets {
  return crypto.getRandomValues(new Uint8Array(length));
}
