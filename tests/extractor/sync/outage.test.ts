import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../extractor/landing/streams.ts';
import { CONCURRENT_READS } from '../../../extractor/suptask/client.ts';
import { Ledger } from '../../../extractor/sync/ledger.ts';
import { OUTAGE_FAILURES } from '../../../extractor/sync/outage.ts';
import { emptyLanding, rowsOf } from '../support/landing.ts';
import { byLength } from '../support/length.ts';
import { startSource, syncOnce, type Source } from '../support/source.ts';

const always = { probability: 1 };
const WINDOW_MS = 15 * 60_000;

/** A source of 120 tickets of which the log knows all but `numbers`. */
async function knownBut(numbers: readonly number[]) {
  const source = await startSource({ tickets: 120 });
  const landing = await emptyLanding('parquet', source.clock);
  source.simulator.setFaults({ forbidden: { numbers } });
  const known = { kind: 'backfill', range: { from: 1, to: Math.min(...numbers) - 1 } } as const;
  await syncOnce(source, landing, known);
  await syncOnce(source, landing, { ...known, range: { from: Math.max(...numbers) + 1, to: 120 } });
  source.simulator.setFaults({});
  return { source, landing };
}

const later = ({ clock }: Source) => clock.advanceTo(clock.now() + WINDOW_MS + 1_000);
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('tickets that fail side by side', () => {
  it('are no outage: the run asks one that answered before, charges them, and goes on', async () => {
    const broken = span(41, 90);
    const { source, landing } = await knownBut(broken);
    source.simulator.setFaults({ brokenForEver: { numbers: broken } });
    const report = await syncOnce(source, landing, { kind: 'backfill', range: { from: 31, to: 100 } });
    expect(report).toMatchObject({ ended: 'everything_read', left: 0, outcomes: { server_error: broken.length } });
    expect(report.requests - broken.length).toBeLessThanOrEqual(Math.ceil(broken.length / OUTAGE_FAILURES));
    expect(await syncOnce(source, landing, { kind: 'backfill', range: { from: 31, to: 100 } })).toMatchObject({ requests: 0 });
  });

  it('do not halt a backfill of an empty log, though nothing was ever found to ask instead', async () => {
    const broken = span(81, 120);
    const source = await startSource({ tickets: 120, faults: { brokenForEver: { numbers: broken } } });
    const landing = await emptyLanding('parquet', source.clock);
    const report = await syncOnce(source, landing, { kind: 'backfill', range: { from: 1, to: 120 } });
    expect(report).toMatchObject({ ended: 'everything_read', left: 0, outcomes: { found: 80, server_error: broken.length } });
    expect(report.requests).toBe(120);
  });
});

describe('an outage', () => {
  it.each([
    ['errors', { serverError: always }, 'source.failing'],
    ['closed connections', { closedConnection: always }, 'source.unreachable'],
    ['pages that are no tickets', { brokenJson: always }, 'source.failing'],
  ])('of %s costs no ticket a retry, and each further run one request', async (_, faults, code) => {
    const { source, landing } = await knownBut([60]);
    source.simulator.setFaults(faults);
    for (let run = 1; run <= 3; run += 1) {
      later(source);
      const before = source.simulator.requests.total;
      await expect(syncOnce(source, landing)).rejects.toMatchObject({ code, exitCode: 5 });
      const requests = source.simulator.requests.total - before;
      // Two for what is new, what was under way when it showed, and one to make sure.
      if (run === 1) expect(requests).toBeLessThanOrEqual(2 + OUTAGE_FAILURES + CONCURRENT_READS);
      else expect(requests).toBe(1);
    }
    source.simulator.setFaults({});
    later(source);
    const ended: { ledger?: Ledger } = {};
    const back = await syncOnce(source, landing, { onEnd: ({ ledger }) => (ended.ledger = ledger) });
    expect(back).toMatchObject({ ended: 'everything_read', left: 0 });
    const rows = await rowsOf(landing, 'ticket_fetches', ['observed_at', 'fetch_id']);
    const known = rows.filter(({ ticket_number, outcome }) => Number(ticket_number) <= 120 && outcome !== 'forbidden');
    expect(known.filter(({ attempt }) => Number(attempt) >= OUTAGE_FAILURES)).toEqual([]);
    expect([...(ended.ledger?.states() ?? [])].filter(({ failuresInRow }) => failuresInRow > 0)).toEqual([]);
  });

  it('that ends while a run goes on leaves what failed before it uncharged', async () => {
    const { source, landing } = await knownBut([60]);
    source.simulator.setFaults({ serverError: always });
    later(source);
    await expect(syncOnce(source, landing)).rejects.toMatchObject({ exitCode: 5 });
    source.simulator.setFaults({});
    later(source);
    const failedBefore = source.simulator.requests.total;
    const report = await syncOnce(source, landing);
    expect(report.outcomes).toMatchObject({ unchanged: 119 });
    expect(report.outcomes.server_error).toBeUndefined();
    expect(source.simulator.requests.total).toBeGreaterThan(failedBefore);
    // The ticket that was asked first, alone, was asked before all others of that run.
    const rows = await rowsOf(landing, 'ticket_fetches', ['observed_at', 'fetch_id']);
    expect(rows.filter(({ run_id }) => run_id === report.runId)[0]).toMatchObject({ outcome: 'unchanged' });
  });

  it('that a used-up window keeps anybody from making sure of ends the run all the same', async () => {
    const limit = OUTAGE_FAILURES + 2;
    const { source, landing } = await knownBut([60]);
    const limited = await startSource({ world: source.world, rateLimit: { requests: limit, windowMs: WINDOW_MS }, faults: { serverError: always } });
    limited.clock.advanceTo(source.clock.now() + WINDOW_MS + 1_000);
    await expect(syncOnce(limited, landing, { rateLimit: limit })).rejects.toMatchObject({ code: 'source.failing' });
  });
});

const OUTCOMES = ['found', 'not_found', 'server_error', 'timeout', 'network_error', 'invalid_payload', 'rate_limited'] as const;

describe('the ledger of any log', () => {
  it('charges a failure exactly where it is no outage’s, told afterwards from the whole log', () => {
    const answer = fc.record({
      number: fc.integer({ min: 1, max: 30 }),
      outcome: fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...OUTCOMES) }, { weight: 4, arbitrary: fc.constant<Outcome>('server_error') }),
      run: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 120 }), (answers) => {
        const log = answers.map((each, index) => ({ ...each, runId: `run ${Math.floor(index / 40) * 10 + (each.run === 0 ? 1 : 0)}` }));
        const ledger = new Ledger();
        for (const [index, { number, outcome, runId }] of log.entries()) {
          const found = outcome === 'found';
          const payloadHash = found ? String(number).padStart(64, '0') : null;
          ledger.apply({ number, runId, outcome, observedAtMs: index, status: found ? 'Open' : null, updatedAtMs: null, payloadHash });
        }
        expect(new Map([...ledger.states()].map(({ number, failuresInRow }) => [number, failuresInRow]))).toEqual(failuresByHindsight(log));
      }),
      { numRuns: byLength(500, 5_000) },
    );
  }, byLength(30_000, 600_000));
});

/** Failures in a row by number, by the definition alone: from the whole log, with nothing taken back. */
function failuresByHindsight(log: readonly { number: number; outcome: Outcome; runId: string }[]): Map<number, number> {
  const telling = log.filter(({ outcome }) => outcome !== 'rate_limited');
  const isFailure = ({ outcome }: { outcome: Outcome }) => outcome !== 'found' && outcome !== 'not_found';
  const failures = new Map<number, number>();
  for (const [index, answer] of telling.entries()) {
    if (!isFailure(answer)) {
      failures.set(answer.number, 0);
      continue;
    }
    const before = telling.slice(0, index).findLastIndex((each) => !isFailure(each));
    const after = telling.findIndex((each, place) => place > index && !isFailure(each));
    const inRow = (after === -1 ? telling.length : after) - before - 1;
    if (inRow >= OUTAGE_FAILURES && telling[after]?.runId !== answer.runId) continue;
    failures.set(answer.number, (failures.get(answer.number) ?? 0) + 1);
  }
  return failures;
}
