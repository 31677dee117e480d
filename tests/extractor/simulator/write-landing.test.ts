import { describe, expect, it } from 'vitest';
import { createWorld } from '../../../extractor/simulator/world.ts';
import { startCommand } from '../support/command.ts';
import { landingAddress, landingAt, rowsOf } from '../support/landing.ts';

const STARTS_AT = Date.UTC(2026, 6, 6);

describe('suptask simulate --write-landing', () => {
  it('writes what reads of the world would have landed, and never two worlds into one log', async () => {
    const folder = await landingAddress('parquet');
    const command = ['simulate', '--seed', '7', '--tickets', '60', '--days', '20', '--write-landing', folder];
    const { exitCode, output } = await startCommand([...command, '--json'], {}).ended;
    expect(exitCode).toBe(0);

    const log = await rowsOf(await landingAt(folder), 'ticket_fetches', ['observed_at', 'fetch_id']);
    const world = createWorld({ seed: 7, tickets: 60, days: 20, startsAt: STARTS_AT });
    const last = new Map<unknown, string>();
    for (const { ticket_number: number, observed_at: at, outcome, payload } of log) {
      const body = JSON.stringify(world.ticket(Number(number), Number(at)));
      expect([outcome, payload]).toEqual(last.get(number) === body ? ['unchanged', null] : ['found', body]);
      last.set(number, body);
    }
    const told = { folder, tickets: last.size, reads: log.length, versions: log.filter(({ outcome }) => outcome === 'found').length };
    expect(JSON.parse(output)).toEqual({ ...told, runs: (await rowsOf(await landingAt(folder), 'sync_runs')).length / 2 });
    expect(told.tickets).toBeGreaterThan(55);
    expect(told.versions / told.tickets).toBeGreaterThan(3);

    expect(await startCommand(command, {}).ended).toMatchObject({ exitCode: 2, output: '', errors: `error: ${folder} is not empty; name a new folder\n` });
  });
});
