import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SuptaskError } from '../errors.ts';
import { compactLanding } from './compaction.ts';
import { DuckDb, duckDbTypes, literally, quoted } from './duckdb.ts';
import { openJournal, rollLeftJournals } from './journal.ts';
import type { Batch, LandingStore, LockName, ReadRequest, Scalar } from './landing.ts';
import { lockFileBeatAtMs, tryLockFile } from './lock-file.ts';
import { makeFolder } from './make-folder.ts';
import { parquetMemory } from './parquet-memory.ts';
import { findTextsInFolder, replaceTextsInFolder } from './parquet-texts.ts';
import { mostFilesInADay } from './small-files.ts';
import { columnsOf, type ColumnType, isText, streams } from './streams.ts';

/** What holds a right in a folder; the lock on it ends with the process that holds it. */
const lockFile = (folder: string, name: LockName) => join(folder, `${name.replaceAll(' ', '-')}.duckdb`);

/** Files are removed rarely and many at once: what was listed a second time has hardly ever been. */
const MOST_LISTINGS = 5;

/** A landing log in a folder: one folder a stream, in that one a day, in that one Parquet files. */
export function openParquetStore(folder: string): LandingStore {
  const duckDb = new DuckDb();
  return {
    shown: folder,
    memory: parquetMemory(folder, duckDb),
    async write(batch) {
      try {
        // Most commands write nothing.
        const { writeParquetFile } = await import('./parquet-file.ts');
        await writeParquetFile(batch.stream, batch.rows, await newFilePath(folder, batch));
      } catch (thrown) {
        throw notWritable(folder, thrown);
      }
    },
    read: (request) => readParquet(duckDb, folder, request),
    async openJournal(workspace) {
      const journal = await orNotWritable(folder, openJournal(folder, workspace));
      return {
        write: (batch) => orNotWritable(folder, journal.write(batch)),
        roll: () => orNotWritable(folder, journal.roll()),
        close: () => orNotWritable(folder, journal.close()),
      };
    },
    rollLeftJournals: () => orNotWritable(folder, rollLeftJournals(folder)),
    async tryLock(name) {
      // Whoever asks for a right is about to write: what writes is loaded while DuckDB gets ready.
      void import('./parquet-file.ts').catch(() => undefined);
      try {
        await makeFolder(folder);
        return await tryLockFile(lockFile(folder, name));
      } catch (thrown) {
        throw notWritable(folder, thrown);
      }
    },
    leaseSeenAtMs: () => lockFileBeatAtMs(lockFile(folder, 'lease')),
    async compact(nowMs) {
      try {
        return await compactLanding(folder, { nowMs });
      } catch (thrown) {
        throw notWritable(folder, thrown);
      }
    },
    findTexts: (pattern) => findTextsInFolder(folder, pattern),
    replaceTexts: (texts) => orNotWritable(folder, replaceTextsInFolder(folder, texts)),
    mostFilesInADay: (nowMs) => mostFilesInADay(folder, nowMs),
    close: () => duckDb.close(),
  };
}

async function newFilePath(folder: string, { stream, batchId, landedAt }: Batch): Promise<string> {
  const day = join(folder, stream, `landed_on=${landedAt.toISOString().slice(0, 10)}`);
  await makeFolder(day);
  return join(day, `${batchId}.parquet`);
}

/** A file that a merged one stands in for may be removed after it was listed; then what is there now is listed. */
async function* readParquet(duckDb: DuckDb, folder: string, request: ReadRequest): AsyncGenerator<Scalar[][]> {
  for (let listing = 1; ; listing += 1) {
    try {
      // No row is given before every file has been read: they are put in order.
      return yield* readListed(duckDb, folder, request);
    } catch (thrown) {
      if (listing === MOST_LISTINGS || !(thrown instanceof SuptaskError) || !thrown.message.includes('No such file or directory')) throw thrown;
    }
  }
}

async function* readListed(duckDb: DuckDb, folder: string, request: ReadRequest): AsyncGenerator<Scalar[][]> {
  const { stream, columns, workspace, orderBy, landedSince, present } = request;
  const glob = `${literally(folder)}/${stream}/*/*.parquet`;
  const named = request.parts?.map(literally) ?? (landedSince ? await filesSince(join(folder, stream), landedSince) : null);
  if (named?.length === 0) return;
  const files = named === null ? '$glob' : `[${named.map(quoted).join(', ')}]`;
  const types = Object.fromEntries(columnsOf(stream).map(([name, { type }]) => [name, type]));
  // In quotes: `at` is a word of DuckDB's own.
  const typed = Object.entries(types).map(([name, type]) => `null::${duckDbTypes[type]} as "${name}"`);
  const selected = columns.map((name) => `${readable(`any_value("${name}")`, types[name])} as "${name}"`);
  // A row may stand in two files while a compacted one replaces others: by its id it counts once.
  const sql = `
    with landed as (
      select * from (select ${typed.join(', ')}) where false
      union all by name
      select * from read_parquet(${files}, union_by_name = true, hive_partitioning = false)
    )
    select ${selected.join(', ')}
    from landed
    where (workspace = $workspace or $workspace is null)${present ? ` and "${present}" is not null` : ''}
    group by landed.${streams[stream].id}
    order by ${orderBy.map((name) => `"${name}"`).join(', ')}`;
  if (named === null) yield* duckDb.query(sql, { glob, workspace }, { emptyWhereNoFileMatches: glob });
  else yield* duckDb.query(sql, { workspace });
}

/** The files of a stream's folders from this day on. */
async function filesSince(folder: string, since: Date): Promise<string[]> {
  const first = `landed_on=${since.toISOString().slice(0, 10)}`;
  const days = (await readdir(folder).catch(() => [])).filter((day) => day.startsWith('landed_on=') && day >= first);
  const files = await Promise.all(days.map(async (day) => (await readdir(join(folder, day))).map((file) => literally(join(folder, day, file)))));
  return files.flat().filter((path) => path.endsWith('.parquet'));
}

/**
 * Timestamps are read as milliseconds, whichever of its two Parquet types a file has. DuckDB's client
 * drops a byte order mark at the beginning of a text, so one that begins with it is given it twice.
 */
function readable(value: string, type: ColumnType | undefined): string {
  if (type === 'timestamp') return `epoch_ms(${value}::timestamp)::double`;
  if (isText(type)) return `case when starts_with(${value}, chr(65279)) then chr(65279) || ${value} else ${value} end`;
  return type === 'bigint' ? `${value}::double` : value;
}

async function orNotWritable<T>(folder: string, work: Promise<T>): Promise<T> {
  return await work.catch((thrown: unknown) => {
    throw thrown instanceof SuptaskError ? thrown : notWritable(folder, thrown);
  });
}

function notWritable(folder: string, thrown: unknown): SuptaskError {
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = 'code' in cause ? String(cause.code) : '';
  const reasons: Record<string, [string, string]> = {
    EACCES: ['this user may not write there', 'Give this user the right to write there, or set SUPTASK_LANDING to another folder.'],
    EPERM: ['this user may not write there', 'Give this user the right to write there, or set SUPTASK_LANDING to another folder.'],
    EROFS: ['the file system is read-only', 'Set SUPTASK_LANDING to a folder on a writable disk.'],
    ENOSPC: ['the disk is full', 'Free some space; the next run goes on where this one ended.'],
    EDQUOT: ['the disk quota is used up', 'Free some space; the next run goes on where this one ended.'],
    ENOENT: ['the system will have no folder there', 'Set SUPTASK_LANDING to another folder.'],
    ENOTDIR: ['a part of the path is a file', 'Set SUPTASK_LANDING to a folder.'],
    EEXIST: ['a file of that name is in the way', 'Set SUPTASK_LANDING to a folder.'],
  };
  const [why, remedy] = reasons[code] ?? [cause.message, 'Check the folder and the disk, or set SUPTASK_LANDING to another folder.'];
  return new SuptaskError('landing.not_writable', `Cannot write to the landing folder ${folder}: ${why}.`, remedy, { cause });
}
