import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { signEs256 } from '../src/jws.js';
import { writeJson } from '../src/json.js';
import { pem, root } from '../test/rig/authority.js';
import { findChromium, show } from './chromium.js';
import { Site, type Backend, type TokenAnswer } from './site.js';

/**
 * Shows the page to a headless Chromium, against a running platform, and says of each check how it ended. The
 * environment says where the platform is and who the client is; nothing printed holds a token.
 */

const CLIENT_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const TIMEOUT = 90_000;

const issuer = environment('POSTERN_ISSUER');
const gateway = environment('POSTERN_GATEWAY');
const clientId = environment('POSTERN_CLIENT');
const authority = new X509Certificate(readFileSync(environment('NODE_EXTRA_CA_CERTS')));
const tokenEndpoint = new URL('/oauth2/token', issuer).href;

function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set`);
  }
  return value;
}

async function askForToken(audience: string, headers: Record<string, string>): Promise<Response> {
  const jwk = JSON.parse(readFileSync(environment('POSTERN_CLIENT_KEY'), 'utf8')) as JsonWebKey & { kid: string };
  const { kid, kty, crv, x, y, d } = jwk;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y, d } as JsonWebKey, algorithm, false, ['sign']);
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: clientId, sub: clientId, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60 };
  return fetch(tokenEndpoint, {
    method: 'POST',
    headers,
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'llm:invoke',
      resource: audience,
      client_assertion_type: CLIENT_ASSERTION,
      client_assertion: await signEs256({ alg: 'ES256', kid }, writeJson(claims), key),
    }),
  });
}

async function tokenOf(response: Response): Promise<string> {
  return ((await response.json()) as { access_token: string }).access_token;
}

const backend: Backend = {
  settings: {
    gateway,
    tokenEndpoint,
    clientId,
    relayId: 'spiffe://postern.local/service/inference-relay',
    audience: 'urn:postern:relay',
    anchor: authority.toString(),
    foreignAnchor: pem((await root('Foreign')).certificate),
    model: 'simulator-small',
  },

  async gatewayToken() {
    return tokenOf(await askForToken('urn:postern:gateway', {}));
  },

  async relayToken(proof): Promise<TokenAnswer> {
    const response = await askForToken('urn:postern:relay', { DPoP: proof });
    return response.ok ? { token: await tokenOf(response) } : { nonce: response.headers.get('DPoP-Nonce') };
  },
};

/** Of the key in the certificate that the gateway shows now, once Node has verified its chain. */
async function pinOf(address: string): Promise<string> {
  const { hostname: host, port } = new URL(address);
  const socket = connect({ host, port: Number(port), servername: host });
  try {
    await once(socket, 'secureConnect');
    const key = socket.getPeerX509Certificate()!.publicKey.export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(key).digest('base64');
  } finally {
    socket.destroy();
  }
}

const chromium = findChromium();
if (chromium === undefined) {
  console.log('Skipped: Chromium is not on the PATH.');
} else {
  const site = await Site.start(backend, Number(environment('POSTERN_PAGE_PORT')));
  try {
    const checks = await show(chromium, site.origin, [await pinOf(gateway)], site.report, TIMEOUT);
    for (const { name, failure } of checks) {
      console.log(failure === undefined ? `ok ${name}` : `FAILED ${name}: ${failure}`);
    }
    process.exitCode = checks.some(({ failure }) => failure !== undefined) ? 1 : 0;
  } finally {
    await site.stop();
  }
}
