import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SuptaskError } from '../errors.ts';
import { queryDuckDb } from '../landing/duckdb.ts';
import type { Scalar } from '../landing/landing.ts';

/** The marts as they were published after the last build: whoever reads them waits for no build. */
export interface PublishedMarts {
  /** Rows of a query in which a mart is written as `{name}`. */
  query(sql: string): Promise<Scalar[][]>;
}

/**
 * Opens the folder of published marts.
 * @throws SuptaskError `marts.not_published` by `query` where a mart is not there
 */
export function openPublishedMarts(folder: string): PublishedMarts {
  const from = (mart: string): string => {
    const path = join(folder, `${mart}.parquet`);
    if (existsSync(path)) return `read_parquet('${path.replaceAll("'", "''")}')`;
    throw new SuptaskError(
      'marts.not_published',
      `The mart ${mart} has not been published: there is no ${path}.`,
      'Build the marts first: npm run dbt -- build',
    );
  };
  return {
    async query(sql) {
      const rows: Scalar[][] = [];
      const named = sql.replace(/\{(\w+)\}/g, (_, mart: string) => from(mart));
      for await (const chunk of queryDuckDb(named, {})) rows.push(...chunk);
      return rows;
    },
  };
}
