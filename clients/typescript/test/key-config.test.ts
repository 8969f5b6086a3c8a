import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigurationError, KeyConfigError, type KeyConfigReason } from '../src/errors.js';
import { readObject, writeJson, type JsonObject } from '../src/json.js';
import { signEs256 } from '../src/jws.js';
import { chooseKey } from '../src/key-config.js';
import { KeyConfigVerifier } from '../src/key-config-verifier.js';
import type { Octets } from '../src/octets.js';
import { issue, pem, root, type Holder } from './rig/authority.js';
import { AUDIENCE, Relay, RELAY_ID } from './rig/relay.js';

const HOUR = 3_600_000;
const relay = await Relay.create();

function verifier(
  anchor: Holder = relay.authority,
  now = Date.now(),
  id = RELAY_ID,
  audience = AUDIENCE,
): KeyConfigVerifier {
  return new KeyConfigVerifier([pem(anchor.certificate)], id, audience, () => now);
}

function changed(wish: JsonObject): Octets {
  return writeJson({ ...readObject(relay.payload), ...wish });
}

async function refused(by: KeyConfigVerifier, compact: string, reason: KeyConfigReason): Promise<void> {
  await assert.rejects(by.verify(compact), (error) => error instanceof KeyConfigError && error.reason === reason);
}

function chainOf(...holders: readonly Holder[]): JsonObject {
  return { x5c: holders.map(({ certificate }) => Buffer.from(certificate).toString('base64')) };
}

test('a genuine configuration is taken, and its digest is over the exact payload', async () => {
  const config = await verifier().verify(await relay.signed());
  assert.equal(config.relayId, `${RELAY_ID}#1`);
  assert.deepEqual(Buffer.from(config.digest), Buffer.from(await crypto.subtle.digest('SHA-256', relay.payload)));
  assert.equal(config.keys.length, 2);
});

test('anchors may be DER, several, and sent along', async () => {
  const other = await root('Other');
  const several = new KeyConfigVerifier([other.certificate, relay.authority.certificate], RELAY_ID, AUDIENCE, Date.now);
  await several.verify(await relay.signed(relay.payload, relay.identity, chainOf(relay.identity, relay.authority)));
});

test('a chain over an intermediate is taken', async () => {
  const middle = await issue(relay.authority, { subject: 'Middle', authority: true, usage: 0x04, pathLength: 0 });
  const leaf = await issue(middle, { subject: 'leaf', uris: [RELAY_ID] });
  await verifier().verify(await relay.signed(relay.payload, leaf, chainOf(leaf, middle)));
});

test('signed by another authority of the same name: refused', async () => {
  await refused(verifier(await root()), await relay.signed(), 'untrusted-chain');
});

test('signed by another service: refused', async () => {
  const other = await issue(relay.authority, { subject: 'other', uris: ['spiffe://postern.local/service/gateway'] });
  await refused(verifier(), await relay.signed(relay.payload, other), 'wrong-identity');
});

test('a certificate of two names, or of none: refused', async () => {
  for (const uris of [[RELAY_ID, 'spiffe://postern.local/service/gateway'], undefined]) {
    const leaf = await issue(relay.authority, { subject: 'leaf', ...(uris && { uris }) });
    await refused(verifier(), await relay.signed(relay.payload, leaf), 'wrong-identity');
  }
});

test('a leaf that issues: refused', async () => {
  const leaf = await issue(relay.identity, { subject: 'below', uris: [RELAY_ID] });
  await refused(verifier(), await relay.signed(relay.payload, leaf, chainOf(leaf, relay.identity)), 'untrusted-chain');
});

test('an authority below one that allows none: refused', async () => {
  const narrow = await root('Narrow', { pathLength: 0 });
  const middle = await issue(narrow, { subject: 'Middle', authority: true, usage: 0x04 });
  const leaf = await issue(middle, { subject: 'leaf', uris: [RELAY_ID] });
  await refused(verifier(narrow), await relay.signed(relay.payload, leaf, chainOf(leaf, middle)), 'untrusted-chain');
});

test('an authority that may not sign certificates: refused', async () => {
  const middle = await issue(relay.authority, { subject: 'Middle', authority: true, usage: 0x80 });
  const leaf = await issue(middle, { subject: 'leaf', uris: [RELAY_ID] });
  await refused(verifier(), await relay.signed(relay.payload, leaf, chainOf(leaf, middle)), 'untrusted-chain');
});

test('an unknown critical extension: refused', async () => {
  const leaf = await issue(relay.authority, { subject: 'leaf', uris: [RELAY_ID], unknownCritical: true });
  await refused(verifier(), await relay.signed(relay.payload, leaf), 'untrusted-chain');
});

test('an expired certificate: refused after the tolerance of an hour', async () => {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const leaf = await issue(relay.authority, { subject: 'leaf', uris: [RELAY_ID], until: now - HOUR });
  const compact = await relay.signed(relay.payload, leaf);
  await verifier(relay.authority, now).verify(compact);
  await refused(verifier(relay.authority, now + 1000), compact, 'untrusted-chain');
});

test('another signature, or none: refused', async () => {
  const compact = await relay.signed();
  const other = await issue(relay.authority, { subject: 'relay', uris: [RELAY_ID] });
  const foreign = await signEs256(
    { alg: 'ES256', typ: 'ssp1-kc+jwt', ...chainOf(relay.identity) },
    relay.payload,
    other.keys.privateKey,
  );
  await refused(verifier(), foreign, 'bad-signature');
  await refused(verifier(), `${compact.slice(0, compact.lastIndexOf('.'))}.`, 'bad-signature');
});

test('an altered payload: refused', async () => {
  const [header, , signature] = (await relay.signed()).split('.');
  const payload = Buffer.from(changed({ suites: [[32, 1, 2]] })).toString('base64url');
  await refused(verifier(), `${header}.${payload}.${signature}`, 'bad-signature');
});

test('another type or algorithm, critical parameters, no or too long a chain: refused', async () => {
  const headers: JsonObject[] = [
    { typ: 'JWT' },
    { alg: 'none' },
    { crit: ['exp'] },
    { x5c: [] },
    { x5c: 'text' },
    { x5c: [1] },
    { x5c: ['AAAA'] },
    chainOf(...Array.from({ length: 6 }, () => relay.identity)),
  ];
  for (const header of headers) {
    await refused(verifier(), await relay.signed(relay.payload, relay.identity, header), 'malformed');
  }
  for (const compact of ['', 'a.b', '..', 'x'.repeat(40_000), `${await relay.signed()}.`]) {
    await refused(verifier(), compact, 'malformed');
  }
});

test('another relay, another audience, another version: refused', async () => {
  await refused(verifier(), await relay.signed(changed({ relay_id: `${RELAY_ID}2` })), 'wrong-identity');
  await refused(
    verifier(relay.authority, Date.now(), 'spiffe://postern.local/other'),
    await relay.signed(),
    'wrong-identity',
  );
  await refused(verifier(), await relay.signed(changed({ aud: 'urn:other' })), 'wrong-audience');
  await refused(verifier(), await relay.signed(changed({ v: 2 })), 'malformed');
});

test('a clock an hour off is tolerated, and not more', async () => {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const compact = await relay.signed(changed({ nbf: now / 1000, exp: now / 1000 + 300 }));
  for (const offset of [-HOUR, HOUR]) {
    await verifier(relay.authority, now + offset).verify(compact);
  }
  await refused(verifier(relay.authority, now - HOUR - 1), compact, 'not-yet-valid');
  await refused(verifier(relay.authority, now + HOUR + 300_000), compact, 'expired');
});

test('keys of unknown or unlisted suites are left out, and nothing steps down', async () => {
  const config = await verifier().verify(
    await relay.signed(
      changed({
        suites: [
          [32, 1, 2],
          [25722, 1, 3],
          [99, 1, 2],
        ],
      }),
    ),
  );
  assert.deepEqual(
    config.keys.map(({ suite }) => suite),
    ['x25519'],
  );
  assert.equal(chooseKey(config, ['x-wing']), undefined);
});

test('one name for two keys: refused', async () => {
  const { keys } = readObject(relay.payload) as { keys: JsonObject[] };
  await refused(
    verifier(),
    await relay.signed(changed({ keys: keys.map((key) => ({ ...key, key_id: keys[0]!['key_id'] })) })),
    'malformed',
  );
});

test('no or broken anchors: the client does not start', () => {
  assert.throws(() => new KeyConfigVerifier([], RELAY_ID, AUDIENCE, Date.now), ConfigurationError);
  assert.throws(() => new KeyConfigVerifier(['no PEM'], RELAY_ID, AUDIENCE, Date.now), ConfigurationError);
  assert.throws(() => new KeyConfigVerifier([new Uint8Array(40)], RELAY_ID, AUDIENCE, Date.now), ConfigurationError);
});
