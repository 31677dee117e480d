import { newId } from '../ids.ts';
import type { Clock } from '../clock.ts';
import type { FoundText, TextPattern } from './found-text.ts';
import type { LandedRow, Row, StreamName } from './streams.ts';

/** Rows of one stream that become durable together. */
export interface Batch<Name extends StreamName = StreamName> {
  stream: Name;
  batchId: string;
  landedAt: Date;
  rows: LandedRow<Name>[];
}

/**
 * Rows that become durable delivery by delivery, faster than a file of the log could be made of
 * each. They are part of the log once they have been rolled.
 */
export interface Journal {
  /** Makes the batch durable: when it resolves, a crash loses none of it. */
  write(batch: Batch): Promise<void>;
  /** Makes what was written part of the log. A crash at any point loses no row and counts none twice. */
  roll(): Promise<void>;
  /** What was not rolled is rolled by the next who opens the journal. */
  close(): Promise<void>;
}

/** The right to do something as the only one. */
export interface Lease {
  /** Aborted, with a SuptaskError `lease.lost`, where the right has been lost before its release. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** What only one may do at a time: run on a landing log, or tell of the alerts of one of its workspaces. */
export type LockName = 'lease' | `alerts of ${string}`;

/** A scalar as it is read back: bigints as numbers, timestamps as milliseconds since the epoch. */
export type Scalar = string | number | boolean | null;

/** What a compaction did. */
export interface CompactionReport {
  /** Day folders in which files were merged into one. */
  foldersMerged: number;
  filesMerged: number;
  /** Files removed because a merged one has stood in for them long enough. */
  filesRemoved: number;
}

/**
 * A place that keeps the landing log: a folder of Parquet files, or a PostgreSQL schema.
 * Each of its methods throws `landing.unreachable` or `landing.not_writable` as a SuptaskError.
 */
export interface LandingStore {
  /** None where the log itself lies in memory. */
  readonly memory?: Memory;
  /** What to call it to a person; never with a password. */
  readonly shown: string;
  /** Makes the batch durable: when it resolves, a crash loses none of it; when it throws, none of it is there. */
  write(batch: Batch): Promise<void>;
  /** Reads columns of a stream, a row counted once, in chunks. What is ordered by must be read too. */
  read(request: ReadRequest): AsyncIterable<Scalar[][]>;
  /** Opens the journal of a workspace and rolls what was left in it; throws `lease.held` where another process has it. */
  openJournal(workspace: string): Promise<Journal>;
  /** Rolls what receivers that are gone left in the journals, and gives the workspaces in whose journal something stays: their receiver lives. */
  rollLeftJournals(): Promise<string[]>;
  /** Takes a right, which ends with the process at the latest; null where another has it. */
  tryLock(name: LockName): Promise<Lease | null>;
  /** When a holder of the lease last showed that it lives; null where none ever did, or the last one gave it back. Real time, in milliseconds. */
  leaseSeenAtMs(): Promise<number | null>;
  /** Merges many small files; null where there are none to merge. To be called under the lease only. */
  compact(nowMs: number): Promise<CompactionReport | null>;
  /** The texts that match a pattern, in rows of every workspace. */
  findTexts(pattern: TextPattern): Promise<FoundText[]>;
  /** Puts these texts in the place of those that stand there: the one exception to append-only. To be called under the lease only. */
  replaceTexts(texts: readonly FoundText[]): Promise<void>;
  /** The most files that a day's folder holds, of days that compaction should be done with; 0 where there are no folders. */
  mostFilesInADay(nowMs: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * A place beside the log for what was derived from it, so that it need not be derived again. Nothing
 * there is truth: whoever reads it holds it against the parts of the log.
 */
export interface Memory {
  /**
   * The parts of a stream whose rows count, each with a mark that changes where its content does: all files, or the batches of
   * this workspace.
   */
  parts(stream: StreamName, workspace: string): Promise<Map<string, string>>;
  /** What was remembered last under a name; null where nothing was, or it cannot be read. */
  recall(name: string): Promise<Buffer | null>;
  remember(name: string, bytes: Buffer): Promise<void>;
}

export interface ReadRequest {
  stream: StreamName;
  columns: readonly string[];
  /** Only the rows of this connection; null: those of all. */
  workspace: string | null;
  orderBy: readonly string[];
  /** Only what was landed on this day (UTC) and later: the older folders are not looked at. */
  landedSince?: Date;
  /** Only the rows of these parts of a `Memory`. */
  parts?: readonly string[];
  /** Only rows in which this column is not null. */
  present?: string;
}

/** Adds rows of one stream to the log. */
export type Append = <Name extends StreamName>(stream: Name, rows: readonly Row<Name>[]) => Promise<void>;

/** A journal as one connection sees it. */
export interface LandingJournal extends Pick<Journal, 'roll' | 'close'> {
  append: Append;
}

/** The landing log as one connection sees it: rows in, with what every row also has added. */
export interface Landing {
  readonly shown: string;
  readonly workspace: string;
  readonly memory: Memory | undefined;
  append: Append;
  openJournal(): Promise<LandingJournal>;
  rollLeftJournals(): Promise<string[]>;
  /** Reads the rows of this connection; with `workspace: null`, of all. */
  read(request: Omit<ReadRequest, 'workspace'> & { workspace?: null }): AsyncIterable<Scalar[][]>;
  /** Takes the right to run on the whole log; null where another has it. */
  tryLease(): Promise<Lease | null>;
  /** Takes the right to tell of this connection's alerts; null where another has it. */
  tryTelling(): Promise<Lease | null>;
  leaseSeenAtMs(): Promise<number | null>;
  compact(): Promise<CompactionReport | null>;
  mostFilesInADay(): Promise<number>;
  findTexts(pattern: TextPattern): Promise<FoundText[]>;
  replaceTexts(texts: readonly FoundText[]): Promise<void>;
  close(): Promise<void>;
}

/** The landing of one workspace on a store. Ids of batches are UUIDs of version 7: in order of time. */
export function createLanding(store: LandingStore, workspace: string, clock: Clock): Landing {
  const appendTo =
    (target: Pick<LandingStore, 'write'>): Append =>
    async (stream, rows) => {
      if (rows.length === 0) return;
      const batchId = newId();
      const landedAt = new Date(clock.now());
      const landed = rows.map((row) => ({ ...row, workspace, batch_id: batchId, landed_at: landedAt }));
      await target.write({ stream, batchId, landedAt, rows: landed });
    };
  return {
    shown: store.shown,
    workspace,
    memory: store.memory,
    append: appendTo(store),
    async openJournal() {
      const journal = await store.openJournal(workspace);
      return { append: appendTo(journal), roll: () => journal.roll(), close: () => journal.close() };
    },
    rollLeftJournals: () => store.rollLeftJournals(),
    read: (request) => store.read({ workspace, ...request }),
    tryLease: () => store.tryLock('lease'),
    tryTelling: () => store.tryLock(`alerts of ${workspace}`),
    leaseSeenAtMs: () => store.leaseSeenAtMs(),
    compact: () => store.compact(clock.now()),
    mostFilesInADay: () => store.mostFilesInADay(clock.now()),
    findTexts: (pattern) => store.findTexts(pattern),
    replaceTexts: (texts) => store.replaceTexts(texts),
    close: () => store.close(),
  };
}
