import type { LoggedRun } from '../sync/run-log.ts';

/** A number that does not answer as it should. */
export interface FailingNumber {
  number: number;
  outcome: string;
  failuresInRow: number;
  parked: boolean;
  retryAtMs: number;
  /** What its last failed read said, at most 300 characters. */
  error: string | null;
}

/**
 * Where the sync stands, derived from the landing log and the lease alone; docs/status.md says it
 * field by field. Times are milliseconds since the epoch: those of reads on the source's clock
 * (`nowMs`), those of runs on this machine's (`localNowMs`).
 */
export interface StatusFacts {
  landing: string;
  workspace: string;
  nowMs: number;
  localNowMs: number;
  /** Whether somebody holds the lease, and since when the last sign of life. */
  lease: { held: boolean; seenAtMs: number | null };
  /** The run under way, or that died without an end; null where the last one has ended. */
  openRun: (LoggedRun & { isAlive: boolean }) | null;
  lastRun: LoggedRun | null;
  lastFinishedAtMs: number | null;
  newestNumber: number;
  ticketsFound: number;
  open: number;
  closed: number;
  lastReadAtMs: number | null;
  /** The open or active ticket that was seen longest ago. */
  longestUnseenOpen: { number: number; seenAtMs: number } | null;
  /** Tickets that by the rate of changes have changed since they were last seen: how many are to be expected. */
  expectedStale: number;
  /** Numbers up to the newest that were never read. */
  neverRead: number;
  retriesDue: number;
  /** Open or active tickets that were not seen for a day. */
  overdue: number;
  /** Numbers that an operator asked for and that were not read since. */
  requested: number;
  budgetLeft: number | null;
  budgetLimit: number | null;
  windowEndsAtMs: number | null;
  nextRequestAtMs: number;
  /** What is behind, as reads, and when they can have been sent if runs go on; null where nothing is behind. */
  catchingUp: { reads: number; windows: number; endsAtMs: number } | null;
  failing: FailingNumber[];
}
