import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LandingStore } from '../../../../extractor/landing/landing.ts';
import { openParquetStore } from '../../../../extractor/landing/parquet-store.ts';
import { openPostgresStore } from '../../../../extractor/landing/postgres-store.ts';
import { Secret } from '../../../../extractor/secret.ts';
import { createWorkshop, duckDbWarehouse, postgresWarehouse, type Warehouse } from './warehouse.ts';

/** An engine with an empty log of its own, both gone when the test has finished. */
export async function landingWarehouse(engine: Warehouse['engine']): Promise<{ warehouse: Warehouse; store: LandingStore }> {
  const workshop = await createWorkshop();
  const { folder } = workshop;
  onTestFinished(() => workshop.remove());
  if (engine === 'DuckDB') {
    const landing = join(folder, 'landing');
    return { warehouse: duckDbWarehouse(join(folder, 'duckdb'), landing), store: openParquetStore(landing) };
  }
  const warehouse = await postgresWarehouse(folder);
  const store = await openPostgresStore(new Secret(warehouse.database.url), 'the tests');
  onTestFinished(async () => {
    await store.close();
    await warehouse.database.drop();
  });
  return { warehouse, store };
}
