import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplayWindow } from '../src/replay-window.js';

test('agrees with a plain set over random walks', () => {
  for (const bits of [64, 128, 1024, 8192]) {
    const window = new ReplayWindow(bits);
    const seen = new Set<number>();
    let highest = -1;
    for (let i = 0; i < 20_000; i++) {
      const jump = Math.random() < 0.01 ? 20_000 : 3;
      const seq = Math.max(0, highest + jump - Math.floor(Math.random() * bits * 1.2));
      const expected =
        seq > highest ? 'fresh' : highest - seq >= bits ? 'too-old' : seen.has(seq) ? 'duplicate' : 'fresh';
      assert.equal(window.peek(seq), expected);
      if (expected === 'fresh') {
        window.mark(seq);
        seen.add(seq);
        highest = Math.max(highest, seq);
      }
    }
  }
});

test('numbers up to 2^53 - 1', () => {
  const window = new ReplayWindow(1024);
  window.mark(Number.MAX_SAFE_INTEGER - 1);
  assert.equal(window.peek(Number.MAX_SAFE_INTEGER), 'fresh');
  window.mark(Number.MAX_SAFE_INTEGER);
  assert.equal(window.peek(Number.MAX_SAFE_INTEGER), 'duplicate');
  assert.equal(window.peek(Number.MAX_SAFE_INTEGER - 1024), 'too-old');
});

test('peeking marks nothing, and only a fresh number is marked', () => {
  const window = new ReplayWindow(64);
  assert.equal(window.peek(1000), 'fresh');
  assert.equal(window.peek(0), 'fresh');
  window.mark(0);
  assert.throws(() => window.mark(0));
  assert.throws(() => new ReplayWindow(65));
});
