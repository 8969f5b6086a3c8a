// Each drive does with the platform what its name says, through the library's public functions only.
import assert from 'node:assert/strict'
import * as oauth from 'oauth4webapi'
import {
  certificateFetch,
  certificateThumbprint,
  claims,
  clientAuthentication,
  clientId,
  gateway,
  issuer,
  status,
  tlsClientId,
  withNonce,
} from './surroundings.js'

const GATEWAY = 'urn:postern:gateway'
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const models = new URL('/v1/models', gateway)
const completions = new URL('/v1/chat/completions', gateway)

const server = await oauth.processDiscoveryResponse(
  issuer,
  await oauth.discoveryRequest(issuer, { algorithm: 'oauth2' }),
)
const client = { client_id: clientId }
const authentication = await clientAuthentication()
const byCertificate = { client_id: tlsClientId }

const overTls = { [oauth.customFetch]: certificateFetch }

async function clientCredentials(parameters, options = {}) {
  return withNonce(async () =>
    oauth.processClientCredentialsResponse(
      server,
      client,
      await oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, options),
    ),
  )
}

async function exchanged(subject, parameters, options = {}) {
  return withNonce(async () =>
    oauth.processGenericTokenEndpointResponse(
      server,
      client,
      await oauth.genericTokenEndpointRequest(
        server,
        client,
        authentication,
        TOKEN_EXCHANGE,
        { subject_token: subject, subject_token_type: ACCESS_TOKEN, ...parameters },
        options,
      ),
    ),
  )
}

const list = (token, options) => oauth.protectedResourceRequest(token, 'GET', models, undefined, null, options)

async function proofKey() {
  return oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
}

export const drives = {
  async metadata() {
    assert.equal(server.issuer, issuer.href.replace(/\/$/, ''))
    assert.ok(server.dpop_signing_alg_values_supported.includes('ES256'))
    assert.ok(server.token_endpoint_auth_methods_supported.includes('private_key_jwt'))
    assert.ok(server.grant_types_supported.includes(TOKEN_EXCHANGE))
    assert.equal(server.tls_client_certificate_bound_access_tokens, true)
  },

  async 'dpop-bound'() {
    const DPoP = await proofKey()
    const issued = await clientCredentials({ scope: 'llm:invoke', resource: GATEWAY }, { DPoP })
    assert.equal(issued.token_type, 'dpop')
    assert.ok(claims(issued.access_token).cnf.jkt)
    const answer = await withNonce(() =>
      oauth.protectedResourceRequest(
        issued.access_token,
        'POST',
        completions,
        new Headers({ 'content-type': 'application/json' }),
        JSON.stringify({ model: 'simulator-small', messages: [{ role: 'user', content: 'hello from Node' }] }),
        { DPoP },
      ),
    )
    assert.equal(answer.status, 200)
    assert.match((await answer.json()).choices[0].message.content, /hello from Node/)
    const stolen = await proofKey()
    assert.equal(await status(() => withNonce(() => list(issued.access_token, { DPoP: stolen }))), 401)
    assert.equal(await status(() => list(issued.access_token)), 401)
  },

  async 'mtls-bound'() {
    const issued = await clientCredentials({ scope: 'llm:invoke', resource: GATEWAY }, overTls)
    assert.equal(claims(issued.access_token).cnf['x5t#S256'], certificateThumbprint)
    assert.equal((await list(issued.access_token, overTls)).status, 200)
    assert.equal(await status(() => list(issued.access_token)), 401)
  },

  async 'mtls-authenticated'() {
    const issued = await oauth.processClientCredentialsResponse(
      server,
      byCertificate,
      await oauth.clientCredentialsGrantRequest(
        server,
        byCertificate,
        oauth.TlsClientAuth(),
        { scope: 'llm:invoke', resource: GATEWAY },
        overTls,
      ),
    )
    assert.equal(claims(issued.access_token).client_id, tlsClientId)
    assert.equal((await list(issued.access_token, overTls)).status, 200)
  },

  async exchanged() {
    const DPoP = await proofKey()
    const subject = await clientCredentials({ scope: 'llm:invoke topic:subscribe', resource: GATEWAY }, { DPoP })
    const narrower = await exchanged(subject.access_token, { scope: 'llm:invoke', resource: GATEWAY }, { DPoP })
    assert.equal(narrower.issued_token_type, ACCESS_TOKEN)
    const [before, after] = [claims(subject.access_token), claims(narrower.access_token)]
    assert.equal(after.scope, 'llm:invoke')
    assert.equal(after.sid, before.sid)
    assert.ok(after.exp <= before.exp)
    assert.equal((await withNonce(() => list(narrower.access_token, { DPoP }))).status, 200)
  },

  async 'acting-for-another'() {
    const subject = await clientCredentials({ scope: 'llm:invoke', resource: GATEWAY })
    const acting = await oauth.processGenericTokenEndpointResponse(
      server,
      byCertificate,
      await oauth.genericTokenEndpointRequest(
        server,
        byCertificate,
        oauth.TlsClientAuth(),
        TOKEN_EXCHANGE,
        {
          subject_token: subject.access_token,
          subject_token_type: ACCESS_TOKEN,
          scope: 'llm:invoke',
          resource: GATEWAY,
        },
        overTls,
      ),
    )
    const token = claims(acting.access_token)
    assert.equal(token.sub, clientId)
    assert.equal(token.act.sub, tlsClientId)
    assert.equal(token.cnf['x5t#S256'], certificateThumbprint)
    assert.equal((await list(acting.access_token, overTls)).status, 200)
  },

  async 'exchange-never-wider'() {
    const subject = await clientCredentials({ scope: 'llm:invoke', resource: GATEWAY })
    await assert.rejects(
      exchanged(subject.access_token, { scope: 'llm:invoke audit:read', resource: GATEWAY }),
      (error) => error instanceof oauth.ResponseBodyError && error.error === 'invalid_scope',
    )
  },

  async introspected() {
    const issued = await clientCredentials({ scope: 'llm:invoke', resource: 'urn:postern:relay' })
    const answer = await oauth.introspectionRequest(server, client, authentication, issued.access_token, {
      requestJwtResponse: true,
    })
    const introspection = await oauth.processIntrospectionResponse(server, client, answer)
    assert.equal(introspection.active, true)
    assert.equal(introspection.client_id, clientId)
    await oauth.validateApplicationLevelSignature(server, answer)
  },

  async revoked() {
    const issued = await clientCredentials({ scope: 'llm:invoke', resource: GATEWAY })
    assert.equal((await list(issued.access_token)).status, 200)
    const began = performance.now()
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, authentication, issued.access_token),
    )
    let last
    do {
      last = await status(() => list(issued.access_token))
    } while (last === 200 && performance.now() - began < 1000)
    assert.equal(last, 401)
  },
}
