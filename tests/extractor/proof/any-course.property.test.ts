import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLanding, type Landing } from '../../../extractor/landing/landing.ts';
import { SimulatedClock } from '../../../extractor/simulator/clock.ts';
import type { Faults } from '../../../extractor/simulator/faults.ts';
import { startSimulator } from '../../../extractor/simulator/server.ts';
import { createWorld } from '../../../extractor/simulator/world.ts';
import { loadSyncState, type SyncState } from '../../../extractor/sync/state.ts';
import { rowsOf } from '../support/landing.ts';
import { contents } from '../support/ledger.ts';
import { byLength, seed } from '../support/length.ts';
import { type Source, STARTS_AT, syncOnce, TOKEN } from '../support/source.ts';
import { Machine } from './support/machine.ts';
import { MemoryStore } from './support/memory-store.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const TICKETS = 40;
const RATE = { requests: 25, windowMs: 15 * MINUTE_MS };

const nowAndThen = fc.constantFrom(0, 0.1, 0.5, 1);

/** One run, by a process of its own. */
const run = fc.record({
  minutesBefore: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 20, max: 3_000 })),
  faults: fc.record({
    serverError: nowAndThen,
    closedConnection: nowAndThen,
    cutBody: nowAndThen,
    brokenJson: nowAndThen,
    // Answers that overtake each other.
    slow: nowAndThen,
  }),
  /** How far the source's clock goes on with each answer, in milliseconds. */
  answerMs: fc.integer({ min: 0, max: 3_000 }),
  wait: fc.boolean(),
  /** The process dies: of the rows that it would have landed, this share is. Null: it lives. */
  landsShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
});

const course = fc.record({
  worldSeed: fc.integer({ min: 1, max: 1_000 }),
  window: fc.constantFrom('fixed' as const, 'sliding' as const),
  resetForm: fc.constantFrom('epoch_seconds' as const, 'seconds_to_wait' as const),
  aheadMs: fc.constantFrom(0, -400 * DAY_MS, 3 * DAY_MS, 3_600_500),
  runs: fc.array(run, { minLength: 1, maxLength: 8 }),
});

type Course = typeof course extends fc.Arbitrary<infer T> ? T : never;

interface Lived {
  source: Source;
  landing: Landing;
}

function refusals({ simulator }: Source): number {
  return simulator.requests.byStatus[429] ?? 0;
}

/** Plays the course, and compares each process's ledger with the log that it leaves. */
async function live({ worldSeed, window, resetForm, aheadMs, runs }: Course): Promise<Lived & { end: () => Promise<void> }> {
  const world = createWorld({ seed: worldSeed, tickets: TICKETS, days: 10, startsAt: STARTS_AT });
  const clock = new SimulatedClock(STARTS_AT + 2 * DAY_MS);
  const simulator = await startSimulator({ world, clock, token: TOKEN, rateLimit: RATE, window, resetForm });
  const source = { world, clock, simulator };
  const machine = new Machine(clock);
  machine.aheadMs = aheadMs;
  const store = new MemoryStore();
  const landing = createLanding(store, 'default', machine);
  // A machine whose clock is wrong dates failures wrongly until the source has answered for the first time: nothing tells it better.
  await syncOnce(source, landing, { clock: machine, rateLimit: RATE.requests });
  let diedAt = Number.NEGATIVE_INFINITY;
  for (const [place, { minutesBefore, faults, answerMs, wait, landsShare }] of runs.entries()) {
    clock.advanceTo(clock.now() + minutesBefore * MINUTE_MS);
    simulator.setFaults({ seed: place, ...withProbabilities(faults) });
    const before = store.size;
    // A process that died has spent requests of which the log knows nothing; within their window later ones find out by asking.
    const isBudgetKnown = clock.now() >= diedAt + 2 * RATE.windowMs;
    const refusedBefore = refusals(source);
    const kept: { state?: SyncState } = {};
    const onProgress = () => clock.advanceTo(clock.now() + answerMs);
    await syncOnce(source, landing, { clock: machine, rateLimit: RATE.requests, wait, onProgress, onEnd: (state) => (kept.state = state) }).catch(() => undefined);
    if (isBudgetKnown) expect(refusals(source)).toBe(refusedBefore);
    if (landsShare !== null) {
      diedAt = clock.now();
      store.cutTo(before + Math.floor(landsShare * (store.size - before)));
    } else {
      const loaded = await loadSyncState({ landing, clock: machine, rateLimit: RATE.requests, rateReserve: 0 });
      expect(kept.state && contents(kept.state.ledger)).toEqual(contents(loaded.ledger));
    }
  }
  return { source, landing, end: () => simulator.close() };
}

function withProbabilities({ slow, ...faults }: Course['runs'][number]['faults']): Faults {
  const scopes = Object.entries(faults).map(([name, probability]) => [name, { probability }]);
  return { ...(Object.fromEntries(scopes) as Faults), slow: { probability: slow / 2, delayMs: 3 } };
}

describe('whatever the order of answers, deaths and clocks', () => {
  it('each ledger is the log’s, the budget holds, no number is forgotten, and each version is landed once', { timeout: byLength(600_000, 3_600_000) }, async () => {
    const property = fc.asyncProperty(course, async (planned) => {
      const { source, landing, end } = await live(planned);
      try {
        source.simulator.setFaults({});
        source.clock.advanceTo(source.world.horizon + 40 * DAY_MS);
        await syncOnce(source, landing, { rateLimit: RATE.requests, wait: true });
        const hashes = new Map<unknown, unknown[]>();
        for (const { ticket_number: number, outcome, payload_hash: hash } of await rowsOf(landing, 'ticket_fetches', ['observed_at', 'fetch_id'])) {
          if (outcome === 'found') hashes.set(number, [...(hashes.get(number) ?? []), hash]);
        }
        const doubled = [...hashes.values()].filter((each) => each.some((hash, place) => hash === each[place - 1]));
        expect([hashes.size, doubled]).toEqual([TICKETS, []]);
        const { ledger } = await loadSyncState({ landing, clock: source.clock, rateLimit: null, rateReserve: 0 });
        for (const [number, each] of hashes) expect(ledger.hashOf(Number(number))).toBe(each.at(-1));
      } finally {
        await end();
      }
    });
    await fc.assert(property, { numRuns: byLength(15, 500), seed });
  });
});
