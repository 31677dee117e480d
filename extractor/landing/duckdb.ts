import { SuptaskError } from '../errors.ts';
import type { Scalar } from './landing.ts';
import type { ColumnType } from './streams.ts';

/** The types of the streams' columns as DuckDB calls them. */
export const duckDbTypes = {
  string: 'varchar',
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
 * Runs one query on an in-memory DuckDB and yields its rows in chunks. The library is loaded
 * when first asked for: most commands never do.
 */
export async function* queryDuckDb(
  sql: string,
  parameters: Record<string, string | null>,
  { emptyWhereNoFileMatches }: Options = {},
): AsyncGenerator<Scalar[][]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
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
  } catch (thrown) {
    if (thrown instanceof SuptaskError) throw thrown;
    const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
    throw new SuptaskError(
      'landing.unreachable',
      `Cannot read the landing log: ${cause.message}`,
      'Check that the folder and its files can be read by this user and are whole.',
      { cause },
    );
  } finally {
    instance.closeSync();
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
