import {
  bitStringOctets,
  booleanOf,
  DerReader,
  MalformedDer,
  oidText,
  readWhole,
  smallInteger,
  Tag,
  timeOf,
  unsignedInteger,
  type DerValue,
} from './der.js';
import { decodeBase64 } from './base64.js';
import type { Octets } from './octets.js';

/** What a chain to a relay needs of an X.509 v3 certificate (RFC 5280), and nothing else. */
export interface Certificate {
  readonly whole: Octets;
  readonly signedPart: Octets;
  readonly signature: Octets;
  /** The object identifier of the algorithm that made the signature. */
  readonly signatureAlgorithm: string;
  readonly issuer: Octets;
  readonly subject: Octets;
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo, and the object identifiers of its algorithm and curve. */
  readonly publicKey: Octets;
  readonly keyAlgorithm: string;
  readonly curve: string | undefined;
  readonly isAuthority: boolean;
  /** How many authorities may follow below; undefined where there is no limit. */
  readonly pathLength: number | undefined;
  /** Whether the extension is there, and what it permits. */
  readonly keyUsage: KeyUsage | undefined;
  readonly uris: readonly string[];
  /** Whether an extension is critical that this reader does not understand: the certificate must not be used. */
  readonly hasUnknownCritical: boolean;
}

export interface KeyUsage {
  readonly digitalSignature: boolean;
  readonly certificateSigning: boolean;
}

const MAX_LENGTH = 16 * 1024;
const V3 = 2;
const URI_NAME = 0x86;

const Extension = {
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
} as const;

export const EC_KEY = '1.2.840.10045.2.1';
const CURVES: Readonly<Record<string, { name: string; scalarLength: number }>> = {
  '1.2.840.10045.3.1.7': { name: 'P-256', scalarLength: 32 },
  '1.3.132.0.34': { name: 'P-384', scalarLength: 48 },
};
const ECDSA_HASHES: Readonly<Record<string, string>> = {
  '1.2.840.10045.4.3.2': 'SHA-256',
  '1.2.840.10045.4.3.3': 'SHA-384',
};

/** @throws MalformedDer when the octets are no certificate */
export function parseCertificate(octets: Octets): Certificate {
  if (octets.length > MAX_LENGTH) {
    throw new MalformedDer('a certificate that is too long');
  }
  const certificate = readWhole(octets, Tag.sequence);
  const tbs = certificate.read(Tag.sequence);
  const outerAlgorithm = certificate.read(Tag.sequence);
  const signature = bitStringOctets(certificate.read(Tag.bitString));
  certificate.end();

  const part = new DerReader(tbs.content);
  const version = part.enter(0xa0);
  if (smallInteger(version.read(Tag.integer)) !== V3) {
    throw new MalformedDer('not version 3');
  }
  version.end();
  part.read(Tag.integer);
  const innerAlgorithm = part.read(Tag.sequence);
  if (!sameOctets(innerAlgorithm.whole, outerAlgorithm.whole)) {
    throw new MalformedDer('two signature algorithms');
  }
  const issuer = part.read(Tag.sequence).whole;
  const validity = part.enter(Tag.sequence);
  const notBefore = time(validity);
  const notAfter = time(validity);
  validity.end();
  const subject = part.read(Tag.sequence).whole;
  const publicKey = part.read(Tag.sequence);
  part.optional(0x81);
  part.optional(0x82);
  const extensions = extensionsOf(part);
  part.end();
  return {
    whole: octets,
    signedPart: tbs.whole,
    signature,
    signatureAlgorithm: oidText(new DerReader(innerAlgorithm.content).read(Tag.oid)),
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey: publicKey.whole,
    ...algorithmOf(publicKey),
    ...extensions,
  };
}

/** Certificates in PEM, one after the other, or one in DER. */
export function readCertificates(source: string | Uint8Array): readonly Certificate[] {
  if (typeof source !== 'string') {
    return [parseCertificate(new Uint8Array(source))];
  }
  const blocks = source.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, body]) => {
    const octets = decodeBase64(body!.replace(/\s/g, ''));
    if (octets === undefined) {
      throw new MalformedDer('PEM that is not base64');
    }
    return parseCertificate(octets);
  });
}

/** The public key, for verifying what `hash` says; undefined when it is on no curve this library takes. */
export async function ecdsaKey(
  certificate: Certificate,
): Promise<{ key: CryptoKey; scalarLength: number } | undefined> {
  const curve = certificate.keyAlgorithm === EC_KEY ? CURVES[certificate.curve ?? ''] : undefined;
  if (curve === undefined) {
    return undefined;
  }
  try {
    const algorithm = { name: 'ECDSA', namedCurve: curve.name };
    const key = await crypto.subtle.importKey('spki', certificate.publicKey, algorithm, false, ['verify']);
    return { key, scalarLength: curve.scalarLength };
  } catch {
    return undefined;
  }
}

/** Whether `issuer`'s key made the certificate's signature. ECDSA on P-256 or P-384 only. */
export async function isSignedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  const hash = ECDSA_HASHES[certificate.signatureAlgorithm];
  const issuerKey = await ecdsaKey(issuer);
  if (hash === undefined || issuerKey === undefined) {
    return false;
  }
  const signature = rawSignature(certificate.signature, issuerKey.scalarLength);
  return (
    signature !== undefined &&
    crypto.subtle.verify({ name: 'ECDSA', hash }, issuerKey.key, signature, certificate.signedPart)
  );
}

export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}

/** `r || s` from their DER sequence, as WebCrypto takes them. */
function rawSignature(der: Octets, scalarLength: number): Octets | undefined {
  try {
    const pair = readWhole(der, Tag.sequence);
    const r = unsignedInteger(pair.read(Tag.integer), scalarLength);
    const s = unsignedInteger(pair.read(Tag.integer), scalarLength);
    pair.end();
    const raw = new Uint8Array(2 * scalarLength);
    raw.set(r);
    raw.set(s, scalarLength);
    return raw;
  } catch {
    return undefined;
  }
}

function time(validity: DerReader): number {
  return timeOf(validity.read(validity.peek() === Tag.utcTime ? Tag.utcTime : Tag.generalizedTime));
}

function algorithmOf(publicKey: DerValue): Pick<Certificate, 'keyAlgorithm' | 'curve'> {
  const algorithm = new DerReader(publicKey.content).enter(Tag.sequence);
  const keyAlgorithm = oidText(algorithm.read(Tag.oid));
  const curve = algorithm.optional(Tag.oid);
  return { keyAlgorithm, curve: curve === undefined ? undefined : oidText(curve) };
}

type Extensions = Pick<Certificate, 'isAuthority' | 'pathLength' | 'keyUsage' | 'uris' | 'hasUnknownCritical'>;

function extensionsOf(part: DerReader): Extensions {
  const found = { isAuthority: false, pathLength: undefined as number | undefined };
  let keyUsage: KeyUsage | undefined;
  let uris: readonly string[] = [];
  let hasUnknownCritical = false;
  if (part.peek() === 0xa3) {
    const wrapper = part.enter(0xa3);
    const list = wrapper.enter(Tag.sequence);
    wrapper.end();
    const seen = new Set<string>();
    while (!list.done) {
      const extension = list.enter(Tag.sequence);
      const id = oidText(extension.read(Tag.oid));
      const criticality = extension.optional(Tag.boolean);
      const critical = criticality !== undefined && booleanOf(criticality);
      const value = extension.read(Tag.octetString).content;
      extension.end();
      if (seen.has(id)) {
        throw new MalformedDer('one extension twice');
      }
      seen.add(id);
      switch (id) {
        case Extension.basicConstraints:
          Object.assign(found, basicConstraints(value));
          break;
        case Extension.keyUsage:
          keyUsage = parseKeyUsage(value);
          break;
        case Extension.subjectAlternativeName:
          uris = uriNames(value);
          break;
        case Extension.extendedKeyUsage:
          // Of TLS; a key configuration is no TLS.
          break;
        default:
          hasUnknownCritical ||= critical;
      }
    }
  }
  return { ...found, keyUsage, uris, hasUnknownCritical };
}

function basicConstraints(value: Octets): Pick<Certificate, 'isAuthority' | 'pathLength'> {
  const constraints = readWhole(value, Tag.sequence);
  const authority = constraints.optional(Tag.boolean);
  const length = constraints.optional(Tag.integer);
  constraints.end();
  return {
    isAuthority: authority !== undefined && booleanOf(authority),
    pathLength: length === undefined ? undefined : smallInteger(length),
  };
}

function parseKeyUsage(value: Octets): KeyUsage {
  const reader = new DerReader(value);
  const { content } = reader.read(Tag.bitString);
  reader.end();
  const bits = content[1] ?? 0;
  return { digitalSignature: (bits & 0x80) !== 0, certificateSigning: (bits & 0x04) !== 0 };
}

function uriNames(value: Octets): readonly string[] {
  const names = readWhole(value, Tag.sequence);
  const uris: string[] = [];
  while (!names.done) {
    const name = names.any();
    if (name.tag === URI_NAME) {
      if (name.content.some((octet) => octet < 0x20 || octet > 0x7e)) {
        throw new MalformedDer('a URI that is not ASCII');
      }
      uris.push(String.fromCharCode(...name.content));
    }
  }
  return uris;
}
