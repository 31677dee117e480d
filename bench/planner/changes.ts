import { readFileSync } from 'node:fs';
import { readReplayRows } from '../../extractor/simulator/replay-rows.ts';
import { createWorld } from '../../extractor/simulator/world.ts';

/** One change of one ticket; the first of a ticket is its creation. Times in milliseconds. */
export interface Change {
  number: number;
  atMs: number;
}

export interface ChangeLog {
  name: string;
  /** All changes in order of time. */
  changes: Change[];
}

/** The changes of an event log (CSV): every row is one. */
export function changesOfFile(path: string, name: string): ChangeLog {
  const rows = readReplayRows(readFileSync(path, 'utf8'));
  return { name, changes: inOrder(rows.map(({ ticketNumber, at }) => ({ number: ticketNumber, atMs: at }))) };
}

/** The changes of the demo's world: creations and every moment at which something of a ticket changed. */
export function changesOfDemoWorld(options: { seed: number; tickets: number; days: number; startsAt: number }): ChangeLog {
  const world = createWorld(options);
  const changes = world.truth(world.horizon).tickets.flatMap(({ number, createdAt, events }) =>
    [...new Set([createdAt, ...events.map(({ at }) => at)])].map((atMs) => ({ number, atMs })),
  );
  return { name: 'the demo world', changes: inOrder(changes) };
}

function inOrder(changes: Change[]): Change[] {
  return changes.sort((a, b) => a.atMs - b.atMs);
}

/** How late changes were seen. */
export interface DelayFigures {
  reads: number;
  /** Reads that showed no change. */
  wastedReads: number;
  meanMinutes: number;
  medianMinutes: number;
  p90Minutes: number;
  /** Tickets with a change that had not been seen, on average over the time. */
  staleTickets: number;
}

/**
 * Keeps account of changes that nobody has seen yet: one counts as unseen from its moment until
 * the next read of its ticket, or until the end.
 */
export class DelayAccount {
  readonly #changes: readonly Change[];
  readonly #toMs: number;
  readonly #fromMs: number;
  readonly #unseen = new Map<number, number[]>();
  readonly #delaysMs: number[] = [];
  #staleMs = 0;
  #next: number;
  #reads = 0;
  #wastedReads = 0;
  /** Changes that a read has shown, of which no mart tells yet. */
  #unbuilt: number[] = [];

  constructor(changes: readonly Change[], fromMs: number, toMs: number) {
    this.#changes = changes;
    this.#fromMs = fromMs;
    this.#toMs = toMs;
    this.#next = changes.findIndex(({ atMs }) => atMs >= fromMs);
  }

  /** Tickets with unseen changes at a moment, with the times of these. */
  unseenAt(nowMs: number): ReadonlyMap<number, readonly number[]> {
    for (let change = this.#changes[this.#next]; change && change.atMs <= nowMs && change.atMs < this.#toMs; ) {
      const waiting = this.#unseen.get(change.number);
      if (waiting) waiting.push(change.atMs);
      else this.#unseen.set(change.number, [change.atMs]);
      this.#next += 1;
      change = this.#changes[this.#next];
    }
    return this.#unseen;
  }

  /** A read of a number; what it shows is in the marts at once, or when they are built. */
  read(number: number, nowMs: number, built: 'now' | 'later' = 'now'): void {
    this.#reads += 1;
    const waiting = this.unseenAt(nowMs).get(number);
    if (!waiting) this.#wastedReads += 1;
    else if (built === 'now') this.#see(number, nowMs);
    else {
      this.#unbuilt.push(...waiting);
      this.#staleMs += nowMs - (waiting[0] ?? nowMs);
      this.#unseen.delete(number);
    }
  }

  /** Marts are built: whatever was read by now is in them. */
  build(nowMs: number): void {
    for (const atMs of this.#unbuilt) this.#delaysMs.push(nowMs - atMs);
    this.#unbuilt = [];
  }

  /** Ends the account: what is still unseen was unseen until the end. */
  figures(): DelayFigures {
    this.build(this.#toMs);
    for (const number of this.unseenAt(this.#toMs).keys()) this.#see(number, this.#toMs);
    const sorted = this.#delaysMs.toSorted((a, b) => a - b);
    const minutes = (ms: number) => Math.round(ms / 6_000) / 10;
    const quantile = (q: number) => minutes(sorted[Math.floor(q * (sorted.length - 1))] ?? 0);
    return {
      reads: this.#reads,
      wastedReads: this.#wastedReads,
      meanMinutes: minutes(sorted.reduce((sum, ms) => sum + ms, 0) / Math.max(1, sorted.length)),
      medianMinutes: quantile(0.5),
      p90Minutes: quantile(0.9),
      staleTickets: Math.round((10 * this.#staleMs) / (this.#toMs - this.#fromMs)) / 10,
    };
  }

  #see(number: number, nowMs: number): void {
    const waiting = this.#unseen.get(number);
    if (!waiting) return;
    this.#unseen.delete(number);
    for (const atMs of waiting) this.#delaysMs.push(nowMs - atMs);
    this.#staleMs += nowMs - (waiting[0] ?? nowMs);
  }
}
