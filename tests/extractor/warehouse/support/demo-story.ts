import { join } from 'node:path';
import { Secret } from '../../../../extractor/secret.ts';
import type { LandingStore } from '../../../../extractor/landing/landing.ts';
import { openParquetStore } from '../../../../extractor/landing/parquet-store.ts';
import { BUILD_OF_DATA } from '../../../../extractor/operations/dbt.ts';
import { openPostgresStore } from '../../../../extractor/landing/postgres-store.ts';
import { demoOptions, liveDemo } from '../../../../extractor/operations/demo-workspace.ts';
import { demoFaults, type Faults, numbersStruck } from '../../../../extractor/simulator/faults.ts';
import type { Truth } from '../../../../extractor/simulator/truth.ts';
import type { RunReport } from '../../../../extractor/sync/run-report.ts';
import { askMetricFlow, type Figures } from './asked-metrics.ts';
import { readEverything } from './extracting.ts';
import { copyLog, readStream } from './landing-log.ts';
import type { MartRow } from './marts.ts';
import { landMistake, type Mended, mendIdentities } from './mended-identities.ts';
import { type FileReading, readPublished, readTables, type TableReading } from './readers.ts';
import { bothEnd, createWorkshop, type DuckDbWarehouse, duckDbWarehouse, MODELS, type PostgresWarehouse, postgresWarehouse, type Warehouse } from './warehouse.ts';

const HOUR_MS = 3_600_000;

/** Every row of every mart, by its name. */
export type MartsRead = Record<string, MartRow[]>;

/** What a build gave on each engine. */
export type Built = Record<Warehouse['engine'], MartsRead>;

/** The demo's world and what the extractor and both engines made of it. */
export interface DemoStory {
  truth: Truth;
  /** Numbers that answer 403 or 500 for ever. */
  forbidden: number[];
  broken: number[];
  /** Everything read once after the world's end, and once more an hour later. */
  lastLook: RunReport;
  oneMoreLook: RunReport;
  stores: { parquet: LandingStore; postgres: LandingStore };
  /** When each ticket was found, by number, in milliseconds. */
  looks: Map<number, number[]>;
  duckDb: DuckDbWarehouse;
  postgres: PostgresWarehouse;
  /** What operators decided between the first build and the second. */
  mended: Mended;
  /** As of the end of the 120 days; after the last looks; and rebuilt from nothing. */
  lived: Built;
  known: Built;
  rebuilt: Built;
  /** What MetricFlow answered on each engine when all was known. */
  asked: Record<Warehouse['engine'], Figures>;
  /** The last line of each build. */
  said: string[];
  readers: { files: FileReading; tables: TableReading };
  end(): Promise<void>;
}

interface Workplace {
  landing: string;
  duckDb: DuckDbWarehouse;
  postgres: PostgresWarehouse;
  stores: DemoStory['stores'];
  end(): Promise<void>;
}

/**
 * The demo's world, lived through once and built three times on both engines: what was read under
 * the rate limit; after that (as a second, incremental build under open readers) what a look at
 * everything adds once the world stands still, and what operators decided on its people; and all of it
 * once more from nothing.
 */
export async function tellDemoStory(): Promise<DemoStory> {
  const workplace = await createWorkplace();
  try {
    return { ...workplace, ...(await tell(workplace)) };
  } catch (thrown) {
    await workplace.end();
    throw thrown;
  }
}

async function createWorkplace(): Promise<Workplace> {
  const workshop = await createWorkshop();
  const landing = join(workshop.folder, 'landing');
  const postgres = await postgresWarehouse(join(workshop.folder, 'postgres'));
  const stores = { parquet: openParquetStore(landing), postgres: await openPostgresStore(new Secret(postgres.database.url), 'the tests') };
  return {
    landing,
    duckDb: duckDbWarehouse(join(workshop.folder, 'duckdb'), landing),
    postgres,
    stores,
    async end() {
      await stores.postgres.close();
      await postgres.database.drop();
      await workshop.remove();
    },
  };
}

async function tell({ landing, duckDb, postgres, stores }: Workplace): Promise<Omit<DemoStory, keyof Workplace>> {
  const said: DemoStory['said'] = [];
  const both = async (...args: string[]): Promise<Built> => {
    const builds = [duckDb.dbt(...args), postgres.dbt(...args)];
    await bothEnd(...builds);
    for (const lines of await Promise.all(builds)) said.push(lines.at(-1) ?? '');
    return { DuckDB: await readMarts(duckDb), PostgreSQL: await readMarts(postgres) };
  };

  const { world } = await liveDemo(demoOptions, landing);
  await landMistake(stores.parquet, demoOptions.startsAt);
  await copyLog(stores.parquet, stores.postgres);
  const lived = await both(...MODELS);

  const { horizon } = world;
  const faults = lastingFaults();
  const mended = await mendIdentities(duckDb, stores.parquet, landing, horizon + HOUR_MS / 2);
  const lastLook = await readEverything(world, horizon + HOUR_MS, landing, faults);
  const oneMoreLook = await readEverything(world, horizon + 2 * HOUR_MS, landing, faults);
  await copyLog(stores.parquet, stores.postgres, horizon);

  const files = await readPublished(duckDb.exports);
  const tables = await readTables(postgres.database);
  const known = await both(...BUILD_OF_DATA).catch(async (thrown: unknown) => {
    await Promise.allSettled([files.end(), tables.end()]);
    throw thrown;
  });
  const readers = { files: await files.end(), tables: await tables.end() };
  const [inDuckDb, inPostgres] = [askMetricFlow(duckDb), askMetricFlow(postgres)];
  await bothEnd(inDuckDb, inPostgres);
  const asked = { DuckDB: await inDuckDb, PostgreSQL: await inPostgres };
  const rebuilt = await both('run', '--full-refresh');

  return {
    truth: world.truth(horizon),
    forbidden: numbersStruck(faults, 'forbidden', demoOptions.tickets),
    broken: numbersStruck(faults, 'brokenForEver', demoOptions.tickets),
    lastLook,
    oneMoreLook,
    looks: await looksOf(stores.parquet),
    lived,
    mended,
    known,
    asked,
    said,
    rebuilt,
    readers,
  };
}

/** The demo's faults without the 500s that come and go: the last look fails only where every look does. */
function lastingFaults(): Faults {
  const { serverError: _, ...lasting } = demoFaults(demoOptions.seed, demoOptions.tickets);
  return lasting;
}

async function readMarts({ marts }: Warehouse): Promise<MartsRead> {
  const names = await marts.names();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await marts.rows(name)] as const)));
}

async function looksOf(store: LandingStore): Promise<Map<number, number[]>> {
  const looks = new Map<number, number[]>();
  for (const row of await readStream(store, 'ticket_fetches')) {
    const [number, outcome, observedAt] = [Number(row[2]), row[4], Number(row[6])];
    if (outcome === 'found' || outcome === 'unchanged') looks.set(number, [...(looks.get(number) ?? []), observedAt]);
  }
  return looks;
}
