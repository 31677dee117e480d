import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILD_OF_DATA, dbtEnvironment, dbtProgram, projectFolder, pythonProgram } from '../../extractor/operations/dbt.ts';
import { openParquetStore } from '../../extractor/landing/parquet-store.ts';
import { openPostgresStore } from '../../extractor/landing/postgres-store.ts';
import { transferLanding } from '../../extractor/landing/transfer.ts';
import { Secret } from '../../extractor/secret.ts';
import { measured, type Usage } from '../measure.ts';
import { startDatabase } from '../postgres.ts';

/** What a build used, and the seconds of each of its steps: models, tests of data, seeds and hooks. */
export interface Build extends Usage {
  steps: Map<string, number>;
}

/** An engine with a warehouse of its own over a landing folder. */
export interface Warehouse {
  /** Builds seeds and models and runs the tests of data, after bringing to the engine what has been landed since. */
  build(): Promise<Build>;
  stop(): Promise<void>;
}

export const engines = { duckdb: duckDb, postgres, spark } as const;
export type Engine = keyof typeof engines;

async function duckDb(folder: string, landing: string): Promise<Warehouse> {
  const environment = { DBT_TARGET: 'duckdb', SUPTASK_LANDING: landing, SUPTASK_DUCKDB: join(folder, 'suptask.duckdb'), SUPTASK_EXPORTS: join(folder, 'exports') };
  return { build: () => build(folder, environment), stop: () => Promise.resolve() };
}

async function postgres(folder: string, landing: string): Promise<Warehouse> {
  const database = await startDatabase();
  const url = new URL(database.url);
  const environment = {
    DBT_TARGET: 'postgres',
    SUPTASK_LANDING: database.url,
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: url.username,
    PGPASSWORD: url.password,
    PGDATABASE: url.pathname.slice(1),
  };
  return {
    async build() {
      const [from, to] = [openParquetStore(landing), await openPostgresStore(new Secret(database.url), 'the bench')];
      await transferLanding(from, to);
      await from.close();
      await to.close();
      return await database.withItsCpu(() => build(folder, environment));
    },
    stop: () => database.stop(),
  };
}

/** Spark within dbt, as profiles.yml sets it. */
async function spark(folder: string, landing: string): Promise<Warehouse> {
  const environment = { DBT_TARGET: 'spark', SUPTASK_LANDING: landing, SUPTASK_SPARK_WAREHOUSE: join(folder, 'warehouse') };
  // Says what is missing, where something is.
  dbtProgram([], { ...process.env, ...environment });
  return { build: () => build(folder, environment, '.venv-spark'), stop: () => Promise.resolve() };
}

async function build(folder: string, environment: Record<string, string>, installed: '.venv' | '.venv-spark' = '.venv'): Promise<Build> {
  await mkdir(folder, { recursive: true });
  const target = join(folder, 'target');
  const places = { ...dbtEnvironment, DBT_TARGET_PATH: target, DBT_LOG_PATH: join(folder, 'logs') };
  const dbt = (...args: string[]) =>
    measured(pythonProgram('python', installed), [join(import.meta.dirname, 'measured_dbt.py'), ...args, '--project-dir', projectFolder], folder, { ...environment, ...places });
  // What dbt reads of the project once and keeps would count for the first build only.
  if (!existsSync(target)) await dbt('parse');
  const usage = await dbt(...BUILD_OF_DATA);
  const { results } = JSON.parse(await readFile(join(target, 'run_results.json'), 'utf8')) as { results: { unique_id: string; execution_time: number }[] };
  return { ...usage, steps: new Map(results.map(({ unique_id: id, execution_time: seconds }) => [stepName(id), seconds])) };
}

/** `int_days`, and `test every_ticket_found_is_a_row`: what dbt names kind.project.name, and a test of a column kind.project.name.hash. */
function stepName(id: string): string {
  const [kind, , name = id] = id.split('.');
  return kind === 'model' ? name : `${kind} ${name}`;
}
