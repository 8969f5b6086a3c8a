import { KeyConfigError, PosternClient, ProofKey, RelayProblemError, type PosternClientOptions } from '../src/index.js';
import { deriveAll, FILES } from '../test/rig/known-answers.js';
import type { Check, PageSettings } from './site.js';

/** Runs in the browser: does what an application does, and reports to the page's own server. */

interface Completion {
  readonly choices: readonly {
    readonly message?: { readonly content: string };
    readonly delta?: { readonly content?: string };
  }[];
}

const settings = (await (await fetch('/settings')).json()) as PageSettings;
const { clientId, gateway, relayId, audience } = settings;

async function gatewayToken(): Promise<string> {
  return (await fetch('/tokens/gateway', { method: 'POST' })).text();
}

/** The page proves the key, its server adds who the client is. */
async function relayToken(_: string, key: ProofKey): Promise<string> {
  let claims = {};
  for (;;) {
    const proof = await key.prove('POST', settings.tokenEndpoint, claims);
    const response = await fetch('/tokens/relay', { method: 'POST', headers: { DPoP: proof } });
    const nonce = response.headers.get('DPoP-Nonce');
    if (response.ok) {
      return response.text();
    }
    if (nonce === null || 'nonce' in claims) {
      throw new Error(`no relay token: ${response.status}`);
    }
    claims = { nonce };
  }
}

function client(wish: Partial<PosternClientOptions> = {}): PosternClient {
  return new PosternClient({
    gateway,
    clientId,
    relayId,
    audience,
    trustAnchors: [settings.anchor],
    tokens: { gateway: gatewayToken, relay: relayToken },
    backoff: { attempts: 2 },
    ...wish,
  });
}

function question(content: string, model = settings.model): { model: string; messages: unknown[] } {
  return { model, messages: [{ role: 'user', content }] };
}

function require(holds: boolean, what: string): asserts holds {
  if (!holds) {
    throw new Error(what);
  }
}

const postern = client();

const checks: Readonly<Record<string, () => Promise<void>>> = {
  async vectors() {
    for (const [suite, file] of FILES) {
      await deriveAll(suite, (await (await fetch(`/vectors/${file}`)).json()) as Record<string, string>);
    }
  },

  async chat() {
    const answer = await postern.chat<Completion>(question('hello from a browser'));
    require(answer.choices[0]?.message?.content.includes('hello from a browser') === true, 'another answer');
  },

  async stream() {
    const pieces: string[] = [];
    for await (const event of postern.stream<Completion>(question('one two three four five'))) {
      pieces.push(event.choices[0]?.delta?.content ?? '');
    }
    require(pieces.length > 2, `only ${pieces.length} events`);
    require(pieces.join('').includes('one two three four five'), 'another answer');
  },

  async problem() {
    const failure = await failureOf(postern.chat(question('hello', 'no-such-model')));
    require(failure instanceof RelayProblemError, `no problem but ${String(failure)}`);
  },

  /** What the gateway hands on is verified against the page's own anchors, by WebCrypto. */
  async 'foreign-relay'() {
    const stranger = client({ trustAnchors: [settings.foreignAnchor] });
    const failure = await failureOf(stranger.chat(question('secret')));
    require(failure instanceof KeyConfigError, `no refusal but ${String(failure)}`);
    require(failure.reason === 'untrusted-chain', failure.reason);
    await stranger.close();
  },

  async closed() {
    await postern.close();
    require(postern.droppedFrames.size === 0, 'frames were dropped');
  },
};

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

const report: Check[] = [];
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    report.push({ name });
  } catch (error) {
    report.push({ name, failure: String(error) });
  }
}
await fetch('/report', { method: 'POST', body: JSON.stringify(report) });
