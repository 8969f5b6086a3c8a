import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerTooLargeError, SessionUnusableError, type UnusableReason } from '../src/errors.js';
import { parseHeader } from '../src/frame-header.js';
import { MessageAssembler } from '../src/message-assembler.js';
import { random, utf8, type Octets } from '../src/octets.js';
import type { Delivered, DropReason, Received } from '../src/received.js';
import type { SealedSession } from '../src/sealed-session.js';
import { CANCELLED } from '../src/stream-problem.js';
import { Relay } from './rig/relay.js';
import { flipped, peers } from './rig/session.js';

const relay = await Relay.create({ suites: ['x25519'] });
const REQUEST = utf8('{"q":1}');

async function asked(
  clock?: () => number,
): Promise<{ client: SealedSession; far: Awaited<ReturnType<typeof peers>>['relay']; stream: number }> {
  const { client, relay: far } = await peers(relay, clock);
  const stream = client.openStream();
  for (const frame of await client.seal(stream, REQUEST, 'json', true)) {
    await far.open(frame);
  }
  return { client, far, stream };
}

async function drops(client: SealedSession, frame: Octets, reason: DropReason): Promise<void> {
  assert.deepEqual(await client.receive(frame), { kind: 'dropped', reason });
}

function delivered(received: Received): Delivered {
  assert.equal(received.kind, 'delivered');
  return received as Delivered;
}

function unusable(reason: UnusableReason): (error: unknown) => boolean {
  return (error) => error instanceof SessionUnusableError && error.reason === reason;
}

test('every header octet and every ciphertext octet is authenticated', async () => {
  const { client, far, stream } = await asked();
  const [frame] = await far.data(stream, { a: 1 }, true);
  for (let at = 0; at < frame!.length; at++) {
    assert.equal((await client.receive(flipped(frame!, at))).kind, 'dropped', `octet ${at}`);
  }
  delivered(await client.receive(frame!));
});

test('a bad tag changes nothing', async () => {
  const { client, far, stream } = await asked();
  const [frame] = await far.data(stream, { a: 1 });
  await drops(client, flipped(frame!, frame!.length - 1), 'bad-tag');
  delivered(await client.receive(frame!));
});

test('a forged number does not move the window', async () => {
  const { client, far, stream } = await asked();
  const [frame] = await far.data(stream, { a: 1 });
  const forged = frame!.slice();
  new DataView(forged.buffer).setUint32(28, 60_000);
  await drops(client, forged, 'bad-tag');
  delivered(await client.receive(frame!));
});

test('a duplicate is refused and the session lives on', async () => {
  const { client, far, stream } = await asked();
  const [one] = await far.data(stream, { a: 1 });
  const [two] = await far.data(stream, { a: 2 }, true);
  delivered(await client.receive(one!));
  await drops(client, one!, 'duplicate');
  delivered(await client.receive(two!));
  await drops(client, two!, 'duplicate');
});

test('two copies at once are delivered once', async () => {
  const { client, far, stream } = await asked();
  const [frame] = await far.data(stream, { a: 1 });
  const kinds = (await Promise.all([client.receive(frame!), client.receive(frame!.slice())])).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['delivered', 'dropped']);
});

test('what fell out of the window is too old', async () => {
  const { client, far, stream } = await asked();
  const late = await far.frame('data', stream, utf8('1'), 'json', { seq: 0 });
  delivered(await client.receive(await far.frame('data', stream, utf8('0'), 'json', { seq: 1024 })));
  await drops(client, late, 'too-old');
  delivered(await client.receive(await far.frame('data', stream, utf8('1'), 'json', { seq: 1, idx: 1 })));
});

test('a reflected frame is refused', async () => {
  const { client } = await peers(relay);
  const [own] = await client.seal(client.openStream(), REQUEST, 'json', true);
  await drops(client, own!, 'reflected');
  const turned = flipped(own!, 3, 2);
  await drops(client, turned, 'bad-tag');
});

test('a frame of another session is refused, even under its sid', async () => {
  const one = await asked();
  const other = await asked();
  const [frame] = await other.far.data(other.stream, { a: 1 });
  await drops(one.client, frame!, 'unknown-session');
  frame!.set(one.client.id, 4);
  await drops(one.client, frame!, 'bad-tag');
});

test('a chunk moved to another stream, place or epoch is refused', async () => {
  const { client, far, stream } = await asked();
  const second = client.openStream();
  const [frame] = await far.data(stream, { a: 1 });
  const moved = frame!.slice();
  new DataView(moved.buffer).setUint32(32, second);
  await drops(client, moved, 'bad-tag');
  await drops(client, flipped(frame!, 39), 'bad-tag');
  await drops(client, flipped(frame!, 23), 'unknown-epoch');
});

test('an authentic chunk that is not the next is refused', async () => {
  const { client, far, stream } = await asked();
  const send = (idx: number, fin = false): Promise<Octets> =>
    far.frame('data', stream, utf8('{}'), 'json', { idx, fin });
  await drops(client, await send(1), 'bad-idx');
  delivered(await client.receive(await send(0)));
  await drops(client, await send(0), 'bad-idx');
  await drops(client, await send(2), 'bad-idx');
  delivered(await client.receive(await send(1, true)));
  await drops(client, await send(2), 'stream-ended');
  await drops(client, await far.frame('data', stream + 1, utf8('{}'), 'json'), 'unknown-stream');
});

test('headers out of range never pass', async () => {
  const { client, far, stream } = await asked();
  const [frame] = await far.data(stream, { a: 1 });
  const altered = (at: number, ...octets: number[]): Octets => {
    const copy = frame!.slice();
    copy.set(octets, at);
    return copy;
  };
  await drops(client, new Uint8Array(0), 'malformed');
  await drops(client, frame!.slice(0, 43), 'malformed');
  await drops(client, frame!.slice(0, -1), 'malformed');
  await drops(client, altered(0, 2), 'malformed');
  await drops(client, altered(1, 0x12), 'malformed');
  await drops(client, altered(1, 0x14), 'malformed');
  await drops(client, altered(2, 0, 0x0a), 'malformed');
  await drops(client, altered(2, 0, 0x06), 'malformed');
  await drops(client, altered(20, 0x80), 'malformed');
  await drops(client, altered(24, 0, 0x20), 'malformed');
  await drops(client, altered(32, 0x80), 'malformed');
  await drops(client, altered(40, 0, 0, 0, 16), 'malformed');
  await drops(client, altered(40, 0, 1, 0, 0), 'too-large');
  for (let i = 0; i < 500; i++) {
    assert.equal((await client.receive(random(40 + Math.floor(Math.random() * 80)))).kind, 'dropped');
  }
});

test('an authentic frame without a type inside is malformed', async () => {
  const { client, far, stream } = await asked();
  await drops(client, await far.frame('data', stream, new Uint8Array(0), 5 as never), 'malformed');
});

test('keys are updated on receipt, old ones live five seconds more', async () => {
  let now = Date.now();
  const { client, far, stream } = await asked(() => now);
  const [early] = await far.data(stream, { a: 0 });
  const straggler = await far.frame('data', stream, utf8('{}'), 'json', { idx: 1 });
  const late = await far.frame('data', stream, utf8('{}'), 'json', { idx: 2 });
  const update = await far.keyUpdate();
  const [after] = await far.data(client.openStream(), { b: 1 });
  await drops(client, after!, 'unknown-epoch');
  delivered(await client.receive(early!));
  const before = client.epochCommitment;
  assert.deepEqual(await client.receive(update), { kind: 'key-updated', epoch: 1 });
  await drops(client, update, 'duplicate');
  assert.notDeepEqual(client.epochCommitment, before);
  now += 4_999;
  delivered(await client.receive(straggler));
  now += 1;
  await drops(client, late, 'epoch-retired');
  delivered(await client.receive(after!));
  const [own] = await client.seal(client.openStream(), REQUEST, 'json', true);
  const opened = await far.open(own!);
  assert.equal(opened.header.epoch, 1);
  assert.equal(opened.header.seq, 0);
});

test('an update that is not of the current epoch changes nothing', async () => {
  const { client, far } = await asked();
  const stale = await far.frame('key-update', 0, new Uint8Array(0), 'bytes', { seq: 7 });
  await client.receive(await far.keyUpdate());
  await drops(client, stale, 'malformed');
  assert.equal(client.epoch, 1);
});

test('no nonce is used twice, however calls interleave', async () => {
  const { client } = await peers(relay);
  const streams = [client.openStream(), client.openStream(), client.openStream()];
  const sealed = await Promise.all(
    Array.from({ length: 30 }, (_, i) => client.seal(streams[i % 3]!, random(20_000), 'bytes', false)),
  );
  const headers = sealed.flat().map((frame) => parseHeader(frame));
  const numbers = headers.map((header) => (typeof header === 'string' ? -1 : header.seq));
  assert.deepEqual(
    numbers,
    Array.from({ length: 60 }, (_, i) => i),
  );
});

test('lengths tell a bucket and no more', async () => {
  const { client } = await peers(relay);
  const stream = client.openStream();
  const lengthOf = async (content: number): Promise<number[]> =>
    (await client.seal(stream, new Uint8Array(content), 'bytes', false)).map((frame) => frame.length - 60);
  assert.deepEqual(await lengthOf(0), [256]);
  assert.deepEqual(await lengthOf(255), [256]);
  assert.deepEqual(await lengthOf(256), [512]);
  assert.deepEqual(await lengthOf(16_383), [16_384]);
  assert.deepEqual(await lengthOf(16_384), [16_384, 256]);
});

test('a long answer is put together, and one over the limit is not held', async () => {
  const { client, far, stream } = await asked();
  const content = random(40_000);
  const assembler = new MessageAssembler(40_000);
  const frames = await far.data(stream, content, true, 'bytes');
  assert.equal(frames.length, 3);
  const messages = [];
  for (const frame of frames) {
    messages.push(assembler.add(delivered(await client.receive(frame))));
  }
  assert.deepEqual(messages.slice(0, 2), [undefined, undefined]);
  assert.deepEqual(messages[2]?.content, content);
  const small = new MessageAssembler(10);
  const chunk: Delivered = {
    kind: 'delivered',
    stream: 1,
    idx: 0,
    fin: false,
    type: 'bytes',
    content: new Uint8Array(6),
  };
  assert.equal(small.add(chunk), undefined);
  assert.throws(() => small.add(chunk), AnswerTooLargeError);
});

test('a missing FIN and frames that never came are missed at the close', async () => {
  const { client, far, stream } = await asked();
  await far.data(stream, { lost: 1 });
  const received = await client.receive(await far.close('shutdown'));
  assert.deepEqual(received, { kind: 'closed', reason: 'shutdown', truncated: [stream], missingFrames: 1 });
  await drops(client, await far.close('again'), 'closed');
  assert.throws(() => client.openStream(), unusable('closed'));
});

test('a problem ends its stream in both directions', async () => {
  const { client, far, stream } = await asked();
  const received = await client.receive(await far.error(stream, 'unknown-model', 404));
  assert.deepEqual(received, {
    kind: 'stream-error',
    stream,
    problem: { code: 'unknown-model', status: 404, title: 'A problem.' },
  });
  await drops(client, (await far.data(stream, {}))[0]!, 'stream-ended');
  await assert.rejects(client.seal(stream, REQUEST, 'json', true), unusable('stream-ended'));
});

test('a client cancels with a problem of its own', async () => {
  const { client, far, stream } = await asked();
  const [frame] = await client.sealError(stream, CANCELLED);
  const opened = await far.open(frame!);
  assert.equal(opened.header.type, 'error');
  assert.equal(opened.header.stream, stream);
  assert.equal((JSON.parse(Buffer.from(opened.content).toString()) as { code: string }).code, 'cancelled');
  await assert.rejects(client.sealError(stream, CANCELLED), unusable('stream-ended'));
});

test('CLOSE says how many frames there were', async () => {
  const { client, far } = await asked();
  const [frame] = await client.sealClose('done');
  const { content } = await far.open(frame!);
  assert.deepEqual(JSON.parse(Buffer.from(content).toString()), { reason: 'done', streams: 1, frames: 1 });
  assert.deepEqual(await client.sealClose('done'), []);
});

test('an expired session seals nothing', async () => {
  let now = Date.now();
  const { client } = await asked(() => now);
  now += 300_001;
  assert.throws(() => client.openStream(), unusable('expired'));
});

test('no more streams are open than granted', async () => {
  const few = await Relay.create({ suites: ['x25519'] });
  few.grant = { streams: 2 };
  const { client } = await peers(few);
  client.openStream();
  client.openStream();
  assert.throws(() => client.openStream(), unusable('stream-limit'));
});

test('without a key update a client stops at twice the frames, and takes no more', async () => {
  const few = await Relay.create({ suites: ['x25519'] });
  few.grant = { epoch: { seconds: 60, frames: 2 } };
  const { client, relay: far } = await peers(few);
  const stream = client.openStream();
  for (let i = 0; i < 4; i++) {
    await client.seal(stream, REQUEST, 'json', false);
  }
  await assert.rejects(client.seal(stream, REQUEST, 'json', false), unusable('frame-limit'));
  await drops(client, await far.frame('data', stream, REQUEST, 'json', { seq: 4 }), 'frame-limit');
});

test('after revocation no data is delivered', async () => {
  const { client, far, stream } = await asked();
  client.revoke();
  await drops(client, (await far.data(stream, {}))[0]!, 'revoked');
});

test('a reconnect is no resumption', async () => {
  const one = await asked();
  const two = await asked();
  assert.notDeepEqual(one.client.id, two.client.id);
  assert.notDeepEqual(one.client.epochCommitment, two.client.epochCommitment);
});
