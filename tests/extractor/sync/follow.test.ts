import { expect, it } from 'vitest';
import { SuptaskError } from '../../../extractor/errors.ts';
import { follow } from '../../../extractor/sync/follow.ts';
import type { RunReport } from '../../../extractor/sync/run-report.ts';

const MINUTE_MS = 60_000;
const AT = Date.parse('2026-07-06T00:00:00Z');

const report: RunReport = { runId: 'r', kind: 'sync', startedAtMs: AT, endedAtMs: AT, ended: 'window_used_up', requests: 1, outcomes: {}, left: 1, nextAtMs: AT + 7 * MINUTE_MS };
const down = (code: 'source.failing' | 'source.unreachable') => new SuptaskError(code, 'It is down.', 'Wait.');

/** Follows these runs, each a report or what it throws, to the last; the pauses between them in minutes. */
async function pausesAfter(runs: readonly (RunReport | Error)[]): Promise<{ pauses: number[]; told: number[]; thrown: unknown }> {
  const [pauses, told]: [number[], number[]] = [[], []];
  const stop = new AbortController();
  const left = [...runs];
  const sleep = async (ms: number) => {
    pauses.push(ms / MINUTE_MS);
    if (left.length === 0) stop.abort();
  };
  const run = async () => {
    const next = left.shift();
    if (!next || next instanceof Error) throw next ?? new Error('There is no further run.');
    return next;
  };
  const onOutage = (_: SuptaskError, pauseMs: number) => void told.push(pauseMs / MINUTE_MS);
  const thrown = await follow({ clock: { now: () => AT, sleep }, signal: stop.signal, run, onRun: () => undefined, onOutage }).then(() => null, (error: unknown) => error);
  return { pauses, told, thrown };
}

it('waits out an outage, ever longer up to a rate window, and begins anew after a good run', async () => {
  const outage = [down('source.failing'), down('source.unreachable'), ...Array.from({ length: 4 }, () => down('source.failing'))];
  const { pauses, told, thrown } = await pausesAfter([...outage, report, down('source.failing')]);
  expect(thrown).toBeNull();
  expect(pauses).toEqual([1, 2, 4, 8, 15, 15, 7, 1]);
  expect(told).toEqual([1, 2, 4, 8, 15, 15, 1]);
});

it('with everything read looks for something new after a minute, or when the next request may be sent', async () => {
  const idle = { ...report, ended: 'everything_read' } as const;
  expect(await pausesAfter([{ ...idle, nextAtMs: AT }, idle])).toMatchObject({ pauses: [1, 7], thrown: null });
});

it.each([
  new SuptaskError('source.unauthorized', 'No.', 'Make a new token.'),
  new SuptaskError('landing.not_writable', 'No.', 'Free some space.'),
  new Error('a defect'),
])('ends with any other failure: %s', async (failure) => {
  expect(await pausesAfter([report, failure])).toEqual({ pauses: [7], told: [], thrown: failure });
});
