import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { COMPACTED, FEWEST_FILES } from '../../../extractor/landing/compaction.ts';
import { landingAddress, landingAt, LANDING_KINDS, rowsOf } from '../support/landing.ts';
import { startSource, TOKEN } from '../support/source.ts';
import { startCommand } from '../support/command.ts';

describe.each(LANDING_KINDS)('one run at a time (%s)', (kind) => {
  it('a second one is told who runs, a killed one is marked abandoned, and a service ends cleanly', async () => {
    const { simulator } = await startSource({ tickets: 60, rateLimit: { requests: 20, windowMs: 15 * 60_000 } });
    const address = await landingAddress(kind);
    const settings = { SUPTASK_API_BASE_URL: simulator.url, SUPTASK_API_TOKEN: TOKEN, SUPTASK_LANDING: address, SUPTASK_RATE_LIMIT: '20' };
    const landing = await landingAt(address);
    const steps = async () => (await rowsOf(landing, 'sync_runs', ['event_id'])).map(({ event, pid }) => ({ event, pid }));
    const until = async (holds: () => Promise<boolean>) => {
      while (!(await holds())) await pause(50);
    };

    const killed = startCommand(['sync', '--wait'], settings);
    await until(async () => (await steps()).length === 1 && simulator.requests.total >= 20);
    const second = await startCommand(['sync', '--json'], settings).ended;
    expect(second.exitCode).toBe(6);
    const [started] = await rowsOf(landing, 'sync_runs', ['event_id']);
    const since = new Date(Number(started?.['at'])).toISOString();
    expect(second.output).toContain(`It is a sync on ${hostname()}, process ${String(started?.['pid'])}, since ${since}.`);
    const elsewhere = await startCommand(['sync', '--json'], { ...settings, SUPTASK_WORKSPACE: 'another' }).ended;
    expect(elsewhere).toMatchObject({ exitCode: 6, output: expect.stringContaining(`process ${String(started?.['pid'])}, since ${since}.`) });
    expect(simulator.requests.total).toBeLessThanOrEqual(20);
    killed.kill();
    await killed.ended;

    const service = startCommand(['sync', '--follow'], settings);
    await until(async () => (await steps()).some(({ event }) => event === 'abandoned'));
    service.stop();
    expect((await service.ended).exitCode).toBe(0);
    const events = (await steps()).map(({ event }) => event);
    const count = (name: string) => events.filter((event) => event === name).length;
    expect([count('abandoned'), count('started')]).toEqual([1, count('finished') + 1]);
  }, 60_000);

  it('a service that is told to stop lands what was answered, and does nothing else first', async () => {
    const slow = [20, 21, 22];
    const { simulator } = await startSource({ tickets: 60, faults: { slow: { numbers: slow, delayMs: 3_600_000 } } });
    const address = await landingAddress(kind);
    const landing = await landingAt(address);
    for (let index = 0; index < FEWEST_FILES; index += 1) {
      await landing.append('error_events', [{ correlation_id: String(index), at: new Date(), code: 'defect', message: '', detail: null }]);
    }
    const { byNumber } = simulator.requests;
    const service = startCommand(['sync', '--follow'], { SUPTASK_API_BASE_URL: simulator.url, SUPTASK_API_TOKEN: TOKEN, SUPTASK_LANDING: address, SUPTASK_RATE_LIMIT: 'none' });
    while (!slow.every((number) => byNumber.has(number))) await pause(20);
    service.stop();
    expect((await service.ended).exitCode).toBe(0);
    const landed = new Set((await rowsOf(landing, 'ticket_fetches')).map(({ ticket_number: number }) => Number(number)));
    expect(new Set([...byNumber.keys()].filter((number) => !landed.has(number)))).toEqual(new Set(slow));
    expect((await rowsOf(landing, 'sync_runs', ['at', 'event_id'])).map(({ event }) => event)).toEqual(['started', 'finished']);
    if (kind === 'parquet') expect(readdirSync(address, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes(COMPACTED))).toEqual([]);
  }, 60_000);
});
