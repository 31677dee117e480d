import { expect, it } from 'vitest';
import { SimulatedClock } from '../../../extractor/simulator/clock.ts';
import { emptyLanding, LANDING_KINDS } from '../support/landing.ts';

const DAY_MS = 86_400_000;

it.each(LANDING_KINDS)('a reader may ask for the newest days alone (%s)', async (kind) => {
  const clock = new SimulatedClock(Date.parse('2026-07-06T23:59:59Z'));
  const landing = await emptyLanding(kind, clock);
  const landedSince = async (since: string) => {
    const ids: unknown[] = [];
    for await (const chunk of landing.read({ stream: 'error_events', columns: ['correlation_id'], orderBy: ['correlation_id'], landedSince: new Date(since) })) ids.push(...chunk.flat());
    return ids;
  };
  expect(await landedSince('2026-07-06T00:00:00Z')).toEqual([]);
  for (const id of ['first', 'second', 'third']) {
    await landing.append('error_events', [{ correlation_id: id, at: new Date(clock.now()), code: 'defect', message: '', detail: null }]);
    clock.advanceTo(clock.now() + DAY_MS);
  }
  expect(await landedSince('2026-07-06T12:00:00Z')).toEqual(['first', 'second', 'third']);
  expect(await landedSince('2026-07-07T12:00:00Z')).toEqual(['second', 'third']);
  expect(await landedSince('2026-07-09T00:00:00Z')).toEqual([]);
});
