import { concatenate, type Octets } from '../../src/octets.js';

/** Numbers that look random and are the same in every run (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0, below `bound`. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * bound);
  }

  octets(length: number): Octets {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

type Mutation = (chance: Chance, octets: Octets, other: Octets) => Octets;

const TELLING = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff, 0x22, 0x2e, 0x2d, 0x39, 0x5b, 0x7b];

const MUTATIONS: readonly Mutation[] = [
  (chance, octets) => put(octets, chance.below(octets.length), (old) => old ^ (1 << chance.below(8))),
  (chance, octets) => put(octets, chance.below(octets.length), () => chance.of(TELLING)),
  // A number of four octets, as large as can be.
  (chance, octets) => {
    const at = chance.below(octets.length);
    return concatenate(octets.subarray(0, at), Uint8Array.of(0xff, 0xff, 0xff, 0xff), octets.subarray(at + 4));
  },
  (chance, octets) => octets.slice(0, chance.below(octets.length)),
  (chance, octets) => octets.slice(chance.below(octets.length)),
  (chance, octets) => concatenate(octets, chance.octets(1 + chance.below(64))),
  (chance, octets) => {
    const [from, to] = range(chance, octets);
    return concatenate(octets.subarray(0, from), octets.subarray(to));
  },
  (chance, octets) => {
    const [from, to] = range(chance, octets);
    return concatenate(octets.subarray(0, to), octets.subarray(from));
  },
  // One octet many times over: depth, if it is a bracket.
  (chance, octets) => {
    const at = chance.below(octets.length);
    return concatenate(octets.subarray(0, at), new Uint8Array(3_000).fill(octets[at]!), octets.subarray(at));
  },
  (chance, octets, other) =>
    concatenate(octets.subarray(0, chance.below(octets.length)), other.subarray(chance.below(other.length))),
];

/** Genuine octets, altered in one to three ways; `other` is what parts of another message come from. */
export function mutated(chance: Chance, genuine: Octets, other: Octets = genuine): Octets {
  let octets = genuine;
  for (let left = 1 + chance.below(3); left > 0 && octets.length > 0; left--) {
    octets = chance.of(MUTATIONS)(chance, octets, other);
  }
  return octets;
}

function put(octets: Octets, at: number, change: (old: number) => number): Octets {
  const copy = octets.slice();
  copy[at] = change(copy[at]!);
  return copy;
}

function range(chance: Chance, octets: Octets): [number, number] {
  const from = chance.below(octets.length);
  return [from, from + chance.below(octets.length - from + 1)];
}

/** The longest array that is asked for, by its length, while `step` runs. */
export async function longestAllocation(step: () => Promise<void>): Promise<number> {
  const real = globalThis.Uint8Array;
  let longest = 0;
  globalThis.Uint8Array = new Proxy(real, {
    construct(target, parameters: [unknown], newTarget: typeof real) {
      longest = Math.max(longest, typeof parameters[0] === 'number' ? parameters[0] : 0);
      return Reflect.construct(target, parameters, newTarget === globalThis.Uint8Array ? target : newTarget) as object;
    },
  });
  try {
    await step();
  } finally {
    globalThis.Uint8Array = real;
  }
  return longest;
}
