import { FEWEST_FILES } from '../../landing/compaction.ts';
import type { Landing } from '../../landing/landing.ts';
import type { Session } from '../../session.ts';
import { PARKED_AFTER_FAILURES } from '../../sync/retry.ts';
import { type LoggedRun, readLastRuns } from '../../sync/run-log.ts';
import type { Ledger } from '../../sync/ledger.ts';
import { loadSyncState } from '../../sync/state.ts';
import { readChecks } from '../connection-checks.ts';
import { readResolution } from '../published-health.ts';
import type { Facts } from './conditions.ts';

/** Heartbeats older than this say nothing of now. */
const HEARTBEATS_MS = 7 * 86_400_000;

/**
 * Reads from the landing log (and, for the resolution, from what the newest build says) everything
 * that alerts are derived from; the ledger only where the caller, who has just run, hands in none.
 */
export async function readFacts({ settings, clock, landing }: Session, known?: Ledger): Promise<Facts> {
  const nowMs = clock.now();
  const runs = await readLastRuns(landing, clock);
  const ledger = known ?? (await loadSyncState({ ...settings, landing, clock })).ledger;
  const heartbeats = (await readChecks(landing, new Date(nowMs - HEARTBEATS_MS))).filter(({ kind }) => kind === 'heartbeat');
  return {
    nowMs,
    heartbeatEveryMs: settings.heartbeatMinutes * 60_000,
    promisedFreshnessMs: settings.promisedFreshnessMinutes * 60_000,
    heartbeats,
    runs,
    lastReadAtMsByRun: await lastReads(landing, runs),
    parked: ledger.states().filter(({ failuresInRow }) => failuresInRow >= PARKED_AFTER_FAILURES).toArray(),
    resolution: await readResolution(settings),
    mostFilesInADay: await landing.mostFilesInADay(),
    filesBeforeCompaction: FEWEST_FILES,
  };
}

/** When each run that has not ended last read something, by the machine's clock. */
async function lastReads(landing: Landing, runs: readonly LoggedRun[]): Promise<Map<string, number>> {
  const open = runs.filter(({ ended }) => ended === null);
  const last = new Map<string, number>();
  const [first] = open;
  if (first === undefined) return last;
  const ids = new Set(open.map(({ runId }) => runId));
  const columns = ['fetch_id', 'run_id', 'fetched_at'];
  for await (const chunk of landing.read({ stream: 'ticket_fetches', columns, orderBy: ['fetched_at', 'fetch_id'], landedSince: new Date(first.startedAtMs) })) {
    for (const [, runId, fetchedAtMs] of chunk) if (typeof runId === 'string' && ids.has(runId)) last.set(runId, Number(fetchedAtMs));
  }
  return last;
}
