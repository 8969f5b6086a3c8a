import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientHandshake } from '../src/client-handshake.js';
import { parseSummary, writeSummary } from '../src/close-summary.js';
import { ConnectionLostError, HandshakeError, KeyConfigError } from '../src/errors.js';
import { HEADER_LENGTH, MAX_PLAINTEXT, parseHeader, TAG_LENGTH, type FrameType } from '../src/frame-header.js';
import { Gateway } from '../src/gateway.js';
import { paddedLength, parseInner } from '../src/inner-plaintext.js';
import { MalformedContent, readObject, writeJson } from '../src/json.js';
import { parseJws } from '../src/jws.js';
import { KeyConfigVerifier } from '../src/key-config-verifier.js';
import { concatenate, utf8, type Octets } from '../src/octets.js';
import { parseGrant } from '../src/session-terms.js';
import { CANCELLED, parseProblem, writeProblem } from '../src/stream-problem.js';
import { Chance, longestAllocation, mutated } from './rig/mutation.js';
import { AUDIENCE, Relay, RELAY_ID } from './rig/relay.js';
import { offerFor, peers } from './rig/session.js';

/**
 * Every parser of what somebody else sent, over genuine messages that were altered: a value within its limits, or the
 * parser's one kind of error, and no memory by the length that a message claims. The alterations are the same in every
 * run; a failure names the one.
 */

const relay = await Relay.create({ suites: ['x25519'] });
const MAX_FRAME = HEADER_LENGTH + MAX_PLAINTEXT + TAG_LENGTH;
/** More than any message here, altered or not. */
const LONGEST = 64 * 1024;

async function attempts(count: number, attempt: (chance: Chance, seed: number) => Promise<void> | void): Promise<void> {
  const longest = await longestAllocation(async () => {
    for (let seed = 1; seed <= count; seed++) {
      try {
        await attempt(new Chance(seed), seed);
      } catch (error) {
        throw new Error(`alteration ${seed}`, { cause: error });
      }
    }
  });
  assert.ok(longest <= LONGEST, `${longest} octets at once`);
}

/** What a promise is rejected with must be of this type; it need not be rejected. */
async function onlyFailsAs<T>(
  promise: Promise<T>,
  type: new (...parameters: never[]) => Error,
): Promise<T | undefined> {
  return promise.catch((error: unknown) => {
    assert.ok(error instanceof type, `${String(error)} instead of ${type.name}`);
    return undefined;
  });
}

test('frame headers', async () => {
  const { client, relay: far } = await peers(relay);
  const stream = client.openStream();
  const [data] = await far.data(stream, { a: 1 });
  const problem = await far.error(stream, 'x');
  let sound = 0;
  await attempts(20_000, (chance) => {
    const frame = mutated(chance, chance.of([data!, problem]), chance.of([data!, problem]));
    const header = parseHeader(frame);
    if (typeof header !== 'string') {
      sound++;
      assert.ok(header.length > TAG_LENGTH && frame.length === HEADER_LENGTH + header.length);
      assert.ok(frame.length <= MAX_FRAME && header.seq <= Number.MAX_SAFE_INTEGER);
      assert.ok(header.epoch < 2 ** 31 && header.stream < 2 ** 31 && header.idx < 2 ** 31);
      assert.equal(header.session.length, 16);
    }
  });
  assert.ok(sound > 100, `only ${sound} alterations were headers`);
});

test('frames: none but the genuine is taken, and the session lives on', async () => {
  const { client, relay: far } = await peers(relay);
  const stream = client.openStream();
  const genuine = [...(await far.data(stream, { n: 0 })), ...(await far.data(stream, { n: 1 }))];
  await attempts(3_000, async (chance) => {
    const frame = mutated(chance, chance.of(genuine), chance.of(genuine));
    if (!genuine.some((one) => Buffer.compare(one, frame) === 0)) {
      assert.equal((await client.receive(frame)).kind, 'dropped');
    }
  });
  for (const frame of genuine) {
    assert.equal((await client.receive(frame)).kind, 'delivered');
  }
});

test('authentic frames of a relay that is out of its mind', async () => {
  const summary = writeSummary({ reason: 'done', streams: 1, frames: 2 });
  const contents = [summary, writeProblem(CANCELLED), writeJson({ a: 1 })];
  const kinds = new Set<string>();
  let { client, relay: far } = await peers(relay);
  await attempts(1_500, async (chance) => {
    if (client.closed) {
      ({ client, relay: far } = await peers(relay));
    }
    const stream = chance.below(3) === 0 ? 0 : client.openStreams < 8 ? client.openStream() : 1;
    const content = mutated(chance, chance.of(contents), chance.of(contents)).slice(0, MAX_PLAINTEXT - 1);
    const types = stream === 0 ? (['close', 'error', 'key-update'] as const) : (['data', 'error'] as const);
    const received = await client.receive(
      await far.frame(chance.of<FrameType>(types), stream, content, chance.of(['json', 'problem', 'cbor', 'bytes'])),
    );
    kinds.add(received.kind);
  });
  assert.deepEqual([...kinds].sort(), ['closed', 'delivered', 'dropped', 'key-updated', 'stream-error']);
});

test('inner plaintexts', async () => {
  const content = utf8('{"a":1}');
  const genuine = new Uint8Array(paddedLength(content.length));
  genuine.set(content);
  genuine[content.length] = 1;
  await attempts(10_000, (chance) => {
    const plaintext = mutated(chance, genuine);
    const inner = parseInner(plaintext);
    assert.ok(inner === undefined || inner.content.length < plaintext.length || plaintext.length === 0);
    assert.ok(plaintext.every((octet) => octet === 0), 'the plaintext is erased');
  });
});

test('ACCEPT', async () => {
  const offer = await offerFor(relay);
  await attempts(300, async (chance) => {
    const handshake = await ClientHandshake.start(offer, Date.now);
    // The rig takes a challenge as often as it is shown.
    const { accept } = await relay.answer(handshake.message);
    const altered = mutated(chance, accept);
    const established = await onlyFailsAs(handshake.accept(altered), HandshakeError);
    assert.equal(established !== undefined, Buffer.compare(altered, accept) === 0);
  });
});

test('what is sealed in ACCEPT', async () => {
  const genuine = writeJson({
    server_time: 1,
    session_exp: 2,
    epoch: { seconds: 60, frames: 65536 },
    window: 1024,
    streams: 64,
    idle: 60,
    next_challenge: 'A'.repeat(43),
    idempotency_ttl: 600,
  });
  await attempts(10_000, (chance) => {
    const grant = orMalformed(() => parseGrant(mutated(chance, genuine)));
    assert.ok(grant === undefined || (grant.terms.windowBits <= 8192 && grant.terms.maxStreams <= 65_536));
  });
});

test('problems and summaries', async () => {
  const problem = writeProblem(CANCELLED);
  const summary = writeSummary({ reason: 'done', streams: 1, frames: 2 });
  await attempts(10_000, (chance) => {
    const read = orMalformed(() => parseProblem(mutated(chance, problem, summary)));
    assert.ok(read === undefined || (read.code.length <= 64 && read.status >= 400 && read.title.length <= 1024));
    const said = orMalformed(() => parseSummary(mutated(chance, summary, problem)));
    assert.ok(said === undefined || (said.reason.length <= 64 && said.frames >= 0));
  });
});

test('key configurations: as they come, and signed by a relay that is out of its mind', async () => {
  const verifier = new KeyConfigVerifier([relay.authority.certificate], RELAY_ID, AUDIENCE, Date.now);
  const genuine = await relay.signed();
  const [, payload] = genuine.split('.');
  let taken = 0;
  await attempts(1_000, async (chance) => {
    const compact = Buffer.from(mutated(chance, utf8(genuine))).toString('latin1');
    const config = await onlyFailsAs(verifier.verify(compact), KeyConfigError);
    assert.ok(config === undefined || compact.split('.')[1] === payload);
    const signed = await relay.signed(mutated(chance, relay.payload));
    taken += (await onlyFailsAs(verifier.verify(signed), KeyConfigError)) === undefined ? 0 : 1;
    // The header, with its certificates, is under no signature of its own until the chain is known.
    const header = mutated(chance, parseHeaderOf(genuine));
    const other = `${Buffer.from(header).toString('base64url')}.${genuine.slice(genuine.indexOf('.') + 1)}`;
    await onlyFailsAs(verifier.verify(other), KeyConfigError);
  });
  assert.ok(taken > 0, 'some alterations change no sense');
});

function parseHeaderOf(compact: string): Octets {
  return writeJson(parseJws(compact, 64 * 1024).header);
}

test("the gateway's list of relays", async () => {
  const relays = [{ key_config: await relay.signed(), challenge: relay.challenge() }];
  const genuine = writeJson({ relays });
  await attempts(2_000, async (chance) => {
    const body = mutated(chance, genuine);
    const gateway = new Gateway('https://gateway.example', async () => new Response(body));
    const list = await onlyFailsAs(gateway.relays('t', 1_000), ConnectionLostError);
    assert.ok(list === undefined || list.length <= 64);
  });
});

test('a gateway that never stops is heard only so long', async () => {
  let sent = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent++;
      controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
    },
    cancel: () => {
      cancelled = true;
    },
  });
  const gateway = new Gateway('https://gateway.example', async () => new Response(endless));
  await assert.rejects(gateway.relays('t', 10_000), ConnectionLostError);
  assert.ok(cancelled && sent < 32, `${sent} parts`);
});

test('JSON of any depth is JSON or not', () => {
  for (const text of ['['.repeat(100_000), `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, '"\\u0000"', '1e999']) {
    orMalformed(() => readObject(concatenate(utf8(text))));
  }
});

function orMalformed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    assert.ok(error instanceof MalformedContent, String(error));
    return undefined;
  }
}
