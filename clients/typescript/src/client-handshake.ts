import { decodeBase64Url, encodeBase64Url } from './base64.js';
import type { Clock } from './clock.js';
import { HandshakeError } from './errors.js';
import { HpkeFailed, KemKeyPair, sender } from './hpke.js';
import { MalformedContent, writeJson } from './json.js';
import { chooseKey, type KeyConfig } from './key-config.js';
import { firstEpoch, masterSecret, relayFinish, SECRET_LENGTH } from './key-schedule.js';
import { concatenate, equal, random, utf8, type Octets } from './octets.js';
import { tokenHash, type ProofKey } from './proof-key.js';
import { redacted } from './redacted.js';
import { SealedSession } from './sealed-session.js';
import { parseGrant } from './session-terms.js';
import { factsOf, type Suite } from './suite.js';
import * as transcript from './transcript.js';

/** What a client asks for in OPEN, next to its token. Travels sealed; only the relay reads it. */
export interface OpenParameters {
  /** The client's registered id; the relay compares it with the token's. */
  readonly clientId: string;
  /** The tenant it acts in; empty for the token's. */
  readonly tenant: string;
  /** The models it means to use; empty for any it may. */
  readonly models: readonly string[];
  readonly maxStreams: number;
  /** The access token for the relay's audience. */
  readonly token: string;
}

/** What a client brings to a handshake. */
export interface ClientOffer {
  /** Verified. */
  readonly relay: KeyConfig;
  /** What this client permits, best first. */
  readonly suites: readonly Suite[];
  /** The relay's fresh challenge, from next to its configuration or from the last ACCEPT. */
  readonly challenge: string;
  readonly parameters: OpenParameters;
  readonly proofKey: ProofKey;
}

export interface Established {
  readonly session: SealedSession;
  /** For an OPEN within the next minute at the same relay. */
  readonly nextChallenge: string;
  /** The relay's clock minus ours, in milliseconds. */
  readonly clockOffset: number;
}

const FINISH_LENGTH = 32;
const MAX_ACCEPT = 8 * 1024;
const CLIENT_RANDOM_LENGTH = 32;

/**
 * A client's half of the handshake: OPEN goes out, ACCEPT comes back, once.
 *
 * Guarantee: a session comes out only when the holder of the configuration's private key received exactly our OPEN, and
 * our own ephemeral key is let go with the handshake: who takes either key later reads nothing of this session.
 */
export class ClientHandshake {
  /** OPEN: the first binary message. */
  readonly message: Octets;
  readonly #clock: Clock;
  readonly #ephemeral: KemKeyPair;
  readonly #th1: Octets;
  readonly #exp1: Octets;
  #over = false;

  private constructor(clock: Clock, ephemeral: KemKeyPair, message: Octets, th1: Octets, exp1: Octets) {
    this.#clock = clock;
    this.#ephemeral = ephemeral;
    this.message = message;
    this.#th1 = th1;
    this.#exp1 = exp1;
  }

  /**
   * Seals an OPEN with a fresh ephemeral key.
   *
   * @throws HandshakeError when the relay offers no permitted suite, or the offer holds an unusable key or challenge
   */
  static async start(offer: ClientOffer, clock: Clock): Promise<ClientHandshake> {
    const key = chooseKey(offer.relay, offer.suites);
    if (key === undefined) {
      throw new HandshakeError('no-common-suite');
    }
    const challenge = decodeBase64Url(offer.challenge, transcript.CHALLENGE_LENGTH);
    if (challenge === undefined) {
      throw new HandshakeError('unusable-offer');
    }
    const { digest: kcd, audience } = offer.relay;
    const header = transcript.openHeader(key.suite, key.id, challenge);
    const context = await sender(key.suite, key.octets, await transcript.openInfo(kcd, header)).catch(
      (error: unknown) => {
        throw error instanceof HpkeFailed ? new HandshakeError('unusable-offer') : error;
      },
    );
    const enc1 = context.encapsulation;
    const ephemeral = await KemKeyPair.generate(key.suite);
    const signed = transcript.signedPart(ephemeral.publicKey, writeParameters(offer.parameters));
    const proof = await offer.proofKey.prove(
      'OPEN',
      audience,
      {
        ath: await tokenHash(offer.parameters.token),
        nonce: offer.challenge,
        tsh: encodeBase64Url(await transcript.proofHash(header, enc1, kcd, signed)),
      },
      clock,
    );
    const body = concatenate(signed, utf8(proof));
    const ct1 = await context.seal(body, transcript.openAad(header, enc1));
    body.fill(0);
    signed.fill(0);
    return new ClientHandshake(
      clock,
      ephemeral,
      concatenate(header, enc1, ct1),
      await transcript.afterOpen(header, enc1, ct1),
      await context.exportSecret(transcript.EXPORT_LABEL, SECRET_LENGTH),
    );
  }

  /**
   * Takes ACCEPT, the first binary message back. Whatever comes of it, the ephemeral key is let go.
   *
   * @throws HandshakeError when it is not the relay's answer to this OPEN
   */
  async accept(message: Octets): Promise<Established> {
    if (this.#over) {
      throw new Error('a handshake takes one answer');
    }
    this.#over = true;
    try {
      return await this.#complete(message);
    } finally {
      this.close();
    }
  }

  async #complete(message: Octets): Promise<Established> {
    const afterEnc = transcript.ACCEPT_HEADER_LENGTH + factsOf(this.#ephemeral.suite).encapsulationLength;
    const afterCt = message.length - FINISH_LENGTH;
    if (afterCt <= afterEnc || message.length > MAX_ACCEPT || !transcript.beginsAsAccept(message)) {
      throw new HandshakeError('malformed-accept');
    }
    const header = message.slice(0, transcript.ACCEPT_HEADER_LENGTH);
    const enc2 = message.slice(transcript.ACCEPT_HEADER_LENGTH, afterEnc);
    const ct2 = message.slice(afterEnc, afterCt);
    const { body, exp2 } = await this.#open(header, enc2, ct2);
    const th2 = await transcript.afterAccept(this.#th1, header, enc2, ct2);
    const prk = await masterSecret(th2, this.#exp1, exp2);
    exp2.fill(0);
    try {
      if (!equal(message.subarray(afterCt), await relayFinish(prk, th2))) {
        throw new HandshakeError('forged-accept');
      }
      return await this.#establish(header, body, await firstEpoch(prk));
    } finally {
      prk.fill(0);
    }
  }

  async #open(header: Octets, enc2: Octets, ct2: Octets): Promise<{ body: Octets; exp2: Octets }> {
    try {
      const context = await this.#ephemeral.recipient(enc2, transcript.acceptInfo(this.#th1));
      const body = await context.open(ct2, transcript.acceptAad(header, enc2, this.#th1));
      return { body, exp2: await context.exportSecret(transcript.EXPORT_LABEL, SECRET_LENGTH) };
    } catch (error) {
      throw error instanceof HpkeFailed ? new HandshakeError('forged-accept') : error;
    }
  }

  async #establish(header: Octets, body: Octets, es0: Octets): Promise<Established> {
    try {
      const { serverTime, terms, nextChallenge } = parseGrant(body);
      // Only the relay's clock decides: ours may be an hour off, so the end is kept as a distance from now.
      const clockOffset = serverTime - this.#clock();
      const id = header.slice(transcript.ACCEPT_HEADER_LENGTH - transcript.SESSION_ID_LENGTH);
      const session = await SealedSession.begin(id, es0, terms, terms.expires - clockOffset, this.#clock);
      return { session, nextChallenge, clockOffset };
    } catch (error) {
      es0.fill(0);
      throw error instanceof MalformedContent ? new HandshakeError('malformed-accept') : error;
    }
  }

  /** Gives up: lets the ephemeral key go. */
  close(): void {
    this.#over = true;
    this.#ephemeral.forget();
    this.#exp1.fill(0);
  }

  static {
    redacted(this, () => 'ClientHandshake');
  }
}

function writeParameters(parameters: OpenParameters): Octets {
  return writeJson({
    client_random: encodeBase64Url(random(CLIENT_RANDOM_LENGTH)),
    tenant: parameters.tenant,
    client_id: parameters.clientId,
    models: parameters.models,
    limits: { streams: parameters.maxStreams },
    token: parameters.token,
  });
}
