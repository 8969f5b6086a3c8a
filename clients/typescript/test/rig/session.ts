import { ClientHandshake, type ClientOffer, type Established } from '../../src/client-handshake.js';
import type { Clock } from '../../src/clock.js';
import { KeyConfigVerifier } from '../../src/key-config-verifier.js';
import type { Octets } from '../../src/octets.js';
import { ProofKey } from '../../src/proof-key.js';
import type { SealedSession } from '../../src/sealed-session.js';
import type { Suite } from '../../src/suite.js';
import { AUDIENCE, Relay, RELAY_ID, type Answer, type RelaySession } from './relay.js';

export interface Peers {
  readonly client: SealedSession;
  readonly relay: RelaySession;
  readonly established: Established;
  readonly answer: Answer;
}

export async function offerFor(
  relay: Relay,
  suites: readonly Suite[] = ['x25519'],
  clock: Clock = Date.now,
): Promise<ClientOffer> {
  const verifier = new KeyConfigVerifier([relay.authority.certificate], RELAY_ID, AUDIENCE, clock);
  return {
    relay: await verifier.verify(await relay.signed()),
    suites,
    challenge: relay.challenge(),
    parameters: { clientId: 'app', tenant: '', models: ['m'], maxStreams: 8, token: 'relay-token' },
    proofKey: await ProofKey.generate(),
  };
}

/** Two ends of one session. */
export async function peers(relay: Relay, clock: Clock = Date.now, suites?: readonly Suite[]): Promise<Peers> {
  const handshake = await ClientHandshake.start(await offerFor(relay, suites, clock), clock);
  const answer = await relay.answer(handshake.message);
  const established = await handshake.accept(answer.accept);
  return { client: established.session, relay: answer.session, established, answer };
}

export function flipped(octets: Octets, at: number, bit = 1): Octets {
  const copy = octets.slice();
  copy[at]! ^= bit;
  return copy;
}
