import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../extractor/operations/plan.ts';
import { describePlan } from '../../../extractor/commands/plan-text.ts';
import { underLease } from '../../../extractor/sync/lease.ts';
import { landRequestedReads } from '../../../extractor/sync/operator-requests.ts';
import { startCommand } from '../support/command.ts';
import { landingAddress, landingAt } from '../support/landing.ts';
import { startSource, syncOnce, TOKEN } from '../support/source.ts';

describe('suptask plan', () => {
  it('says what comes next and why, while a run holds the lease, and sends no request', async () => {
    const source = await startSource({ tickets: 30, faults: { serverError: { numbers: [9] } } });
    const address = await landingAddress('parquet');
    const landing = await landingAt(address, source.clock);
    await syncOnce(source, landing);
    await landRequestedReads(landing, [9], source.clock.now() + 60_000);
    const asked = source.simulator.requests.total;
    const settings = { SUPTASK_LANDING: address, SUPTASK_API_BASE_URL: source.simulator.url, SUPTASK_API_TOKEN: TOKEN, SUPTASK_RATE_LIMIT: 'none' };
    const end = await underLease(landing, source.clock, () => startCommand(['plan', '--count', '6', '--json'], settings).ended);
    const plan = JSON.parse(end.output) as Plan;
    const { reads, budgetLimit } = plan;
    expect(reads.map(({ reason }) => reason)).toEqual(['requested', 'new', 'new', 'refresh', 'refresh', 'refresh']);
    expect(reads.slice(0, 3).map(({ number, valueMinutes }) => [number, valueMinutes])).toEqual([[9, null], [31, null], [32, null]]);
    expect(reads[3]).toMatchObject({ statusClass: expect.stringMatching(/open|active|closed/), expectedChanges: expect.any(Number), valueMinutes: expect.any(Number) });
    expect(budgetLimit).toBeNull();
    expect(describePlan(plan)).toMatch(/9 +an operator asked +never\n +31 +may be new +never/);
    expect([end.exitCode, source.simulator.requests.total]).toEqual([0, asked]);
  }, 90_000);

  it('refuses a count that is none, and says so', async () => {
    const { exitCode, errors } = await startCommand(['plan', '--count', 'many'], {}).ended;
    expect(exitCode).toBe(2);
    expect(errors).toContain('whole number');
  });
});
