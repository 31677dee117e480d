import { describe, expect, it } from 'vitest';
import type { Landing } from '../../../extractor/landing/landing.ts';
import { createWorld } from '../../../extractor/simulator/world.ts';
import { LANDING_KINDS, emptyLanding, rowsOf } from '../support/landing.ts';
import { startSource, STARTS_AT, syncOnce, TOKEN } from '../support/source.ts';

const always = { probability: 1 };
const RATE = { requests: 20, windowMs: 15 * 60_000 };

async function lastRun(landing: Landing) {
  const events = await rowsOf(landing, 'sync_runs', ['at', 'event_id']);
  const last = events.at(-1);
  return { events: events.map(({ event }) => event), counts: JSON.parse(String(last?.['counts'] ?? '{}')) as object, error: last?.['error'] };
}

describe('a run that the source refuses', () => {
  it.each([
    ['wrong-token', 'source.unauthorized', 401],
    ['Bearer', 'source.unauthorized', 401],
  ])('ends at once with exit code 4, with one row that says so', async (token, code, httpStatus) => {
    const source = await startSource({ faults: { echoedToken: always } });
    const landing = await emptyLanding('parquet', source.clock);
    const failed = syncOnce(source, landing, { token });
    await expect(failed).rejects.toMatchObject({ code, exitCode: 4 });
    await expect(failed).rejects.not.toThrow(token);
    expect(source.simulator.requests.total).toBe(1);
    expect(await rowsOf(landing, 'ticket_fetches')).toMatchObject([{ outcome: 'unauthorized', http_status: httpStatus, payload: null }]);
    expect(await lastRun(landing)).toMatchObject({ events: ['started', 'failed'], counts: { requests: 1, unauthorized: 1 } });
  });

  it.each(LANDING_KINDS)('lands what it had read before (%s)', async (kind) => {
    const source = await startSource({ tickets: 300 });
    const landing = await emptyLanding(kind, source.clock);
    const refusing = await startSource({ world: source.world, token: 'another' });
    await syncOnce(source, landing, { kind: 'backfill', range: { from: 300, to: 300 } });
    let before = 0;
    // From its hundredth request on the source closes every connection; the next run finds the token revoked.
    const onProgress = ({ requests }: { requests: number }) => {
      before = requests;
      if (requests === 100) source.simulator.setFaults({ closedConnection: always });
    };
    await expect(syncOnce(source, landing, { onProgress })).rejects.toMatchObject({ code: 'source.unreachable', exitCode: 5 });
    expect(await rowsOf(landing, 'ticket_fetches')).toHaveLength(before + 1);
    await expect(syncOnce(refusing, landing)).rejects.toMatchObject({ exitCode: 4 });
    expect(await rowsOf(landing, 'ticket_fetches')).toHaveLength(before + 2);
    expect(await lastRun(landing)).toMatchObject({ events: ['started', 'finished', 'started', 'failed', 'started', 'failed'] });
  });
});

describe('a run on a source that is down', () => {
  it.each([
    ['answers nothing but errors of its own', { serverError: always }, 'source.failing'],
    ['closes every connection', { closedConnection: always }, 'source.unreachable'],
    ['echoes the token in every error', { echoedToken: always }, 'source.failing'],
  ])('and %s ends with exit code 5, on the first day and later', async (_, faults, code) => {
    const source = await startSource({ faults });
    const landing = await emptyLanding('parquet', source.clock);
    const firstDay = syncOnce(source, landing);
    await expect(firstDay).rejects.toMatchObject({ code, exitCode: 5 });
    await expect(firstDay).rejects.not.toThrow(TOKEN);
    expect((await lastRun(landing)).events).toEqual(['started', 'failed']);
    source.simulator.setFaults({});
    await syncOnce(source, landing);
    source.simulator.setFaults(faults);
    source.clock.advanceTo(source.clock.now() + 86_400_000);
    await expect(syncOnce(source, landing)).rejects.toMatchObject({ code, exitCode: 5 });
    source.simulator.setFaults({});
    expect(await syncOnce(source, landing)).toMatchObject({ ended: 'everything_read' });
  });

  it('says so where it has only three tickets to ask for, too', async () => {
    const source = await startSource({ tickets: 3 });
    const landing = await emptyLanding('parquet', source.clock);
    await syncOnce(source, landing);
    source.simulator.setFaults({ closedConnection: always });
    source.clock.advanceTo(source.clock.now() + 86_400_000);
    await expect(syncOnce(source, landing)).rejects.toMatchObject({ code: 'source.unreachable' });
  });

  it('is not what a few broken tickets are', async () => {
    const source = await startSource({ tickets: 3, faults: { brokenForEver: { numbers: [1, 2, 3] } } });
    const landing = await emptyLanding('parquet', source.clock);
    const broken = { kind: 'backfill', range: { from: 1, to: 3 } } as const;
    expect(await syncOnce(source, landing, broken)).toMatchObject({ ended: 'everything_read', outcomes: { server_error: 3 } });
    source.simulator.setFaults({});
    source.clock.advanceTo(source.clock.now() + 86_400_000);
    expect(await syncOnce(source, landing)).toMatchObject({ outcomes: { found: 3 } });
  });
});

describe('a run under the rate limit', () => {
  it.each(['fixed', 'sliding'] as const)('is never refused, and ends when the window is used up (%s)', async (window) => {
    const source = await startSource({ rateLimit: RATE, window });
    const landing = await emptyLanding('parquet', source.clock);
    for (let run = 1; run <= 4; run += 1) {
      expect(await syncOnce(source, landing, { rateLimit: 20 })).toMatchObject({ ended: 'window_used_up', requests: 20 });
      expect(await syncOnce(source, landing, { rateLimit: 20 })).toMatchObject({ ended: 'window_used_up', requests: 0 });
      source.clock.advanceTo(source.clock.now() + RATE.windowMs + 1_000);
    }
    expect(source.simulator.requests.byStatus[429]).toBeUndefined();
  });

  it.each([
    ['headers and a fixed window', {}],
    ['seconds to wait and a sliding window', { resetForm: 'seconds_to_wait', window: 'sliding' }],
    ['no headers at all', { rateHeaders: false, retryAfter: false }],
  ] as const)('goes on through the windows with --wait until all is read: %s', async (_, form) => {
    const source = await startSource({ rateLimit: RATE, ...form });
    const landing = await emptyLanding('parquet', source.clock);
    const waits: number[] = [];
    const onProgress = ({ waitingUntilMs, nowMs }: { waitingUntilMs: number | null; nowMs: number }) => {
      if (waitingUntilMs !== null) waits.push(waitingUntilMs - nowMs);
    };
    const report = await syncOnce(source, landing, { rateLimit: 20, wait: true, onProgress });
    expect(report).toMatchObject({ ended: 'everything_read', left: 0, outcomes: { found: 60 } });
    expect(source.simulator.requests.byStatus[429]).toBeUndefined();
    expect(waits.length).toBeGreaterThanOrEqual(3);
    expect(source.clock.now() - source.world.horizon).toBeLessThanOrEqual(Math.ceil(report.requests / 20) * (RATE.windowMs + 2_000));
  });

  it('takes a 429 for nobody’s failure: it waits and reads the same number again', async () => {
    const source = await startSource({ rateLimit: { requests: 20, windowMs: 15 * 60_000 } });
    const landing = await emptyLanding('parquet', source.clock);
    // It believes in more than the source allows, so it is refused.
    const report = await syncOnce(source, landing, { rateLimit: null, wait: true });
    expect(report).toMatchObject({ ended: 'everything_read', outcomes: { found: 60 } });
    const rows = await rowsOf(landing, 'ticket_fetches', ['observed_at', 'fetch_id']);
    expect(rows.filter(({ outcome }) => outcome === 'found').every(({ attempt }) => attempt === 1)).toBe(true);
  });

  it('reads what is made while it waits, with each window', async () => {
    const world = createWorld({ seed: 1, tickets: 600, days: 2, startsAt: STARTS_AT });
    const beginsAt = STARTS_AT + 30 * 3_600_000;
    const source = await startSource({ world, beginsAt, rateLimit: { requests: 40, windowMs: 15 * 60_000 } });
    const landing = await emptyLanding('parquet', source.clock);
    const first = world.newestNumber(beginsAt);
    await syncOnce(source, landing, { rateLimit: 40, wait: true });
    const read = (await rowsOf(landing, 'ticket_fetches')).filter(({ outcome }) => outcome === 'found').map(({ ticket_number: number }) => Number(number));
    // New numbers are felt for at least once an hour.
    const known = world.newestNumber(source.clock.now() - 3_600_000);
    expect(known).toBeGreaterThan(first + 20);
    expect(Math.max(...read)).toBeGreaterThanOrEqual(known);
  });
});
