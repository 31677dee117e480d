import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openParquetStore } from '../../../extractor/landing/parquet-store.ts';
import { isLong, seed } from '../support/length.ts';
import { landRows, livedLog } from './support/lived-log.ts';
import { expectSameMarts, martsOf } from './support/same-marts.ts';
import { copyProject, createWorkshop, duckDbWarehouse, MODELS } from './support/warehouse.ts';

interface Edit {
  file: string;
  from: string;
  to: string;
}

/** Changes of what marts say of tickets that the log tells nothing new of. */
const CHANGES: Record<string, readonly Edit[]> = {
  'a model': [{ file: 'models/intermediate/int_ticket_details.sql', from: "then 'no_partner' else", to: "then 'nobody' else" }],
  'reference tables and people': [
    { file: 'seeds/reference/statuses.csv', from: 'waiting for customer,Waiting for customer,active', to: 'waiting for customer,Waiting for customer,open' },
    { file: 'seeds/reference/business_hours.csv', from: '08:00,18:00', to: '08:00,16:30' },
    { file: 'seeds/identities/staff.csv', from: 'Ana Lopes', to: 'Ana Lopes-Berg' },
  ],
  'a macro': [{ file: 'macros/engine/times.sql', from: 'cast({{ epoch_minute(earlier) }} as bigint))', to: 'cast({{ epoch_minute(earlier) }} as bigint) + 1)' }],
};

it('the next build is that of everything also when something else than the log has changed', { timeout: 1_800_000 }, async () => {
  const workshop = await createWorkshop();
  onTestFinished(() => workshop.remove());
  const landing = join(workshop.folder, 'landing');
  const project = await copyProject(join(workshop.folder, 'project'));
  const folder = join(workshop.folder, 'duckdb');
  const [warehouse, unchanged] = [duckDbWarehouse(folder, landing, project), duckDbWarehouse(folder, landing)];
  const log = await livedLog({ seed, tickets: 60, days: 10, runEveryHours: 8 });
  await landRows(openParquetStore(landing), log, { late: false });
  // The copy is still the project itself, which is parsed already.
  await unchanged.dbt(...MODELS);
  let before = await martsOf(warehouse);

  // And after a build of a past moment, of which any-order.test.ts tells what it gives.
  if (isLong) {
    const moments = log.filter(({ stream }) => stream === 'ticket_fetches').map(({ row }) => (row['observed_at'] as Date).getTime());
    await warehouse.dbt('run', '--vars', JSON.stringify({ as_of: new Date(moments[Math.floor(moments.length / 2)] ?? 0).toISOString() }));
    expect(await martsOf(warehouse)).not.toEqual(before);
    await warehouse.dbt('run');
    expectSameMarts(await martsOf(warehouse), before, 'after a past moment');
  }

  for (const [place, [what, edits]] of Object.entries(CHANGES).entries()) {
    for (const { file, from, to } of edits) {
      const text = await readFile(join(project, file), 'utf8');
      expect(text, file).toContain(from);
      await writeFile(join(project, file), text.replaceAll(from, to));
    }
    await warehouse.dbt(...MODELS);
    const next = await martsOf(warehouse);
    expect(next, what).not.toEqual(before);
    before = next;
    // The short form looks once, after the last of them.
    if (!isLong && place + 1 < Object.keys(CHANGES).length) continue;
    await warehouse.dbt('run', '--full-refresh');
    expectSameMarts(next, await martsOf(warehouse), what);
  }
});
