import { copyFile, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../extractor/clock.ts';
import { compactLanding } from '../../../extractor/landing/compaction.ts';
import { queryDuckDb } from '../../../extractor/landing/duckdb.ts';
import { createLanding, type Landing } from '../../../extractor/landing/landing.ts';
import { openParquetStore } from '../../../extractor/landing/parquet-store.ts';

const HOUR_MS = 3_600_000;
const FILES = 6;

let folder: string;
let landing: Landing;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'suptask-compaction-'));
  landing = createLanding(openParquetStore(folder), 'default', systemClock);
  for (let index = 0; index < FILES; index += 1) await landEvent(`event-${index}`);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function landEvent(id: string): Promise<void> {
  const at = new Date('2026-03-29T01:30:00.123Z');
  const row = { event_id: id, run_id: 'run', event: 'started', at, kind: 'sync', host: 'h', pid: 1, counts: null, error: "it's" };
  await landing.append('sync_runs', [row]);
}

async function readEvents(): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  const columns = ['event_id', 'at', 'error'];
  for await (const chunk of landing.read({ stream: 'sync_runs', columns, orderBy: ['event_id'] })) rows.push(...chunk);
  return rows;
}

async function dayFolder(): Promise<string> {
  const [day = ''] = await readdir(join(folder, 'sync_runs'));
  return join(folder, 'sync_runs', day);
}

const compact = (nowMs = Date.now()) => compactLanding(folder, { nowMs, fewestFiles: FILES });

test('a merged file and those it replaces count each row once', async () => {
  const before = await readEvents();
  expect(await compact()).toEqual({ foldersMerged: 1, filesMerged: FILES, filesRemoved: 0 });
  expect(await readdir(await dayFolder())).toHaveLength(FILES + 1);
  expect(await readEvents()).toEqual(before);
});

test('the replaced files go an hour later, and nothing of the log with them', async () => {
  const before = await readEvents();
  await compact();
  expect(await compact(Date.now() + HOUR_MS / 2)).toMatchObject({ filesRemoved: 0 });
  expect(await compact(Date.now() + HOUR_MS + 1)).toMatchObject({ filesRemoved: FILES, foldersMerged: 0 });
  expect(await readdir(await dayFolder())).toHaveLength(1);
  expect(await readEvents()).toEqual(before);
});

test('a removal that was interrupted is finished by the next compaction', async () => {
  await compact();
  const day = await dayFolder();
  const [first = ''] = (await readdir(day)).filter((name) => !name.startsWith('compacted-'));
  await rm(join(day, first));
  expect(await compact(Date.now() + HOUR_MS + 1)).toMatchObject({ filesRemoved: FILES - 1 });
  expect(await readEvents()).toHaveLength(FILES);
});

test('what lands after a merge is merged with it later', async () => {
  await compact();
  for (let index = 0; index < FILES; index += 1) await landEvent(`later-${index}`);
  expect(await compact(Date.now() + HOUR_MS + 1)).toEqual({ foldersMerged: 1, filesMerged: FILES + 1, filesRemoved: FILES });
  expect(await readEvents()).toHaveLength(2 * FILES);
});

test('a few files are left as they are', async () => {
  expect(await compactLanding(folder, { nowMs: Date.now(), fewestFiles: FILES + 1 })).toMatchObject({ foldersMerged: 0 });
});

test('a half-written file is neither read nor merged, and goes when nobody can be writing it', async () => {
  const day = await dayFolder();
  const half = join(day, '.half.parquet.tmp');
  await writeFile(half, 'PAR1');
  await compact();
  expect(await readdir(day)).toContain('.half.parquet.tmp');
  const longAgo = new Date(Date.now() - 2 * HOUR_MS);
  await utimes(half, longAgo, longAgo);
  await compact();
  expect(await readdir(day)).not.toContain('.half.parquet.tmp');
  expect(await readEvents()).toHaveLength(FILES);
});

test('timestamps keep one meaning, with and without a zone in the file', async () => {
  await compact();
  const day = await dayFolder();
  const [compacted = ''] = (await readdir(day)).filter((name) => name.startsWith('compacted-'));
  const types = [];
  for await (const rows of queryDuckDb("select type, converted_type from parquet_schema($path) where name = 'at'", { path: join(day, compacted) })) {
    types.push(...rows);
  }
  expect(types).toEqual([['INT64', 'TIMESTAMP_MICROS']]);
  expect((await readEvents())[0]).toEqual(['event-0', Date.parse('2026-03-29T01:30:00.123Z'), "it's"]);
});

test('a folder whose name has a quote is compacted too', async () => {
  const odd = join(folder, "o'dd");
  await mkdir(join(odd, 'sync_runs', 'landed_on=2026-01-01'), { recursive: true });
  const day = await dayFolder();
  for (const name of await readdir(day)) await copyFile(join(day, name), join(odd, 'sync_runs', 'landed_on=2026-01-01', name));
  expect(await compactLanding(odd, { nowMs: Date.now(), fewestFiles: FILES })).toMatchObject({ foldersMerged: 1 });
});
