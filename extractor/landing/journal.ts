import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../ids.ts';
import { SuptaskError } from '../errors.ts';
import { duckDbTypes, literally, quoted, runDuckDb } from './duckdb.ts';
import { flushed } from './flushed.ts';
import type { Batch, Journal, Lease } from './landing.ts';
import { tryLockFile } from './lock-file.ts';
import { makeFolder } from './make-folder.ts';
import { placedWhole } from './placed-whole.ts';
import { columnsOf, type StreamName, streams } from './streams.ts';

/** A receiver that is just ending, or whose journal a run just rolls, is waited for this long by the next, in real milliseconds. */
const LOCK_PATIENCE_MS = 5_000;
const LOCK_RETRY_MS = 100;

const JOURNAL_FOLDER = 'journal';
const WORKSPACE = 'workspace=';
const LOCK_FILE = 'lease.duckdb';
const EXTENSION = 'jsonl';

/**
 * Opens the journal of one workspace in a landing folder, for this process alone, and rolls what an
 * earlier process left. A journal file is named by stream, day and id, and has one row a line; from
 * it comes the Parquet file of that stream, day and id.
 * @throws SuptaskError `lease.held` where another process has it
 */
export async function openJournal(landingFolder: string, workspace: string): Promise<Journal> {
  const folder = join(landingFolder, JOURNAL_FOLDER, WORKSPACE + workspace);
  await makeFolder(folder);
  return await openLocked(landingFolder, folder, await lockWithPatience(join(folder, LOCK_FILE)));
}

async function openLocked(landingFolder: string, folder: string, lease: Lease): Promise<Journal> {
  const journal = new FileJournal(landingFolder, folder, lease);
  try {
    await journal.roll();
    return journal;
  } catch (thrown) {
    await journal.close();
    throw thrown;
  }
}

/**
 * Rolls what receivers that are gone left in the journals of a landing folder, and gives the
 * workspaces in whose journal something stays: their receiver lives.
 */
export async function rollLeftJournals(landingFolder: string): Promise<string[]> {
  const held: string[] = [];
  const folder = join(landingFolder, JOURNAL_FOLDER);
  for (const name of (await readdir(folder).catch(() => [])).filter((each) => each.startsWith(WORKSPACE))) {
    const files = await readdir(join(folder, name)).catch(() => []);
    if (!files.some((file) => file.endsWith(`.${EXTENSION}`))) continue;
    const lease = await tryLockFile(join(folder, name, LOCK_FILE));
    if (lease) await (await openLocked(landingFolder, join(folder, name), lease)).close();
    else held.push(name.slice(WORKSPACE.length));
  }
  return held;
}

async function lockWithPatience(path: string): Promise<Lease> {
  for (let waitedMs = 0; ; waitedMs += LOCK_RETRY_MS) {
    const lease = await tryLockFile(path);
    if (lease) return lease;
    if (waitedMs >= LOCK_PATIENCE_MS) break;
    await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
  }
  throw new SuptaskError(
    'lease.held',
    'Another process receives webhooks for this workspace and landing folder.',
    'Stop the other `suptask serve`, or give this one a workspace or a landing of its own.',
  );
}

class FileJournal implements Journal {
  readonly #landingFolder: string;
  readonly #folder: string;
  readonly #lease: Lease;
  readonly #files = new Map<StreamName, { name: string; day: string; handle: FileHandle }>();
  #turn: Promise<unknown> = Promise.resolve();
  #rolled: Promise<void> = Promise.resolve();

  constructor(landingFolder: string, folder: string, lease: Lease) {
    this.#landingFolder = landingFolder;
    this.#folder = folder;
    this.#lease = lease;
  }

  write(batch: Batch): Promise<void> {
    return this.#inTurn(() => this.#write(batch));
  }

  roll(): Promise<void> {
    const rolled = this.#rolled.then(() => this.#roll());
    this.#rolled = rolled.catch(() => undefined);
    return rolled;
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.#endFiles());
    await this.#rolled;
    await this.#lease.release();
  }

  async #roll(): Promise<void> {
    this.#lease.lost.throwIfAborted();
    const names = await this.#inTurn(async () => {
      await this.#endFiles();
      return await readdir(this.#folder);
    });
    for (const name of names.sort()) {
      const [stream, day, id, ...extension] = name.split('.');
      if (extension.join('.') === EXTENSION && isStream(stream) && day && id) await this.#rollFile(name, stream, day, id);
    }
  }

  async #write({ stream, landedAt, rows }: Batch): Promise<void> {
    this.#lease.lost.throwIfAborted();
    const handle = await this.#fileFor(stream, landedAt.toISOString().slice(0, 10));
    try {
      await handle.appendFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      await handle.datasync();
      if ((await handle.stat()).nlink === 0) throw new Error('the journal was removed while it was written');
    } catch (thrown) {
      // Nothing may follow what was written by half: the next row begins another file.
      await this.#endFile(stream).catch(() => undefined);
      throw thrown;
    }
  }

  async #fileFor(stream: StreamName, day: string): Promise<FileHandle> {
    const standing = this.#files.get(stream);
    if (standing?.day === day) return standing.handle;
    await this.#endFile(stream);
    const name = `${stream}.${day}.${newId()}.${EXTENSION}`;
    const handle = await open(join(this.#folder, name), 'ax');
    this.#files.set(stream, { name, day, handle });
    await flushed(this.#folder, 'r');
    return handle;
  }

  async #endFiles(): Promise<void> {
    for (const stream of this.#files.keys()) await this.#endFile(stream);
  }

  async #endFile(stream: StreamName): Promise<void> {
    const file = this.#files.get(stream);
    this.#files.delete(stream);
    await file?.handle.close();
  }

  /**
   * Makes a Parquet file of a journal file to which nothing is written any more, and then removes
   * it. A crash in between leaves both; the next roll makes the same file again. A line that was
   * written by half reads as nothing but nulls.
   */
  async #rollFile(name: string, stream: StreamName, day: string, id: string): Promise<void> {
    const path = join(this.#folder, name);
    const dayFolder = join(this.#landingFolder, stream, `landed_on=${day}`);
    await makeFolder(dayFolder);
    const columns = columnsOf(stream);
    const types = columns.map(([column, { type }]) => `"${column}": '${type === 'timestamp' ? 'timestamptz' : duckDbTypes[type]}'`);
    await placedWhole(join(dayFolder, `${id}.parquet`), (beside) =>
      runDuckDb(`
        copy (
          select ${columns.map(([column]) => `"${column}"`).join(', ')}
          from read_json(${quoted(literally(path))}, format = 'newline_delimited', columns = {${types.join(', ')}}, ignore_errors = true)
          where "${streams[stream].id}" is not null
        )
        to ${quoted(beside)} (format parquet, compression zstd)`),
    );
    await rm(path);
  }

  /** One after the other: no file is ended while it is written to. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** A newer version may have left files of streams that this one does not know. */
function isStream(name: string | undefined): name is StreamName {
  return name !== undefined && Object.hasOwn(streams, name);
}
