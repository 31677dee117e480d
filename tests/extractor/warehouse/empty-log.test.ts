import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../extractor/secret.ts';
import { openPostgresStore } from '../../../extractor/landing/postgres-store.ts';
import { literally, quoted, withDuckDb } from '../../../extractor/landing/duckdb.ts';
import type { MartColumn, Marts } from './support/marts.ts';
import { readContracts } from './support/contracts.ts';
import { readProject } from './support/project.ts';
import { byLength } from '../support/length.ts';
import { createWorkshop, duckDbWarehouse, MODELS, type PostgresWarehouse, postgresWarehouse, type Workshop } from './support/warehouse.ts';

/** These show what is given, whatever the log says. */
const GIVEN = ['entity_external_ids', 'partners', 'slack_users', 'staff'];

interface Built {
  names: string[];
  columns: Record<string, MartColumn[]>;
  rows: Record<string, number>;
}

async function look(marts: Marts): Promise<Built> {
  const built: Built = { names: await marts.names(), columns: {}, rows: {} };
  for (const name of built.names) {
    built.columns[name] = await marts.columns(name);
    built.rows[name] = (await marts.rows(name)).length;
  }
  return built;
}

const inWords = (one: string, other: string) => one.localeCompare(other);

/** The columns of each table and view in a DuckDB file. */
async function columnsIn(file: string): Promise<Map<string, string[]>> {
  return await withDuckDb(async (query) => {
    await query(`attach ${quoted(literally(file))} as built (read_only)`);
    const rows = await query("select schema_name || '.' || table_name, column_name from duckdb_columns() where database_name = 'built'");
    const named = rows.map(([table, column]) => ({ table: String(table), column: String(column) }));
    return new Map([...Map.groupBy(named, ({ table }) => table)].map(([table, columns]) => [table, columns.map(({ column }) => column)]));
  });
}

describe('a landing log without a row', () => {
  let workshop: Workshop;
  let postgres: PostgresWarehouse;
  let contracts: Record<string, string[]>;
  const built: Record<string, Built> = {};
  const examples: Record<string, string[]> = {};
  let declared: [string, string[]][];
  let made: Map<string, string[]>;
  let madeTheFolder: boolean;

  beforeAll(async () => {
    workshop = await createWorkshop();
    const landing = join(workshop.folder, 'landing');
    const duckDb = duckDbWarehouse(join(workshop.folder, 'duckdb'), landing);
    postgres = await postgresWarehouse(join(workshop.folder, 'postgres'));
    await (await openPostgresStore(new Secret(postgres.database.url), 'the tests')).close();
    // One after the other, since another file is run beside this one. Whole builds: with the worked examples.
    examples['DuckDB'] = await duckDb.dbt('build', '--write-json');
    examples['PostgreSQL'] = await postgres.dbt(...byLength<readonly string[]>(MODELS, ['build']));
    built['a missing folder'] = await look(duckDb.marts);
    built['PostgreSQL'] = await look(postgres.marts);
    madeTheFolder = existsSync(landing);

    await mkdir(landing, { recursive: true });
    await duckDb.dbt('run');
    built['an empty folder'] = await look(duckDb.marts);
    contracts = await readContracts(duckDb.target);
    declared = (await readProject(duckDb.target)).models.map(({ schema, alias, columns }) => [`${schema}.${alias}`, Object.keys(columns)]);
    made = await columnsIn(join(workshop.folder, 'duckdb', 'suptask.duckdb'));
  }, 600_000);

  afterAll(async () => {
    await postgres?.database.drop();
    await workshop?.remove();
  });

  describe.each(['a missing folder', 'an empty folder', 'PostgreSQL'])('in %s', (where) => {
    it('gives every mart, with its columns', () => {
      expect(built[where]?.names).toEqual(Object.keys(contracts).toSorted());
      for (const [mart, columns] of Object.entries(contracts)) {
        expect(built[where]?.columns[mart]?.map(([name]) => name), mart).toEqual(columns);
      }
    });

    it('gives them no row, but for those that show what is given', () => {
      const filled = Object.entries(built[where]?.rows ?? {}).filter(([, rows]) => rows > 0);
      expect(filled.map(([name]) => name)).toEqual(GIVEN);
    });
  });

  it('is enough to see that each column which a model has is described, and no other', () => {
    for (const [model, columns] of declared) expect(made.get(model)?.toSorted(inWords), model).toEqual(columns.toSorted(inWords));
  });

  it.each(byLength(['DuckDB'], ['DuckDB', 'PostgreSQL']))('is enough for the worked examples of the models, which hold on %s', (engine) => {
    const lines = examples[engine] ?? [];
    expect(lines.at(-1)).toMatch(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
    expect(lines.filter((line) => / PASS \w+::\w+ /.test(line)).length).toBeGreaterThan(40);
  });

  it('is not made by a build: that is the extractor’s to do', () => {
    expect(madeTheFolder).toBe(false);
  });
});
