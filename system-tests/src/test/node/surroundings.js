// What the drives are given: addresses by the environment, keys by files, as any operator would hand them out.
import { readFileSync } from 'node:fs'
import https from 'node:https'
import { X509Certificate } from 'node:crypto'
import * as oauth from 'oauth4webapi'

const environment = (name) => {
  const value = process.env[name]
  if (!value) {
    throw new Error(`${name} is not set`)
  }
  return value
}

export const issuer = new URL(environment('POSTERN_ISSUER'))
export const gateway = environment('POSTERN_GATEWAY')
export const clientId = environment('POSTERN_CLIENT')
export const tlsClientId = environment('POSTERN_TLS_CLIENT')

// The platform's CA reaches fetch by NODE_EXTRA_CA_CERTS; sockets with a certificate of their own need it by hand.
const ca = readFileSync(environment('NODE_EXTRA_CA_CERTS'))
const cert = readFileSync(environment('POSTERN_TLS_CERT'))
const key = readFileSync(environment('POSTERN_TLS_KEY'))

export const certificateThumbprint = Buffer.from(
  new X509Certificate(cert).fingerprint256.replaceAll(':', ''),
  'hex',
).toString('base64url')

export async function clientAuthentication() {
  const { kty, crv, x, y, d, kid } = JSON.parse(readFileSync(environment('POSTERN_CLIENT_KEY'), 'utf8'))
  const signing = await crypto.subtle.importKey(
    'jwk',
    { kty, crv, x, y, d },
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  )
  return oauth.PrivateKeyJwt({ key: signing, kid })
}

// fetch over a connection that shows the client's certificate.
export function certificateFetch(url, { body, headers, method, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request(
      url,
      { method, headers: Object.fromEntries(new Headers(headers)), ca, cert, key, signal, agent: false },
      (answer) => {
        const parts = []
        answer.on('data', (part) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => {
          const answered = new Headers()
          for (let i = 0; i < answer.rawHeaders.length; i += 2) {
            answered.append(answer.rawHeaders[i], answer.rawHeaders[i + 1])
          }
          const content = Buffer.concat(parts)
          resolve(new Response(content.length ? content : null, { status: answer.statusCode, headers: answered }))
        })
      },
    )
    request.on('error', reject)
    request.end(body === undefined || body === null ? undefined : body.toString())
  })
}

// Repeats a request once when the server asks for a nonce; the library keeps the nonce.
export async function withNonce(send) {
  try {
    return await send()
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) {
      throw error
    }
    return send()
  }
}

// The status of an answer that the library refuses to call one.
export async function status(send) {
  try {
    return (await send()).status
  } catch (error) {
    if (error instanceof oauth.WWWAuthenticateChallengeError) {
      return error.status
    }
    throw error
  }
}

export function claims(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'))
}
