import { decodeBase64 } from './base64.js';
import { ecdsaKey, parseCertificate, readCertificates, type Certificate } from './certificate.js';
import { leadsToAnchor } from './certificate-chain.js';
import type { Clock } from './clock.js';
import { MalformedDer } from './der.js';
import { ConfigurationError, KeyConfigError } from './errors.js';
import { MalformedContent } from './json.js';
import { parseJws, verifyEs256, type CompactJws } from './jws.js';
import { parseKeyConfig, type KeyConfig } from './key-config.js';

/** How wrong a client's clock may be, in milliseconds. */
export const CLOCK_TOLERANCE = 3_600_000;

const TYPE = 'ssp1-kc+jwt';
const P256_SCALAR = 32;
const MAX_LENGTH = 32 * 1024;
const MAX_CHAIN = 5;

/**
 * Decides whether a key configuration really is the expected relay's. The gateway that hands it on is not trusted with
 * it.
 *
 * The client's clock may be an hour off either way. That is safe: the relay alone knows when its keys are gone, and a
 * configuration that outlived its keys leads to no session.
 */
export class KeyConfigVerifier {
  readonly #anchors: readonly Certificate[];

  /**
   * @param anchors the certificates a relay's chain must end in, in PEM or DER
   * @param relayId the relays' SPIFFE id, such as `spiffe://postern.local/service/inference-relay`
   * @param audience the audience of their tokens
   */
  constructor(
    anchors: readonly (string | Uint8Array)[],
    private readonly relayId: string,
    private readonly audience: string,
    private readonly clock: Clock,
  ) {
    try {
      this.#anchors = anchors.flatMap(readCertificates);
    } catch (error) {
      throw error instanceof MalformedDer
        ? new ConfigurationError('trustAnchors must be X.509 v3 certificates in PEM or DER.')
        : error;
    }
    if (this.#anchors.length === 0) {
      throw new ConfigurationError('trustAnchors holds no certificate. Give the platform authority in PEM or DER.');
    }
  }

  /**
   * The configuration in a compact JWS.
   *
   * @throws KeyConfigError when any part of it is not as expected
   */
  async verify(compact: string): Promise<KeyConfig> {
    try {
      return await this.#verify(compact);
    } catch (error) {
      throw error instanceof MalformedContent || error instanceof MalformedDer
        ? new KeyConfigError('malformed')
        : error;
    }
  }

  async #verify(compact: string): Promise<KeyConfig> {
    const jws = parseJws(compact, MAX_LENGTH);
    const chain = chainOf(jws);
    const now = this.clock();
    if (!(await leadsToAnchor(chain, this.#anchors, now, CLOCK_TOLERANCE))) {
      throw new KeyConfigError('untrusted-chain');
    }
    const leaf = chain[0]!;
    if (leaf.uris.length !== 1 || leaf.uris[0] !== this.relayId) {
      throw new KeyConfigError('wrong-identity');
    }
    if (!(await isSignedByLeaf(jws, leaf))) {
      throw new KeyConfigError('bad-signature');
    }
    const config = await parseKeyConfig(jws.payload);
    this.#check(config, now);
    return config;
  }

  #check(config: KeyConfig, now: number): void {
    if (config.relayId !== this.relayId && !config.relayId.startsWith(`${this.relayId}#`)) {
      throw new KeyConfigError('wrong-identity');
    }
    if (config.audience !== this.audience) {
      throw new KeyConfigError('wrong-audience');
    }
    if (now + CLOCK_TOLERANCE < 1000 * config.notBefore) {
      throw new KeyConfigError('not-yet-valid');
    }
    if (now - CLOCK_TOLERANCE >= 1000 * config.expires) {
      throw new KeyConfigError('expired');
    }
  }
}

function chainOf(jws: CompactJws): readonly Certificate[] {
  const { alg, typ, crit, x5c } = jws.header;
  const sound = alg === 'ES256' && typ === TYPE && crit === undefined && Array.isArray(x5c);
  if (!sound || x5c.length === 0 || x5c.length > MAX_CHAIN) {
    throw new MalformedContent('another type, algorithm or chain');
  }
  return x5c.map((encoded: unknown) => {
    const octets = typeof encoded === 'string' ? decodeBase64(encoded) : undefined;
    if (octets === undefined) {
      throw new MalformedContent('a certificate that is not base64');
    }
    return parseCertificate(octets);
  });
}

async function isSignedByLeaf(jws: CompactJws, leaf: Certificate): Promise<boolean> {
  const key = await ecdsaKey(leaf);
  const maySign = leaf.keyUsage === undefined || leaf.keyUsage.digitalSignature;
  return maySign && key?.scalarLength === P256_SCALAR && verifyEs256(jws, key.key);
}
