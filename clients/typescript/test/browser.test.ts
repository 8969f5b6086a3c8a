import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findChromium, show } from '../browser/chromium.js';
import { Site, type Backend } from '../browser/site.js';
import { parseJws } from '../src/jws.js';
import { readObject } from '../src/json.js';
import { pem, root } from './rig/authority.js';
import { FakeGateway, type Asked } from './rig/gateway.js';
import { AUDIENCE, Relay, RELAY_ID } from './rig/relay.js';

const chromium = findChromium();
const MODEL = 'm';
const TIMEOUT = 60_000;

/** Says what it was asked, as a model would. */
async function model({ stream, document, session: { sealed, send } }: Asked): Promise<void> {
  const body = document['body'] as { model: string; stream?: boolean; messages: { content: string }[] };
  const content = body.messages[0]!.content;
  if (body.model !== MODEL) {
    send(await sealed.error(stream, 'unknown-model', 404));
  } else if (body.stream === true) {
    for (const piece of content.split(/(?= )/)) {
      send(...(await sealed.data(stream, { choices: [{ delta: { content: piece } }] })));
    }
    send(...(await sealed.data(stream, new Uint8Array(0), true)));
  } else {
    send(...(await sealed.data(stream, { choices: [{ message: { content } }] }, true)));
  }
}

function backend(settings: Backend['settings'], proofs: string[]): Backend {
  return {
    settings,
    gatewayToken: async () => 'gateway.token',
    async relayToken(proof) {
      proofs.push(proof);
      const { nonce } = readObject(parseJws(proof, 4096).payload);
      return nonce === 'once' ? { token: 'relay.token' } : { nonce: 'once' };
    },
  };
}

test(
  'in Chromium: the known answers, and sessions over its WebSocket and WebCrypto',
  { skip: chromium === undefined && 'Chromium is not on the PATH' },
  async () => {
    const far = await FakeGateway.start({ onRequest: model }, await Relay.create());
    const proofs: string[] = [];
    const settings = {
      gateway: far.url,
      tokenEndpoint: 'https://tokens.example/oauth2/token',
      clientId: 'app',
      relayId: RELAY_ID,
      audience: AUDIENCE,
      anchor: pem(far.relay.authority.certificate),
      foreignAnchor: pem((await root('Foreign')).certificate),
      model: MODEL,
    };
    const site = await Site.start(backend(settings, proofs), 0);
    try {
      assert.deepEqual(await show(chromium!, site.origin, [], site.report, TIMEOUT), [
        { name: 'vectors' },
        { name: 'chat' },
        { name: 'stream' },
        { name: 'problem' },
        { name: 'foreign-relay' },
        { name: 'closed' },
      ]);
    } finally {
      await site.stop();
      await far.stop();
    }
    assert.deepEqual(
      far.opens.map(({ protocols }) => protocols.replaceAll(' ', '')),
      ['ssp1,ssp1.bearer.gateway.token'],
    );
    assert.equal(proofs.length, 4, 'one without and one with a nonce, for each client');
  },
);
