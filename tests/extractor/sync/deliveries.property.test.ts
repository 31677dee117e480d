import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../extractor/sync/ledger.ts';
import type { Look } from '../../../extractor/sync/ticket-state.ts';
import { planReads } from '../../../extractor/sync/planner.ts';
import { startProbing } from '../../../extractor/sync/probe.ts';

const HOUR = 3_600_000;
const BEGIN = Date.parse('2026-07-06T00:00:00Z');
const STATUSES = ['Open', 'In-progress', 'Closed'];

interface Change {
  number: number;
  atMs: number;
  version: number;
}

/** What happened to a few tickets in two days, what was read of it, and what was delivered of it, and when. */
const story = fc.record({
  changes: fc.array(fc.record({ number: fc.integer({ min: 1, max: 4 }), second: fc.integer({ min: 1, max: 90_000 }) }), { minLength: 4, maxLength: 20 }),
  reads: fc.array(fc.record({ number: fc.integer({ min: 1, max: 5 }), second: fc.integer({ min: 0, max: 172_800 }), fails: fc.boolean() }), { maxLength: 12 }),
  // Each may be lost (never picked), repeated, late, out of order, or without its time.
  deliveries: fc.array(fc.record({ pick: fc.nat(), lateSeconds: fc.integer({ min: 0, max: 80_000 }), hasTime: fc.boolean() }), { maxLength: 40 }),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

function changesOf({ changes }: Story): Change[] {
  const born = [1, 2, 3, 4].map((number) => ({ number, second: 0 }));
  return [...born, ...changes]
    .sort((a, b) => a.second - b.second)
    .map(({ number, second }, version) => ({ number, atMs: BEGIN + second * 1_000, version }));
}

const hash = (version: number) => String(version).padStart(64, '0');
const statusOf = (version: number) => STATUSES[version % STATUSES.length] ?? null;

function read(changes: readonly Change[], number: number, atMs: number, fails = false): Look {
  const last = changes.findLast((change) => change.number === number && change.atMs <= atMs);
  const nothing = { number, observedAtMs: atMs, status: null, updatedAtMs: null, payloadHash: null };
  if (fails) return { ...nothing, outcome: 'server_error' };
  if (!last) return { ...nothing, outcome: 'not_found' };
  return { ...nothing, outcome: 'found', status: statusOf(last.version), updatedAtMs: last.atMs, payloadHash: hash(last.version) };
}

function looksOf(told: Story, changes: readonly Change[]): { reads: Look[]; deliveries: Look[] } {
  const deliveries = told.deliveries.map(({ pick, lateSeconds, hasTime }): Look => {
    const { number, atMs, version } = changes[pick % changes.length] as Change;
    const observedAtMs = atMs + lateSeconds * 1_000;
    return { number, outcome: 'found', observedAtMs, status: statusOf(version), updatedAtMs: hasTime ? atMs : null, payloadHash: hash(version), isDelivery: true };
  });
  return { reads: told.reads.map(({ number, second, fails }) => read(changes, number, BEGIN + second * 1_000, fails)), deliveries };
}

function ledgerOf(looks: readonly Look[]): Ledger {
  const ledger = new Ledger();
  for (const look of looks.toSorted((a, b) => a.observedAtMs - b.observedAtMs)) ledger.apply(look);
  return ledger;
}

/** Reads whatever a run reads that has the budget for it. */
function run(ledger: Ledger, changes: readonly Change[], nowMs: number, count = 100): number[] {
  const probe = { ...startProbing(ledger), misses: 2 };
  const planned = planReads({ ledger, nowMs, count, requested: [], probe, runStartedAtMs: nowMs });
  for (const { number } of planned) ledger.apply(read(changes, number, nowMs));
  return planned.map(({ number }) => number);
}

const current = (ledger: Ledger) =>
  [1, 2, 3, 4].map((number) => {
    const { statusClass, lastFoundAtMs, lastReadAtMs, failuresInRow, lastOutcome, missingSinceMs, unconfirmedSinceMs } = ledger.get(number) ?? {};
    return { number, hash: ledger.hashOf(number), statusClass, lastFoundAtMs, lastReadAtMs, failuresInRow, lastOutcome, missingSinceMs, unconfirmedSinceMs };
  });

describe('deliveries among reads, whichever are lost, repeated, late or out of order', () => {
  it('leave what reads alone would have left, once they are confirmed', () => {
    fc.assert(
      fc.property(story, (told) => {
        const changes = changesOf(told);
        const { reads, deliveries } = looksOf(told, changes);
        const [plain, mixed] = [ledgerOf(reads), ledgerOf([...reads, ...deliveries])];
        const endMs = BEGIN + 60 * HOUR;
        for (const ledger of [plain, mixed]) for (const number of [1, 2, 3, 4]) ledger.apply(read(changes, number, endMs));
        expect(current(mixed)).toEqual(current(plain));
        expect(mixed.newestNumber).toBe(plain.newestNumber);
      }),
    );
  });

  it('turn no ticket back: what is known of it is the newest that anyone told', () => {
    fc.assert(
      fc.property(story, (told) => {
        const changes = changesOf(told);
        const { reads, deliveries } = looksOf(told, changes);
        const timed = deliveries.filter(({ updatedAtMs }) => updatedAtMs !== null);
        const ledger = ledgerOf([...reads, ...timed]);
        for (const number of [1, 2, 3, 4]) {
          const told = [...reads, ...timed].filter((look) => look.number === number && look.outcome === 'found');
          const newestMs = Math.max(...told.map(({ updatedAtMs }) => updatedAtMs ?? 0));
          const newest = told.filter(({ updatedAtMs }) => updatedAtMs === newestMs).map(({ payloadHash }) => payloadHash);
          expect(told.length === 0 ? [null] : newest).toContain(ledger.hashOf(number));
        }
      }),
    );
  });

  it('are each confirmed by a read within a day, however much else is worth a read', () => {
    fc.assert(
      fc.property(story, (told) => {
        const elsewhere = Array.from({ length: 60 }, (_, index) => ({ number: 10 + index, atMs: BEGIN, version: 1 }));
        const changes = [...changesOf(told), ...elsewhere];
        const { reads, deliveries } = looksOf(told, changesOf(told));
        const others = elsewhere.map(({ number }) => read(changes, number, BEGIN));
        const ledger = ledgerOf([...others, ...reads.filter(({ outcome }) => outcome === 'found'), ...deliveries]);
        const fromMs = Math.max(BEGIN, ...deliveries.map(({ observedAtMs }) => observedAtMs));
        // One read an hour is all that there is.
        for (let nowMs = fromMs + HOUR; nowMs <= fromMs + 24 * HOUR; nowMs += HOUR) run(ledger, changes, nowMs, 1);
        expect(current(ledger).filter(({ unconfirmedSinceMs }) => unconfirmedSinceMs != null)).toEqual([]);
      }),
    );
  });
});

describe('a delivery', () => {
  const delivery = (number: number, atMs: number): Look => ({ number, outcome: 'found', observedAtMs: atMs, status: 'Open', updatedAtMs: atMs, payloadHash: hash(7), isDelivery: true });
  const failure = (number: number, atMs: number): Look => ({ number, outcome: 'server_error', observedAtMs: atMs, status: null, updatedAtMs: null, payloadHash: null });

  it('of a number beyond all others makes none of those between a ticket', () => {
    const ledger = ledgerOf([read([{ number: 3, atMs: BEGIN, version: 1 }], 3, BEGIN), delivery(999_999_999, BEGIN + 1)]);
    expect([ledger.newestNumber, ledger.size]).toEqual([3, 2]);
  });

  it('does not hide that the reads of its number fail', () => {
    const ledger = ledgerOf([failure(5, BEGIN), failure(5, BEGIN + HOUR), delivery(5, BEGIN + 2 * HOUR)]);
    expect(ledger.get(5)).toMatchObject({ failuresInRow: 2, lastOutcome: 'server_error', statusClass: 'open', versions: 1 });
  });

  it('outlives an outage that takes the failures of its number back', () => {
    const failures = Array.from({ length: 12 }, (_, index) => failure(index + 1, BEGIN + index));
    const ledger = ledgerOf([...failures, delivery(1, BEGIN + 3)]);
    expect(ledger.isOutage).toBe(true);
    expect(ledger.get(1)).toMatchObject({ failuresInRow: 0, lastReadAtMs: null, versions: 1, statusClass: 'open' });
    expect(ledger.get(2)).toBeUndefined();
  });
});
