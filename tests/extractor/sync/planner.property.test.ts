import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { planReads, neverReadNumbers } from '../../../extractor/sync/planner.ts';
import { previewReads } from '../../../extractor/sync/preview.ts';
import { startProbing } from '../../../extractor/sync/probe.ts';
import { byLength } from '../support/length.ts';
import { LogModel } from './log-model.ts';

/** The long form tries ten times as many cases. */
vi.setConfig({ testTimeout: byLength(30_000, 600_000) });

const MINUTE = 60_000;

/** A workspace of some tickets, some of which fail, some missing, after some runs of some size. */
const history = fc.record({
  tickets: fc.integer({ min: 0, max: 150 }),
  failing: fc.uniqueArray(fc.integer({ min: 1, max: 150 }), { maxLength: 8 }),
  missing: fc.uniqueArray(fc.integer({ min: 1, max: 150 }), { maxLength: 20 }),
  runs: fc.array(fc.record({ count: fc.integer({ min: 1, max: 60 }), minutes: fc.integer({ min: 1, max: 5_000 }) }), { maxLength: 6 }),
});

function modelAfter({ tickets, failing, missing, runs }: typeof history extends fc.Arbitrary<infer T> ? T : never): LogModel {
  const gaps = new Set(missing);
  const model = new LogModel((number) => number >= 1 && number <= tickets && !gaps.has(number), new Set(failing));
  for (const { count, minutes } of runs) {
    model.run(count);
    model.nowMs += minutes * MINUTE;
  }
  return model;
}

describe('a plan', () => {
  it('has no more reads than asked for, no number twice, none below 1, and is the same for the same log', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 3 }), (past, count, misses) => {
        const { ledger, nowMs } = modelAfter(past);
        const request = { ledger, nowMs, count, requested: [], probe: { ...startProbing(ledger), misses }, runStartedAtMs: nowMs };
        const plan = planReads(request);
        expect(plan.length).toBeLessThanOrEqual(count);
        expect(new Set(plan.map(({ number }) => number)).size).toBe(plan.length);
        expect(plan.every(({ number }) => number >= 1)).toBe(true);
        expect(planReads({ ...request, ledger: modelAfter(past).ledger })).toEqual(plan);
      }),
    );
  });

  it('puts what was asked for first, then what is new (at least once an hour), then retries that are due', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 200 }), (past, count) => {
        const { ledger, nowMs } = modelAfter(past);
        const request = { ledger, nowMs, count, requested: [], probe: startProbing(ledger), runStartedAtMs: nowMs };
        expect(planReads({ ...request, requested: [7, 3] })).toEqual([7, 3].slice(0, count).map((number) => ({ number, reason: 'requested' })));
        expect(planReads({ ...request, nowMs: nowMs + 60 * MINUTE })).toMatchObject([{ reason: 'new' }]);
        const reasons = planReads({ ...request, probe: { ...request.probe, misses: 2 } }).map(({ reason }) => reason);
        const order = ['retry', 'never_read', 'refresh'];
        expect(reasons).toEqual(reasons.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
      }),
    );
  });

  it('lets a run end, having read no found number twice', () => {
    fc.assert(
      fc.property(history, (past) => {
        const model = modelAfter(past);
        const read = model.run(100_000).filter(({ reason }) => reason !== 'new').map(({ number }) => number);
        expect(new Set(read).size).toBe(read.length);
        const { ledger } = model;
        expect(neverReadNumbers(ledger, { from: 1, to: ledger.newestNumber }, 1, model.nowMs)).toEqual([]);
      }),
    );
  });
});

describe('a preview', () => {
  it('is what a run then reads, where it finds nothing new', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 5_000 }), (past, count, minutes) => {
        const model = modelAfter(past);
        model.run(100_000);
        model.nowMs += minutes * MINUTE;
        const previewed = previewReads({ ledger: model.ledger, requested: new Map() }, model.nowMs, count);
        const read = model.run(count);
        fc.pre(read.every(({ number, reason }) => reason !== 'new' || model.ledger.get(number)?.lastOutcome === 'not_found'));
        expect(previewed.map(({ number, reason }) => ({ number, reason }))).toEqual(read);
      }),
    );
  });
});

describe('runs that follow each other', () => {
  it('read every ticket of a still world again within three times the time that a round of all takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 25 }), fc.constantFrom('Open', 'Closed'), (count, status) => {
        const model = new LogModel((number) => number >= 1 && number <= 100);
        const lastRead = new Map<number, number>();
        for (let run = 1; run <= 150; run += 1) {
          for (const { number } of model.run(count, () => status)) lastRead.set(number, run);
          model.nowMs += 15 * MINUTE;
        }
        const longestUnread = Math.max(...Array.from({ length: 100 }, (_, index) => 150 - (lastRead.get(index + 1) ?? 0)));
        expect(longestUnread).toBeLessThanOrEqual(3 * Math.ceil(100 / (count - 2)));
      }),
      { numRuns: byLength(10, 100) },
    );
  });

  it('read every ticket again and again, closed ones too, while others keep changing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 25 }), fc.integer({ min: 1, max: 7 }), (count, busyShare) => {
        const model = new LogModel((number) => number >= 1 && number <= 120);
        const isBusy = (number: number) => number % busyShare === 0;
        const lastRead = new Map<number, number>();
        for (let run = 1; run <= 400; run += 1) {
          for (let number = 1; number <= 120; number += 1) if (isBusy(number)) model.change(number);
          for (const { number } of model.run(count, (number) => (isBusy(number) ? 'Open' : 'Closed'))) lastRead.set(number, run);
          model.nowMs += 15 * MINUTE;
        }
        const longestUnread = Math.max(...Array.from({ length: 120 }, (_, index) => 400 - (lastRead.get(index + 1) ?? 0)));
        expect(longestUnread * (count - 2)).toBeLessThanOrEqual(120 * 20);
      }),
      { numRuns: byLength(15, 100) },
    );
  });

  it('retry a number that fails ever more rarely, and never give it up', () => {
    const model = new LogModel((number) => number <= 30, new Set([10]));
    const readOnDay: number[] = [];
    for (let hour = 0; hour < 24 * 60; hour += 1) {
      const read = model.run(20).filter(({ number }) => number === 10).length;
      for (let each = 0; each < read; each += 1) readOnDay.push(Math.floor(hour / 24));
      model.nowMs += 60 * MINUTE;
    }
    expect(readOnDay.filter((day) => day === 0).length).toBeGreaterThanOrEqual(4);
    expect(readOnDay.filter((day) => day >= 10).length).toBeLessThanOrEqual(10);
    expect(readOnDay.at(-1)).toBeGreaterThanOrEqual(50);
  });

  it('take a ticket back at once when it answers again, and count no more failures', () => {
    const failing = new Set([10]);
    const model = new LogModel((number) => number <= 30, failing);
    for (let run = 0; run < 20; run += 1) {
      model.run(40);
      model.nowMs += 60 * MINUTE;
    }
    expect(model.ledger.get(10)?.failuresInRow).toBeGreaterThanOrEqual(5);
    failing.clear();
    model.nowMs += 10 * 24 * 60 * MINUTE;
    model.run(40);
    expect(model.ledger.get(10)).toMatchObject({ failuresInRow: 0, lastOutcome: 'found', versions: 1 });
  });
});
