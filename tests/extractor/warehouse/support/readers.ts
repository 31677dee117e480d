import { open } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { queryDuckDb } from '../../../../extractor/landing/duckdb.ts';
import type { TestDatabase } from '../../support/database.ts';

/** What became of those who read published files while a build replaced them. */
export interface FileReading {
  /** Whether a handle opened before the build gives the same bytes after it. */
  sameBytes: boolean;
  /** Rows of a query that was begun before the build and read to its end after it. */
  rowsOfLongQuery: number;
  /** Every count that was read in the meantime. */
  counts: Set<number>;
  failures: string[];
}

/** Reads published files in three ways until `end` is called. */
export async function readPublished(exports: string): Promise<{ end(): Promise<FileReading> }> {
  const path = (mart: string) => join(exports, `${mart}.parquet`);
  const handle = await open(path('suptask_tickets'));
  const { size } = await handle.stat();
  const bytes = async () => (await handle.read(Buffer.alloc(size), 0, size, 0)).buffer;
  const bytesBefore = await bytes();
  const longQuery = queryDuckDb(`select * from read_parquet('${path('suptask_ticket_history')}')`, {});
  let rowsOfLongQuery = (await longQuery.next()).value?.length ?? 0;

  const counts = new Set<number>();
  const failures: string[] = [];
  const ending = new AbortController();
  const loop = (async () => {
    while (!ending.signal.aborted) {
      try {
        const query = queryDuckDb(`select count(*)::double from read_parquet('${path('suptask_ticket_history')}') where valid_from is not null`, {});
        for await (const chunk of query) counts.add(Number(chunk[0]?.[0]));
      } catch (thrown) {
        failures.push(String(thrown));
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();

  return {
    async end() {
      ending.abort();
      await loop;
      for await (const chunk of longQuery) rowsOfLongQuery += chunk.length;
      const sameBytes = bytesBefore.equals(await bytes());
      await handle.close();
      return { sameBytes, rowsOfLongQuery, counts, failures };
    },
  };
}

/** What became of a transaction that had read a mart, and of an analyst's view on it, when it was rebuilt. */
export interface TableReading {
  before: number;
  /** The same query in the same transaction. */
  repeated: number;
  /** The view, afterwards, from outside. */
  throughView: number;
}

const VERSIONS = 'select coalesce(sum(versions_seen), 0)::double precision as versions from';

/** Makes a view on `suptask_tickets` and reads the mart in a transaction that stays open until `end`. */
export async function readTables(database: TestDatabase): Promise<{ end(): Promise<TableReading> }> {
  await database.query('create schema analyst');
  await database.query('create view analyst.backlog as select * from suptask.suptask_tickets where is_backlog or not is_backlog');
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const read = async () => Number((await client.query<{ versions: number }>(`${VERSIONS} suptask.suptask_tickets`)).rows[0]?.versions);
  await client.query('begin isolation level repeatable read');
  const before = await read();
  return {
    async end() {
      const repeated = await read();
      await client.query('commit');
      await client.end();
      const [row] = await database.query(`${VERSIONS} analyst.backlog`);
      return { before, repeated, throughView: Number(row?.['versions']) };
    },
  };
}
