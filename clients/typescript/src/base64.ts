import type { Octets } from './octets.js';

/** Base64url without padding (RFC 4648 s5), as JOSE writes it. */
export function encodeBase64Url(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) {
    text += String.fromCharCode(octet);
  }
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The octets, when the text is exactly their canonical encoding, of `length` octets where one is given. */
export function decodeBase64Url(text: string, length?: number): Octets | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) {
    return undefined;
  }
  const octets = decode(text.replaceAll('-', '+').replaceAll('_', '/'));
  // Encoding again refuses stray bits in the last character: one value, one text.
  if (octets === undefined || encodeBase64Url(octets) !== text) {
    return undefined;
  }
  return length === undefined || octets.length === length ? octets : undefined;
}

/** Plain base64 with padding, as in `x5c` and PEM. */
export function decodeBase64(text: string): Octets | undefined {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? decode(text) : undefined;
}

function decode(text: string): Octets | undefined {
  try {
    const binary = atob(text);
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
