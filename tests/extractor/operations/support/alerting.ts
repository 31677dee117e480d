import type { Landing } from '../../../../extractor/landing/landing.ts';

export const MINUTE = 60_000;

/** A source that answers nobody. */
export const down = { closedConnection: { probability: 1 } };

export const keysOf = ({ open }: { open: readonly { key: string }[] }) => open.map(({ key }) => key);

/** Two heartbeats that failed, the last one a minute before a time: an alert is open. */
export async function landBeats(landing: Landing, nowMs: number): Promise<void> {
  for (const at of [2, 1].map((minutes) => new Date(nowMs - minutes * MINUTE))) {
    await landing.append('connection_checks', [{ check_id: at.toISOString(), correlation_id: '1', kind: 'heartbeat', scenario: 'read_one_ticket', at, ok: false, latency_ms: 1, code: 'source.unreachable', evidence: '{}' }]);
  }
}
