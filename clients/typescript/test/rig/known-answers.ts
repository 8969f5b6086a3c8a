import { MLKEM768X25519 } from '@noble/post-quantum/hybrid.js';
import { FrameCipher } from '../../src/frame-cipher.js';
import { HEADER_LENGTH, parseHeader, TAG_LENGTH, writeHeader } from '../../src/frame-header.js';
import { sha256 } from '../../src/hashing.js';
import { KemKeyPair } from '../../src/hpke.js';
import * as schedule from '../../src/key-schedule.js';
import { concatenate, utf8, type Octets } from '../../src/octets.js';
import type { Suite } from '../../src/suite.js';
import * as transcript from '../../src/transcript.js';

/** The files of known answers, by suite. */
export const FILES: readonly [Suite, string][] = [
  ['x25519', 'ssp1-x25519.json'],
  ['x-wing', 'ssp1-xwing.json'],
];

/** What no client derives: warm standby is reserved. */
const RESERVED = ['es_takeover_fence7', 'standby'];

/**
 * Derives every value of a file. Runs in Node and in browsers.
 *
 * @throws Error with the name of the first value that differs, or of those that nothing derives
 */
export async function deriveAll(suite: Suite, values: Readonly<Record<string, string>>): Promise<void> {
  const known = new KnownAnswers(values);
  const relayKey = await KemKeyPair.insecureDerive(suite, known.get('skR_ikm'));
  const clientKey = await KemKeyPair.insecureDerive(suite, known.get('skE_ikm'));
  known.same('pkR', relayKey.publicKey);
  known.same('pkE', clientKey.publicKey);
  const relay = await KemKeyPair.insecureRead(suite, known.get('pkR'), known.get('skR'));
  const client = await KemKeyPair.insecureRead(suite, known.get('pkE'), known.get('skE'));

  const header = known.get('OH');
  known.same('OH', transcript.openHeader(suite, header.slice(12, 28), header.slice(28)));
  const kcd = await sha256(utf8('key-config'), known.get('pkR'));
  const info1 = await transcript.openInfo(kcd, header);
  const enc1 = known.get('enc1');
  const ct1 = known.get('ct1');
  let exp1: Octets | undefined;
  for (const key of [relayKey, relay]) {
    const first = await key.recipient(enc1, info1);
    known.same('open_body', await first.open(ct1, transcript.openAad(header, enc1)));
    exp1 = await first.exportSecret(transcript.EXPORT_LABEL, schedule.SECRET_LENGTH);
    known.same('exp1', exp1);
  }
  const th1 = await transcript.afterOpen(header, enc1, ct1);
  known.same('th1', th1);

  const acceptHeader = known.get('AH');
  known.same('AH', transcript.acceptHeader(acceptHeader.slice(6)));
  const enc2 = known.get('enc2');
  const ct2 = known.get('ct2');
  let exp2: Octets | undefined;
  for (const key of [clientKey, client]) {
    const second = await key.recipient(enc2, transcript.acceptInfo(th1));
    known.same('accept_body', await second.open(ct2, transcript.acceptAad(acceptHeader, enc2, th1)));
    exp2 = await second.exportSecret(transcript.EXPORT_LABEL, schedule.SECRET_LENGTH);
    known.same('exp2', exp2);
  }
  const th2 = await transcript.afterAccept(th1, acceptHeader, enc2, ct2);
  known.same('th2', th2);
  const prk = await schedule.masterSecret(th2, exp1!, exp2!);
  known.same('prk', prk);
  known.same('fin_r', await schedule.relayFinish(prk, th2));
  const es0 = await schedule.firstEpoch(prk);
  known.same('es0', es0);
  known.same('key_c', await schedule.frameKey(es0, 'client'));
  known.same('iv_c', await schedule.frameIv(es0, 'client'));
  known.same('key_r', await schedule.frameKey(es0, 'relay'));
  known.same('iv_r', await schedule.frameIv(es0, 'relay'));
  known.same('es1_upd', await schedule.nextEpoch(es0, 1));

  known.same('enc1', await encapsulation(suite, known, 'enc1', 'pkR'));
  known.same('enc2', await encapsulation(suite, known, 'enc2', 'pkE'));

  await frame(known, 'frame0', es0, 'client');
  await frame(known, 'frame1', es0, 'relay');
  known.requireAllSeen();
}

/** The known answers, and which of them were looked at. */
class KnownAnswers {
  readonly #values: Readonly<Record<string, string>>;
  readonly #unseen: Set<string>;

  constructor(values: Readonly<Record<string, string>>) {
    this.#values = values;
    this.#unseen = new Set(Object.keys(values));
    ['suite', ...RESERVED].forEach((name) => this.#unseen.delete(name));
  }

  get(name: string): Octets {
    this.#unseen.delete(name);
    const value = this.#values[name];
    if (value === undefined || !/^([0-9a-f]{2})*$/.test(value)) {
      throw new Error(`there are no octets called ${name}`);
    }
    return Uint8Array.from(value.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
  }

  same(name: string, derived: Uint8Array): void {
    const expected = this.get(name);
    if (derived.length !== expected.length || derived.some((octet, at) => octet !== expected[at])) {
      throw new Error(`${name} differs`);
    }
  }

  requireAllSeen(): void {
    if (this.#unseen.size > 0) {
      throw new Error(`nothing derives ${[...this.#unseen].join(', ')}`);
    }
  }
}

/** What a sender with the given randomness sends. */
async function encapsulation(suite: Suite, known: KnownAnswers, name: string, publicKey: string): Promise<Uint8Array> {
  switch (suite) {
    case 'x25519':
      return (await KemKeyPair.insecureDerive(suite, known.get(`${name}_ikm`))).publicKey;
    case 'x-wing':
      return MLKEM768X25519.encapsulate(known.get(publicKey), known.get(`${name}_randomness`)).cipherText;
  }
}

async function frame(known: KnownAnswers, name: string, es0: Octets, sender: schedule.Role): Promise<void> {
  const whole = concatenate(known.get(`${name}_hdr`), known.get(`${name}_ct`));
  const header = parseHeader(whole);
  if (typeof header === 'string' || header.sender !== sender) {
    throw new Error(`${name} is no frame of the ${sender}`);
  }
  const plaintext = known.get(`${name}_pt`);
  const cipher = await FrameCipher.of(es0, sender);
  const sealed = new Uint8Array(HEADER_LENGTH + plaintext.length + TAG_LENGTH);
  writeHeader(header, sealed);
  known.same(`${name}_hdr`, sealed.subarray(0, HEADER_LENGTH));
  sealed.set(plaintext, HEADER_LENGTH);
  await cipher.seal(header.seq, sealed);
  known.same(`${name}_ct`, sealed.subarray(HEADER_LENGTH));
  const opened = await cipher.open(header.seq, whole);
  known.same(`${name}_pt`, opened ?? new Uint8Array(0));
}
