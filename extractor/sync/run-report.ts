import type { Outcome } from '../landing/streams.ts';
import type { Estimate } from './estimate.ts';
import type { NumberRange } from './planner.ts';
import type { RunKind } from './run-log.ts';

/** What a run is to read, and whom it tells how far it is. */
export interface RunOptions {
  kind: RunKind;
  /** Goes on through the next windows until every known number has been read once. */
  wait: boolean;
  /** Reads the never-read numbers of this range and nothing else. */
  range?: NumberRange | undefined;
  /** Reads what is new, then never-read numbers, newest first, until tickets were created before a moment: given now, on the source's clock. */
  createdSince?: ((nowMs: number) => number) | undefined;
  signal: AbortSignal;
  /** Is told once what is to be read: when the newest number is known, before anything else is read. */
  onPlanned?: ((progress: RunProgress) => void) | undefined;
  onProgress?: ((progress: RunProgress) => void) | undefined;
}

/** Where a run stands. Times are on the source's clock, in milliseconds since the epoch. */
export interface RunProgress {
  requests: number;
  /** Counts the numbers still to be read before the run has nothing left to do. */
  left: () => number;
  /** Requests left in the window; Infinity without a limit. */
  budgetLeft: number;
  limit: number | null;
  /** How long the numbers still to be read will take. */
  estimate: () => Estimate;
  /** Numbers are read until tickets were created before this moment; null where they are not. */
  createdSinceMs: number | null;
  nowMs: number;
  /** Set while the run sleeps until the next window. */
  waitingUntilMs: number | null;
}

/** What a run did, told at its end. */
export interface RunReport {
  runId: string;
  kind: RunKind;
  startedAtMs: number;
  endedAtMs: number;
  ended: 'everything_read' | 'window_used_up' | 'stopped';
  requests: number;
  outcomes: Partial<Record<Outcome, number>>;
  left: number;
  /** When the next request may be sent. */
  nextAtMs: number;
}
