import type { Octets } from './octets.js';

/** Octets that are not DER as certificates need it. */
export class MalformedDer extends Error {
  override readonly name = 'MalformedDer';
}

export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

/** One value: its tag, its content, and all of its octets. */
export interface DerValue {
  readonly tag: number;
  readonly content: Octets;
  readonly whole: Octets;
}

/**
 * Reads DER strictly (X.690 s10): one-octet tags, definite lengths in their shortest form, nothing left over where the
 * caller says so. Allocates nothing that depends on a length before it was checked.
 */
export class DerReader {
  readonly #octets: Octets;
  #at = 0;

  constructor(octets: Octets) {
    this.#octets = octets;
  }

  get done(): boolean {
    return this.#at === this.#octets.length;
  }

  /** The tag of the next value, or -1 at the end. */
  peek(): number {
    return this.#octets[this.#at] ?? -1;
  }

  /** The next value, which must have this tag. */
  read(tag: number): DerValue {
    const start = this.#at;
    if (this.peek() !== tag || (tag & 0x1f) === 0x1f) {
      throw new MalformedDer('another tag');
    }
    this.#at++;
    const length = this.#length();
    if (length > this.#octets.length - this.#at) {
      throw new MalformedDer('a length beyond the end');
    }
    const from = this.#at;
    this.#at += length;
    return { tag, content: this.#octets.subarray(from, this.#at), whole: this.#octets.subarray(start, this.#at) };
  }

  /** The next value where it has this tag. */
  optional(tag: number): DerValue | undefined {
    return this.peek() === tag ? this.read(tag) : undefined;
  }

  /** The next value, whatever it is. */
  any(): DerValue {
    return this.read(this.peek());
  }

  /** Into a constructed value. */
  enter(tag: number): DerReader {
    return new DerReader(this.read(tag).content);
  }

  end(): void {
    if (!this.done) {
      throw new MalformedDer('something left over');
    }
  }

  #octet(): number {
    const octet = this.#octets[this.#at++];
    if (octet === undefined) {
      throw new MalformedDer('ends early');
    }
    return octet;
  }

  #length(): number {
    const first = this.#octet();
    if (first < 0x80) {
      return first;
    }
    const count = first & 0x7f;
    if (count === 0 || count > 3) {
      throw new MalformedDer('an indefinite or absurd length');
    }
    let length = 0;
    for (let i = 0; i < count; i++) {
      length = length * 256 + this.#octet();
    }
    if (length < 0x80 || length < 256 ** (count - 1)) {
      throw new MalformedDer('a length that is not the shortest');
    }
    return length;
  }
}

/** One value and nothing after it. */
export function readWhole(octets: Octets, tag: number): DerReader {
  const outer = new DerReader(octets);
  const inner = outer.enter(tag);
  outer.end();
  return inner;
}

/** Dotted text of an object identifier. */
export function oidText(value: DerValue): string {
  const arcs: number[] = [];
  let arc = 0;
  let open = false;
  for (const octet of value.content) {
    if ((!open && octet === 0x80) || arc > 2 ** 40) {
      throw new MalformedDer('an object identifier that is none');
    }
    arc = arc * 128 + (octet & 0x7f);
    open = (octet & 0x80) !== 0;
    if (!open) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const first = arcs.shift();
  if (open || first === undefined) {
    throw new MalformedDer('an object identifier that is none');
  }
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - 40 * root, ...arcs].join('.');
}

/** A bit string of whole octets, as keys and signatures are. */
export function bitStringOctets(value: DerValue): Octets {
  if (value.content[0] !== 0) {
    throw new MalformedDer('a bit string of broken octets');
  }
  return value.content.subarray(1);
}

export function booleanOf(value: DerValue): boolean {
  const octet = value.content[0];
  if (value.content.length !== 1 || (octet !== 0 && octet !== 0xff)) {
    throw new MalformedDer('a boolean that is none');
  }
  return octet === 0xff;
}

/** A small integer that is not negative. */
export function smallInteger(value: DerValue): number {
  const { content } = value;
  const shortest = content.length === 1 || (content.length === 2 && content[0] === 0 && content[1]! >= 0x80);
  if (content.length === 0 || content[0]! >= 0x80 || !shortest) {
    throw new MalformedDer('an integer that is not small');
  }
  return content[content.length - 1]!;
}

/** An integer that is not negative as exactly `length` octets, as ECDSA's r and s. */
export function unsignedInteger(value: DerValue, length: number): Octets {
  const { content } = value;
  const padded = content[0] === 0 && content.length > 1;
  if (content.length === 0 || content[0]! >= 0x80 || (padded && content[1]! < 0x80)) {
    throw new MalformedDer('an integer that is none');
  }
  const digits = padded ? content.subarray(1) : content;
  if (digits.length > length) {
    throw new MalformedDer('an integer that is too long');
  }
  const octets = new Uint8Array(length);
  octets.set(digits, length - digits.length);
  return octets;
}

/** Milliseconds since 1970 (RFC 5280 s4.1.2.5: UTC, seconds, no fractions). */
export function timeOf(value: DerValue): number {
  const text = String.fromCharCode(...value.content);
  const form =
    value.tag === Tag.utcTime
      ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/
      : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;
  const match = form.exec(text);
  if (match === null) {
    throw new MalformedDer('a time that is none');
  }
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fullYear = value.tag === Tag.utcTime ? year + (year < 50 ? 2000 : 1900) : year;
  const millis = Date.UTC(fullYear, month - 1, day, hour, minute, second);
  const iso = new Date(millis).toISOString();
  const again = `${String(fullYear).padStart(4, '0')}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}.000Z`;
  if (iso !== again) {
    throw new MalformedDer('a time that is none');
  }
  return millis;
}
