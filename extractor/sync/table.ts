import type { Outcome } from '../landing/streams.ts';
import type { TicketState } from './ticket-state.ts';
import type { StatusClass } from './status-class.ts';

const CLASSES: readonly (StatusClass | null)[] = [null, 'open', 'active', 'closed'];
const OUTCOMES: readonly Outcome[] = [
  'found',
  'unchanged',
  'not_found',
  'forbidden',
  'server_error',
  'timeout',
  'network_error',
  'invalid_payload',
  'rate_limited',
  'unauthorized',
];

const TIMES = ['lastReadAtMs', 'lastFoundAtMs', 'lastChangeAtMs', 'previousChangeAtMs'] as const;

/** Times that few tickets have at a moment. */
const RARE_TIMES = ['missingSinceMs', 'unconfirmedSinceMs'] as const;

const CODES = 3;
const HASH_BYTES = 32;

/** Numbers a block: those of a workspace follow one another, and few blocks are filled in part. */
const BLOCK = 512;

/** The states of the numbers from a multiple of 512 on. */
class Block {
  readonly isKnown = new Uint8Array(BLOCK);
  readonly times = new Float64Array(BLOCK * TIMES.length);
  readonly versions = new Uint32Array(BLOCK);
  readonly failuresInRow = new Uint16Array(BLOCK);
  readonly codes = new Uint8Array(BLOCK * CODES);
  readonly hashes = Buffer.alloc(BLOCK * HASH_BYTES);
}

/** Everything in a table: plain values, which can be written to a file as they are. */
export interface TableContents {
  blocks: Map<number, Block>;
  rareTimes: Map<number, number>[];
  size: number;
}

/**
 * Ticket states by number in typed arrays, a block of numbers at a time: a million of them take
 * some 75 MB and put no load on the garbage collector, where objects would take five times that.
 */
export class Table {
  readonly #blocks: Map<number, Block>;
  readonly #rareTimes: Map<number, number>[];
  #size: number;

  constructor({ blocks, rareTimes, size }: TableContents = { blocks: new Map(), rareTimes: RARE_TIMES.map(() => new Map()), size: 0 }) {
    this.#blocks = blocks;
    this.#rareTimes = rareTimes;
    this.#size = size;
  }

  get contents(): TableContents {
    return { blocks: this.#blocks, rareTimes: this.#rareTimes, size: this.#size };
  }

  get size(): number {
    return this.#size;
  }

  get(number: number): TicketState | undefined {
    const block = this.#knownIn(number);
    return block && this.#read(block, number);
  }

  /** The hash of the last body that `set` was given, in hexadecimal. */
  hashOf(number: number): string | null {
    const block = this.#knownIn(number);
    const slot = number % BLOCK;
    if (!block || block.versions[slot] === 0) return null;
    return block.hashes.toString('hex', slot * HASH_BYTES, (slot + 1) * HASH_BYTES);
  }

  /** Stores a state, and the hash of its body where that is a new one. */
  set(state: TicketState, newHash: string | null): void {
    const { number } = state;
    const block = this.#blockOf(number);
    const slot = number % BLOCK;
    if (block.isKnown[slot] === 0) this.#size += 1;
    block.isKnown[slot] = 1;
    for (let index = 0; index < TIMES.length; index += 1) {
      block.times[slot * TIMES.length + index] = state[TIMES[index] as (typeof TIMES)[number]] ?? Number.NaN;
    }
    for (const [index, name] of RARE_TIMES.entries()) {
      const time = state[name];
      if (time !== null) this.#rareTimes[index]?.set(number, time);
      else if (this.#rareTimes[index]?.size) this.#rareTimes[index].delete(number);
    }
    block.versions[slot] = state.versions;
    block.failuresInRow[slot] = state.failuresInRow;
    block.codes[slot * CODES] = CLASSES.indexOf(state.statusClass);
    block.codes[slot * CODES + 1] = OUTCOMES.indexOf(state.lastOutcome);
    block.codes[slot * CODES + 2] = CLASSES.indexOf(state.previousClass);
    if (newHash !== null) block.hashes.write(newHash, slot * HASH_BYTES, 'hex');
  }

  /**
   * Takes failed reads of a number back: what was known of its reads before them, undefined where
   * it had never been read. What was delivered in the meantime stays.
   */
  restore(number: number, before: TicketState | undefined): void {
    const state = this.get(number);
    if (!state) return;
    if (state.versions === 0 && !before) this.#remove(number);
    else {
      const { lastReadAtMs = null, failuresInRow = 0, lastOutcome = 'found' } = before ?? {};
      this.set({ ...state, lastReadAtMs, failuresInRow, lastOutcome }, null);
    }
  }

  *states(): Generator<TicketState> {
    for (const [place, block] of this.#blocks) {
      for (let slot = 0; slot < BLOCK; slot += 1) if (block.isKnown[slot] === 1) yield this.#read(block, place * BLOCK + slot);
    }
  }

  #knownIn(number: number): Block | undefined {
    const block = this.#blocks.get(Math.floor(number / BLOCK));
    return block?.isKnown[number % BLOCK] === 1 ? block : undefined;
  }

  #blockOf(number: number): Block {
    const place = Math.floor(number / BLOCK);
    const standing = this.#blocks.get(place);
    if (standing) return standing;
    const block = new Block();
    this.#blocks.set(place, block);
    return block;
  }

  #read(block: Block, number: number): TicketState {
    const slot = number % BLOCK;
    const time = slot * TIMES.length;
    const code = slot * CODES;
    return {
      number,
      lastReadAtMs: timeAt(block, time),
      lastFoundAtMs: timeAt(block, time + 1),
      lastChangeAtMs: timeAt(block, time + 2),
      previousChangeAtMs: timeAt(block, time + 3),
      missingSinceMs: this.#rareTimes[0]?.get(number) ?? null,
      unconfirmedSinceMs: this.#rareTimes[1]?.get(number) ?? null,
      versions: block.versions[slot] ?? 0,
      failuresInRow: block.failuresInRow[slot] ?? 0,
      statusClass: CLASSES[block.codes[code] ?? 0] ?? null,
      lastOutcome: OUTCOMES[block.codes[code + 1] ?? 0] ?? 'found',
      previousClass: CLASSES[block.codes[code + 2] ?? 0] ?? null,
    };
  }

  #remove(number: number): void {
    const block = this.#knownIn(number);
    if (!block) return;
    block.isKnown[number % BLOCK] = 0;
    this.#size -= 1;
    for (const times of this.#rareTimes) times.delete(number);
  }
}

function timeAt({ times }: Block, index: number): number | null {
  const time = times[index];
  return time === undefined || Number.isNaN(time) ? null : time;
}
