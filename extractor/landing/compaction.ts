import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { newId } from '../ids.ts';
import { quoted } from './duckdb.ts';
import type { CompactionReport } from './landing.ts';
import { placedWhole } from './placed-whole.ts';
import { columnsOf, type StreamName, streams } from './streams.ts';

/** A day's folder is compacted from this many files on. */
export const FEWEST_FILES = 64;

/** Files that are merged into one at most: the memory of a merge grows with them. */
const MOST_FILES = 128;

/** DuckDB holds a row group in memory while it writes it: with bodies of 2 KB, 10 MB. */
const ROWS_A_GROUP = 4_096;

/** Merged files stay this long beside the one that replaces them: a reader may have listed them before. Who lists later leaves them out, or lists anew where one is gone. */
const KEEP_MS = 60 * 60_000;

/** How the names of merged files begin. */
export const COMPACTED = 'compacted-';

export interface CompactionOptions {
  /** The machine's clock, in milliseconds: the age of files is measured on it. */
  nowMs: number;
  fewestFiles?: number;
}

/**
 * Merges the many small files of a day into one, or a few. A merged file names in its metadata those that
 * it replaces; they are removed an hour later. Until then their rows are there twice and are
 * counted once, by their id. A crash at any point leaves a log that reads the same.
 * To be called under the lease only.
 */
export async function compactLanding(folder: string, options: CompactionOptions): Promise<CompactionReport> {
  const report: CompactionReport = { foldersMerged: 0, filesMerged: 0, filesRemoved: 0 };
  const duckDb = new LazyDuckDb();
  try {
    for (const stream of Object.keys(streams) as StreamName[]) {
      const days = await readdir(join(folder, stream)).catch(() => []);
      for (const day of days) await compactDay(join(folder, stream, day), stream, options, report, duckDb);
    }
    return report;
  } finally {
    duckDb.close();
  }
}

async function compactDay(
  folder: string,
  stream: StreamName,
  { nowMs, fewestFiles = FEWEST_FILES }: CompactionOptions,
  report: CompactionReport,
  duckDb: LazyDuckDb,
): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  const parquet = files.filter((name) => name.endsWith('.parquet'));
  // Alone in its folder a file neither replaces nor is replaced: most days are looked at no further.
  if (files.length < 2) return;
  const replacedBy = await replacedFiles(folder, parquet.filter((name) => name.startsWith(COMPACTED)), duckDb);
  for (const [name, by] of replacedBy) {
    if (!parquet.includes(name) || nowMs - (await stat(join(folder, by))).mtimeMs < KEEP_MS) continue;
    await rm(join(folder, name));
    report.filesRemoved += 1;
  }
  await removeHalfWritten(folder, files, nowMs);
  const standing = parquet.filter((name) => !replacedBy.has(name));
  if (standing.length < fewestFiles) return;
  for (let from = 0; standing.length - from > 1; from += MOST_FILES) {
    const merged = standing.slice(from, from + MOST_FILES);
    await mergeFiles(folder, stream, merged, duckDb);
    report.filesMerged += merged.length;
  }
  report.foldersMerged += 1;
}

/** What a process left half-written when it died; nobody reads it, and nobody writes for an hour. */
async function removeHalfWritten(folder: string, files: readonly string[], nowMs: number): Promise<void> {
  for (const name of files.filter((file) => file.endsWith('.parquet.tmp'))) {
    const path = join(folder, name);
    if (nowMs - (await stat(path)).mtimeMs >= KEEP_MS) await rm(path, { force: true });
  }
}

/** Each file that a compacted one replaces, with the latter's name. */
async function replacedFiles(folder: string, compacted: readonly string[], duckDb: LazyDuckDb): Promise<Map<string, string>> {
  const replaced = new Map<string, string>();
  for (const name of compacted) {
    const rows = await duckDb.run("select decode(value) from parquet_kv_metadata($path) where decode(key) = 'replaces'", {
      path: join(folder, name),
    });
    for (const [value] of rows) for (const file of JSON.parse(String(value)) as string[]) replaced.set(file, name);
  }
  return replaced;
}

async function mergeFiles(folder: string, stream: StreamName, names: readonly string[], duckDb: LazyDuckDb): Promise<void> {
  const columns = columnsOf(stream).map(([name, { type }]) =>
    type === 'timestamp' ? `"${name}"::timestamptz as "${name}"` : `"${name}"`,
  );
  await placedWhole(join(folder, `${COMPACTED}${newId()}.parquet`), async (beside) => {
    await duckDb.run(`
      copy (
        select ${columns.join(', ')}
        from read_parquet([${names.map((name) => quoted(join(folder, name))).join(', ')}], union_by_name = true, hive_partitioning = false)
      )
      to ${quoted(beside)} (format parquet, compression zstd, row_group_size ${ROWS_A_GROUP}, kv_metadata { replaces: ${quoted(JSON.stringify(names))} })`);
  });
}

/** A DuckDB that is started when first asked: most compactions find nothing to do. */
class LazyDuckDb {
  #connection: Promise<DuckDBConnection> | null = null;
  #close: (() => void) | null = null;

  async run(sql: string, parameters: Record<string, string> = {}): Promise<unknown[][]> {
    this.#connection ??= this.#open();
    const connection = await this.#connection;
    return (await connection.runAndReadAll(sql, parameters)).getRows();
  }

  close(): void {
    this.#close?.();
  }

  async #open(): Promise<DuckDBConnection> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    // A second thread would hold as much again, and the two take twice the processor's time of one.
    const instance = await DuckDBInstance.create(':memory:', { threads: '1', enable_external_file_cache: 'false' });
    this.#close = () => instance.closeSync();
    return await instance.connect();
  }
}
