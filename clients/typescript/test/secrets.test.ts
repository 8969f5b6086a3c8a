import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { ClientHandshake } from '../src/client-handshake.js';
import { Epoch, EpochChain } from '../src/epochs.js';
import { FrameCipher } from '../src/frame-cipher.js';
import { KemKeyPair } from '../src/hpke.js';
import { random } from '../src/octets.js';
import { ProofKey } from '../src/proof-key.js';
import { Relay } from './rig/relay.js';
import { offerFor, peers } from './rig/session.js';

test('what holds a secret prints its kind, and nothing of it', async () => {
  const relay = await Relay.create({ suites: ['x25519'] });
  const secret = random(32);
  const { client } = await peers(relay);
  const holders: [unknown, RegExp][] = [
    [client, /^SealedSession\[epoch 0\]$/],
    [await ClientHandshake.start(await offerFor(relay), Date.now), /^ClientHandshake$/],
    [await KemKeyPair.generate('x25519'), /^KemKeyPair\[x25519\]$/],
    [await FrameCipher.of(secret, 'client'), /^FrameCipher$/],
    [await Epoch.of(0, secret, 'client', 64), /^Epoch\[0\]$/],
    [await EpochChain.begin(secret, 'client', 64, Date.now), /^EpochChain\[0\]$/],
    [await ProofKey.generate(), /^ProofKey\[[\w-]{43}\]$/],
  ];
  for (const [holder, expected] of holders) {
    assert.match(String(holder), expected);
    assert.match(inspect(holder, { depth: 9, showHidden: true }), expected);
    assert.match(JSON.parse(JSON.stringify(holder)) as string, expected);
  }
});

test('a session that is closed has erased its epoch secret', async () => {
  const secret = random(32);
  const chain = await EpochChain.begin(secret, 'client', 64, Date.now);
  await chain.advance();
  assert.ok(secret.every((octet) => octet === 0));
  chain.close();
});

test('a handshake that is over cannot decapsulate any more', async () => {
  const pair = await KemKeyPair.generate('x25519');
  pair.forget();
  await assert.rejects(pair.recipient(random(32), random(8)));
});
