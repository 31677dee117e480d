import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { inject } from 'vitest';
import { BUILD_OF_DATA, environmentOfDbt, projectFolder, pythonProgram, runDbt } from '../../../../extractor/operations/dbt.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { asRole, grantRoles } from '../../support/roles.ts';
import { type Marts, postgresMarts, publishedMarts } from './marts.ts';

/** An engine with a landing log, dbt on it, and the marts as others read them. */
export interface Warehouse {
  engine: 'DuckDB' | 'PostgreSQL';
  marts: Marts;
  /** Runs dbt with everything that it writes in a folder of this warehouse. Rejects with what failed. */
  dbt(...args: string[]): Promise<string[]>;
  /** Asks MetricFlow, as `npm run metrics` does: metrics by dimensions, as rows of text. */
  metrics(names: readonly string[], by: readonly string[]): Promise<Record<string, string>[]>;
}

/** The seeds and models of a first build, without a test. */
export const MODELS = [...BUILD_OF_DATA, '--exclude-resource-type', 'test'] as const;

/** Waits for both, whatever happens to one of them, so that no process outlives its test. */
export async function bothEnd(...work: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}

/** A folder of a test's own. */
export interface Workshop {
  folder: string;
  remove(): Promise<void>;
}

export async function createWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'suptask-warehouse-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface DuckDbWarehouse extends Warehouse {
  exports: string;
  target: string;
}

/** DuckDB over a landing folder; `project` is a copy of the dbt project, where a test changes it. */
export function duckDbWarehouse(folder: string, landing: string, project = projectFolder): DuckDbWarehouse {
  const exports = join(folder, 'exports');
  const target = join(folder, 'target');
  const environment = { DBT_TARGET: 'duckdb', SUPTASK_LANDING: landing, SUPTASK_DUCKDB: join(folder, 'suptask.duckdb'), SUPTASK_EXPORTS: exports };
  return {
    engine: 'DuckDB',
    exports,
    target,
    marts: publishedMarts(exports),
    dbt(...args) {
      // What was parsed once says nothing of another project or other vars, and is written nowhere.
      const isParsed = project === projectFolder && !['--vars', '--no-partial-parse', '--write-json'].some((option) => args.includes(option));
      // By its database's path dbt would tell that what was parsed elsewhere does not hold here.
      return runIn(folder, project, { ...environment, SUPTASK_DUCKDB: 'suptask.duckdb', ...(isParsed && { SUPTASK_TESTS_PARSED: 'yes' }) }, args);
    },
    metrics: (names, by) => askMetrics(folder, environment, names, by),
  };
}

export interface PostgresWarehouse extends Warehouse {
  database: TestDatabase;
}

/** A PostgreSQL database in which dbt has the rights of its role and no more, to be dropped by its `database.drop()`. */
export async function postgresWarehouse(folder: string): Promise<PostgresWarehouse> {
  const database = await createDatabase();
  await grantRoles(database);
  const environment = { ...asRole(database, 'suptask_dbt').environment, DBT_TARGET: 'postgres', SUPTASK_LANDING: database.url };
  return {
    engine: 'PostgreSQL',
    database,
    marts: postgresMarts(database),
    dbt: (...args) => runIn(folder, projectFolder, environment, args),
    metrics: (names, by) => askMetrics(folder, environment, names, by),
  };
}

/** Runs dbt with everything that it writes in a folder, without what nobody reads there: its log and, unless asked for, its JSON. Rejects with what failed. */
export async function runIn(folder: string, project: string, environment: NodeJS.ProcessEnv, args: readonly string[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const settings = {
    DBT_PROFILES_DIR: project,
    DBT_TARGET_PATH: join(folder, 'target'),
    DBT_LOG_PATH: join(folder, 'logs'),
    DBT_LOG_LEVEL_FILE: 'none',
    DBT_WRITE_JSON: 'false',
    SUPTASK_TESTS_DBT: inject('loadedDbt').socket,
  };
  // Spark's dbt is of an environment of its own.
  const program = environment['DBT_TARGET'] === 'spark' ? undefined : inject('loadedDbt').program;
  return runDbt([...args, '--project-dir', project], { ...environment, ...settings }, undefined, folder, program);
}

/** A copy of the dbt project in a folder, which a test may change. */
export async function copyProject(folder: string): Promise<string> {
  for (const part of ['dbt_project.yml', 'profiles.yml', 'selectors.yml', 'models', 'macros', 'seeds', 'tests/dbt']) {
    await cp(join(projectFolder, part), join(folder, part), { recursive: true });
  }
  return folder;
}

/**
 * In a copy of the project, since MetricFlow writes into its folder. The first question is asked by the project's
 * own command, which has dbt read the copy; for what is asked after it MetricFlow alone is enough.
 */
async function askMetrics(folder: string, environment: NodeJS.ProcessEnv, names: readonly string[], by: readonly string[]): Promise<Record<string, string>[]> {
  const project = join(folder, 'metrics');
  const answer = join(project, 'answer.csv');
  const args = ['--metrics', names.join(','), '--group-by', by.join(','), '--csv', answer];
  const env = environmentOfDbt({ ...environment, DBT_PROJECT_DIR: project, DBT_PROFILES_DIR: project, DBT_LOG_PATH: join(project, 'logs') });
  if (existsSync(project)) {
    await promisify(execFile)(pythonProgram('mf'), ['query', ...args], { env, cwd: project });
  } else {
    await copyProject(project);
    await promisify(execFile)(process.execPath, [join(projectFolder, 'scripts/metrics.ts'), ...args], { env });
  }
  return parse(await readFile(answer, 'utf8'), { columns: true });
}
