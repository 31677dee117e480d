import { describe, expect, it } from 'vitest';
import { emptyLanding, LANDING_KINDS, landingAddress, landingAt, rowsOf } from '../support/landing.ts';
import { startSource, syncOnce } from '../support/source.ts';

describe('a run that is told to stop', () => {
  it.each(LANDING_KINDS)('lands what it read and says that it has finished (%s)', async (kind) => {
    const source = await startSource();
    const landing = await emptyLanding(kind, source.clock);
    const stop = new AbortController();
    const onProgress = ({ requests }: { requests: number }) => requests === 25 && stop.abort();
    const report = await syncOnce(source, landing, { signal: stop.signal, onProgress });
    expect(report).toMatchObject({ ended: 'stopped' });
    expect(await rowsOf(landing, 'ticket_fetches')).toHaveLength(source.simulator.requests.total);
    expect(await rowsOf(landing, 'sync_runs', ['event_id'])).toMatchObject([{ event: 'started' }, { event: 'finished' }]);
    expect(await syncOnce(source, landing)).toMatchObject({ ended: 'everything_read', left: 0 });
    expect([...source.simulator.requests.byNumber].filter(([number, count]) => number <= 60 && count > 1)).toEqual([]);
  });

  it('charges no ticket with the answer it did not wait for', async () => {
    const source = await startSource({ faults: { slow: { numbers: [30, 31], delayMs: 3_600_000 } } });
    const landing = await emptyLanding('parquet', source.clock);
    await syncOnce(source, landing, { kind: 'backfill', range: { from: 60, to: 60 } });
    const stop = new AbortController();
    const range = { from: 25, to: 35 };
    const onProgress = ({ requests }: { requests: number }) => requests === 9 && stop.abort();
    expect(await syncOnce(source, landing, { kind: 'backfill', range, signal: stop.signal, onProgress })).toMatchObject({ ended: 'stopped', requests: 9 });
    source.simulator.setFaults({});
    expect(await syncOnce(source, landing, { kind: 'backfill', range })).toMatchObject({ requests: 2, outcomes: { found: 2 } });
    const rows = await rowsOf(landing, 'ticket_fetches');
    expect(new Set(rows.map(({ outcome }) => outcome))).toEqual(new Set(['found']));
    expect(rows.every(({ attempt }) => attempt === 1)).toBe(true);
  });

  it('wakes from its wait for the next window', async () => {
    const source = await startSource({ rateLimit: { requests: 10, windowMs: 900_000 } });
    const stop = new AbortController();
    const asleep = {
      now: () => source.clock.now(),
      sleep: (_: number, signal?: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
          setImmediate(() => stop.abort());
        }),
    };
    const landing = await emptyLanding('parquet', asleep);
    const report = await syncOnce(source, landing, { clock: asleep, rateLimit: 10, wait: true, signal: stop.signal });
    expect(report).toMatchObject({ ended: 'stopped', requests: 10 });
    expect(await rowsOf(landing, 'ticket_fetches')).toHaveLength(10);
  });

  it('before it began reads nothing', async () => {
    const source = await startSource();
    const landing = await emptyLanding('parquet', source.clock);
    expect(await syncOnce(source, landing, { signal: AbortSignal.abort() })).toMatchObject({ ended: 'stopped', requests: 0 });
    expect(source.simulator.requests.total).toBe(0);
  });
});

describe('the lease', () => {
  it.each(LANDING_KINDS)('marks a run without an end as abandoned, once (%s)', async (kind) => {
    const source = await startSource({ tickets: 5 });
    const landing = await emptyLanding(kind, source.clock);
    await landing.append('sync_runs', [
      { event_id: '0', run_id: 'died', event: 'started', at: new Date(source.clock.now() - 60_000), kind: 'sync', host: 'elsewhere', pid: 7, counts: null, error: null },
    ]);
    await syncOnce(source, landing);
    await syncOnce(source, landing);
    const events = await rowsOf(landing, 'sync_runs', ['at', 'event_id']);
    expect(events.filter(({ run_id }) => run_id === 'died')).toMatchObject([{ event: 'started' }, { event: 'abandoned', host: 'elsewhere', pid: 7 }]);
    expect(events.filter(({ event }) => event === 'finished')).toHaveLength(2);
  });

  it('is had by one at a time in PostgreSQL, and free again after it', async () => {
    const address = await landingAddress('postgres');
    const [one, other] = [await landingAt(address), await landingAt(address)];
    const lease = await one.tryLease();
    expect(lease).not.toBeNull();
    expect(await other.tryLease()).toBeNull();
    await lease?.release();
    const next = await other.tryLease();
    expect(next).not.toBeNull();
    await next?.release();
  });
});
