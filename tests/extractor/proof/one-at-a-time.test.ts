import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
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
    expect(second.output).toMatch(/since/);
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
});
