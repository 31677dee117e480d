import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byLength } from '../extractor/support/length.ts';
import type { MartColumn, MartRow, Marts } from '../extractor/warehouse/support/marts.ts';
import { bothEnd, BUILD, createWorkshop, duckDbWarehouse, type Workshop } from '../extractor/warehouse/support/warehouse.ts';
import { sparkWarehouse } from './support/spark-warehouse.ts';
import { landDemoWorld, landSmallWorld } from './support/worlds.ts';

const land = byLength(landSmallWorld, landDemoWorld);

/** The long form also runs the data tests on Spark. Unit tests write their fixtures in DuckDB's words. */
const FIRST_BUILD = byLength<readonly string[]>(['build', '--exclude-resource-type', 'unit_test', '--exclude-resource-type', 'test'], BUILD);

type Tables = Record<string, { columns: MartColumn[]; rows: MartRow[] }>;

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
    const shapes = (tables: Tables | undefined) => Object.entries(tables ?? {}).map(([mart, { columns }]) => [mart, columns]);
    expect(shapes(builds[place]?.spark)).toEqual(shapes(builds[place]?.duckDb));
    expect(builds[place]?.duckDb['suptask_tickets']?.rows.length).toBeGreaterThan(50);
  });

  it('says the same in every row of every mart', () => {
    for (const [mart, { rows }] of Object.entries(builds[place]?.duckDb ?? {})) {
      const onSpark = builds[place]?.spark[mart]?.rows ?? [];
      expect({ missing: onlyIn(rows, onSpark), tooMany: onlyIn(onSpark, rows), rows: onSpark.length }, mart).toEqual({ missing: [], tooMany: [], rows: rows.length });
    }
  });
});

it('the second build adds to the parsed bodies, and leaves what was parsed where it lies', () => {
  const [first, second] = builds.map(({ versions }) => versions);
  expect(second).toEqual(expect.arrayContaining(first ?? []));
  expect(second?.length).toBeGreaterThan(first?.length ?? 0);
});

async function tablesOf(marts: Marts): Promise<Tables> {
  const names = await marts.names();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, { columns: await marts.columns(name), rows: await marts.rows(name) }] as const)));
}

/** The first rows of one list that are not in the other. */
function onlyIn(rows: readonly MartRow[], others: readonly MartRow[]): MartRow[] {
  const texts = new Set(others.map((row) => JSON.stringify(row)));
  return rows.filter((row) => !texts.has(JSON.stringify(row))).slice(0, 2);
}
