import { describe, expect, it } from 'vitest';
import { CONCURRENT_READS } from '../../../extractor/suptask/client.ts';
import type { RunProgress } from '../../../extractor/sync/run-report.ts';
import { emptyLanding, landingAddress, landingAt, rowsOf } from '../support/landing.ts';
import { startSource, STARTS_AT, syncOnce } from '../support/source.ts';

const DAY = 86_400_000;
const WINDOW_MS = 15 * 60_000;
const DOCUMENTED = { requests: 100, windowMs: WINDOW_MS };

describe('a backfill under the documented limit', () => {
  it('reads 2,075 tickets in 21 windows, is never refused, reads nothing else, and says before how long it takes', { timeout: 120_000 }, async () => {
    const source = await startSource({ tickets: 2_075, rateLimit: DOCUMENTED });
    const landing = await emptyLanding('parquet', source.clock);
    const told: object[] = [];
    const windows = new Set<number>();
    const onProgress = ({ requests }: RunProgress) => requests > 0 && windows.add(source.clock.now());
    const startedAtMs = source.clock.now();
    const range = { from: 1, to: 2_075 };
    const onPlanned = ({ requests, left, estimate }: RunProgress) => told.push({ requests, left: left(), windows: estimate().windows });
    const report = await syncOnce(source, landing, { kind: 'backfill', range, wait: true, rateLimit: 100, onPlanned, onProgress });
    expect(told).toEqual([{ requests: 0, left: 2_075, windows: 21 }]);
    expect(report).toMatchObject({ ended: 'everything_read', left: 0, outcomes: { found: 2_075 } });
    const { total, byStatus, byNumber } = source.simulator.requests;
    expect([total, byStatus]).toEqual([2_075, { 200: 2_075 }]);
    expect(new Set(byNumber.values())).toEqual(new Set([1]));
    expect(windows.size).toBe(21);
    expect(source.clock.now() - startedAtMs).toBeLessThanOrEqual(20 * (WINDOW_MS + 2_000));
    const rows = await rowsOf(landing, 'ticket_fetches');
    expect(rows.filter(({ payload }) => payload !== null)).toHaveLength(2_075);
  });

  it('that ends in its wait for the next window has made durable what it read, and repeats none of it', async () => {
    const source = await startSource({ tickets: 300, rateLimit: DOCUMENTED });
    const address = await landingAddress('parquet');
    const ending = await landingAt(address, source.clock);
    const stop = new AbortController();
    const onProgress = ({ waitingUntilMs }: RunProgress) => waitingUntilMs !== null && stop.abort();
    const backfill = { kind: 'backfill', range: { from: 1, to: 300 }, wait: true, rateLimit: 100 } as const;
    await syncOnce(source, ending, { ...backfill, signal: stop.signal, onProgress });
    const again = await syncOnce(source, await landingAt(address, source.clock), backfill);
    expect(again).toMatchObject({ ended: 'everything_read', requests: 200 });
    expect(new Set(source.simulator.requests.byNumber.values())).toEqual(new Set([1]));
  });
});

describe('the plan of a backfill', () => {
  it.each([
    [{ from: 1, to: 40 }, 40, 4, 3 * WINDOW_MS],
    [{ from: 1, to: 10 }, 10, 1, 0],
    [{ from: 51, to: 61 }, 11, 2, WINDOW_MS],
  ])('for %j is %d reads in %d windows', async (range, reads, windows, tookMs) => {
    const source = await startSource({ rateLimit: { requests: 10, windowMs: WINDOW_MS } });
    const told: { left: number; windows: number; tookMs: number }[] = [];
    const onPlanned = ({ left, estimate, nowMs }: RunProgress) => {
      const { windows: estimated, endsAtMs } = estimate();
      told.push({ left: left(), windows: estimated, tookMs: Math.round((endsAtMs - nowMs) / 10_000) * 10_000 });
    };
    await syncOnce(source, await emptyLanding('parquet', source.clock), { kind: 'backfill', range, rateLimit: 10, onPlanned });
    expect(told).toEqual([{ left: reads, windows, tookMs }]);
  });
});

describe('a backfill since a time', () => {
  const createdSince = () => STARTS_AT + 6 * DAY;

  it('ends where tickets become older, having found the newest number by itself', async () => {
    const source = await startSource({ tickets: 400 });
    const landing = await emptyLanding('parquet', source.clock);
    const { tickets } = source.world.truth(source.clock.now());
    const wanted = tickets.filter(({ createdAt }) => createdAt >= createdSince()).map(({ number }) => number);
    const told: number[] = [];
    const report = await syncOnce(source, landing, { kind: 'backfill', createdSince, onPlanned: ({ left }) => told.push(left()) });
    expect(report).toMatchObject({ ended: 'everything_read', left: 0 });
    const read = source.simulator.requests.byNumber;
    expect(wanted.filter((number) => !read.has(number))).toEqual([]);
    expect(wanted.length).toBeGreaterThan(100);
    // Some to feel for the newest number, and what was under way when the end showed.
    expect(read.size - wanted.length).toBeLessThanOrEqual(70);
    expect(told[0]).toBeGreaterThanOrEqual(wanted.length - 20);
    const again = await syncOnce(source, landing, { kind: 'backfill', createdSince });
    expect(again.requests).toBeLessThanOrEqual(2 + CONCURRENT_READS + 3);
  });

  it('goes on where it was stopped', async () => {
    const source = await startSource({ tickets: 400 });
    const landing = await emptyLanding('parquet', source.clock);
    const stop = new AbortController();
    const onProgress = ({ requests }: RunProgress) => requests === 60 && stop.abort();
    expect(await syncOnce(source, landing, { kind: 'backfill', createdSince, signal: stop.signal, onProgress })).toMatchObject({ ended: 'stopped' });
    await syncOnce(source, landing, { kind: 'backfill', createdSince });
    const { tickets } = source.world.truth(source.clock.now());
    const { byNumber } = source.simulator.requests;
    const reads = tickets.filter(({ createdAt }) => createdAt >= createdSince()).map(({ number }) => byNumber.get(number) ?? 0);
    expect(Math.min(...reads)).toBe(1);
    // Twice at most what was under way when it was stopped.
    expect(reads.filter((count) => count > 1).length).toBeLessThanOrEqual(CONCURRENT_READS);
  });

  it('measures days back from the source’s clock, however wrong this machine’s is', async () => {
    const source = await startSource({ tickets: 400 });
    const wrong = { now: () => source.clock.now() - 300 * DAY, sleep: source.clock.sleep.bind(source.clock) };
    const landing = await emptyLanding('parquet', wrong);
    await syncOnce(source, landing, { kind: 'backfill', createdSince: (nowMs) => nowMs - 2 * DAY, clock: wrong });
    expect(source.simulator.requests.byNumber.size).toBeLessThan(250);
    expect(source.simulator.requests.byNumber.has(399)).toBe(true);
  });
});
