import type { Outcome } from '../landing/streams.ts';
import type { TicketState } from './ledger.ts';
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

const TIMES = ['lastReadAtMs', 'lastFoundAtMs', 'lastChangeAtMs', 'missingSinceMs', 'unconfirmedSinceMs', 'previousChangeAtMs'] as const;
const COUNTS = ['versions', 'failuresInRow'] as const;
const CODES = 3;
const HASH_BYTES = 32;

/**
 * Ticket states by number in typed arrays: a million of them take some 90 MB and put no load on
 * the garbage collector, where objects would take five times that.
 */
export class Table {
  readonly #slots = new Map<number, number>();
  #capacity = 1_024;
  #numbers = new Float64Array(this.#capacity);
  #times = new Float64Array(this.#capacity * TIMES.length);
  #counts = new Uint32Array(this.#capacity * COUNTS.length);
  #codes = new Uint8Array(this.#capacity * CODES);
  #hashes = Buffer.alloc(this.#capacity * HASH_BYTES);

  get size(): number {
    return this.#slots.size;
  }

  get(number: number): TicketState | undefined {
    const slot = this.#slots.get(number);
    return slot === undefined ? undefined : this.#read(slot);
  }

  /** The hash of the last body that `set` was given, in hexadecimal. */
  hashOf(number: number): string | null {
    const slot = this.#slots.get(number);
    if (slot === undefined || this.#counts[slot * COUNTS.length] === 0) return null;
    return this.#hashes.toString('hex', slot * HASH_BYTES, (slot + 1) * HASH_BYTES);
  }

  /** Stores a state, and the hash of its body where that is a new one. */
  set(state: TicketState, newHash: string | null): void {
    const slot = this.#slots.get(state.number) ?? this.#addSlot(state.number);
    TIMES.forEach((name, index) => {
      this.#times[slot * TIMES.length + index] = state[name] ?? Number.NaN;
    });
    COUNTS.forEach((name, index) => {
      this.#counts[slot * COUNTS.length + index] = state[name];
    });
    this.#codes[slot * CODES] = CLASSES.indexOf(state.statusClass);
    this.#codes[slot * CODES + 1] = OUTCOMES.indexOf(state.lastOutcome);
    this.#codes[slot * CODES + 2] = CLASSES.indexOf(state.previousClass);
    if (newHash !== null) this.#hashes.write(newHash, slot * HASH_BYTES, 'hex');
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
    for (let slot = 0; slot < this.#slots.size; slot += 1) yield this.#read(slot);
  }

  #read(slot: number): TicketState {
    const time = slot * TIMES.length;
    const code = slot * CODES;
    return {
      number: this.#numbers[slot] ?? 0,
      lastReadAtMs: this.#timeAt(time),
      lastFoundAtMs: this.#timeAt(time + 1),
      lastChangeAtMs: this.#timeAt(time + 2),
      missingSinceMs: this.#timeAt(time + 3),
      unconfirmedSinceMs: this.#timeAt(time + 4),
      previousChangeAtMs: this.#timeAt(time + 5),
      versions: this.#counts[slot * COUNTS.length] ?? 0,
      failuresInRow: this.#counts[slot * COUNTS.length + 1] ?? 0,
      statusClass: CLASSES[this.#codes[code] ?? 0] ?? null,
      lastOutcome: OUTCOMES[this.#codes[code + 1] ?? 0] ?? 'found',
      previousClass: CLASSES[this.#codes[code + 2] ?? 0] ?? null,
    };
  }

  #timeAt(index: number): number | null {
    const time = this.#times[index];
    return time === undefined || Number.isNaN(time) ? null : time;
  }

  /** The last number takes the slot that becomes free. */
  #remove(number: number): void {
    const slot = this.#slots.get(number);
    if (slot === undefined) return;
    this.#slots.delete(number);
    const lastSlot = this.#slots.size;
    if (slot === lastSlot) return;
    const last = this.#read(lastSlot);
    const hash = this.hashOf(last.number);
    this.#slots.set(last.number, slot);
    this.#numbers[slot] = last.number;
    this.set(last, hash);
  }

  #addSlot(number: number): number {
    const slot = this.#slots.size;
    if (slot === this.#capacity) this.#grow();
    this.#slots.set(number, slot);
    this.#numbers[slot] = number;
    return slot;
  }

  #grow(): void {
    const old = { numbers: this.#numbers, times: this.#times, counts: this.#counts, codes: this.#codes, hashes: this.#hashes };
    this.#capacity *= 2;
    this.#numbers = new Float64Array(this.#capacity);
    this.#times = new Float64Array(this.#capacity * TIMES.length);
    this.#counts = new Uint32Array(this.#capacity * COUNTS.length);
    this.#codes = new Uint8Array(this.#capacity * CODES);
    this.#hashes = Buffer.alloc(this.#capacity * HASH_BYTES);
    this.#numbers.set(old.numbers);
    this.#times.set(old.times);
    this.#counts.set(old.counts);
    this.#codes.set(old.codes);
    this.#hashes.set(old.hashes);
  }
}
