import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deriveAll, FILES } from './rig/known-answers.js';

function read(file: string): Record<string, string> {
  return JSON.parse(readFileSync(new URL(`../../../../testdata/vectors/${file}`, import.meta.url), 'utf8')) as Record<
    string,
    string
  >;
}

for (const [suite, file] of FILES) {
  test(`${file}: every value is derived bit for bit`, () => deriveAll(suite, read(file)));

  test(`${file}: no value may be another, and none may be there that nothing derives`, async () => {
    const values = read(file);
    for (const name of ['pkR', 'th1', 'exp2', 'prk', 'fin_r', 'iv_r', 'es1_upd', 'frame1_ct']) {
      const value = values[name]!;
      const altered = `${value.slice(0, -2)}${value.endsWith('00') ? '01' : '00'}`;
      await assert.rejects(deriveAll(suite, { ...values, [name]: altered }), name);
    }
    await assert.rejects(deriveAll(suite, { ...values, es2_upd: '00' }), /nothing derives es2_upd/);
  });
}
