import type { DuckDBInstance } from '@duckdb/node-api';
import { SuptaskError } from '../errors.ts';
import type { Scalar } from './landing.ts';
import type { ColumnType } from './streams.ts';

/** The types of the streams' columns as DuckDB calls them. */
export const duckDbTypes = {
  string: 'varchar',
  body: 'varchar',
  bigint: 'bigint',
  integer: 'integer',
  boolean: 'boolean',
  timestamp: 'timestamp',
} as const satisfies Record<ColumnType, string>;

/** A path in which the characters that a glob takes for wild ones stand for themselves. */
export function literally(path: string): string {
  return path.replaceAll(/[[*?]/g, '[$&]');
}

/** A text as it stands in a statement. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

interface Options {
  /** With no file under this glob there are no rows, which to DuckDB would be an error. */
  emptyWhereNoFileMatches?: string;
}

/**
 * An in-memory DuckDB that is started when first asked and kept for the next query: to start one
 * costs as much as most queries. The library is loaded then, too: most commands never do.
 */
export class DuckDb {
  #instance: Promise<DuckDBInstance> | null = null;

  /**
   * Runs one query and yields its rows in chunks.
   * @throws SuptaskError `landing.unreachable` where what it reads cannot be read
   */
  async *query(sql: string, parameters: Record<string, string | null>, { emptyWhereNoFileMatches }: Options = {}): AsyncGenerator<Scalar[][]> {
    try {
      this.#instance ??= started();
      const connection = await (await this.#instance).connect();
      try {
        if (emptyWhereNoFileMatches !== undefined) {
          const files = await connection.runAndReadAll('select 1 from glob($glob) limit 1', { glob: emptyWhereNoFileMatches });
          if (files.currentRowCount === 0) return;
        }
        const result = await connection.stream(sql, parameters);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (!chunk || chunk.rowCount === 0) return;
          yield chunk.getRows() as Scalar[][];
        }
      } finally {
        connection.closeSync();
      }
    } catch (thrown) {
      throw unreadable(thrown);
    }
  }

  /** Frees what it holds; a later query starts it again. */
  async close(): Promise<void> {
    const instance = this.#instance;
    this.#instance = null;
    (await instance)?.closeSync();
  }
}

async function started(): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  // What was read of a file is not kept: another process may replace it.
  return await DuckDBInstance.create(':memory:', { enable_external_file_cache: 'false' });
}

function unreadable(thrown: unknown): SuptaskError {
  if (thrown instanceof SuptaskError) return thrown;
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new SuptaskError(
    'landing.unreachable',
    `Cannot read the landing log: ${cause.message}`,
    'Check that the folder and its files can be read by this user and are whole.',
    { cause },
  );
}

/** Runs one query on a DuckDB of its own and yields its rows in chunks. */
export async function* queryDuckDb(sql: string, parameters: Record<string, string | null>): AsyncGenerator<Scalar[][]> {
  const duckDb = new DuckDb();
  try {
    yield* duckDb.query(sql, parameters);
  } finally {
    await duckDb.close();
  }
}

/** Runs one statement that writes a file on an in-memory DuckDB. It leaves a core to whoever waits for an answer. */
export async function runDuckDb(sql: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    await (await instance.connect()).run(sql);
  } finally {
    instance.closeSync();
  }
}

/**
 * Hands out one in-memory DuckDB for several small queries, and closes it whatever happens.
 * What a query throws is DuckDB's own.
 */
export async function withDuckDb<T>(work: (query: (sql: string, values?: readonly string[]) => Promise<Scalar[][]>) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    return await work(async (sql, values = []) => (await connection.runAndReadAll(sql, [...values])).getRows() as Scalar[][]);
  } finally {
    instance.closeSync();
  }
}
