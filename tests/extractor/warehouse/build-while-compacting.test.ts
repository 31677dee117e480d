import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it, onTestFinished } from 'vitest';
import { compactLanding } from '../../../extractor/landing/compaction.ts';
import type { Landing } from '../../../extractor/landing/landing.ts';
import { landingAt } from '../support/landing.ts';
import { createWorkshop, duckDbWarehouse } from './support/warehouse.ts';

const HOUR_MS = 3_600_000;
const FILES = 8;

async function land(landing: Landing, name: string): Promise<void> {
  for (let file = 1; file <= FILES; file += 1) {
    await landing.append('error_events', [{ correlation_id: `${name} ${file}`, at: new Date(), code: 'defect', message: '', detail: null }]);
  }
}

it('a build reads to its end the log that it found, once, though files are merged and removed meanwhile', { timeout: 300_000 }, async () => {
  const workshop = await createWorkshop();
  onTestFinished(() => workshop.remove());
  // A name in which everything is odd that a path may have.
  const folder = join(workshop.folder, "the [landing] of o'hara?");
  const landing = await landingAt(folder);
  const compact = (nowMs: number) => compactLanding(folder, { nowMs, fewestFiles: FILES });
  await land(landing, 'before');
  await compact(Date.now());
  await landing.append('error_events', [{ correlation_id: 'small', at: new Date(), code: 'defect', message: '', detail: null }]);

  await duckDbWarehouse(workshop.folder, folder).dbt('run', '--select', 'stg_suptask__sync_runs');
  const database = await DuckDBInstance.create(join(workshop.folder, 'suptask.duckdb'), { access_mode: 'READ_ONLY' });
  onTestFinished(() => database.closeSync());
  const connection = await database.connect();
  // A query that has listed its files, and comes to them when others have gone.
  const query = await connection.prepare('select count(*)::double, count(distinct correlation_id)::double from suptask_raw.error_events');
  expect(await compact(Date.now() + HOUR_MS + 1)).toMatchObject({ filesRemoved: FILES });
  await land(landing, 'after');
  expect(await compact(Date.now())).toMatchObject({ foldersMerged: 1 });
  const found = (await query.runAndReadAll()).getRows();
  const anew = (await connection.runAndReadAll('select count(*)::double from suptask_raw.error_events')).getRows();
  expect({ found, anew }).toEqual({ found: [[FILES + 1, FILES + 1]], anew: [[FILES + 1]] });
});
