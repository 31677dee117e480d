import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILD_OF_DATA } from '../../extractor/operations/dbt.ts';
import { byLength } from '../extractor/support/length.ts';
import { bothEnd, createWorkshop, duckDbWarehouse, MODELS, type Workshop } from '../extractor/warehouse/support/warehouse.ts';
import { differences, shapesOf, type Tables, tablesOf } from './support/same-tables.ts';
import { sparkWarehouse } from './support/spark-warehouse.ts';
import { landDemoWorld, landSmallWorld } from './support/worlds.ts';

const land = byLength(landSmallWorld, landDemoWorld);

/** The long form also runs the data tests on Spark. Unit tests write their fixtures in DuckDB's words. */
const FIRST_BUILD = byLength<readonly string[]>(MODELS, BUILD_OF_DATA);

interface Builds {
  duckDb: Tables;
  spark: Tables;
  /** The files of the parsed bodies on Spark. */
  versions: string[];
}

let workshop: Workshop;
const builds: Builds[] = [];

beforeAll(async () => {
  workshop = await createWorkshop();
  const landing = join(workshop.folder, 'landing');
  const duckDb = duckDbWarehouse(join(workshop.folder, 'duckdb'), landing);
  const spark = sparkWarehouse(join(workshop.folder, 'spark'), landing);
  for await (const _ of land(landing)) {
    const args = builds.length === 0 ? FIRST_BUILD : ['run'];
    await bothEnd(duckDb.dbt(...args), spark.dbt(...args));
    builds.push({
      duckDb: await tablesOf(duckDb.marts),
      spark: await tablesOf(spark.marts),
      versions: await spark.files('suptask_intermediate', 'int_ticket_versions'),
    });
  }
});

afterAll(() => workshop?.remove());

describe.each([
  ['a first build', 0],
  ['a second one, after more was landed', 1],
])('%s on Spark', (_, place) => {
  it('gives the marts that DuckDB gives, with their columns and types', () => {
    expect(shapesOf(builds[place]?.spark)).toEqual(shapesOf(builds[place]?.duckDb));
    expect(builds[place]?.duckDb['suptask_tickets']?.rows.length).toBeGreaterThan(50);
  });

  it('says the same in every row of every mart', () => {
    expect(differences(builds[place]?.spark, builds[place]?.duckDb)).toEqual([]);
  });
});

it('the second build adds to the parsed bodies, and leaves what was parsed where it lies', () => {
  const [first, second] = builds.map(({ versions }) => versions);
  expect(second).toEqual(expect.arrayContaining(first ?? []));
  expect(second?.length).toBeGreaterThan(first?.length ?? 0);
});
