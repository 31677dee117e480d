import { describe, expect, it } from 'vitest';
import { byLength, isLong, seed } from '../support/length.ts';
import { landingWarehouse } from './support/landing-warehouse.ts';
import { type Cut, landRows, type LivedOptions, livedLog, randomCuts } from './support/lived-log.ts';
import type { MartRow } from './support/marts.ts';
import { expectSameMarts, martsOf } from './support/same-marts.ts';
import { MODELS, type Warehouse } from './support/warehouse.ts';

const CUTS = byLength(3, 20);
const ENGINES = byLength<Warehouse['engine'][]>(['DuckDB'], ['DuckDB', 'PostgreSQL']);
const LIVED: LivedOptions = { seed, tickets: 80, days: 12, runEveryHours: 8 };

describe.each(ENGINES)('a log that is landed in %s, in random cuts and partly out of order, with a build after each', (engine) => {
  it('gives the marts of a log that came in order and is built once; as of a past moment, those of then', { timeout: 3_600_000 }, async () => {
    const log = await livedLog(LIVED);
    const cuts = randomCuts(log, CUTS, seed);
    const inCuts = await landingWarehouse(engine);
    const inOrder = await landingWarehouse(engine);
    const built: Record<string, MartRow[]>[] = [];
    for (const [place, cut] of cuts.entries()) {
      await landRows(inCuts.store, cut, { late: true });
      await inCuts.warehouse.dbt(...(place === 0 ? MODELS : ['run']));
      built.push(await martsOf(inCuts.warehouse));
      if (!isLong) continue;
      await inCuts.warehouse.dbt('run', '--full-refresh');
      expectSameMarts(built.at(-1) ?? {}, await martsOf(inCuts.warehouse), `cut ${place + 1} of ${CUTS}`);
    }
    await landRows(inOrder.store, log, { late: false });
    await inOrder.warehouse.dbt(...MODELS);
    const whole = await martsOf(inOrder.warehouse);
    expect(whole['suptask_tickets']?.length).toBeGreaterThan(0.9 * LIVED.tickets);
    expectSameMarts(built.at(-1) ?? {}, whole, 'all cuts');

    await inOrder.warehouse.dbt('run', '--vars', JSON.stringify({ as_of: lastLook(cuts[0] ?? []) }));
    expectSameMarts(await martsOf(inOrder.warehouse), built[0] ?? {}, 'as of the first cut');
    expect(built[0]?.['suptask_tickets']).not.toEqual(whole['suptask_tickets']);
  });
});

/** The moment of which a build after this cut speaks. */
function lastLook(cut: Cut): string {
  const times = cut.filter(({ stream }) => stream === 'ticket_fetches').map(({ row }) => (row['observed_at'] as Date).getTime());
  return new Date(Math.max(...times)).toISOString();
}
