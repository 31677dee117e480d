import { describe, expect, it } from 'vitest';
import type { Landing } from '../../../extractor/landing/landing.ts';
import type { Faults } from '../../../extractor/simulator/faults.ts';
import { loadSyncState, type SyncState } from '../../../extractor/sync/state.ts';
import { emptyLanding, LANDING_KINDS } from '../support/landing.ts';
import { contents } from '../support/ledger.ts';
import { startSource, STARTS_AT, syncOnce, type Source } from '../support/source.ts';

const HOUR = 3_600_000;

const HARD_DAYS: Faults[] = [
  { serverError: { probability: 0.1 }, closedConnection: { probability: 0.05 }, brokenJson: { probability: 0.05 } },
  { cutBody: { probability: 0.1 }, gone: { probability: 0.05 }, forbidden: { probability: 0.05 } },
  { slow: { probability: 0.05, delayMs: 400 }, serverError: { probability: 0.3 } },
  { serverError: { probability: 1 } },
  { closedConnection: { probability: 0.6 } },
  { otherNumber: { probability: 0.2 }, missingNumber: { probability: 0.2 }, echoedToken: { probability: 0.2 } },
  {},
];

/** A week of runs, on each day other faults; after each run its ledger is compared with the log's. */
async function compareAfterEachRun(source: Source, landing: Landing): Promise<number> {
  let compared = 0;
  for (const [day, faults] of HARD_DAYS.entries()) {
    source.simulator.setFaults({ ...faults, seed: day });
    source.clock.advanceTo(STARTS_AT + (day + 1) * 17 * HOUR);
    const ended: { state?: SyncState } = {};
    const run = { timeoutMs: 200, rateLimit: 60, onEnd: (state: SyncState) => (ended.state = state) };
    await syncOnce(source, landing, run).catch(() => undefined);
    const { ledger } = await loadSyncState({ landing, clock: source.clock, rateLimit: null, rateReserve: 0 });
    expect(ended.state && contents(ended.state.ledger)).toEqual(contents(ledger));
    compared += ledger.size > 0 ? 1 : 0;
  }
  return compared;
}

describe('the ledger folded from the landing log', () => {
  it.each(LANDING_KINDS)('is the one that the run kept, whatever the source did (%s)', async (kind) => {
    const source = await startSource({ tickets: 120, beginsAt: STARTS_AT });
    const landing = await emptyLanding(kind, source.clock);
    expect(await compareAfterEachRun(source, landing)).toBeGreaterThan(5);
  });
});

describe('the budget folded from the landing log', () => {
  it.each(LANDING_KINDS)('counts what the source counted, and no refused request (%s)', async (kind) => {
    const source = await startSource({ rateLimit: { requests: 30, windowMs: 900_000 }, faults: { serverError: { numbers: [3] }, closedConnection: { numbers: [4] } } });
    const landing = await emptyLanding(kind, source.clock);
    await syncOnce(source, landing, { kind: 'backfill', range: { from: 1, to: 12 }, rateLimit: 30 });
    await syncOnce(source, landing, { token: 'wrong' }).catch(() => undefined);
    const load = async () => (await loadSyncState({ landing, clock: source.clock, rateLimit: 30, rateReserve: 0 })).budget;
    expect((await load()).remaining(source.clock.now())).toBe(30 - 12);
    source.clock.advanceTo(source.clock.now() + 900_000 + 1_000);
    expect((await load()).remaining(source.clock.now())).toBe(30);
  });
});
