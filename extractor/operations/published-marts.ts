import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MartsAddress } from '../config.ts';
import { SuptaskError } from '../errors.ts';
import { quoted, withDuckDb } from '../landing/duckdb.ts';
import type { Scalar } from '../landing/landing.ts';

/** The schema of the marts in a database. */
const SCHEMA = 'suptask';

const CONNECT_TIMEOUT_MS = 10_000;

/** The marts as they stand after the last build: whoever reads them waits for no build. */
export interface PublishedMarts {
  /**
   * Rows of a query in which a mart is written as `{name}`, in the SQL that DuckDB and PostgreSQL share.
   * What comes from elsewhere is a value, which stands in it as `$1`: text, whatever is in it.
   * Counts are to be cast to integer, and times to varchar.
   * @throws SuptaskError `marts.not_published` where a mart is not there, `marts.unreachable` where it cannot be read
   */
  query(sql: string, values?: readonly string[]): Promise<Scalar[][]>;
}

/** Opens the marts where the settings say that they are, does something with them, and closes them whatever happens. */
export async function withMarts<T>(address: MartsAddress, work: (marts: PublishedMarts) => Promise<T>): Promise<T> {
  if (address.kind === 'parquet') return await withDuckDb((query) => work(martsIn(address.folder, query)));
  const { host, port, user, password, database } = address;
  const { default: pg } = await import('pg');
  const client = new pg.Client({ host, port, user, database, password: password.reveal(), connectionTimeoutMillis: CONNECT_TIMEOUT_MS, application_name: 'suptask' });
  // A connection that is lost while nobody asks anything of it is reported by the next question.
  client.on('error', () => undefined);
  const readable = async <R>(reading: Promise<R>) => {
    try {
      return await reading;
    } catch (thrown) {
      throw notReadable(`PostgreSQL at ${host}:${port}/${database}`, thrown);
    }
  };
  try {
    await readable(client.connect());
    const query: PublishedMarts['query'] = async (sql, values = []) => {
      const { rows } = await readable(client.query<Scalar[]>({ text: sql.replace(/\{(\w+)\}/g, `${SCHEMA}.$1`), values: [...values], rowMode: 'array' }));
      return rows;
    };
    return await work({ query });
  } finally {
    await client.end();
  }
}

/** The marts, opened anew for each query. */
export function martsAt(address: MartsAddress): PublishedMarts {
  return { query: (sql, values) => withMarts(address, (marts) => marts.query(sql, values)) };
}

function martsIn(folder: string, query: PublishedMarts['query']): PublishedMarts {
  const from = (mart: string): string => {
    const path = join(folder, `${mart}.parquet`);
    if (existsSync(path)) return `read_parquet(${quoted(path)})`;
    throw notPublished(mart, `there is no ${path}`);
  };
  return {
    async query(sql, values) {
      const named = sql.replace(/\{(\w+)\}/g, (_, mart: string) => from(mart));
      try {
        return await query(named, values);
      } catch (thrown) {
        throw notReadable(folder, thrown);
      }
    },
  };
}

const UNDEFINED_TABLE = '42P01';

function notReadable(shown: string, thrown: unknown): SuptaskError {
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  const mart = 'code' in cause && cause.code === UNDEFINED_TABLE ? /"(?:\w+\.)?(\w+)"/.exec(cause.message)?.[1] : undefined;
  if (mart !== undefined) return notPublished(mart, `${shown} has no ${SCHEMA}.${mart}`);
  const why = cause instanceof AggregateError ? cause.errors.map(String).join('; ') : cause.message;
  return new SuptaskError(
    'marts.unreachable',
    `The marts in ${shown} cannot be read: ${why}`,
    'Check that the folder’s files are whole and can be read by this user; or that the server runs, and PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE.',
    { cause },
  );
}

function notPublished(mart: string, why: string): SuptaskError {
  return new SuptaskError('marts.not_published', `The mart ${mart} has not been published: ${why}.`, 'Build the marts first: npm run dbt -- build');
}
