import { v7 as uuid } from 'uuid';
import type { Clock } from '../clock.ts';
import type { CompactionReport } from './compaction.ts';
import type { LandedRow, Row, StreamName } from './streams.ts';

/** Rows of one stream that become durable together. */
export interface Batch<Name extends StreamName = StreamName> {
  stream: Name;
  batchId: string;
  landedAt: Date;
  rows: LandedRow<Name>[];
}

/** The right to run. */
export interface Lease {
  /** Aborted, with a SuptaskError `lease.lost`, where the right has been lost before its release. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** A scalar as it is read back: bigints as numbers, timestamps as milliseconds since the epoch. */
export type Scalar = string | number | boolean | null;

/**
 * A place that keeps the landing log: a folder of Parquet files, or a PostgreSQL schema.
 * Each of its methods throws `landing.unreachable` or `landing.not_writable` as a SuptaskError.
 */
export interface LandingStore {
  /** What to call it to a person; never with a password. */
  readonly shown: string;
  /** Makes the batch durable: when it resolves, a crash loses none of it; when it throws, none of it is there. */
  write(batch: Batch): Promise<void>;
  /** Reads columns of a stream, a row counted once, in chunks. What is ordered by must be read too. */
  read(request: ReadRequest): AsyncIterable<Scalar[][]>;
  /** Takes the right to run, which ends with the process at the latest; null where another has it. */
  tryLease(): Promise<Lease | null>;
  /** When a holder of the lease last showed that it lives; null where none ever did. Real time, in milliseconds. */
  leaseSeenAtMs(): Promise<number | null>;
  /** Merges many small files; null where there are none to merge. To be called under the lease only. */
  compact(nowMs: number): Promise<CompactionReport | null>;
  close(): Promise<void>;
}

export interface ReadRequest {
  stream: StreamName;
  columns: readonly string[];
  /** Only the rows of this connection; null: those of all. */
  workspace: string | null;
  orderBy: readonly string[];
  /** Only what was landed on this day (UTC) and later: the older folders are not looked at. */
  landedSince?: Date;
}

/** The landing log as one connection sees it: rows in, with what every row also has added. */
export interface Landing {
  readonly shown: string;
  readonly workspace: string;
  append<Name extends StreamName>(stream: Name, rows: readonly Row<Name>[]): Promise<void>;
  read(request: Omit<ReadRequest, 'workspace'>): AsyncIterable<Scalar[][]>;
  tryLease(): Promise<Lease | null>;
  leaseSeenAtMs(): Promise<number | null>;
  compact(): Promise<CompactionReport | null>;
  close(): Promise<void>;
}

/** The landing of one workspace on a store. Ids of batches are UUIDs of version 7: in order of time. */
export function createLanding(store: LandingStore, workspace: string, clock: Clock): Landing {
  return {
    shown: store.shown,
    workspace,
    async append(stream, rows) {
      if (rows.length === 0) return;
      const batchId = uuid();
      const landedAt = new Date(clock.now());
      const landed = rows.map((row) => ({ ...row, workspace, batch_id: batchId, landed_at: landedAt }));
      await store.write({ stream, batchId, landedAt, rows: landed });
    },
    read: (request) => store.read({ ...request, workspace }),
    tryLease: () => store.tryLease(),
    leaseSeenAtMs: () => store.leaseSeenAtMs(),
    compact: () => store.compact(clock.now()),
    close: () => store.close(),
  };
}
