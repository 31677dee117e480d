import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const RANDOM_BYTES = 16;

/** Fetched a page at a time: a call to the system costs more than all the rest of an id. */
const pool = new Uint8Array(256 * RANDOM_BYTES);
let used = pool.length;

let lastMs = Number.NEGATIVE_INFINITY;
let sequence = 0;

/** A UUID of version 7 that lies after every one that this process was given before, whatever the clock does. */
export function newId(): string {
  const random = randomBytes();
  const nowMs = Date.now();
  sequence = (sequence + 1) | 0;
  if (nowMs > lastMs) {
    lastMs = nowMs;
    // The highest bit is left free, so that a millisecond holds two billion more.
    sequence = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1;
  }
  return v7({ random, msecs: lastMs, seq: sequence });
}

function randomBytes(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  return pool.subarray(used - RANDOM_BYTES, used);
}
