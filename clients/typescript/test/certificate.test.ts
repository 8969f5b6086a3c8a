import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseCertificate, readCertificates } from '../src/certificate.js';
import { leadsToAnchor } from '../src/certificate-chain.js';
import { DerReader, MalformedDer, oidText, readWhole, smallInteger, Tag, timeOf, unsignedInteger } from '../src/der.js';
import { random, utf8, type Octets } from '../src/octets.js';
import { tlv } from './rig/authority.js';
import { flipped } from './rig/session.js';

/** Made by OpenSSL: a P-256 root, a P-384 intermediate, and a leaf signed with SHA-384. Valid until 2048. */
const PEM = readFileSync(new URL('../../test/fixtures/openssl-chain.pem', import.meta.url), 'utf8');
const [leaf, middle, anchor] = readCertificates(PEM);
const WITHIN = Date.UTC(2030, 0);

function der(...octets: number[]): DerReader {
  return new DerReader(Uint8Array.from(octets));
}

test('a chain that OpenSSL made', async () => {
  assert.deepEqual(leaf!.uris, ['spiffe://postern.local/service/inference-relay']);
  assert.deepEqual([leaf!.isAuthority, middle!.isAuthority, middle!.pathLength], [false, true, 0]);
  assert.equal(await leadsToAnchor([leaf!, middle!], [anchor!], WITHIN, 0), true);
  assert.equal(await leadsToAnchor([leaf!], [anchor!], WITHIN, 0), false);
  assert.equal(await leadsToAnchor([middle!, leaf!], [anchor!], WITHIN, 0), false);
  assert.equal(await leadsToAnchor([leaf!, middle!], [middle!], WITHIN, 0), true);
  assert.equal(await leadsToAnchor([anchor!], [anchor!], WITHIN, 0), false);
  assert.equal(await leadsToAnchor([leaf!, middle!], [anchor!], Date.UTC(2060, 0), 0), false);
  assert.equal(await leadsToAnchor([leaf!, middle!], [anchor!], Date.UTC(2020, 0), 0), false);
});

test('no chain with any octet of its leaf altered leads to the anchor', async () => {
  for (let at = 0; at < leaf!.whole.length; at += 3) {
    const altered = parsed(flipped(leaf!.whole, at, 1 << (at % 8)));
    assert.ok(altered === undefined || !(await leadsToAnchor([altered, middle!], [anchor!], WITHIN, 0)), `octet ${at}`);
  }
});

test('whatever the octets, a certificate or one kind of error', () => {
  for (let i = 0; i < 3_000; i++) {
    parsed(random(1 + (i % 200)));
    const copy = anchor!.whole.slice();
    copy[Math.floor(Math.random() * copy.length)] = Math.floor(Math.random() * 256);
    parsed(copy.slice(0, Math.floor(Math.random() * 2 * copy.length)));
  }
});

test('DER in another form is refused', () => {
  for (const reader of [
    der(0x30, 0x80, 0, 0),
    der(0x30, 0x81, 0x01, 0),
    der(0x30, 0x82, 0x00, 0x80),
    der(0x30, 0x84, 0, 0, 0, 1, 0),
    der(0x30, 0x05, 0),
    der(0x30),
    der(),
  ]) {
    assert.throws(() => reader.read(Tag.sequence), MalformedDer);
  }
  assert.throws(() => readWhole(Uint8Array.of(0x30, 0, 0), Tag.sequence), MalformedDer);
});

test('numbers, identifiers and times have one form', () => {
  assert.equal(oidText(der(0x06, 0x03, 0x55, 0x1d, 0x11).read(Tag.oid)), '2.5.29.17');
  assert.throws(() => oidText(der(0x06, 0x02, 0x80, 0x01).read(Tag.oid)), MalformedDer);
  assert.throws(() => oidText(der(0x06, 0x01, 0x81).read(Tag.oid)), MalformedDer);
  assert.throws(() => smallInteger(der(0x02, 0x01, 0x80).read(Tag.integer)), MalformedDer);
  assert.throws(() => smallInteger(der(0x02, 0x02, 0x00, 0x01).read(Tag.integer)), MalformedDer);
  assert.throws(() => unsignedInteger(der(0x02, 0x02, 0x00, 0x01).read(Tag.integer), 32), MalformedDer);
  assert.deepEqual([...unsignedInteger(der(0x02, 0x02, 0x00, 0x81).read(Tag.integer), 3)], [0, 0, 0x81]);
  const utc = (text: string): number => timeOf(new DerReader(tlv(Tag.utcTime, utf8(text))).read(Tag.utcTime));
  assert.equal(utc('491231235959Z'), Date.UTC(2049, 11, 31, 23, 59, 59));
  assert.equal(utc('500101000000Z'), Date.UTC(1950, 0));
  for (const text of ['490230000000Z', '4912312359Z', '491231235959+0000', '491231245959Z']) {
    assert.throws(() => utc(text), MalformedDer);
  }
});

function parsed(octets: Octets): ReturnType<typeof parseCertificate> | undefined {
  try {
    return parseCertificate(octets);
  } catch (error) {
    assert.ok(error instanceof MalformedDer, String(error));
    return undefined;
  }
}
