import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogModel } from './log-model.ts';

/** Runs that only feel for new numbers, an hour apart, until nothing is new any more. */
function probes(exists: (number: number) => boolean, runs: number) {
  const model = new LogModel(exists);
  return { model, reads: Array.from({ length: runs }, () => model.probeRun()) };
}

const all = (newest: number) => (number: number) => number >= 1 && number <= newest;

describe('feeling for new numbers', () => {
  it('costs two reads a run when nothing is new', () => {
    const { model } = probes(all(5), 1);
    expect(model.ledger.newestNumber).toBe(5);
    for (let run = 0; run < 20; run += 1) expect(model.probeRun()).toHaveLength(2);
  });

  it('gallops from nothing to 2,000 in one run, with few misses', () => {
    const { model, reads } = probes(all(2_000), 1);
    expect(model.ledger.newestNumber).toBe(2_000);
    const missed = reads[0]?.filter((number) => number > 2_000) ?? [];
    expect(missed.length).toBeLessThanOrEqual(12);
    expect(reads[0]?.length).toBeLessThanOrEqual(120);
  });

  it('finds the newest number from any other, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 0, max: 30_000 }), (known, more) => {
        const model = new LogModel(all(known + more));
        if (known > 0) model.read(known);
        const reads = model.probeRun();
        expect(model.ledger.newestNumber).toBe(known + more);
        expect(reads.filter((number) => number > known + more).length).toBeLessThanOrEqual(18);
        expect(model.probeRun()).toHaveLength(2);
      }),
      { numRuns: 200 },
    );
  });

  it('crosses a hole of up to 50 numbers in the end, though there is one ticket behind it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), (before, hole, more) => {
        const newest = before + hole + more;
        const { model } = probes((number) => all(newest)(number) && (number <= before || number > before + hole), 2 * 63 + 2);
        expect(model.ledger.newestNumber).toBe(newest);
      }),
      { numRuns: 100 },
    );
  });

  it('crosses a hole of up to 50 numbers within thirteen runs, once it is as far to the newest as the hole is wide', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 50 }), (before, hole) => {
        const newest = before + 2 * hole + 20;
        const { model } = probes((number) => all(newest)(number) && (number <= before || number > before + hole), 14);
        expect(model.ledger.newestNumber).toBe(newest);
      }),
      { numRuns: 200 },
    );
  });

  it('passes over numbers that answer with a failure', () => {
    const model = new LogModel(all(40), new Set([11, 12, 13, 25]));
    for (let run = 0; run < 5; run += 1) model.probeRun();
    expect(model.ledger.newestNumber).toBe(40);
  });
});
