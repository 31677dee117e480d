import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../extractor/config.ts';
import type { Landing } from '../../../extractor/landing/landing.ts';
import { createLog } from '../../../extractor/log.ts';
import { readStatus, type Status } from '../../../extractor/operations/status.ts';
import { judge } from '../../../extractor/operations/status-verdict.ts';
import { describeStatus } from '../../../extractor/commands/status-text.ts';
import type { LoggedRun } from '../../../extractor/sync/run-log.ts';
import { landRequestedReads } from '../../../extractor/sync/operator-requests.ts';
import { emptyLanding, LANDING_KINDS } from '../support/landing.ts';
import { startSource, syncOnce, type Source } from '../support/source.ts';

const NOW = Date.parse('2026-11-21T03:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const run = (ended: Partial<NonNullable<LoggedRun['ended']>> | null): LoggedRun => ({
  runId: 'r', kind: 'sync', host: 'box', pid: 7, startedAtMs: NOW - 10 * MINUTE, isStartKnown: true,
  ended: ended && { event: 'finished', atMs: NOW - 5 * MINUTE, counts: {}, error: null, ...ended },
});

const facts = (changes: Partial<Status> = {}): Omit<Status, 'verdict'> => ({
  landing: 'landing', workspace: 'default', nowMs: NOW, localNowMs: NOW, lease: { held: false, seenAtMs: null },
  openRun: null, lastRun: run({}), lastFinishedAtMs: NOW - 5 * MINUTE, newestNumber: 2_075, ticketsFound: 2_075, open: 140, closed: 1_935,
  lastReadAtMs: NOW - 5 * MINUTE, longestUnseenOpen: { number: 1_207, seenAtMs: NOW - 3 * HOUR }, expectedStale: 12,
  neverRead: 0, retriesDue: 0, overdue: 0, requested: 0, budgetLeft: 43, budgetLimit: 100,
  windowEndsAtMs: NOW + 10 * MINUTE, nextRequestAtMs: NOW, catchingUp: null, failing: [], ...changes,
});

describe('the verdict', () => {
  it.each<[Partial<Status>, string, boolean, RegExp]>([
    [{ lastRun: null, lastReadAtMs: null, lastFinishedAtMs: null }, 'never_ran', false, /never ran/],
    [{}, 'healthy', true, /^All is well: the last run succeeded 5 min ago; every number was read, and about 12 tickets/],
    [{ openRun: { ...run(null), isAlive: true }, lastRun: run(null) }, 'running', true, /^A sync runs since 10 min ago/],
    [{ openRun: { ...run(null), isAlive: false }, lastRun: run(null) }, 'died', false, /box, process 7\) never said its end/],
    [{ lastRun: run({ event: 'abandoned' }) }, 'died', false, /died/],
    [{ lastRun: run({ event: 'failed', error: 'source.unauthorized: no' }) }, 'refused', false, /does not accept the token \(source\.unauthorized\)/],
    [{ lastRun: run({ event: 'failed', error: 'source.failing: no' }) }, 'source_down', false, /the last success was 5 min ago/],
    [{ lastRun: run({ event: 'failed', error: 'landing.not_writable: no' }) }, 'failed', false, /landing\.not_writable/],
    [{ lastRun: run({ event: 'failed', error: 'who knows' }), lastFinishedAtMs: null }, 'failed', false, /no run has ever succeeded/],
    [{ lastFinishedAtMs: NOW - 5 * HOUR }, 'late', false, /^Nobody runs it: the last success was 5 h ago/],
    [{ lastFinishedAtMs: NOW - 5 * HOUR, lease: { held: true, seenAtMs: NOW } }, 'running', true, /holds the lease/],
    [{ neverRead: 775, catchingUp: { reads: 775, windows: 8, endsAtMs: NOW + 105 * MINUTE } }, 'behind', true, /775 of 2,075 numbers were never read, caught up in 1 h 45 min/],
    [{ overdue: 3, catchingUp: { reads: 3, windows: 1, endsAtMs: NOW } }, 'behind', true, /3 open tickets were not seen for a day/],
  ])('of %j is %s', (changes, state, ok, sentence) => {
    const verdict = judge(facts(changes));
    expect(verdict).toMatchObject({ state, ok, sentence: expect.stringMatching(sentence) });
    expect(verdict.toDo === null).toBe(state === 'healthy' || state === 'running');
  });
});

async function statusOf(source: Source, landing: Landing): Promise<Status> {
  const settings = { ...readSettings({}), rateLimit: 20 };
  const redact = (text: string) => text;
  return readStatus({ settings, clock: source.clock, landing, redact, log: createLog('silent', redact) });
}

describe('the status of a landing log', () => {
  it.each(LANDING_KINDS)('says what was read, what is behind, what fails and why, and what the window allows (%s)', async (kind) => {
    const source = await startSource({ rateLimit: { requests: 20, windowMs: 15 * MINUTE }, faults: { brokenForEver: { numbers: [55] }, forbidden: { numbers: [54] } } });
    const landing = await emptyLanding(kind, source.clock);
    expect((await statusOf(source, landing)).verdict.state).toBe('never_ran');

    await syncOnce(source, landing, { kind: 'backfill', range: { from: 41, to: 60 }, rateLimit: 20 });
    await landRequestedReads(landing, [55, 3], source.clock.now() + 1_000);
    const status = await statusOf(source, landing);
    expect(status).toMatchObject({
      verdict: { state: 'behind', ok: true }, lease: { held: false }, openRun: null, newestNumber: 60, ticketsFound: 18,
      neverRead: 40, requested: 2, budgetLeft: 0, budgetLimit: 20, catchingUp: { reads: 42, windows: 3 },
      failing: [
        { number: 55, outcome: 'server_error', failuresInRow: 1, parked: false, error: expect.stringContaining('Failed to fetch ticket form fields') },
        { number: 54, outcome: 'forbidden', failuresInRow: 0, parked: false, error: expect.stringContaining('403') },
      ],
    });
    expect(status.nextRequestAtMs).toBeGreaterThan(status.nowMs);
    const text = describeStatus(status);
    expect(text.split('\n')[0]).toBe(status.verdict.sentence);
    expect(text).toMatch(/^ticket .*\n55 +server_error +1 +queued +in \d+ min.* HTTP 500/m);

    source.clock.advanceTo(source.clock.now() + 2 * 24 * HOUR);
    expect(await statusOf(source, landing)).toMatchObject({ verdict: { state: 'late' }, retriesDue: 1, overdue: status.open, budgetLeft: 20, windowEndsAtMs: null });

    // A read that the token's refusal ended says nothing of the ticket.
    await expect(syncOnce(source, landing, { token: 'another' })).rejects.toMatchObject({ code: 'source.unauthorized' });
    expect((await statusOf(source, landing)).failing[0]).toMatchObject({ number: 55, outcome: 'server_error', error: expect.stringContaining('Failed to fetch ticket form fields') });
  });

  it.each(LANDING_KINDS)('tells a run that lives from one that died (%s)', async (kind) => {
    const source = await startSource();
    const landing = await emptyLanding(kind, source.clock);
    const started = (pid: number) => ({ event_id: String(pid), run_id: String(pid), event: 'started', at: new Date(source.clock.now() + (pid === process.pid ? 0 : 1)), kind: 'sync', host: hostname(), pid, counts: null, error: null });
    const lease = await landing.tryLease();
    await landing.append('sync_runs', [started(process.pid)]);
    expect(await statusOf(source, landing)).toMatchObject({ verdict: { state: 'running' }, lease: { held: true }, openRun: { isAlive: true } });
    await lease?.release();
    expect(await statusOf(source, landing)).toMatchObject({ verdict: { state: 'died' }, lease: { held: false, seenAtMs: null } });
    const next = await landing.tryLease();
    // No process has this number: it is beyond what any system gives.
    await landing.append('sync_runs', [started(2 ** 30)]);
    expect(await statusOf(source, landing)).toMatchObject({ verdict: { state: 'died' }, openRun: { isAlive: false } });
    await next?.release();
  });

  it.each(LANDING_KINDS)('reaches back for the start of a run that went on for days, and for the last success (%s)', async (kind) => {
    const source = await startSource();
    const landing = await emptyLanding(kind, source.clock);
    const land = async (runId: string, event: string) => {
      await landing.append('sync_runs', [{ event_id: `${runId} ${event}`, run_id: runId, event, at: new Date(source.clock.now()), kind: 'sync', host: 'box', pid: 7, counts: null, error: null }]);
      return source.clock.now();
    };
    const daysLater = (days: number) => source.clock.advanceTo(source.clock.now() + days * 24 * HOUR);
    await land('first', 'started');
    const succeeded = await land('first', 'finished');
    daysLater(1);
    const started = await land('long', 'started');
    daysLater(20);
    const abandoned = await land('long', 'abandoned');
    expect(await statusOf(source, landing)).toMatchObject({ lastRun: { runId: 'long', startedAtMs: started, ended: { event: 'abandoned', atMs: abandoned } }, lastFinishedAtMs: succeeded });

    await land('next', 'started');
    expect(await statusOf(source, landing)).toMatchObject({ lastRun: { runId: 'next' }, lastFinishedAtMs: succeeded });
    const done = await land('next', 'finished');
    daysLater(60);
    expect(await statusOf(source, landing)).toMatchObject({ lastRun: { runId: 'next', startedAtMs: abandoned }, lastFinishedAtMs: done });

    const startedSlowly = await land('slow', 'started');
    daysLater(20);
    await land('slow', 'finished');
    expect(await statusOf(source, landing)).toMatchObject({ lastRun: { runId: 'slow', startedAtMs: startedSlowly } });
  });
});
