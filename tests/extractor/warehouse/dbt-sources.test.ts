import { expect, it } from 'vitest';
import { columnsOf } from '../../../extractor/landing/streams.ts';
import { readSources } from './support/contracts.ts';
import { streamNames } from './support/landing-log.ts';
import { createWorkshop, duckDbWarehouse } from './support/warehouse.ts';

const dbtTypes = { string: 'varchar', bigint: 'bigint', integer: 'integer', boolean: 'boolean', timestamp: 'timestamp' } as const;

it('dbt’s sources are the extractor’s streams: their names, columns and types', { timeout: 300_000 }, async () => {
  const workshop = await createWorkshop();
  try {
    const duckDb = duckDbWarehouse(workshop.folder, `${workshop.folder}/landing`);
    await duckDb.dbt('parse');
    const streams = streamNames.map((stream) => {
      const columns = columnsOf(stream).map(([name, { type }]) => [name, dbtTypes[type]]);
      return [stream, Object.fromEntries([...columns, ['landed_on', 'date']])];
    });
    expect(await readSources(duckDb.target)).toEqual(Object.fromEntries(streams));
  } finally {
    await workshop.remove();
  }
});
