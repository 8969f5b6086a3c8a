import { PosternError } from './postern-error.js';

export type KeyConfigReason =
  'malformed' | 'untrusted-chain' | 'wrong-identity' | 'bad-signature' | 'wrong-audience' | 'not-yet-valid' | 'expired';

const KEY_CONFIG_ADVICE: Readonly<Record<KeyConfigReason, string>> = {
  malformed: 'It is no key configuration. Check that the gateway address is right.',
  'untrusted-chain': 'Its certificates lead to none of the trust anchors. Check trustAnchors; do not go on without.',
  'wrong-identity': 'It is not that of the expected relay. Check relayId; do not go on without.',
  'bad-signature': 'Its signature is not that of its certificate. Somebody altered it.',
  'wrong-audience': 'It is meant for another audience. Check audience.',
  'not-yet-valid': 'It begins more than an hour from now. Set the clock.',
  expired: 'It ended more than an hour ago. Set the clock, or ask for a current one.',
};

/** A key configuration that must not be used. The gateway that handed it on is not trusted with it. */
export class KeyConfigError extends PosternError {
  readonly code = 'key-config-rejected';

  constructor(readonly reason: KeyConfigReason) {
    super(`The relay's key configuration is refused (${reason}). ${KEY_CONFIG_ADVICE[reason]}`);
  }
}

export type HandshakeReason = 'no-common-suite' | 'unusable-offer' | 'malformed-accept' | 'forged-accept';

const HANDSHAKE_ADVICE: Readonly<Record<HandshakeReason, string>> = {
  'no-common-suite': 'The relay offers none of the permitted suites. Change suites only if policy permits it.',
  'unusable-offer': 'The relay published an unusable key or challenge. Report it to its operator.',
  'malformed-accept': 'The answer is no ACCEPT. Check that the gateway speaks SSP1.',
  'forged-accept': 'The answer is not from the relay that was asked, or was altered on the way. Report it.',
};

/** The handshake cannot be completed. Its keys are gone; nothing was sent under them. */
export class HandshakeError extends PosternError {
  readonly code = 'handshake-failed';

  constructor(readonly reason: HandshakeReason) {
    super(`The handshake failed (${reason}). ${HANDSHAKE_ADVICE[reason]}`);
  }
}
