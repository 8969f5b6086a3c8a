import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../src/backoff.js';

test('waits no longer than it may, and not at all after a success', async () => {
  let now = 0;
  const backoff = new Backoff({ attempts: 9, baseMillis: 10, maxMillis: 20 }, () => now);
  for (let i = 0; i < 40; i++) {
    backoff.failed();
  }
  const before = performance.now();
  await backoff.wait();
  assert.ok(performance.now() - before < 1_000);
  now = 20;
  await backoff.wait();
  now = 0;
  backoff.succeeded();
  await backoff.wait();
});
