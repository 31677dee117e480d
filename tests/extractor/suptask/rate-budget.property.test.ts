import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { RATE_WINDOW_MS } from '../../../extractor/suptask/rate-budget.ts';
import { byLength } from '../support/length.ts';
import { mostInAWindow, play, type Scenario } from './rate-budget-model.ts';

const latency = fc.record({
  thereMs: fc.integer({ min: 1, max: 20_000 }),
  backMs: fc.integer({ min: 1, max: 20_000 }),
  lost: fc.boolean(),
});

const alone: fc.Arbitrary<Scenario> = fc.record({
  limit: fc.integer({ min: 1, max: 40 }),
  reserve: fc.constant(0),
  window: fc.constantFrom('fixed', 'sliding'),
  resetForm: fc.constantFrom('epoch_seconds', 'seconds_to_wait'),
  rateHeaders: fc.boolean(),
  retryAfter: fc.boolean(),
  beginsAtMs: fc.integer({ min: 0, max: 999 }),
  spentBeforeMs: fc.array(fc.integer({ min: 1, max: 2 * RATE_WINDOW_MS }), { maxLength: 60 }),
  latencies: fc.array(latency, { minLength: 1, maxLength: 12 }),
  othersAtMs: fc.constant([]),
  windows: fc.constant(4),
});

const shared = fc
  .tuple(alone, fc.array(fc.integer({ min: 0, max: 4 * RATE_WINDOW_MS }), { maxLength: 120 }))
  .map(([scenario, othersAtMs]): Scenario => ({ ...scenario, othersAtMs }));

const runs = { numRuns: byLength(300, 3_000) };
vi.setConfig({ testTimeout: byLength(30_000, 600_000) });

describe('the rate budget, with the token to itself', () => {
  it('is never refused, whatever the window, the headers, and the order of answers', () => {
    fc.assert(
      fc.property(alone, (scenario) => {
        const { served } = play(scenario);
        expect(served.filter(({ allowed }) => !allowed)).toEqual([]);
      }),
      runs,
    );
  });

  it('never stands still for longer than a window and a margin', () => {
    fc.assert(
      fc.property(alone, (scenario) => {
        expect(play(scenario).longestPauseMs).toBeLessThanOrEqual(RATE_WINDOW_MS + 5_000);
      }),
      runs,
    );
  });

  it('uses most of what each window allows', () => {
    const quick = alone.map((scenario) => ({ ...scenario, latencies: [{ thereMs: 1, backMs: 1, lost: false }] }));
    fc.assert(
      fc.property(quick, (scenario) => {
        const { served } = play(scenario);
        expect(served.length).toBeGreaterThanOrEqual(scenario.limit * (scenario.windows - 2));
      }),
      runs,
    );
  });

  it('leaves the reserve to others, in every window', () => {
    const reserving = alone.chain((scenario) =>
      fc.integer({ min: 0, max: scenario.limit - 1 }).map((reserve) => ({ ...scenario, reserve, spentBeforeMs: [] })),
    );
    fc.assert(
      fc.property(reserving, (scenario) => {
        const { served } = play(scenario);
        const sliding = scenario.window === 'sliding' || !scenario.rateHeaders;
        const usable = scenario.limit - scenario.reserve;
        // A fixed window may be used up at its end, and the next one at its beginning.
        expect(mostInAWindow(served.map(({ atMs }) => atMs))).toBeLessThanOrEqual(sliding ? usable : 2 * usable);
      }),
      runs,
    );
  });
});

describe('the rate budget, with others at the token', () => {
  it('waits a refusal out: till the window opens, where that was said, and five seconds at least', () => {
    fc.assert(
      fc.property(shared, (scenario) => {
        for (const { toldUntilMs, servedAtMs, nextSentAtMs } of play(scenario).refusals) {
          if (nextSentAtMs === null) continue;
          // Five seconds after its `Date`, which is cut to the second.
          expect(nextSentAtMs - servedAtMs).toBeGreaterThanOrEqual(4_000);
          if (toldUntilMs !== null) expect(nextSentAtMs).toBeGreaterThanOrEqual(toldUntilMs);
        }
      }),
      runs,
    );
  });

  it('comes back within a window and a margin, if not longer refused', () => {
    fc.assert(
      fc.property(shared, (scenario) => {
        expect(play(scenario).longestPauseMs).toBeLessThanOrEqual(RATE_WINDOW_MS + 65_000);
      }),
      runs,
    );
  });
});
