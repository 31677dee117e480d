import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { queryDuckDb } from '../../../../extractor/landing/duckdb.ts';

/** Publishes the rows of a query as a mart, as a build does. */
export async function publishMart(exports: string, mart: string, sql: string): Promise<void> {
  mkdirSync(exports, { recursive: true });
  for await (const _ of queryDuckDb(`copy (${sql}) to '${join(exports, `${mart}.parquet`)}' (format parquet)`, {}));
}
