import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { afterEach, test } from 'node:test';
import {
  AnswerTooLargeError,
  CancelledError,
  ClosedError,
  ConfigurationError,
  ConnectionLostError,
  DeadlineError,
  EffectUnknownError,
  HandshakeError,
  KeyConfigError,
  MalformedAnswerError,
  PosternError,
  RefusedError,
  RelayProblemError,
  TruncatedError,
  UnauthorizedError,
} from '../src/errors.js';
import { EventQueue } from '../src/event-queue.js';
import { ProofKey } from '../src/proof-key.js';
import { random, utf8 } from '../src/octets.js';
import type { SocketConstructor } from '../src/socket.js';
import { FakeGateway, type Asked, type Behaviour } from './rig/gateway.js';
import { Relay } from './rig/relay.js';

const CHAT = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const EMPTY = new Uint8Array(0);

let running: FakeGateway[] = [];

afterEach(async () => {
  await Promise.all(running.map((gateway) => gateway.stop()));
  running = [];
});

async function gateway(behaviour: Behaviour = {}, relay?: Relay): Promise<FakeGateway> {
  const started = await FakeGateway.start({ onRequest: echo, ...behaviour }, relay);
  running.push(started);
  return started;
}

async function echo({ stream, document, session }: Asked): Promise<void> {
  session.send(...(await session.sealed.data(stream, { asked: document, on: session.number }, true)));
}

interface Echo {
  asked: { op: string; msg_id: string; deadline_ms: number; body: unknown; conversation?: string };
  on: number;
}

interface Event {
  n: number;
}

/** Sends events 0, 1, … and, if `whole`, the empty last message. */
async function events({ stream, session }: Asked, count: number, whole = true): Promise<void> {
  for (let n = 0; n < count; n++) {
    session.send(...(await session.sealed.data(stream, { n })));
  }
  if (whole) {
    session.send(...(await session.sealed.data(stream, EMPTY, true)));
  }
}

async function collect(stream: AsyncIterable<Event>): Promise<number[]> {
  const all: number[] = [];
  for await (const { n } of stream) {
    all.push(n);
  }
  return all;
}

test('chat: the request arrives as the relay reads it, and its answer comes back', async () => {
  const far = await gateway();
  const now = Date.now();
  const client = far.client({ models: ['m'], tenant: 't', clock: () => now });
  const msgId = 'AAAAAAAAAAAAAAAAAAAAAA';
  const answer = await client.chat<Echo>(CHAT, {
    msgId,
    deadlineMs: 5_000,
    conversation: 'c1',
    latencyClass: 'batch',
    sensitivity: 'restricted',
  });
  assert.deepEqual(answer.asked, {
    op: '/v1/chat/completions',
    msg_id: msgId,
    deadline_ms: 5_000,
    conversation: 'c1',
    latency_class: 'batch',
    sensitivity: 'restricted',
    body: CHAT,
  });
  const { thumbprint } = await client.proofKey;
  assert.equal(far.opens[0]!.protocols, 'ssp1,ssp1.bearer.gateway.token');
  assert.equal(far.authorizations[0], 'Bearer gateway.token');
  const parameters = far.opens[0]!.session!.parameters;
  assert.equal(parameters['token'], `relay-token-${thumbprint}`);
  assert.deepEqual([parameters['client_id'], parameters['tenant'], parameters['models']], ['app', 't', ['m']]);
});

test('requests share a session, whoever comes first, and have names of their own', async () => {
  const far = await gateway();
  const client = far.client();
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.chat<Echo>(CHAT)));
  assert.equal(far.opens.length, 1);
  assert.equal(new Set(answers.map(({ asked }) => asked.msg_id)).size, 20);
});

test('the same over X-Wing', async () => {
  const far = await gateway({}, await Relay.create());
  assert.equal((await far.client({ suites: ['x-wing', 'x25519'] }).chat<Echo>(CHAT)).on, 1);
  const config = JSON.parse(Buffer.from(far.relay.payload).toString()) as { keys: { key_id: string; kem: number }[] };
  assert.equal(config.keys.find(({ key_id }) => key_id === far.opens[0]!.keyId)?.kem, 0x647a);
});

test('the model list needs no body', async () => {
  const far = await gateway();
  assert.deepEqual(Object.keys((await far.client().request<Echo>('/v1/models')).asked).sort(), [
    'deadline_ms',
    'msg_id',
    'op',
  ]);
});

test('requests and answers longer than a frame', async () => {
  const far = await gateway();
  const content = Buffer.from(random(60_000)).toString('hex');
  const answer = await far.client().chat<Echo>({ ...CHAT, content });
  assert.deepEqual(answer.asked.body, { ...CHAT, content });
});

test('stream: events in order, to the end', async () => {
  const far = await gateway({ onRequest: (asked) => events(asked, 50) });
  assert.deepEqual(
    await collect(far.client().stream<Event>(CHAT)),
    Array.from({ length: 50 }, (_, n) => n),
  );
});

test('a key update in the middle of a stream, and requests under the new keys', async () => {
  const far = await gateway({
    onRequest: async (asked) => {
      await events(asked, 2, false);
      asked.session.send(await asked.session.sealed.keyUpdate());
      await events(asked, 3);
    },
  });
  const client = far.client();
  assert.deepEqual(await collect(client.stream<Event>(CHAT)), [0, 1, 0, 1, 2]);
  assert.deepEqual(await collect(client.stream<Event>(CHAT)), [0, 1, 0, 1, 2]);
  assert.equal(far.opens.length, 1);
});

test('a connection lost before the answer: the same request goes out on a new session', async () => {
  const names: unknown[] = [];
  const far = await gateway({
    onRequest: (asked) => {
      names.push(asked.document['msg_id']);
      return asked.session.number === 1 ? asked.session.drop() : echo(asked);
    },
  });
  assert.equal((await far.client().chat<Echo>(CHAT)).on, 2);
  assert.equal(names.length, 2);
  assert.equal(names[0], names[1]);
});

test('a lost session is opened again at another replica than the last', async () => {
  for (let round = 0; round < 8; round++) {
    const far = await gateway({
      onRequest: (asked) => (asked.session.number === 1 ? asked.session.drop() : echo(asked)),
    });
    const other = await Relay.create({ suites: ['x25519'], issuer: far.relay.authority, replica: '2' });
    far.replicas.push(other);
    await far.client().chat<Echo>(CHAT);
    const [first, second] = far.opens.map(({ keyId }) => other.has(keyId));
    assert.notEqual(first, second);
  }
});

test('a session the relay ends before the answer: the same request goes out on a new one', async () => {
  const far = await gateway({
    onRequest: async (asked) => {
      if (asked.session.number > 1) {
        return echo(asked);
      }
      asked.session.send(await asked.session.sealed.close('shutdown'));
      asked.session.close(4410, 'session-unknown');
    },
  });
  assert.equal((await far.client().chat<Echo>(CHAT)).on, 2);
});

test('every session has a key pair of its own', async () => {
  const far = await gateway({ onRequest: ({ session }) => session.drop() });
  await assert.rejects(far.client({ backoff: { attempts: 2, baseMillis: 1 } }).chat(CHAT), EffectUnknownError);
  const randoms = far.opens.map(({ session }) => session!.parameters['client_random']);
  assert.equal(new Set(randoms).size, 2);
});

test('attempts are bounded', async () => {
  const far = await gateway({ onRequest: ({ session }) => session.drop() });
  const client = far.client({ backoff: { attempts: 3, baseMillis: 1 } });
  await assert.rejects(client.chat(CHAT), unknownBecauseOf('connection-lost'));
  assert.equal(far.opens.length, 3);
});

/** Says that nobody knows what became of the request, and which failure kept it from being asked about once more. */
function unknownBecauseOf(code: string): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof EffectUnknownError && !error.retryable, String(error));
    assert.equal((error.cause as PosternError).code, code);
    return true;
  };
}

for (const [code, then] of [
  ['store-unavailable', (far) => (far.status = 503)],
  ['limit', (far) => (far.status = 429)],
  ['forbidden', (far) => (far.status = 403)],
  ['unauthorized', (far) => (far.status = 401)],
  ['connection-lost', (far) => far.server.close()],
  ['open-rejected', (far) => (far.refusal = { code: 4401, reason: 'open-rejected' })],
  ['challenge', (far) => (far.refusal = { code: 4401, reason: 'challenge' })],
  ['forbidden', (far) => (far.refusal = { code: 4403, reason: 'forbidden' })],
  [
    'key-config-rejected',
    async (far) => {
      const other = await Relay.create({ suites: ['x25519'] });
      far.keyConfig = () => other.signed();
    },
  ],
  ['handshake-failed', (far) => (far.relay.answer = () => Promise.resolve({ accept: EMPTY } as never))],
] as const satisfies readonly (readonly [string, (far: FakeGateway) => unknown])[]) {
  test(`lost after it had left, and ${code} ever after: what became of the request is not known`, async () => {
    const far: FakeGateway = await gateway({
      onRequest: async ({ session }) => {
        await then(far);
        session.drop();
      },
    });
    await assert.rejects(far.client().chat(CHAT), unknownBecauseOf(code));
  });

  test(`${code} before any of it had left: said as it is`, async () => {
    const far = await gateway();
    const client = far.client();
    await then(far);
    await assert.rejects(client.chat(CHAT), { code });
  });
}

test("lost after it had left, and no tokens any more: not known, and the source's error is the cause", async () => {
  let tokens = 0;
  const far = await gateway({ onRequest: ({ session }) => session.drop() });
  const mine = new Error('mine');
  const gatewayToken = (): Promise<string> => (++tokens === 1 ? Promise.resolve('g') : Promise.reject(mine));
  const client = far.client({ tokens: { gateway: gatewayToken, relay: async () => 'r' } });
  await assert.rejects(client.chat(CHAT), (error) => error instanceof EffectUnknownError && error.cause === mine);
});

test('closed by a word of nobody after it had left: not known', async () => {
  const far = await gateway({ onRequest: ({ session }) => session.close(4403, 'forbidden') });
  await assert.rejects(far.client().chat(CHAT), unknownBecauseOf('forbidden'));
});

test("sent again, the relay's refusal counts", async () => {
  const far = await gateway({
    onRequest: async ({ stream, session }) =>
      session.number === 1
        ? session.drop()
        : session.send(await session.sealed.error(stream, 'upstream-unavailable', 502)),
  });
  await assert.rejects(far.client().chat(CHAT), { code: 'problem' });
});

for (const [code, status] of [
  ['overloaded', 429],
  ['revocation-unavailable', 503],
  ['token-expired', 401],
  ['forbidden', 403],
  ['unknown-model', 404],
  ['bad-request', 400],
] as const) {
  const far = (): Promise<FakeGateway> =>
    gateway({
      onRequest: async ({ stream, session }) =>
        session.number === 1 ? session.drop() : session.send(await session.sealed.error(stream, code, status)),
    });

  test(`sent again and refused with ${code} before a relay looked for it: not known`, async () => {
    await assert.rejects((await far()).client().chat(CHAT), unknownBecauseOf('problem'));
  });

  test(`the same with ${code}, of a request that does no harm twice: refused`, async () => {
    await assert.rejects((await far()).client().request('/v1/embeddings', { model: 'm', input: 'x' }), { code: 'problem' });
  });
}

test('a request that must leave once only is not sent again', async () => {
  const far = await gateway({ onRequest: ({ session }) => session.drop() });
  const client = far.client();
  await assert.rejects(client.chat(CHAT, { resend: false }), (error) => {
    assert.ok(error instanceof EffectUnknownError && error.cause instanceof ConnectionLostError);
    return true;
  });
  assert.equal(far.opens.length, 1);
});

test('a relay that cannot tell what became of the request: typed, and not asked a third time', async () => {
  const asked: unknown[] = [];
  const far = await gateway({
    onRequest: async ({ stream, document, session }) => {
      asked.push(document['msg_id']);
      if (session.number === 1) {
        session.drop();
      } else {
        session.send(await session.sealed.error(stream, 'effect-unknown', 409));
      }
    },
  });
  await assert.rejects(far.client().chat(CHAT), (error) => {
    assert.ok(error instanceof EffectUnknownError && error.cause instanceof RelayProblemError && !error.retryable);
    assert.equal(error.cause.problem.status, 409);
    return true;
  });
  assert.equal(asked.length, 2);
  assert.equal(new Set(asked).size, 1);
});

test('what does no harm twice is asked anew when the relay cannot tell', async () => {
  const asked: unknown[] = [];
  const far = await gateway({
    onRequest: async (request) => {
      asked.push(request.document['msg_id']);
      if (asked.length === 1) {
        request.session.drop();
      } else if (asked.length === 2) {
        request.session.send(await request.session.sealed.error(request.stream, 'effect-unknown', 409));
      } else {
        await echo(request);
      }
    },
  });
  const client = far.client();
  await client.request<Echo>('/v1/models');
  assert.equal(asked[1], asked[0]);
  assert.notEqual(asked[2], asked[1]);
  asked.length = 0;
  const msgId = 'A'.repeat(22);
  await assert.rejects(client.request('/v1/models', undefined, { msgId }), { code: 'effect-unknown' });
  assert.deepEqual(asked, [msgId, msgId]);
});

test('once relays have forgotten a request it is not sent again under its name', async () => {
  const relay = await Relay.create({ suites: ['x25519'] });
  relay.grant = { idempotency_ttl: 5 };
  let asked = 0;
  const far = await gateway({ onRequest: (one) => (++asked === 1 ? one.session.drop() : echo(one)) }, relay);
  const client = far.client();
  await assert.rejects(client.chat(CHAT), (error) => {
    assert.ok(error instanceof EffectUnknownError && error.cause instanceof ConnectionLostError);
    return true;
  });
  assert.equal(asked, 1);
  asked = 0;
  await client.request<Echo>('/v1/embeddings', { model: 'm', input: 'x' });
  assert.equal(asked, 2);
});

for (const [set, wall, steady] of [
  ['set back', -3_600_000, 6_000],
  ['right, and the other one stood still', 6_000, 0],
] as const) {
  test(`the wall clock is ${set}: what relays have forgotten is not sent again`, async ({ mock }) => {
    const relay = await Relay.create({ suites: ['x25519'] });
    relay.grant = { idempotency_ttl: 15 };
    const steadily = performance.now.bind(performance);
    let passed = { wall: 0, steady: 0 };
    mock.method(performance, 'now', () => steadily() + passed.steady);
    let asked = 0;
    const far = await gateway(
      {
        onRequest: ({ session }) => {
          asked++;
          passed = { wall, steady };
          session.drop();
        },
      },
      relay,
    );
    const client = far.client({ clock: () => Date.now() + passed.wall });
    await assert.rejects(client.chat(CHAT), unknownBecauseOf('connection-lost'));
    assert.equal(asked, 1);
  });
}

for (const [off, hours] of [
  ['behind', -1],
  ['ahead', 1],
] as const) {
  test(`a clock an hour ${off}: a session lasts its life and is replaced ahead of its end`, async () => {
    const closed: string[] = [];
    const far = await gateway({ onClose: () => void closed.push('close') });
    const expires = Math.floor(Date.now() / 1000) + 3_600;
    const token = `e30.${Buffer.from(JSON.stringify({ exp: expires })).toString('base64url')}.`;
    let now = hours * 3_600_000;
    const client = far.client({
      clock: () => Date.now() + now,
      tokens: { gateway: async () => token, relay: async () => 'r' },
    });
    assert.equal((await client.chat<Echo>(CHAT)).on, 1);
    // In steps that are shorter than a session may be idle.
    for (let passed = 20; passed <= 280; passed += 20) {
      now += 20_000;
      assert.equal((await client.chat<Echo>(CHAT)).on, 1);
    }
    now += 18_500;
    assert.equal((await client.chat<Echo>(CHAT)).on, 2);
    assert.equal((await client.chat<Echo>(CHAT)).on, 2);
    assert.equal(far.opens.length, 2);
    assert.deepEqual(closed, ['close']);
  });
}

test('what is sent again says how much time is left', async () => {
  let now = Date.now();
  const left: unknown[] = [];
  const far = await gateway({
    onRequest: (asked) => {
      left.push(asked.document['deadline_ms']);
      now += 1_500;
      return asked.session.number === 1 ? asked.session.drop() : echo(asked);
    },
  });
  await far.client({ clock: () => now }).chat(CHAT, { deadlineMs: 60_000 });
  assert.deepEqual(left, [60_000, 58_500]);
});

test('a request of which nothing had left is sent, whatever it says', async () => {
  const far = await gateway({
    onOpen: (attempt) => (attempt === 1 ? { code: 4503, reason: 'store-unavailable' } : undefined),
  });
  assert.equal((await far.client().chat<Echo>(CHAT, { resend: false })).on, 2);
});

test('the gateway closes because its token ended: new tokens, new session', async () => {
  let tokens = 0;
  const far = await gateway({
    onRequest: (asked) => (asked.session.number === 1 ? asked.session.close(4401, 'open-rejected') : echo(asked)),
  });
  const client = far.client({ tokens: { gateway: async () => `g${++tokens}`, relay: async () => 'r' } });
  assert.equal((await client.chat<Echo>(CHAT)).on, 2);
  assert.equal(far.opens[1]!.protocols, 'ssp1,ssp1.bearer.g2');
});

test('a session is replaced before the gateway token ends', async () => {
  const far = await gateway();
  const token = (seconds: number): string =>
    `e30.${Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + seconds })).toString('base64url')}.x`;
  const lives = [2, 300];
  const client = far.client({ tokens: { gateway: async () => token(lives.shift()!), relay: async () => 'r' } });
  const answers = [];
  for (let i = 0; i < 3; i++) {
    answers.push((await client.chat<Echo>(CHAT)).on);
  }
  assert.deepEqual(answers, [1, 2, 2]);
});

test('more requests than streams wait for room', async () => {
  const relay = await Relay.create({ suites: ['x25519'] });
  relay.grant = { streams: 2 };
  const held: Asked[] = [];
  let asked = 0;
  let most = 0;
  const far = await gateway(
    {
      onRequest: (request) => {
        held.push(request);
        asked++;
        most = Math.max(most, held.length);
        if (held.length === 2 || asked === 9) {
          setImmediate(() => held.splice(0).forEach((one) => void echo(one)));
        }
      },
    },
    relay,
  );
  const client = far.client();
  await Promise.all(Array.from({ length: 9 }, () => client.chat(CHAT)));
  assert.equal(most, 2);
  assert.equal(far.opens.length, 1);
});

test('who waits for room can be aborted', async () => {
  const relay = await Relay.create({ suites: ['x25519'] });
  relay.grant = { streams: 1 };
  const far = await gateway({ onRequest: () => undefined }, relay);
  const client = far.client();
  const first = assert.rejects(client.chat(CHAT), ClosedError);
  await assert.rejects(client.chat(CHAT, { deadlineMs: 200 }), DeadlineError);
  await client.close();
  await first;
});

test('an answer cut off after it began is truncated, not asked for again', async () => {
  const far = await gateway({
    onRequest: async (asked) => {
      await events(asked, 2, false);
      asked.session.send(await asked.session.sealed.close('shutdown'));
      asked.session.close(4410, 'session-unknown');
    },
  });
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const { n } of far.client().stream<Event>(CHAT)) {
      seen.push(n);
    }
  }, TruncatedError);
  assert.deepEqual(seen, [0, 1]);
  assert.equal(far.opens.length, 1);
});

test('a connection lost in the middle of a stream is truncation', async () => {
  let drop: (() => void) | undefined;
  const far = await gateway({
    onRequest: (asked) => {
      drop = () => asked.session.drop();
      return events(asked, 1, false);
    },
  });
  const stream = far.client().stream<Event>(CHAT);
  assert.deepEqual(await stream.next(), { done: false, value: { n: 0 } });
  drop!();
  await assert.rejects(stream.next(), (error) => {
    assert.ok(error instanceof TruncatedError && error.cause instanceof ConnectionLostError);
    return true;
  });
});

test('revoked by CLOSE: forbidden, authentically, and no new session', async () => {
  const far = await gateway({
    onRequest: async ({ session }) => {
      session.send(await session.sealed.close('revoked'));
      session.close(4403, 'forbidden');
    },
  });
  await assert.rejects(far.client().chat(CHAT), (error) => {
    assert.ok(error instanceof RefusedError && error.code === 'forbidden' && error.authenticated && !error.retryable);
    return true;
  });
  assert.equal(far.opens.length, 1);
});

test('revoked in the middle of a stream: forbidden, not truncated', async () => {
  const far = await gateway({
    onRequest: async (asked) => {
      await events(asked, 1, false);
      asked.session.close(4403, 'forbidden');
    },
  });
  await assert.rejects(collect(far.client().stream<Event>(CHAT)), { code: 'forbidden', authenticated: false });
});

test('4403 at OPEN: forbidden, once', async () => {
  const far = await gateway({ onOpen: () => ({ code: 4403, reason: 'forbidden' }) });
  await assert.rejects(far.client().chat(CHAT), { code: 'forbidden' });
  assert.equal(far.opens.length, 1);
});

test('a stale challenge: OPEN once more with a fresh one', async () => {
  const far = await gateway({ onOpen: (attempt) => (attempt === 1 ? { code: 4401, reason: 'challenge' } : undefined) });
  assert.equal((await far.client().chat<Echo>(CHAT)).on, 2);
  assert.equal(far.authorizations.length, 2);
});

test('a challenge that is stale twice: no third OPEN', async () => {
  const far = await gateway({ onOpen: () => ({ code: 4401, reason: 'challenge' }) });
  await assert.rejects(far.client().chat(CHAT), { code: 'challenge' });
  assert.equal(far.opens.length, 2);
});

test('a token or proof that is refused: the caller authenticates again', async () => {
  const far = await gateway({ onOpen: () => ({ code: 4401, reason: 'open-rejected' }) });
  await assert.rejects(far.client().chat(CHAT), { code: 'open-rejected' });
  assert.equal(far.opens.length, 1);
});

for (const [code, reason] of [
  [4422, 'key-config'],
  [4409, 'open-replayed'],
  [4410, 'session-unknown'],
  [4429, 'limit'],
  [4503, 'store-unavailable'],
  [4503, 'revocation-unavailable'],
  [4429, 'words of nobody'],
] as const) {
  test(`${code} ${reason}: again, with a configuration fetched anew`, async () => {
    const far = await gateway({ onOpen: (attempt) => (attempt < 3 ? { code, reason } : undefined) });
    assert.equal((await far.client().chat<Echo>(CHAT)).on, 3);
    assert.equal(far.authorizations.length, 3);
  });
}

test('a refusal never makes the client step down', async () => {
  const far = await gateway({ onOpen: () => ({ code: 4422, reason: 'key-config' }) }, await Relay.create());
  const config = JSON.parse(Buffer.from(far.relay.payload).toString()) as { keys: { key_id: string; kem: number }[] };
  await assert.rejects(far.client({ suites: ['x-wing'] }).chat(CHAT), { code: 'key-config' });
  const wing = config.keys.find(({ kem }) => kem === 0x647a)!.key_id;
  assert.deepEqual(new Set(far.opens.map(({ keyId }) => keyId)), new Set([wing]));
});

test('a relay without a permitted suite: no session', async () => {
  const far = await gateway();
  await assert.rejects(far.client({ suites: ['x-wing'] }).chat(CHAT), HandshakeError);
  assert.equal(far.opens.length, 0);
});

test('a forged key configuration: no OPEN leaves', async () => {
  const far = await gateway();
  const other = await Relay.create({ suites: ['x25519'] });
  far.keyConfig = () => other.signed();
  await assert.rejects(
    far.client().chat(CHAT),
    (error) => error instanceof KeyConfigError && error.reason === 'untrusted-chain',
  );
  assert.equal(far.opens.length, 0);
});

test('a gateway that does not take its token', async () => {
  const far = await gateway();
  far.status = 401;
  await assert.rejects(far.client().chat(CHAT), UnauthorizedError);
});

test('a gateway that is away: again, bounded', async () => {
  const far = await gateway();
  far.status = 502;
  await assert.rejects(far.client().chat(CHAT), ConnectionLostError);
  assert.equal(far.authorizations.length, 4);
});

test('many requests make one attempt together', async () => {
  const far = await gateway();
  far.status = 502;
  const client = far.client({ backoff: { attempts: 3, baseMillis: 1 } });
  const calls = Array.from({ length: 10 }, () => assert.rejects(client.chat(CHAT), ConnectionLostError));
  await Promise.all(calls);
  assert.equal(far.authorizations.length, 3);
});

test('many requests of a lost session share the next one', async () => {
  let asked = 0;
  const far = await gateway({
    onRequest: (request) => {
      if (request.session.number > 1) {
        return echo(request);
      }
      return ++asked === 10 ? request.session.drop() : undefined;
    },
  });
  const client = far.client();
  const answers = await Promise.all(Array.from({ length: 10 }, () => client.chat<Echo>(CHAT)));
  assert.deepEqual(new Set(answers.map(({ on }) => on)), new Set([2]));
  assert.equal(far.opens.length, 2);
});

test("a problem of the relay is the call's alone", async () => {
  const far = await gateway({
    onRequest: async (asked) =>
      asked.document['op'] === '/v1/embeddings'
        ? asked.session.send(await asked.session.sealed.error(asked.stream, 'unknown-model', 404))
        : echo(asked),
  });
  const client = far.client();
  await assert.rejects(client.request('/v1/embeddings', CHAT), (error) => {
    assert.ok(error instanceof RelayProblemError && error.problem.code === 'unknown-model' && !error.retryable);
    return true;
  });
  assert.equal((await client.chat<Echo>(CHAT)).on, 1);
});

test('an aborted call cancels at the relay, and the session lives on', async () => {
  const cancelled: number[] = [];
  const controller = new AbortController();
  const far = await gateway({
    onRequest: (asked) => (asked.document['op'] === '/v1/completions' ? controller.abort() : echo(asked)),
    onError: ({ header }) => cancelled.push(header.stream),
  });
  const client = far.client();
  await assert.rejects(client.request('/v1/completions', CHAT, { signal: controller.signal }), CancelledError);
  await client.chat(CHAT);
  assert.deepEqual(cancelled, [1]);
  assert.equal(far.opens.length, 1);
});

test('an aborted signal: nothing is asked', async () => {
  const far = await gateway();
  await assert.rejects(far.client().chat(CHAT, { signal: AbortSignal.abort() }), CancelledError);
});

test("leaving a stream's loop cancels the rest", async () => {
  let cancelled: (() => void) | undefined;
  const heard = new Promise<void>((resolve) => (cancelled = resolve));
  const far = await gateway({ onRequest: (asked) => events(asked, 3, false), onError: () => cancelled!() });
  for await (const { n } of far.client().stream<Event>(CHAT)) {
    assert.equal(n, 0);
    break;
  }
  await heard;
});

test('no answer within the deadline', async () => {
  let cancelled: (() => void) | undefined;
  const heard = new Promise<void>((resolve) => (cancelled = resolve));
  const far = await gateway({ onRequest: () => undefined, onError: () => cancelled!() });
  const client = far.client();
  await client.proofKey;
  await assert.rejects(client.chat(CHAT, { deadlineMs: 300 }), DeadlineError);
  await heard;
});

test('a relay that never answers OPEN', async () => {
  const relay = await Relay.create({ suites: ['x25519'] });
  relay.answer = () => new Promise(() => undefined);
  const far = await gateway({}, relay);
  await assert.rejects(far.client({ openTimeoutMs: 100, backoff: { attempts: 1 } }).chat(CHAT), ConnectionLostError);
});

test('a forged ACCEPT: no session, and no second try', async () => {
  const relay = await Relay.create({ suites: ['x25519'] });
  const answer = relay.answer.bind(relay);
  relay.answer = async (open) => {
    const genuine = await answer(open);
    genuine.accept[genuine.accept.length - 1]! ^= 1;
    return genuine;
  };
  const far = await gateway({}, relay);
  await assert.rejects(
    far.client().chat(CHAT),
    (error) => error instanceof HandshakeError && error.reason === 'forged-accept',
  );
  assert.equal(far.opens.length, 1);
});

test('injected frames change nothing and are counted', async () => {
  const far = await gateway({
    onRequest: async (asked) => {
      const { session, stream } = asked;
      const frames = await session.sealed.data(stream, { asked: {}, on: 1 }, true);
      const forged = frames[0]!.slice();
      forged[60]! ^= 1;
      session.send(utf8('garbage'), forged, ...frames, ...frames);
    },
  });
  const client = far.client();
  await client.chat(CHAT);
  // What comes on the same socket later was sent later.
  await client.chat(CHAT);
  const dropped = client.droppedFrames;
  assert.deepEqual([dropped.get('malformed'), dropped.get('bad-tag'), dropped.get('duplicate')], [2, 2, 1]);
});

test('an answer that is too large is not held', async () => {
  const far = await gateway({
    onRequest: async ({ stream, session }) =>
      session.send(...(await session.sealed.data(stream, random(40_000), true, 'bytes'))),
  });
  await assert.rejects(far.client({ maxAnswerBytes: 30_000 }).chat(CHAT), AnswerTooLargeError);
});

test('a reader that is too slow loses the answer', async () => {
  const far = await gateway({
    onRequest: (asked) => (asked.document['op'] === '/v1/models' ? echo(asked) : events(asked, 40)),
  });
  const client = far.client({ maxAnswerBytes: 250 });
  const stream = client.stream<Event>(CHAT);
  await stream.next();
  // Its answer comes after all of the events.
  await client.request('/v1/models');
  await assert.rejects(async () => {
    for await (const { n } of stream) {
      assert.ok(n < 40);
    }
  }, AnswerTooLargeError);
});

test('empty events are not free', async () => {
  const queue = new EventQueue(1_000);
  assert.throws(() => {
    for (let n = 0; n < 10; n++) {
      queue.put(EMPTY);
    }
  }, AnswerTooLargeError);
  const small = new EventQueue(1);
  small.put(utf8('{"n":0}'));
  assert.equal((await small.take())?.length, 7);
});

test('an answer of another form', async () => {
  const far = await gateway({ onRequest: (asked) => events(asked, 2) });
  await assert.rejects(far.client().chat(CHAT), MalformedAnswerError);
});

test('close says CLOSE, and whoever waits hears it', async () => {
  let closing: ((reason: unknown) => void) | undefined;
  const heard = new Promise((resolve) => (closing = resolve));
  let asked: (() => void) | undefined;
  const waiting = new Promise<void>((resolve) => (asked = resolve));
  const far = await gateway({
    onRequest: () => asked!(),
    onClose: ({ content }) => closing!(JSON.parse(Buffer.from(content).toString())),
  });
  const client = far.client();
  const call = assert.rejects(client.chat(CHAT), ClosedError);
  await waiting;
  await client.close();
  await call;
  assert.deepEqual(await heard, { reason: 'done', streams: 1, frames: 1 });
  await assert.rejects(client.chat(CHAT), ClosedError);
});

test('a session near its end is replaced before it ends', async () => {
  const relay = await Relay.create({ suites: ['x25519'] });
  relay.grant = { session_exp: Date.now() + 1_000 };
  const far = await gateway({}, relay);
  const client = far.client();
  assert.equal((await client.chat<Echo>(CHAT)).on, 1);
  relay.grant = {};
  assert.equal((await client.chat<Echo>(CHAT)).on, 2);
  assert.equal((await client.chat<Echo>(CHAT)).on, 2);
});

test("an error of a token source is the caller's own", async () => {
  const far = await gateway();
  const tokens = { gateway: async () => 'g', relay: () => Promise.reject(new Error('mine')) };
  await assert.rejects(far.client({ tokens }).chat(CHAT), /mine/);
});

test('options that cannot work are refused at once', async () => {
  const far = await gateway();
  for (const options of [
    { gateway: 'http://example.org' },
    { gateway: 'nonsense' },
    { trustAnchors: [] },
    { suites: [] },
    { clientId: ' ' },
  ]) {
    assert.throws(() => far.client(options), ConfigurationError);
  }
  const client = far.client();
  await assert.rejects(client.chat(CHAT, { msgId: 'short' }), ConfigurationError);
  await assert.rejects(client.chat(CHAT, { deadlineMs: 0 }), ConfigurationError);
  await assert.rejects(client.chat(CHAT, { sensitivity: 'secret' as 'restricted' }), ConfigurationError);
  await assert.rejects(client.chat({ ...CHAT, stream: true }), ConfigurationError);
  await assert.rejects(
    far.client({ tokens: { gateway: async () => 'a b', relay: async () => 'r' } }).chat(CHAT),
    ConfigurationError,
  );
});

test('nothing that holds a secret prints it', async () => {
  const far = await gateway();
  const client = far.client();
  await client.chat(CHAT);
  const key = await client.proofKey;
  for (const value of [client, key]) {
    const printed = [inspect(value, { depth: 9, showHidden: true }), String(value), JSON.stringify(value)].join();
    assert.ok(!/token|CryptoKey|private|gateway\./i.test(printed), printed);
  }
  const extractable = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  await assert.rejects(ProofKey.of(extractable), ConfigurationError);
});

test('every error has a code, a name, and says what to do', () => {
  const errors: PosternError[] = [
    new ConfigurationError('x'),
    new KeyConfigError('expired'),
    new HandshakeError('forged-accept'),
    new RefusedError('limit'),
    new TruncatedError(),
    new ClosedError(),
  ];
  for (const error of errors) {
    assert.equal(error.name, error.constructor.name);
    assert.ok(error.code.length > 0);
  }
});

test("a browser's WebSocket fits, too", () => {
  // The compiler looks at this; Node 20 has none.
  const browsers: SocketConstructor | undefined = (globalThis as Partial<Pick<typeof globalThis, 'WebSocket'>>)
    .WebSocket;
  assert.ok(browsers === undefined || typeof browsers === 'function');
});
