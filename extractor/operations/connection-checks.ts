import type { Clock } from '../clock.ts';
import { SuptaskError } from '../errors.ts';
import type { Landing } from '../landing/landing.ts';
import { formatTime } from '../output/format.ts';
import { readLastRuns } from '../sync/run-log.ts';

/** A connection check as it was landed. */
export interface LoggedCheck {
  correlationId: string;
  kind: string;
  scenario: string;
  atMs: number;
  ok: boolean;
  latencyMs: number | null;
  code: string | null;
  evidence: Record<string, unknown>;
}

const COLUMNS = ['check_id', 'correlation_id', 'kind', 'scenario', 'at', 'ok', 'latency_ms', 'code', 'evidence'];
type LoggedRow = [string, string, string, string, number, boolean, number | null, string | null, string | null];

/** The checks of the log, oldest first; of the days since a time, where one is given. */
export async function readChecks(landing: Landing, since?: Date): Promise<LoggedCheck[]> {
  const checks: LoggedCheck[] = [];
  const request = { stream: 'connection_checks', columns: COLUMNS, orderBy: ['at', 'check_id'], ...(since ? { landedSince: since } : {}) } as const;
  for await (const chunk of landing.read(request)) {
    for (const [, correlationId, kind, scenario, atMs, ok, latencyMs, code, evidence] of chunk as LoggedRow[]) {
      checks.push({ correlationId, kind, scenario, atMs, ok, latencyMs, code, evidence: JSON.parse(evidence ?? '{}') as Record<string, unknown> });
    }
  }
  return checks;
}

/**
 * The first sync of a workspace is not begun on a connection whose last check failed.
 * @throws SuptaskError `check.failed`
 */
export async function refuseAfterFailedCheck(landing: Landing, clock: Clock): Promise<void> {
  const runs = await readLastRuns(landing, clock);
  if (runs.some(({ ended }) => ended?.event === 'finished')) return;
  const last = (await readChecks(landing)).findLast(({ kind }) => kind === 'connection_test');
  if (last === undefined || last.ok) return;
  throw new SuptaskError(
    'check.failed',
    `This workspace has never been synced, and its last check, at ${formatTime(last.atMs)}, failed (${last.code}).`,
    `See what it found: suptask errors show ${last.correlationId.slice(0, 8)}. Then run suptask check again, until it says ok.`,
  );
}
