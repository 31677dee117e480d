import { formatDuration } from '../../output/duration.ts';
import { formatCount, formatTime } from '../../output/format.ts';

const MINUTE_MS = 60_000;

/** A run of which the log has seen nothing for this long is stuck: waiting for a rate window takes half of it. */
export const STUCK_AFTER_MS = 30 * MINUTE_MS;

/** So many runs in a row that did not finish are no bad luck any more. */
const FAILED_RUNS = 3;

/** So many heartbeats in a row; one is bad luck. */
const MISSED_HEARTBEATS = 2;

/** Something that someone should look at, as long as it is so. */
export interface Alert {
  /** What it is about; the runbook has a section for the part before the colon. */
  key: string;
  what: string;
  remedy: string;
}

/** What alerts are derived from. Times are milliseconds on the machine's clock; null: there was none. */
export interface Facts {
  nowMs: number;
  heartbeatEveryMs: number;
  promisedFreshnessMs: number;
  /** The newest heartbeats, oldest first. */
  heartbeats: readonly { atMs: number; ok: boolean; code: string | null }[];
  /** The last runs of the log, oldest first: at least back to one that finished, where one did. */
  runs: readonly { runId: string; kind: string; host: string; pid: number; startedAtMs: number; ended: { event: string; atMs: number; error: string | null } | null }[];
  /** When each run that has not ended was last seen to read. */
  lastReadAtMsByRun: ReadonlyMap<string, number>;
  /** Numbers that fail so often that they are parked. */
  parked: readonly { number: number; failuresInRow: number; lastOutcome: string }[];
  /** What the newest build says of the share of requesters that are known. */
  resolution: { share: number; minimumShare: number } | null;
  /** The most files that a past day's folder of the landing holds; 0 where there are no folders. */
  mostFilesInADay: number;
  filesBeforeCompaction: number;
}

/** Everything that is not well now. Pure. */
export function alertsOf(facts: Facts): Alert[] {
  return [heartbeat(facts), ...stuckRuns(facts), syncFailing(facts), stale(facts), ...failingTickets(facts), resolution(facts), landing(facts)].filter(
    (alert) => alert !== null,
  );
}

/** Heartbeats that failed in a row, and those that should have come since and did not. */
function heartbeat({ heartbeats, heartbeatEveryMs, nowMs }: Facts): Alert | null {
  const last = heartbeats.at(-1);
  if (last === undefined) return null;
  const failed = heartbeats.length - 1 - heartbeats.findLastIndex(({ ok }) => ok);
  // Half an interval's grace: the one that is due may be on its way.
  const missing = Math.max(0, Math.floor((nowMs - last.atMs) / heartbeatEveryMs - 0.5));
  if (failed + missing < MISSED_HEARTBEATS) return null;
  const why = missing > 0 ? `none has come since ${formatTime(last.atMs)}` : `${failed} in a row have failed, the last with ${last.code ?? 'no code'}`;
  return { key: 'heartbeat', what: `Heartbeats fail: ${why}.`, remedy: missing > 0 ? 'See whether whatever runs suptask heartbeat still does.' : 'Run suptask check: it says what is wrong with the connection and what to do.' };
}

function stuckRuns({ runs, lastReadAtMsByRun, nowMs }: Facts): Alert[] {
  return runs.flatMap(({ runId, kind, host, pid, startedAtMs, ended }) => {
    const seenAtMs = Math.max(startedAtMs, lastReadAtMsByRun.get(runId) ?? 0);
    if (ended !== null || nowMs - seenAtMs < STUCK_AFTER_MS) return [];
    const what = `The ${kind} begun at ${formatTime(startedAtMs)} on ${host} (process ${pid}) has not ended, and nothing has been seen of it for ${formatDuration(nowMs - seenAtMs)}.`;
    return [{ key: `run_stuck:${runId}`, what, remedy: 'If that process lives, stop it; if it is gone, the next sync marks the run abandoned and goes on. See that syncs are scheduled.' }];
  });
}

function syncFailing({ runs }: Facts): Alert | null {
  const ended = runs.filter((run) => run.ended !== null);
  const failed = ended.length - 1 - ended.findLastIndex((run) => run.ended?.event === 'finished');
  if (failed < FAILED_RUNS) return null;
  const error = ended.at(-1)?.ended?.error;
  return { key: 'sync_failing', what: `The last ${failed} runs did not finish${error ? `: ${error}` : '.'}`, remedy: 'Run suptask check, and suptask errors for what each run died of.' };
}

function stale({ runs, lastReadAtMsByRun, promisedFreshnessMs, nowMs }: Facts): Alert | null {
  const first = runs[0];
  if (first === undefined) return null;
  const freshAtMs = runs.findLast((run) => run.ended?.event === 'finished')?.ended?.atMs ?? first.startedAtMs;
  // A run that goes on through the windows keeps what it reads fresh while it lasts.
  const readingAtMs = Math.max(0, ...lastReadAtMsByRun.values());
  const ageMs = nowMs - Math.max(freshAtMs, readingAtMs);
  if (ageMs <= promisedFreshnessMs) return null;
  return { key: 'stale', what: `The last sync that finished is ${formatDuration(ageMs)} old; ${formatDuration(promisedFreshnessMs)} are promised.`, remedy: 'See that syncs are scheduled and what the last one said: suptask status.' };
}

function failingTickets({ parked }: Facts): Alert[] {
  return parked.map(({ number, failuresInRow, lastOutcome }) => ({
    key: `ticket_failing:${number}`,
    what: `Ticket ${number} has failed ${failuresInRow} times in a row (${lastOutcome}); it is parked and tried once a week.`,
    remedy: `Look at it in SupTask; when it is well again: suptask retry ${number}. If it will never be, acknowledge this.`,
  }));
}

function resolution({ resolution: known }: Facts): Alert | null {
  if (known === null || known.share >= known.minimumShare) return null;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return { key: 'resolution_low', what: `Only ${percent(known.share)} of the requesters of Slack tickets are known as staff; ${percent(known.minimumShare)} are asked for.`, remedy: 'Map the ids in unresolved_identities, those with the most tickets first, and build again.' };
}

function landing({ mostFilesInADay, filesBeforeCompaction }: Facts): Alert | null {
  if (mostFilesInADay <= filesBeforeCompaction) return null;
  return { key: 'landing_growing', what: `A past day of the landing folder still holds ${formatCount(mostFilesInADay)} files: it is not compacted.`, remedy: 'Run suptask compact, and see why no sync ends in time to do it.' };
}
