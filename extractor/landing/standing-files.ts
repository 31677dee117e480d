import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPACTED } from './compaction.ts';
import { type DuckDb, literally, quoted } from './duckdb.ts';
import type { StreamName } from './streams.ts';

/**
 * The files of a stream whose rows count, each with a mark that changes where its content does. Those
 * that a merged one stands in for are left out.
 */
export async function standingFiles(folder: string, stream: StreamName, duckDb: DuckDb): Promise<Map<string, string>> {
  const days = await readdir(join(folder, stream)).catch(() => []);
  const lists = await Promise.all(days.map((day) => filesOfDay(join(folder, stream, day))));
  const replaced = await replacedFiles(lists.filter(({ length }) => length > 1).flatMap((files) => files.filter(isCompacted)), duckDb);
  const standing = lists.flat().filter((path) => !replaced.has(path));
  return new Map(await Promise.all(standing.map(async (path) => [path, await markOf(path)] as const)));
}

async function filesOfDay(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.parquet')).map((name) => join(folder, name));
}

const isCompacted = (path: string) => (path.split(/[\\/]/).at(-1) ?? '').startsWith(COMPACTED);

async function replacedFiles(compacted: readonly string[], duckDb: DuckDb): Promise<Set<string>> {
  const replaced = new Set<string>();
  if (compacted.length === 0) return replaced;
  const paths = `[${compacted.map((path) => quoted(literally(path))).join(', ')}]`;
  const sql = `select file_name, decode(value) from parquet_kv_metadata(${paths}) where decode(key) = 'replaces'`;
  for await (const rows of duckDb.query(sql, {})) {
    for (const [path, names] of rows) for (const name of JSON.parse(String(names)) as string[]) replaced.add(join(String(path), '..', name));
  }
  return replaced;
}

async function markOf(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  return `${size} ${mtimeMs} ${ino}`;
}
