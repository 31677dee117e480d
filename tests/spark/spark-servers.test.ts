import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { isLong } from '../extractor/support/length.ts';
import { createWorkshop, duckDbWarehouse, MODELS, type Workshop } from '../extractor/warehouse/support/warehouse.ts';
import { differences, shapesOf, type Tables, tablesOf } from './support/same-tables.ts';
import { startSparkServer } from './support/spark-server.ts';
import { sparkWarehouse } from './support/spark-warehouse.ts';
import { landSmallWorld } from './support/worlds.ts';

/** A server and a build on it take more than a minute each. */
describe.runIf(isLong)('Spark by a server', () => {
  let workshop: Workshop;
  let landing: string;
  let onDuckDb: Tables;

  beforeAll(async () => {
    workshop = await createWorkshop();
    landing = join(workshop.folder, 'landing');
    for await (const _ of landSmallWorld(landing)) continue;
    const duckDb = duckDbWarehouse(join(workshop.folder, 'duckdb'), landing);
    await duckDb.dbt(...MODELS);
    onDuckDb = await tablesOf(duckDb.marts);
  });

  afterAll(() => workshop?.remove());

  it.each(['Thrift', 'Connect'] as const)('of %s gives the marts that DuckDB gives', { timeout: 3_600_000 }, async (kind) => {
    const folder = join(workshop.folder, kind);
    const server = await startSparkServer(kind, folder);
    onTestFinished(() => server.stop());
    const spark = sparkWarehouse(folder, landing, server.environment);
    await spark.dbt(...MODELS);
    const onSpark = await tablesOf(spark.marts);
    expect(onDuckDb['suptask_tickets']?.rows.length).toBeGreaterThan(50);
    expect(shapesOf(onSpark)).toEqual(shapesOf(onDuckDb));
    expect(differences(onSpark, onDuckDb)).toEqual([]);
  });
});
