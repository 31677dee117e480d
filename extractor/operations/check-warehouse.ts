import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Settings } from '../config.ts';
import { SuptaskError } from '../errors.ts';
import { dbtProgram } from './dbt.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** The engines by dbt's names for them. */
const NAMES: Record<string, string> = { duckdb: 'DuckDB', postgres: 'PostgreSQL', spark: 'Spark' };

/** The schemas that a build writes. */
const SCHEMAS = ['suptask', 'suptask_staging', 'suptask_intermediate', 'suptask_seeds'];

/**
 * Whether dbt is there, reads the landing that is set, and may write where it builds.
 * @returns a sentence on what was found
 * @throws SuptaskError `configuration.*` or `warehouse.unreachable`
 */
export async function checkWarehouse({ landing, duckdb }: Settings, environment: NodeJS.ProcessEnv): Promise<string> {
  const target = environment['DBT_TARGET'] || 'duckdb';
  const name = NAMES[target];
  if (!name) throw new SuptaskError('configuration.invalid', `DBT_TARGET is ${target}, which is none.`, `Set it to ${Object.keys(NAMES).join(', ')}.`);
  dbtProgram([], environment);
  if ((target === 'postgres') !== (landing.kind === 'postgres')) {
    throw new SuptaskError(
      'configuration.invalid',
      `dbt builds on ${name}, but the landing is a ${landing.kind === 'postgres' ? 'PostgreSQL schema' : 'folder'}.`,
      'Set DBT_TARGET to duckdb or spark for a folder, and to postgres for a postgres:// address of the same database.',
    );
  }
  if (target === 'spark') return `Spark ${environment['SUPTASK_SPARK_HOST'] ?? environment['SPARK_REMOTE'] ?? 'within dbt'}: not tried, the next build will`;
  return target === 'duckdb' ? checkDuckDb(duckdb) : checkPostgres(environment);
}

async function checkDuckDb(path: string): Promise<string> {
  try {
    const built = await stat(path).catch(() => null);
    await access(built ? path : dirname(path), constants.R_OK | constants.W_OK);
    return built ? `DuckDB file ${path}, last built ${built.mtime.toISOString().slice(0, 19)}Z` : `DuckDB file ${path}, to be made by the first build`;
  } catch (thrown) {
    throw unreachable(`The DuckDB file ${path} cannot be written`, thrown, 'Let this user write there, or set SUPTASK_DUCKDB to another file.');
  }
}

async function checkPostgres(environment: NodeJS.ProcessEnv): Promise<string> {
  const { PGHOST: host = 'localhost', PGPORT: port = '5432', PGUSER: user = 'postgres', PGPASSWORD: password, PGDATABASE: database = 'suptask' } = environment;
  const shown = `${host}:${port}/${database}`;
  const { default: pg } = await import('pg');
  const client = new pg.Client({ host, port: Number(port), user, password, database, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, application_name: 'suptask' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ schema: string; may: boolean }>(
      `select schema,
         coalesce(has_schema_privilege(to_regnamespace(schema), 'create'), has_database_privilege(current_database(), 'create')) as may
       from unnest($1::text[]) as schemas (schema)`,
      [SCHEMAS],
    );
    const denied = rows.filter(({ may }) => !may).map(({ schema }) => schema);
    if (denied.length === 0) return `PostgreSQL ${shown}: ${user} may build there`;
    throw new SuptaskError('warehouse.unreachable', `On PostgreSQL ${shown} ${user} may not write the schemas ${denied.join(', ')}.`, 'Let the owner of the database run deploy/postgresql/roles.sql.');
  } catch (thrown) {
    if (thrown instanceof SuptaskError) throw thrown;
    throw unreachable(`PostgreSQL ${shown} cannot be reached or refused ${user}`, thrown, 'Check PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE, and that the server runs.');
  } finally {
    await client.end();
  }
}

function unreachable(what: string, thrown: unknown, remedy: string): SuptaskError {
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new SuptaskError('warehouse.unreachable', `${what}: ${cause.message}.`, remedy, { cause });
}
