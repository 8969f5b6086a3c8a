import { fromUtf8, utf8, type Octets } from './octets.js';

/** A content that is not what it must be. Never repeats any of it. */
export class MalformedContent extends Error {
  override readonly name = 'MalformedContent';
}

export type JsonObject = { readonly [name: string]: unknown };

/** A JSON object, whole and alone. */
export function readObject(octets: Uint8Array): JsonObject {
  const value = readJson(octets);
  if (!isObject(value)) {
    throw new MalformedContent('not a JSON object');
  }
  return value;
}

export function readJson(octets: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(octets)) as unknown;
  } catch {
    throw new MalformedContent('not JSON in UTF-8');
  }
}

export function writeJson(value: unknown): Octets {
  return utf8(JSON.stringify(value));
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(object: JsonObject, name: string): string {
  const value = own(object, name);
  if (typeof value !== 'string') {
    throw new MalformedContent(`no text ${name}`);
  }
  return value;
}

/** An integer below 2^53 and not negative. */
export function integer(object: JsonObject, name: string): number {
  const value = own(object, name);
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new MalformedContent(`no integer ${name}`);
  }
  return value;
}

export function object(parent: JsonObject, name: string): JsonObject {
  const value = own(parent, name);
  if (!isObject(value)) {
    throw new MalformedContent(`no object ${name}`);
  }
  return value;
}

export function array(parent: JsonObject, name: string, longest: number): readonly unknown[] {
  const value = own(parent, name);
  if (!Array.isArray(value) || value.length > longest) {
    throw new MalformedContent(`no list ${name}`);
  }
  return value;
}

function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
