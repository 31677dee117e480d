import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of a test's own in the tests' PostgreSQL. */
export interface TestDatabase {
  name: string;
  /** The address with user and password, as in SUPTASK_LANDING. */
  url: string;
  /** The usual variables, as dbt's profile takes them. */
  environment: Record<'PGHOST' | 'PGPORT' | 'PGUSER' | 'PGPASSWORD' | 'PGDATABASE', string>;
  query(sql: string, parameters?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Ends every connection and takes no new one until it comes back. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  drop(): Promise<void>;
}

/** Makes an empty database. */
export async function createDatabase(): Promise<TestDatabase> {
  const { host, port, user, password } = inject('postgresServer');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const on = (database: string) => `postgres://${user}:${password}@${host}:${port}/${database}`;
  const run = async (url: string, sql: string, parameters: unknown[] = []) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql, parameters)).rows;
    } finally {
      await client.end();
    }
  };
  await run(on('postgres'), `create database ${name}`);
  return {
    name,
    url: on(name),
    environment: { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: name },
    query: (sql, parameters) => run(on(name), sql, parameters),
    goAway: async () => {
      await run(on('postgres'), `alter database ${name} with allow_connections false`);
      await run(on('postgres'), 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    },
    comeBack: async () => {
      await run(on('postgres'), `alter database ${name} with allow_connections true`);
    },
    drop: async () => {
      await run(on('postgres'), `drop database ${name} with (force)`);
    },
  };
}
