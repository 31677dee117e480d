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
  startedAtMs: number;
  /** The step that ended it, null while none has been landed. */
  ended: { event: RunEvent; atMs: number; counts: Record<string, number>; error: string | null } | null;
}

const COLUMNS = ['event_id', 'run_id', 'event', 'at', 'kind', 'host', 'pid', 'counts', 'error'] as const;
type LoggedEvent = [string, string, RunEvent, number, string, string, number, string | null, string | null];

/** All runs of this connection, oldest first; with `workspace: null`, of all. */
export async function readRuns(landing: Landing, ofWhom: { workspace?: null } = {}): Promise<LoggedRun[]> {
  const runs = new Map<string, LoggedRun>();
  for await (const chunk of landing.read({ stream: 'sync_runs', columns: COLUMNS, orderBy: ['at', 'event_id'], ...ofWhom })) {
    for (const [, runId, event, atMs, kind, host, pid, counts, error] of chunk as LoggedEvent[]) {
      const run = runs.get(runId) ?? { runId, kind, host, pid, startedAtMs: atMs, ended: null };
      if (event !== 'started') run.ended = { event, atMs, counts: JSON.parse(counts ?? '{}') as Record<string, number>, error };
      runs.set(runId, run);
    }
  }
  return [...runs.values()];
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
