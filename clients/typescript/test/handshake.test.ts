import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientHandshake } from '../src/client-handshake.js';
import { HandshakeError, type HandshakeReason } from '../src/errors.js';
import { utf8 } from '../src/octets.js';
import { Relay } from './rig/relay.js';
import { flipped, offerFor, peers } from './rig/session.js';
import type { Suite } from '../src/suite.js';

const relay = await Relay.create();

function failsAs(reason: HandshakeReason): (error: unknown) => boolean {
  return (error) => error instanceof HandshakeError && error.reason === reason;
}

for (const suite of ['x25519', 'x-wing'] as const satisfies Suite[]) {
  test(`${suite}: a session both ways`, async () => {
    const { client, relay: far, answer, established } = await peers(relay, Date.now, [suite]);
    assert.equal(answer.suite, suite);
    assert.deepEqual(answer.parameters['models'], ['m']);
    assert.equal(answer.parameters['client_id'], 'app');
    assert.ok(relay.challenges.has(established.nextChallenge));
    const stream = client.openStream();
    const [frame] = await client.seal(stream, utf8('{"a":1}'), 'json', true);
    const opened = await far.open(frame!);
    assert.equal(Buffer.from(opened.content).toString(), '{"a":1}');
    assert.equal(opened.header.fin, true);
    const [answerFrame] = await far.data(stream, { b: 2 }, true);
    const received = await client.receive(answerFrame!);
    assert.equal(received.kind, 'delivered');
  });
}

test('ACCEPT with any octet altered gives no session', async () => {
  const handshakes = [0, 3, 4, 5, 6, 21, 22, 53, 54, 80, -33, -32, -1];
  for (const at of handshakes) {
    const handshake = await ClientHandshake.start(await offerFor(relay), Date.now);
    const { accept } = await relay.answer(handshake.message);
    await assert.rejects(handshake.accept(flipped(accept, at < 0 ? accept.length + at : at)), HandshakeError);
  }
});

test('a wrong fin_r is a forged ACCEPT', async () => {
  const handshake = await ClientHandshake.start(await offerFor(relay), Date.now);
  const { accept } = await relay.answer(handshake.message);
  await assert.rejects(handshake.accept(flipped(accept, accept.length - 1)), failsAs('forged-accept'));
});

test('ACCEPT of another handshake is refused', async () => {
  const offer = await offerFor(relay);
  const one = await ClientHandshake.start(offer, Date.now);
  const other = await ClientHandshake.start(offer, Date.now);
  const { accept } = await relay.answer(other.message);
  await assert.rejects(one.accept(accept), failsAs('forged-accept'));
});

test('ACCEPT too short, too long, or no ACCEPT is malformed', async () => {
  for (const accept of [new Uint8Array(0), new Uint8Array(86), new Uint8Array(9000), utf8('SSP1').slice()]) {
    const handshake = await ClientHandshake.start(await offerFor(relay), Date.now);
    await assert.rejects(handshake.accept(accept), failsAs('malformed-accept'));
  }
});

test('a handshake takes one answer, and none after it was given up', async () => {
  const handshake = await ClientHandshake.start(await offerFor(relay), Date.now);
  const { accept } = await relay.answer(handshake.message);
  await assert.rejects(handshake.accept(flipped(accept, 30)), HandshakeError);
  await assert.rejects(handshake.accept(accept));
});

test('terms out of bounds are refused', async () => {
  const strange: Record<string, unknown>[] = [
    { window: 100 },
    { window: 16384 },
    { streams: 0 },
    { idle: 0 },
    { epoch: { seconds: 61, frames: 1 } },
    { epoch: { seconds: 60, frames: 65537 } },
    { next_challenge: 'short' },
    { session_exp: 'soon' },
  ];
  for (const grant of strange) {
    const careless = await Relay.create({ suites: ['x25519'] });
    careless.grant = grant;
    await assert.rejects(peers(careless), failsAs('malformed-accept'));
  }
});

test('no suite but the permitted is ever used', async () => {
  const classical = await Relay.create({ suites: ['x25519'] });
  await assert.rejects(
    ClientHandshake.start(await offerFor(classical, ['x-wing']), Date.now),
    failsAs('no-common-suite'),
  );
});

test('a header rewritten to another suite, key or challenge opens nowhere', async () => {
  const handshake = await ClientHandshake.start(await offerFor(relay), Date.now);
  for (const at of [7, 12, 28, 59]) {
    await assert.rejects(relay.answer(flipped(handshake.message, at)));
  }
});

test("a configuration that is not the relay's shares no keys", async () => {
  const offer = await offerFor(relay);
  const strange = { ...offer, relay: { ...offer.relay, digest: new Uint8Array(32) } };
  const handshake = await ClientHandshake.start(strange, Date.now);
  await assert.rejects(relay.answer(handshake.message));
});

test('an unusable challenge or key is refused', async () => {
  const offer = await offerFor(relay);
  await assert.rejects(ClientHandshake.start({ ...offer, challenge: 'abc' }, Date.now), failsAs('unusable-offer'));
  const keys = offer.relay.keys.map((key) => ({ ...key, octets: new Uint8Array(key.octets.length) }));
  await assert.rejects(
    ClientHandshake.start({ ...offer, relay: { ...offer.relay, keys } }, Date.now),
    failsAs('unusable-offer'),
  );
});

test('a client whose clock is an hour off works', async () => {
  for (const offset of [-3_590_000, 3_590_000]) {
    const clock = (): number => Date.now() + offset;
    const { client, established } = await peers(relay, clock);
    assert.ok(Math.abs(established.clockOffset + offset) < 5_000);
    assert.ok(client.expiresAt - clock() > 290_000 && client.expiresAt - clock() <= 300_000);
    client.openStream();
  }
});

test('equal offers never look the same', async () => {
  const offer = await offerFor(relay);
  const messages = await Promise.all([0, 1].map(async () => (await ClientHandshake.start(offer, Date.now)).message));
  assert.notDeepEqual(messages[0]!.slice(60), messages[1]!.slice(60));
});
