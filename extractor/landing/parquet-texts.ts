import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literally, quoted } from './duckdb.ts';
import type { FoundText, TextPattern } from './found-text.ts';
import { placedWhole } from './placed-whole.ts';
import { columnsOf, type StreamName, streams, textColumnsOf } from './streams.ts';

/** Finds the texts of a landing folder that match a pattern, of every workspace; a row that stands in two files is found once. */
export async function findTextsInFolder(folder: string, pattern: TextPattern): Promise<FoundText[]> {
  return await withDuckDb(async (connection) => {
    const found: FoundText[] = [];
    for (const stream of Object.keys(streams) as StreamName[]) {
      const files = await filesOf(folder, stream);
      if (files.length === 0) continue;
      const texts = textColumnsOf(stream);
      const { id } = streams[stream];
      const landed = `read_parquet([${files.map((file) => quoted(literally(file))).join(', ')}], union_by_name = true, hive_partitioning = false)`;
      const selected = texts.map((column) => `case when regexp_matches("${column}", $pattern, 'i') then "${column}" end as "${column}"`);
      const rows = await connection.runAndReadAll(
        `select distinct on (id) "${id}" as id, ${selected.join(', ')} from ${landed} where ${texts.map((column) => `regexp_matches("${column}", $pattern, 'i')`).join(' or ')}`,
        { pattern },
      );
      for (const [rowId, ...values] of rows.getRows()) {
        for (const [place, text] of values.entries()) if (typeof text === 'string') found.push({ stream, id: String(rowId), column: texts[place] ?? '', text });
      }
    }
    return found;
  });
}

/**
 * Puts these texts in the place of those that stand there, file by file: each is written anew beside
 * itself and renamed over the old one, so that a reader sees the one or the other, and a crash leaves
 * whole files of which some are done. To be called under the lease only: compaction moves rows.
 */
export async function replaceTextsInFolder(folder: string, texts: readonly FoundText[]): Promise<void> {
  await withDuckDb(async (connection) => {
    await connection.run('create table changed (stream varchar, id varchar, column_name varchar, value varchar)');
    for (const { stream, id, column, text } of texts) {
      await connection.run('insert into changed values ($stream, $id, $column, $text)', { stream, id, column, text });
    }
    for (const stream of new Set(texts.map((text) => text.stream))) {
      const columns = new Set(texts.filter((text) => text.stream === stream).map(({ column }) => column));
      for (const file of await filesOf(folder, stream)) await rewriteFile(connection, stream, file, columns);
    }
  });
}

async function rewriteFile(connection: DuckDBConnection, stream: StreamName, file: string, columns: ReadonlySet<string>): Promise<void> {
  const { id } = streams[stream];
  const landed = `read_parquet(${quoted(literally(file))}, hive_partitioning = false)`;
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
  const affected = await rows(`select count(*) from ${landed} as landed where landed."${id}" in (select id from changed where stream = ${quoted(stream)})`);
  if (Number(affected[0]?.[0]) === 0) return;
  const types = Object.fromEntries(columnsOf(stream));
  const names = (await rows(`select column_name from (describe select * from ${landed})`)).map(([name]) => String(name));
  const selected = names.map((name) => {
    if (types[name]?.type === 'timestamp') return `landed."${name}"::timestamptz as "${name}"`;
    if (!columns.has(name)) return `landed."${name}"`;
    const change = `select value from changed where stream = ${quoted(stream)} and changed.id = landed."${id}" and column_name = ${quoted(name)}`;
    return `coalesce((${change}), landed."${name}") as "${name}"`;
  });
  const replaces = await rows(`select decode(value) from parquet_kv_metadata(${quoted(file)}) where decode(key) = 'replaces'`);
  const metadata = replaces[0] ? `, kv_metadata { replaces: ${quoted(String(replaces[0][0]))} }` : '';
  await placedWhole(file, async (beside) => {
    await connection.run(`copy (select ${selected.join(', ')} from ${landed} as landed) to ${quoted(beside)} (format parquet, compression zstd${metadata})`);
  });
}

async function filesOf(folder: string, stream: StreamName): Promise<string[]> {
  const files = await readdir(join(folder, stream), { recursive: true }).catch(() => []);
  return files.filter((file) => file.endsWith('.parquet')).map((file) => join(folder, stream, file));
}

async function withDuckDb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { enable_external_file_cache: 'false' });
  try {
    return await work(await instance.connect());
  } finally {
    instance.closeSync();
  }
}
