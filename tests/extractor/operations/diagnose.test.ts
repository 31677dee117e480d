import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../../extractor/errors.ts';
import { driftBetween, knownAfter, shapeOf } from '../../../extractor/operations/diagnosis/body-shape.ts';
import { diagnose } from '../../../extractor/operations/diagnosis/diagnose.ts';
import * as scenarios from '../../../extractor/operations/diagnosis/scenarios.ts';
import { createWorld, type World } from '../../../extractor/simulator/world.ts';
import { loadSyncState } from '../../../extractor/sync/state.ts';
import { startCommand } from '../support/command.ts';
import { LANDING_KINDS, rowsOf } from '../support/landing.ts';
import { STARTS_AT, startSource, syncOnce, TOKEN } from '../support/source.ts';
import { sessionWith } from './support/session.ts';

const SCENARIOS = ['ordinary_read', 'wrong_token', 'wrong_scheme', 'non_numeric_number', 'missing_number', 'slow_answer', 'rate_headers', 'clock_skew', 'payload_drift'];

const verdictsOf = (findings: { scenario: string; verdict: string }[]) => Object.fromEntries(findings.map(({ scenario, verdict }) => [scenario, verdict]));

describe('a diagnosis', () => {
  it.each(LANDING_KINDS)('of a source that is as it should be finds nothing, and lands each finding (%s)', async (kind) => {
    const source = await startSource({ rateLimit: { requests: 100, windowMs: 15 * 60_000 } });
    const session = await sessionWith(source, kind, { SUPTASK_RATE_LIMIT: '100' });
    const findings = await diagnose(session);
    expect(verdictsOf(findings)).toEqual(Object.fromEntries(SCENARIOS.map((scenario) => [scenario, 'ok'])));
    const rows = await rowsOf(session.landing, 'connection_checks');
    expect(rows.map(({ scenario }) => String(scenario)).toSorted()).toEqual(SCENARIOS.toSorted());
    expect(rows.every(({ kind: landedKind, ok, evidence }) => landedKind === 'diagnostic' && ok === true && String(evidence).includes('"found"'))).toBe(true);
  });

  it('sends five requests, and every one of them counts in the window of the next run', async () => {
    const source = await startSource();
    const session = await sessionWith(source, 'parquet', { SUPTASK_RATE_LIMIT: '100' });
    await diagnose(session);
    expect(source.simulator.requests.total).toBe(5);
    const { budget, sourceClock } = await loadSyncState({ ...session.settings, landing: session.landing, clock: source.clock });
    expect(budget.remaining(sourceClock.now())).toBe(95);
    const late = await sessionWith(source, 'parquet', { SUPTASK_RATE_LIMIT: '4' });
    await expect(diagnose(late)).rejects.toMatchObject({ code: 'check.failed' });
    expect(source.simulator.requests.total).toBe(5);
  });

  it('says what is not as it should be, and how much it matters', async () => {
    const source = await startSource({ rateHeaders: false, retryAfter: false });
    const session = await sessionWith(source, 'parquet', { SUPTASK_API_TOKEN: 'revoked-token' });
    const skewed = { ...session, clock: { now: () => source.clock.now() - 7 * 60_000, sleep: (ms: number) => source.clock.sleep(ms) } };
    const findings = await diagnose(skewed);
    expect(verdictsOf(findings)).toMatchObject({ ordinary_read: 'blocks', non_numeric_number: 'differs', missing_number: 'differs', rate_headers: 'differs', clock_skew: 'differs' });
    expect(findings.find(({ scenario }) => scenario === 'clock_skew')?.found).toBe('the local clock is 7 min behind');
  });

  it('sees a field that appeared since the last one, once', async () => {
    const world = createWorld({ seed: 1, tickets: 30, days: 10, startsAt: STARTS_AT });
    let extra: Record<string, unknown> = {};
    const changing: World = Object.assign(Object.create(world) as World, {
      ticket: (number: number, at: number) => {
        const ticket = world.ticket(number, at);
        return ticket && { ...ticket, ...extra };
      },
    });
    const source = await startSource({ world: changing });
    const session = await sessionWith(source, 'parquet');
    const driftNow = async () => {
      source.clock.advanceTo(source.clock.now() + 4 * 86_400_000);
      await syncOnce(source, session.landing);
      return (await diagnose(session)).find(({ scenario }) => scenario === 'payload_drift');
    };
    expect(await driftNow()).toMatchObject({ verdict: 'ok', found: expect.stringContaining('nothing yet') });
    expect(await driftNow()).toMatchObject({ verdict: 'ok', found: expect.stringContaining('no body was landed of late') });
    extra = { satisfaction: 4, archived: 'no' };
    expect(await driftNow()).toMatchObject({ verdict: 'differs', found: 'satisfaction has appeared; archived is string where it was boolean' });
    expect(await driftNow()).toMatchObject({ verdict: 'ok' });
  });

  it('ends non-zero where something blocks, and tells no secret', async () => {
    const source = await startSource({ faults: { echoedToken: { probability: 1 } } });
    const session = await sessionWith(source, 'parquet', { SUPTASK_API_TOKEN: `${TOKEN}-revoked` });
    const { exitCode, output, errors } = await startCommand(['diagnose'], session.environment).ended;
    expect([exitCode, errors]).toEqual([exitCodes.checkSaysNo, '']);
    expect(output).toMatch(/ordinary_read +blocks/);
    const landed = JSON.stringify([await rowsOf(session.landing, 'connection_checks'), await rowsOf(session.landing, 'ticket_fetches')]);
    expect(output + landed).not.toContain(TOKEN);
  });
});

describe('a finding', () => {
  const answered = (httpStatus: number | null) => ({ httpStatus, durationMs: 20, said: httpStatus === null ? 'connect ECONNREFUSED' : '{}' });

  it.each([
    ['a token that nobody has is taken', scenarios.wrongToken(answered(200)), 'blocks'],
    ['a token that nobody has fails', scenarios.wrongToken(answered(500)), 'differs'],
    ['a token that nobody has is refused', scenarios.wrongToken(answered(403)), 'ok'],
    ['a scheme that there is not is taken', scenarios.wrongScheme(answered(200)), 'blocks'],
    ['a scheme that there is not is forbidden', scenarios.wrongScheme(answered(403)), 'differs'],
    ['a scheme that there is not is a bad request', scenarios.wrongScheme(answered(400)), 'ok'],
    ['a word for a number is answered', scenarios.nonNumericNumber(answered(200)), 'differs'],
    ['a number that is missing is answered', scenarios.missingNumber(answered(200)), 'blocks'],
    ['a number that is missing fails', scenarios.missingNumber(answered(500)), 'blocks'],
    ['a number that is missing is forbidden', scenarios.missingNumber(answered(403)), 'differs'],
    ['a number that is missing is gone', scenarios.missingNumber(answered(404)), 'ok'],
    ['no answer comes to a wrong token', scenarios.wrongToken(answered(null)), 'blocks'],
    ['no answer comes to a wrong scheme', scenarios.wrongScheme(answered(null)), 'blocks'],
    ['no answer comes to a word', scenarios.nonNumericNumber(answered(null)), 'blocks'],
    ['no answer comes to a missing number', scenarios.missingNumber(answered(null)), 'blocks'],
    ['one answer is slow', scenarios.slowAnswer([20, 5_001, 30]), 'differs'],
    ['no answer is slow', scenarios.slowAnswer([20, 5_000, 30]), 'ok'],
  ])('where %s says so', (_, finding, verdict) => {
    expect(finding).toMatchObject({ verdict, found: expect.stringMatching(/.{5}/) });
  });
});

describe('the shape of bodies', () => {
  const body = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.array(fc.integer())));

  it('has not drifted from itself, whatever the bodies', () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 40 }), (bodies) => {
        const shape = shapeOf(bodies.map((value) => JSON.stringify(value)));
        expect(driftBetween(shape, shape)).toEqual([]);
        expect(shape.bodies).toBe(bodies.length);
      }),
    );
  });

  it('tells what appeared, vanished and changed its type, and passes over what is rare or null', () => {
    const many = (value: object) => Array.from({ length: 20 }, () => JSON.stringify(value));
    const before = shapeOf([...many({ a: 1, b: 'x', c: null }), JSON.stringify({ rare: 1 }), 'no JSON', '[1]']);
    const now = shapeOf(many({ b: ['x'], c: 2, d: null }));
    expect(before.bodies).toBe(21);
    expect(driftBetween(before, now)).toEqual(['d has appeared', 'a has vanished', 'b is array where it was string']);
    expect(driftBetween(knownAfter(before, now), now)).toEqual([]);
    expect(driftBetween(knownAfter(before, shapeOf([])), now)).toEqual(driftBetween(before, now));
  });
});
