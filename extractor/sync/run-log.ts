import { hostname } from 'node:os';
import { newId } from '../ids.ts';
import type { Clock } from '../clock.ts';
import type { Landing } from '../landing/landing.ts';

export type RunKind = 'sync' | 'backfill';
type RunEvent = 'started' | 'finished' | 'failed' | 'abandoned';

/** A run as the log knows it. */
export interface LoggedRun {
  runId: string;
  kind: string;
  host: string;
  pid: number;
  /** When it began, or the first that was read of it where its beginning was not. */
  startedAtMs: number;
  isStartKnown: boolean;
  /** The step that ended it, null while none has been landed. */
  ended: { event: RunEvent; atMs: number; counts: Record<string, number>; error: string | null } | null;
}

const RECENT_MS = 3 * 86_400_000;

const COLUMNS = ['event_id', 'run_id', 'event', 'at', 'kind', 'host', 'pid', 'counts', 'error'] as const;
type LoggedEvent = [string, string, RunEvent, number, string, string, number, string | null, string | null];

/** All runs of this connection, oldest first; with `workspace: null`, of all; with `landedSince`, as far as they were landed since then. */
export async function readRuns(landing: Landing, which: { workspace?: null; landedSince?: Date } = {}): Promise<LoggedRun[]> {
  const runs = new Map<string, LoggedRun>();
  for await (const chunk of landing.read({ stream: 'sync_runs', columns: COLUMNS, orderBy: ['at', 'event_id'], ...which })) {
    for (const [, runId, event, atMs, kind, host, pid, counts, error] of chunk as LoggedEvent[]) {
      const run = runs.get(runId) ?? { runId, kind, host, pid, startedAtMs: atMs, isStartKnown: event === 'started', ended: null };
      if (event !== 'started') run.ended = { event, atMs, counts: JSON.parse(counts ?? '{}') as Record<string, number>, error };
      runs.set(runId, run);
    }
  }
  return [...runs.values()];
}

/** The last runs, oldest first: of some days where these show the last one whole and one that finished, else all. A year has a file for each day. */
export async function readLastRuns(landing: Landing, clock: Clock): Promise<LoggedRun[]> {
  const recent = await readRuns(landing, { landedSince: new Date(clock.now() - RECENT_MS) });
  const areEnough = recent.at(-1)?.isStartKnown === true && recent.some(({ ended }) => ended?.event === 'finished');
  return areEnough ? recent : await readRuns(landing);
}

/** Lands a step in the life of a run. */
export async function landRunEvent(
  landing: Landing,
  clock: Clock,
  run: { runId: string; kind: string; host?: string; pid?: number },
  event: RunEvent,
  detail: { counts?: Record<string, number>; error?: string } = {},
): Promise<void> {
  await landing.append('sync_runs', [
    {
      event_id: newId(),
      run_id: run.runId,
      event,
      at: new Date(clock.now()),
      kind: run.kind,
      host: run.host ?? hostname(),
      pid: run.pid ?? process.pid,
      counts: detail.counts ? JSON.stringify(detail.counts) : null,
      error: detail.error ?? null,
    },
  ]);
}

/** Whoever holds the lease knows that no other run is alive: one without an end has been abandoned. */
export async function landAbandonedRuns(landing: Landing, clock: Clock): Promise<void> {
  for (const run of await readRuns(landing)) {
    if (run.ended === null) await landRunEvent(landing, clock, run, 'abandoned');
  }
}
