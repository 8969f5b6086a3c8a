import { equal, type Octets } from './octets.js';
import type { DropReason } from './received.js';
import type { Role } from './key-schedule.js';

/** The 44 octets in front of every ciphertext, and all of the AEAD's associated data. */
export interface FrameHeader {
  readonly type: FrameType;
  readonly fin: boolean;
  readonly sender: Role;
  readonly session: Octets;
  readonly epoch: number;
  readonly seq: number;
  readonly stream: number;
  readonly idx: number;
  /** Of ciphertext and tag. */
  readonly length: number;
}

export type FrameType = 'data' | 'key-update' | 'close' | 'error';

export const HEADER_LENGTH = 44;
export const TAG_LENGTH = 16;
export const MAX_PLAINTEXT = 16 * 1024;

const VERSION = 1;
const FIN = 1;
const FROM_RELAY = 2;
const CONTROL = 4;
const SIGN = 0x8000_0000;

const TYPE_CODES: Readonly<Record<FrameType, number>> = { data: 0x10, 'key-update': 0x11, close: 0x13, error: 0x15 };

/**
 * Reads the header of one whole frame, no more and no fewer octets; or says why there is none. What it returns
 * satisfies every limit of the protocol.
 */
export function parseHeader(frame: Uint8Array): FrameHeader | DropReason {
  if (frame.length < HEADER_LENGTH) {
    return 'malformed';
  }
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const type = typeOf(view.getUint8(1));
  const flags = view.getUint16(2);
  if (view.getUint8(0) !== VERSION || type === undefined || (flags & ~(FIN | FROM_RELAY | CONTROL)) !== 0) {
    return 'malformed';
  }
  const length = view.getUint32(40);
  if (length > MAX_PLAINTEXT + TAG_LENGTH) {
    return 'too-large';
  }
  const header: FrameHeader = {
    type,
    fin: (flags & FIN) !== 0,
    sender: (flags & FROM_RELAY) !== 0 ? 'relay' : 'client',
    session: frame.slice(4, 20) as Octets,
    epoch: view.getUint32(20),
    seq: view.getUint32(24) * 2 ** 32 + view.getUint32(28),
    stream: view.getUint32(32),
    idx: view.getUint32(36),
    length,
  };
  const sound =
    length > TAG_LENGTH &&
    frame.length === HEADER_LENGTH + length &&
    header.epoch < SIGN &&
    header.seq <= Number.MAX_SAFE_INTEGER &&
    header.stream < SIGN &&
    header.idx < SIGN &&
    ((flags & CONTROL) !== 0) === isControl(header) &&
    shapeFitsType(header);
  return sound ? header : 'malformed';
}

/** Writes the 44 octets to the front of a frame. */
export function writeHeader(header: FrameHeader, frame: Octets): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  view.setUint8(0, VERSION);
  view.setUint8(1, TYPE_CODES[header.type]);
  view.setUint16(
    2,
    (header.fin ? FIN : 0) | (header.sender === 'relay' ? FROM_RELAY : 0) | (isControl(header) ? CONTROL : 0),
  );
  frame.set(header.session, 4);
  view.setUint32(20, header.epoch);
  view.setUint32(24, Math.floor(header.seq / 2 ** 32));
  view.setUint32(28, header.seq % 2 ** 32);
  view.setUint32(32, header.stream);
  view.setUint32(36, header.idx);
  view.setUint32(40, header.length);
}

export function sameSession(header: FrameHeader, session: Octets): boolean {
  return equal(header.session, session);
}

/** Stream 0 is the session itself: its frames, and only those, carry the CONTROL flag. */
function isControl(header: FrameHeader): boolean {
  return header.stream === 0;
}

function typeOf(code: number): FrameType | undefined {
  return (Object.keys(TYPE_CODES) as FrameType[]).find((type) => TYPE_CODES[type] === code);
}

function shapeFitsType(header: FrameHeader): boolean {
  switch (header.type) {
    case 'data':
      return header.stream > 0;
    case 'key-update':
      return header.stream === 0 && header.idx === 0 && !header.fin && header.sender === 'relay';
    case 'close':
      return header.stream === 0 && header.idx === 0 && !header.fin;
    case 'error':
      return header.idx === 0 && !header.fin;
  }
}
