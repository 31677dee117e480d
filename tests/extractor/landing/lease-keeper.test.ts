import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HEARTBEAT_TRUSTED_MS, keepLease } from '../../../extractor/landing/lease-keeper.ts';
import { startCommand } from '../support/command.ts';
import { createDatabase } from '../support/database.ts';
import { landingAt, rowsOf } from '../support/landing.ts';
import { startSource, TOKEN } from '../support/source.ts';

/** More than one beat comes within this. */
const A_WHILE_MS = HEARTBEAT_TRUSTED_MS;

describe('a lease', () => {
  it('is lost at the first beat that fails, and not before', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let isThere = true;
    const lease = keepLease({ beat: async () => { if (!isThere) throw new Error('it was replaced'); }, release: async () => undefined });
    await vi.advanceTimersByTimeAsync(A_WHILE_MS);
    expect(lease.lost.aborted).toBe(false);
    isThere = false;
    await vi.advanceTimersByTimeAsync(A_WHILE_MS);
    expect(lease.lost.reason).toMatchObject({ code: 'lease.lost', exitCode: 8, message: expect.stringContaining('it was replaced') });
  });

  it('is lost as soon as its holder hears so', () => {
    let tell: (cause: unknown) => void = () => undefined;
    const lease = keepLease({ beat: async () => undefined, release: async () => undefined, onLost: (whom) => (tell = whom) });
    expect(lease.lost.aborted).toBe(false);
    tell(new Error('the server went away'));
    expect(lease.lost.reason).toMatchObject({ code: 'lease.lost', message: expect.stringContaining('the server went away') });
  });

  it('that was given back beats no more', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const beat = vi.fn<() => Promise<void>>(() => Promise.reject(new Error('it was replaced')));
    const lease = keepLease({ beat, release: async () => undefined });
    await lease.release();
    await vi.advanceTimersByTimeAsync(A_WHILE_MS);
    expect([beat.mock.calls.length, lease.lost.aborted]).toEqual([0, false]);
  });
});

it('a run that loses its lease in PostgreSQL ends with 8, and what it read is landed', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const hanging = [20, 21, 22];
  const { simulator } = await startSource({ tickets: 60, faults: { slow: { numbers: hanging, delayMs: 3_600_000 } } });
  const landing = await landingAt(database.url);
  const { byNumber } = simulator.requests;
  const run = startCommand(['sync', '--json'], { SUPTASK_API_BASE_URL: simulator.url, SUPTASK_API_TOKEN: TOKEN, SUPTASK_LANDING: database.url, SUPTASK_RATE_LIMIT: 'none' });
  while (!hanging.every((number) => byNumber.has(number))) await pause(20);
  const ended = await database.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`);
  expect(ended).toHaveLength(1);
  expect(await run.ended).toMatchObject({ exitCode: 8, output: expect.stringContaining('lease.lost') });
  const landed = new Set((await rowsOf(landing, 'ticket_fetches')).map(({ ticket_number: number }) => Number(number)));
  expect(new Set([...byNumber.keys()].filter((number) => !landed.has(number)))).toEqual(new Set(hanging));
}, 120_000);
