import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ClientHandshake } from '../src/client-handshake.js';
import { HandshakeError } from '../src/errors.js';
import { KeyConfigVerifier } from '../src/key-config-verifier.js';
import { random, utf8, type Octets } from '../src/octets.js';
import { ProofKey } from '../src/proof-key.js';
import { CANCELLED } from '../src/stream-problem.js';
import type { Suite } from '../src/suite.js';

/**
 * The client against the production relay half in Java. RELAY_CLASSPATH names the compiled modules sealed-session,
 * workload-identity and access-token, and what they need.
 */

const RELAY_ID = 'spiffe://postern.local/service/inference-relay';
const AUDIENCE = 'urn:postern:relay';

const classpath = process.env['RELAY_CLASSPATH'];
assert.ok(classpath, 'set RELAY_CLASSPATH; see README.md');
const source = fileURLToPath(new URL('../../interop/RelayPeer.java', import.meta.url));
const java = process.env['JAVA_HOME'] === undefined ? 'java' : `${process.env['JAVA_HOME']}/bin/java`;
const peer = spawn(java, ['--enable-native-access=ALL-UNNAMED', '-cp', classpath, source], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface(peer.stdout)[Symbol.asyncIterator]();

after(() => peer.kill());

async function line(): Promise<string> {
  const next = await lines.next();
  assert.ok(next.done !== true, 'the peer is gone');
  return next.value;
}

async function ask(...command: readonly string[]): Promise<string> {
  peer.stdin.write(`${command.join(' ')}\n`);
  return line();
}

async function frames(...command: readonly string[]): Promise<Octets[]> {
  return (await ask(...command)).split(' ').map(octets);
}

function hex(value: Uint8Array): string {
  return Buffer.from(value).toString('hex');
}

function octets(value: string): Octets {
  return new Uint8Array(Buffer.from(value, 'hex'));
}

const anchor = new Uint8Array(Buffer.from(await line(), 'base64'));
const config = await new KeyConfigVerifier([anchor], RELAY_ID, AUDIENCE, Date.now).verify(await line());

for (const suite of ['x-wing', 'x25519'] as const satisfies Suite[]) {
  test(`${suite}: a session with the Java relay`, async () => {
    const proofKey = await ProofKey.generate();
    const parameters = { clientId: 'app', tenant: '', models: ['a', 'b'], maxStreams: 8, token: 'to.ke.n' };
    const offer = { relay: config, suites: [suite], challenge: await ask('challenge'), parameters, proofKey };
    const handshake = await ClientHandshake.start(offer, Date.now);
    const [accept, ...seen] = (await ask('open', hex(handshake.message))).split(' ');
    assert.deepEqual(seen, [proofKey.thumbprint, 'to.ke.n', 'app', 'a,b']);
    const { session } = await handshake.accept(octets(accept!));
    assert.equal(hex(session.epochCommitment), await ask('commitment'));

    const long = random(40_000);
    const one = session.openStream();
    const received: string[] = [];
    for (const frame of await session.seal(one, long, 'json', true)) {
      received.push(await ask('receive', hex(frame)));
    }
    assert.deepEqual(received, [
      `delivered 1 0 MORE BYTES ${hex(long.slice(0, 16_383))}`,
      `delivered 1 1 MORE BYTES ${hex(long.slice(16_383, 32_766))}`,
      `delivered 1 2 LAST JSON ${hex(long.slice(32_766))}`,
    ]);

    const [event] = await frames('seal', '1', 'JSON', 'MORE', hex(utf8('{}')));
    assert.deepEqual(await session.receive(event!), {
      kind: 'delivered',
      stream: 1,
      idx: 0,
      fin: false,
      type: 'json',
      content: utf8('{}'),
    });

    for (let epoch = 1; epoch <= 3; epoch++) {
      const [update] = await frames('update');
      assert.deepEqual(await session.receive(update!), { kind: 'key-updated', epoch });
      assert.equal(hex(session.epochCommitment), await ask('commitment'));
    }
    const [end] = await frames('seal', '1', 'JSON', 'LAST', '');
    assert.deepEqual(await session.receive(end!), {
      kind: 'delivered',
      stream: 1,
      idx: 1,
      fin: true,
      type: 'json',
      content: new Uint8Array(0),
    });

    const two = session.openStream();
    const [question] = await session.seal(two, utf8('{}'), 'json', true);
    assert.equal(await ask('receive', hex(question!)), 'delivered 2 0 LAST JSON 7b7d');
    assert.equal(await ask('receive', hex(question!)), 'dropped duplicate');
    const [problem] = await frames('error', '2');
    assert.deepEqual(await session.receive(problem!), {
      kind: 'stream-error',
      stream: 2,
      problem: { code: 'unknown-model', status: 404, title: 'There is no such model.' },
    });

    const three = session.openStream();
    await ask('receive', hex((await session.seal(three, utf8('{}'), 'json', true))[0]!));
    const [cancel] = await session.sealError(three, CANCELLED);
    assert.equal(await ask('receive', hex(cancel!)), 'error 3 cancelled');

    if (suite === 'x-wing') {
      const [close] = await session.sealClose('done');
      assert.equal(await ask('receive', hex(close!)), 'closed done true');
    } else {
      const [close] = await frames('close', 'shutdown');
      assert.deepEqual(await session.receive(close!), {
        kind: 'closed',
        reason: 'shutdown',
        truncated: [],
        missingFrames: 0,
      });
    }
  });
}

test('an ACCEPT altered on the way from the Java relay is refused', async () => {
  const parameters = { clientId: 'app', tenant: '', models: [], maxStreams: 8, token: 't' };
  const offer = {
    relay: config,
    suites: ['x25519'] as const,
    challenge: await ask('challenge'),
    parameters,
    proofKey: await ProofKey.generate(),
  };
  const handshake = await ClientHandshake.start(offer, Date.now);
  const accept = octets((await ask('open', hex(handshake.message))).split(' ')[0]!);
  accept[40]! ^= 1;
  await assert.rejects(handshake.accept(accept), HandshakeError);
});
