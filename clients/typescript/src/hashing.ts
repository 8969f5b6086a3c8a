import { concatenate, type Octets } from './octets.js';

/** SHA-256 over the parts, joined. */
export async function sha256(...parts: readonly Uint8Array[]): Promise<Octets> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concatenate(...parts)));
}

export async function hmacSha256(key: Octets, message: Octets): Promise<Octets> {
  const hmac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', hmac, message));
}
