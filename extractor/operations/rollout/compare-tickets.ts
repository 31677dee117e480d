import type { Session } from '../../session.ts';
import type { PublishedMarts } from '../published-marts.ts';
import { spelledAlike } from './raw-ticket.ts';
import type { Verdict } from './verdict.ts';

/**
 * Whether the marts say of every ticket what the log's newest body of it says: the same numbers, the
 * same statuses, as of the moment of the last build.
 */
export async function compareWithLog({ landing, settings }: Session, marts: PublishedMarts): Promise<Verdict> {
  const told = await marts.query(
    'select cast(ticket_number as double precision), status, cast(extract(epoch from as_of) * 1000 as double precision) from {suptask_tickets} where workspace = $1',
    [settings.workspace],
  );
  const asOfMs = Math.round(Number(told[0]?.[2] ?? 0));
  const newest = new Map<number, string | null>();
  const columns = ['fetch_id', 'ticket_number', 'channel', 'outcome', 'observed_at', 'ticket_status'];
  for await (const chunk of landing.read({ stream: 'ticket_fetches', columns, orderBy: ['observed_at', 'fetch_id'] })) {
    for (const [, number, channel, outcome, observedAtMs, status] of chunk) {
      const found = outcome === 'found' || outcome === 'unchanged';
      // A delivery tells of its own moment, and is confirmed by a read within a day.
      if (found && channel !== 'webhook' && Number(observedAtMs) <= asOfMs) newest.set(Number(number), status === null ? null : String(status));
    }
  }
  const statuses = new Map(told.map(([number, status]) => [Number(number), status === null ? null : String(status)]));
  const missing = [...newest.keys()].filter((number) => !statuses.has(number));
  const different = [...newest].filter(([number, status]) => statuses.has(number) && spelledAlike(statuses.get(number)) !== spelledAlike(status));
  const ok = newest.size > 0 && missing.length + different.length === 0;
  const faults = [...missing.map((number) => `${number} is missing`), ...different.map(([number, status]) => `${number} is ${statuses.get(number)}, not ${status}`)].slice(0, 5).join('; ');
  return {
    what: 'marts agree with the log',
    ok,
    evidence: newest.size === 0 ? 'no ticket was found yet' : ok ? `${newest.size} tickets have the status of their newest body, as of ${new Date(asOfMs).toISOString()}` : faults,
    remedy: 'Build the marts again: npm run dbt -- build --full-refresh. If it stays so, report it.',
  };
}
