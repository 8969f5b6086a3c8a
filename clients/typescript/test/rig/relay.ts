import assert from 'node:assert/strict';
import { decodeBase64Url, encodeBase64Url } from '../../src/base64.js';
import { Epoch } from '../../src/epochs.js';
import {
  HEADER_LENGTH,
  parseHeader,
  TAG_LENGTH,
  writeHeader,
  type FrameHeader,
  type FrameType,
} from '../../src/frame-header.js';
import { sha256 } from '../../src/hashing.js';
import { KemKeyPair, sender } from '../../src/hpke.js';
import { codeOf, MAX_CONTENT, paddedLength, parseInner, type ContentType } from '../../src/inner-plaintext.js';
import { readObject, text, writeJson, type JsonObject } from '../../src/json.js';
import { parseJws, signEs256, verifyEs256 } from '../../src/jws.js';
import * as schedule from '../../src/key-schedule.js';
import { concatenate, fromUtf8, random, type Octets } from '../../src/octets.js';
import { tokenHash } from '../../src/proof-key.js';
import { factsOf, suiteOf, type Suite } from '../../src/suite.js';
import * as transcript from '../../src/transcript.js';
import { issue, root, type Holder } from './authority.js';

export const RELAY_ID = 'spiffe://postern.local/service/inference-relay';
export const AUDIENCE = 'urn:postern:relay';

export interface RelayWish {
  readonly suites?: readonly Suite[];
  readonly issuer?: Holder;
  readonly replica?: string;
  readonly now?: () => number;
}

/** The relay half of SSP1, for tests: keys, key configuration, OPEN to ACCEPT. */
export class Relay {
  readonly #keys = new Map<string, KemKeyPair>();
  readonly challenges = new Set<string>();
  grant: Record<string, unknown> = {};

  private constructor(
    readonly authority: Holder,
    readonly identity: Holder,
    readonly payload: Octets,
    readonly now: () => number,
  ) {}

  static async create(wish: RelayWish = {}): Promise<Relay> {
    const now = wish.now ?? Date.now;
    const suites = wish.suites ?? ['x-wing', 'x25519'];
    const authority = wish.issuer ?? (await root());
    const identity = await issue(authority, { subject: 'relay', uris: [RELAY_ID] });
    const keys = new Map<string, KemKeyPair>();
    for (const suite of suites) {
      keys.set(encodeBase64Url(random(16)), await KemKeyPair.generate(suite));
    }
    const relay = new Relay(
      authority,
      identity,
      writeJson(configOf(keys, now(), { relay_id: `${RELAY_ID}#${wish.replica ?? '1'}` })),
      now,
    );
    keys.forEach((pair, id) => relay.#keys.set(id, pair));
    return relay;
  }

  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  challenge(): string {
    const challenge = encodeBase64Url(random(32));
    this.challenges.add(challenge);
    return challenge;
  }

  /** The key configuration as a compact JWS. */
  signed(payload: Octets = this.payload, by: Holder = this.identity, header: JsonObject = {}): Promise<string> {
    const x5c = [Buffer.from(by.certificate).toString('base64')];
    return signEs256({ alg: 'ES256', typ: 'ssp1-kc+jwt', x5c, ...header }, payload, by.keys.privateKey);
  }

  /** Opens OPEN, checks its proof, and answers. */
  async answer(open: Octets): Promise<Answer> {
    const header = open.slice(0, transcript.OPEN_HEADER_LENGTH);
    const view = new DataView(header.buffer);
    const suite = suiteOf(view.getUint16(6), view.getUint16(8), view.getUint16(10));
    const pair = this.#keys.get(encodeBase64Url(header.slice(12, 28)));
    assert.ok(suite !== undefined && pair?.suite === suite);
    const challenge = encodeBase64Url(header.slice(28));
    assert.ok(this.challenges.has(challenge), 'an own challenge');
    const afterEnc = header.length + factsOf(suite).encapsulationLength;
    const enc1 = open.slice(header.length, afterEnc);
    const ct1 = open.slice(afterEnc);
    const kcd = await sha256(this.payload);
    const first = await pair.recipient(enc1, await transcript.openInfo(kcd, header));
    const body = await first.open(ct1, transcript.openAad(header, enc1));
    const exp1 = await first.exportSecret(transcript.EXPORT_LABEL, 32);

    const keyLength = new DataView(body.buffer).getUint16(0);
    const clientKey = body.slice(2, 2 + keyLength);
    const parametersLength = new DataView(body.buffer).getUint32(2 + keyLength);
    const signed = body.slice(0, 6 + keyLength + parametersLength);
    const parameters = readObject(signed.slice(6 + keyLength));
    const tsh = encodeBase64Url(await transcript.proofHash(header, enc1, kcd, signed));
    const proof = await verifiedProof(fromUtf8(body.slice(signed.length)));
    const ath = await tokenHash(text(parameters, 'token'));
    const { htm, htu, nonce } = proof.claims;
    assert.deepEqual(
      { htm, htu, nonce, ath: proof.claims['ath'], tsh: proof.claims['tsh'] },
      { htm: 'OPEN', htu: AUDIENCE, nonce: challenge, ath, tsh },
    );

    const th1 = await transcript.afterOpen(header, enc1, ct1);
    const sid = random(16);
    const acceptHeader = transcript.acceptHeader(sid);
    const second = await sender(suite, clientKey, transcript.acceptInfo(th1));
    const enc2 = second.encapsulation;
    const ct2 = await second.seal(
      writeJson({
        server_time: this.now(),
        session_exp: this.now() + 300_000,
        epoch: { seconds: 60, frames: 65536 },
        window: 1024,
        streams: 64,
        idle: 60,
        next_challenge: this.challenge(),
        idempotency_ttl: 600,
        ...this.grant,
      }),
      transcript.acceptAad(acceptHeader, enc2, th1),
    );
    const exp2 = await second.exportSecret(transcript.EXPORT_LABEL, 32);
    const th2 = await transcript.afterAccept(th1, acceptHeader, enc2, ct2);
    const prk = await schedule.masterSecret(th2, exp1, exp2);
    const accept = concatenate(acceptHeader, enc2, ct2, await schedule.relayFinish(prk, th2));
    const session = await RelaySession.begin(sid, await schedule.firstEpoch(prk));
    return { accept, session, parameters, jwk: proof.jwk, suite };
  }
}

export interface Answer {
  readonly accept: Octets;
  readonly session: RelaySession;
  readonly parameters: JsonObject;
  readonly jwk: JsonObject;
  readonly suite: Suite;
}

export interface Opened {
  readonly header: FrameHeader;
  readonly type: ContentType;
  readonly content: Octets;
}

/** A relay's end of a session, with every number in the test's hand. */
export class RelaySession {
  #nextIdx = new Map<number, number>();
  frames = 0;

  private constructor(
    readonly id: Octets,
    private secret: Octets,
    public epoch: Epoch,
  ) {}

  static async begin(id: Octets, secret: Octets): Promise<RelaySession> {
    return new RelaySession(id, secret, await Epoch.of(0, secret, 'relay', 1024));
  }

  /** One frame; what `wish` names is as it says. */
  async frame(
    type: FrameType,
    stream: number,
    content: Octets,
    contentType: ContentType,
    wish: Partial<FrameHeader> = {},
  ): Promise<Octets> {
    const length = paddedLength(content.length) + TAG_LENGTH;
    const header: FrameHeader = {
      type,
      fin: false,
      sender: 'relay',
      session: this.id,
      epoch: this.epoch.number,
      seq: wish.seq ?? this.epoch.takeSeq(),
      stream,
      idx: 0,
      length,
      ...wish,
    };
    const frame = new Uint8Array(HEADER_LENGTH + length);
    writeHeader(header, frame);
    frame.set(content, HEADER_LENGTH);
    frame[HEADER_LENGTH + content.length] = codeOf(contentType);
    await this.epoch.sending.seal(header.seq, frame);
    this.frames++;
    return frame;
  }

  /** A content on a stream, in as many chunks as it needs. */
  async data(stream: number, content: Octets | JsonObject, fin = false, type: ContentType = 'json'): Promise<Octets[]> {
    let rest = content instanceof Uint8Array ? (content as Octets) : writeJson(content);
    const frames: Octets[] = [];
    for (; rest.length > MAX_CONTENT; rest = rest.subarray(MAX_CONTENT)) {
      frames.push(await this.frame('data', stream, rest.subarray(0, MAX_CONTENT), 'bytes', { idx: this.#idx(stream) }));
    }
    frames.push(await this.frame('data', stream, rest, type, { idx: this.#idx(stream), fin }));
    return frames;
  }

  error(stream: number, code: string, status = 400): Promise<Octets> {
    return this.frame(
      'error',
      stream,
      writeJson({ type: `urn:postern:problem:${code}`, title: 'A problem.', status, code }),
      'problem',
    );
  }

  close(reason: string, frames = this.frames): Promise<Octets> {
    return this.frame('close', 0, writeJson({ reason, streams: 0, frames }), 'json');
  }

  async keyUpdate(): Promise<Octets> {
    const frame = await this.frame('key-update', 0, new Uint8Array(0), 'bytes');
    this.secret = await schedule.nextEpoch(this.secret, this.epoch.number + 1);
    this.epoch = await Epoch.of(this.epoch.number + 1, this.secret, 'relay', 1024);
    return frame;
  }

  async open(frame: Octets): Promise<Opened> {
    const header = parseHeader(frame);
    assert.ok(typeof header !== 'string', `a frame, not ${String(header)}`);
    assert.equal(header.sender, 'client');
    assert.equal(header.epoch, this.epoch.number);
    assert.equal(this.epoch.window.peek(header.seq), 'fresh');
    const plaintext = await this.epoch.receiving.open(header.seq, frame);
    assert.ok(plaintext !== undefined, 'an authentic frame');
    this.epoch.window.mark(header.seq);
    return { header, ...parseInner(plaintext)! };
  }

  #idx(stream: number): number {
    const idx = this.#nextIdx.get(stream) ?? 0;
    this.#nextIdx.set(stream, idx + 1);
    return idx;
  }
}

export function configOf(keys: ReadonlyMap<string, KemKeyPair>, now: number, wish: JsonObject = {}): JsonObject {
  const pairs = [...keys];
  return {
    v: 1,
    relay_id: `${RELAY_ID}#1`,
    aud: AUDIENCE,
    nbf: Math.floor(now / 1000) - 10,
    exp: Math.floor(now / 1000) + 300,
    policy_hash: 'none',
    keys: pairs.map(([id, pair]) => ({
      key_id: id,
      kem: factsOf(pair.suite).kem,
      pk: encodeBase64Url(pair.publicKey),
    })),
    suites: pairs.map(([, pair]) => [factsOf(pair.suite).kem, 1, 2]),
    ...wish,
  };
}

async function verifiedProof(compact: string): Promise<{ claims: JsonObject; jwk: JsonObject }> {
  const jws = parseJws(compact, 4096);
  assert.equal(jws.header['typ'], 'dpop+jwt');
  assert.equal(jws.header['alg'], 'ES256');
  const jwk = jws.header['jwk'] as JsonObject;
  assert.equal(jwk['d'], undefined);
  const key = await crypto.subtle.importKey('jwk', jwk as JsonWebKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'verify',
  ]);
  assert.ok(await verifyEs256(jws, key), 'a proof that verifies');
  const claims = readObject(jws.payload);
  assert.ok(decodeBase64Url(text(claims, 'jti'), 16));
  return { claims, jwk };
}
