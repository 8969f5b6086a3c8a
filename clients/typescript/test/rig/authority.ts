import { concatenate, NOTHING, random, utf8, type Octets } from '../../src/octets.js';

/** A certificate authority for tests: writes DER and signs it with P-256. */

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

export interface CertificateWish {
  readonly subject: string;
  readonly uris?: readonly string[];
  readonly from?: number;
  readonly until?: number;
  readonly authority?: boolean;
  readonly pathLength?: number;
  /** Key usage bits of the first octet: 0x80 digitalSignature, 0x04 keyCertSign. */
  readonly usage?: number;
  readonly unknownCritical?: boolean;
}

export interface Holder {
  readonly name: string;
  readonly keys: CryptoKeyPair;
  readonly certificate: Octets;
}

export async function root(name = 'Root', wish: Partial<CertificateWish> = {}): Promise<Holder> {
  const keys = await crypto.subtle.generateKey(P256, false, ['sign', 'verify']);
  const full = { subject: name, authority: true, usage: 0x04, ...wish };
  return { name, keys, certificate: await sign(full, keys.publicKey, name, keys.privateKey) };
}

export async function issue(issuer: Holder, wish: CertificateWish): Promise<Holder> {
  const keys = await crypto.subtle.generateKey(P256, false, ['sign', 'verify']);
  const certificate = await sign(wish, keys.publicKey, issuer.name, issuer.keys.privateKey);
  return { name: wish.subject, keys, certificate };
}

export function pem(certificate: Octets): string {
  const lines = Buffer.from(certificate)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

async function sign(
  wish: CertificateWish,
  subjectKey: CryptoKey,
  issuer: string,
  issuerKey: CryptoKey,
): Promise<Octets> {
  const day = 86_400_000;
  const tbs = sequence(
    tlv(0xa0, tlv(0x02, Uint8Array.of(2))),
    tlv(0x02, concatenate(Uint8Array.of(0x01), random(15))),
    ECDSA_SHA256,
    name(issuer),
    sequence(time(wish.from ?? Date.now() - day), time(wish.until ?? Date.now() + day)),
    name(wish.subject),
    new Uint8Array(await crypto.subtle.exportKey('spki', subjectKey)),
    tlv(0xa3, sequence(...extensions(wish))),
  );
  const raw = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, issuerKey, tbs));
  const signature = sequence(integer(raw.slice(0, 32)), integer(raw.slice(32)));
  return sequence(tbs, ECDSA_SHA256, tlv(0x03, concatenate(Uint8Array.of(0), signature)));
}

function extensions(wish: CertificateWish): Octets[] {
  const list: Octets[] = [];
  const pathLength = wish.pathLength === undefined ? NOTHING : tlv(0x02, Uint8Array.of(wish.pathLength));
  const constraints = wish.authority === true ? [tlv(0x01, Uint8Array.of(0xff)), pathLength] : [];
  list.push(extension([0x55, 0x1d, 0x13], true, sequence(...constraints)));
  const usage = wish.usage ?? 0x80;
  list.push(extension([0x55, 0x1d, 0x0f], true, tlv(0x03, Uint8Array.of(usage === 0x04 ? 2 : 7, usage))));
  if (wish.uris !== undefined) {
    list.push(extension([0x55, 0x1d, 0x11], true, sequence(...wish.uris.map((uri) => tlv(0x86, utf8(uri))))));
  }
  if (wish.unknownCritical === true) {
    list.push(extension([0x55, 0x1d, 0x24], true, sequence()));
  }
  return list;
}

function extension(id: readonly number[], critical: boolean, value: Octets): Octets {
  return sequence(oid(...id), critical ? tlv(0x01, Uint8Array.of(0xff)) : NOTHING, tlv(0x04, value));
}

function name(commonName: string): Octets {
  return sequence(tlv(0x31, sequence(oid(0x55, 0x04, 0x03), tlv(0x0c, utf8(commonName)))));
}

function time(millis: number): Octets {
  const digits = new Date(millis).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return tlv(0x18, utf8(`${digits}Z`));
}

function integer(unsigned: Octets): Octets {
  let from = 0;
  while (from < unsigned.length - 1 && unsigned[from] === 0) {
    from++;
  }
  const digits = unsigned.slice(from);
  return tlv(0x02, digits[0]! >= 0x80 ? concatenate(Uint8Array.of(0), digits) : digits);
}

function oid(...octets: number[]): Octets {
  return tlv(0x06, Uint8Array.from(octets));
}

function sequence(...parts: Octets[]): Octets {
  return tlv(0x30, concatenate(...parts));
}

export function tlv(tag: number, content: Octets): Octets {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 0xff];
  return concatenate(Uint8Array.of(tag, ...size), content);
}
