import type { Scalar } from '../../landing/landing.ts';
import type { Session } from '../../session.ts';
import { createClient } from '../../suptask/client.ts';
import { toFetchRow } from '../../sync/fetch-row.ts';
import { loadSyncState } from '../../sync/state.ts';
import type { PublishedMarts } from '../published-marts.ts';
import { differencesOf, spelledAlike, toldByBody } from './raw-ticket.ts';
import type { Verdict } from './verdict.ts';

/** So many tickets of each class are fetched again: those that have not changed for longest. */
const SAMPLES_A_CLASS = 3;

/** A ticket as the marts tell it, with what is needed to hold it against a body. */
type Sample = [number: number, statusClass: string, status: Scalar, priority: Scalar, assignee: string | null, archived: boolean, createdAtMs: number, updatedAtMs: number | null, firstSeenAtMs: number];

/**
 * Fetches some open, active and closed tickets again, and holds what the source says of each, and how many
 * of them it calls closed, against the marts. Each request counts in the rate window; what comes back is landed.
 */
export async function compareWithSource(session: Session, marts: PublishedMarts): Promise<Verdict> {
  const { settings, landing, clock, redact, log } = session;
  const samples = await readSamples(marts, settings.workspace);
  const classes = await readClasses(marts, settings.workspace);
  const { ledger, sourceClock, budget } = await loadSyncState({ ...settings, landing, clock });
  const client = createClient({ source: settings.source(), clock, sourceClock, redact, log });
  const differences: string[] = [];
  const closed = { marts: 0, source: 0 };
  let [compared, changed, others] = [0, 0, 0];
  for (const [number, statusClass, status, priority, assignee, archived, createdAtMs, updatedAtMs, firstSeenAtMs] of samples) {
    if (budget.available(sourceClock.now()) < 1) break;
    budget.begin();
    const { result, ...answer } = await client.read(number);
    budget.end(answer.observedAtMs, answer.httpStatus, answer.rate);
    await landing.append('ticket_fetches', [toFetchRow({ result, ...answer }, { runId: null, channel: 'check', ledger })]);
    if (result.outcome !== 'found') others += 1;
    else if (result.envelope.updatedAtMs !== updatedAtMs) changed += 1;
    else {
      const body = toldByBody(result.payload.toString(), firstSeenAtMs);
      const told = { status: spelledAlike(status), priority: spelledAlike(priority), assignee, archived, createdAtMs };
      compared += 1;
      closed.marts += statusClass === 'closed' ? 1 : 0;
      closed.source += body.status === 'closed' || (body.status !== 'open' && classes.get(body.status) === 'closed') ? 1 : 0;
      differences.push(...differencesOf(told, body).map((difference) => `${number} is ${difference}`));
    }
  }
  await client.close();
  if (closed.marts !== closed.source) differences.push(`${closed.marts} of ${compared} are closed, not ${closed.source}`);
  const left = `${changed > 0 ? `, ${changed} have changed since` : ''}${others > 0 ? `, ${others} could not be read` : ''}`;
  const same = `${compared} tickets were fetched again, ${closed.source} of them closed: status, priority, assignee, archived and creation are what the marts say${left}`;
  return {
    what: 'marts agree with the source',
    ok: compared > 0 && differences.length === 0,
    evidence: differences.length > 0 ? differences.slice(0, 5).join('; ') : compared > 0 ? same : `no ticket could be compared of ${samples.length}${left}`,
    remedy: compared > 0 ? 'Run npm run pipeline, and this again; if it stays so, report it.' : 'Run suptask check; where the rate window is used up, wait for the next one; then npm run pipeline.',
  };
}

async function readSamples(marts: PublishedMarts, workspace: string): Promise<Sample[]> {
  const epochMs = (column: string) => `cast(extract(epoch from ${column}) * 1000 as double precision)`;
  const rows = await marts.query(
    `select
       cast(ticket_number as double precision), status_class, status, priority, assignee_id, is_archived,
       ${epochMs('created_at')}, ${epochMs('updated_at')}, ${epochMs('first_seen_at')}
     from (
       select *, row_number() over (partition by status_class order by updated_at nulls last, ticket_number) as place
       from {suptask_tickets} where workspace = $1 and gone_at is null and status is not null
     ) as tickets
     where place <= ${SAMPLES_A_CLASS} order by ticket_number`,
    [workspace],
  );
  return rows.map(([number, statusClass, status, priority, assignee, archived, createdAt, updatedAt, firstSeenAt]) => {
    const rounded = (value: Scalar | undefined) => Math.round(Number(value));
    return [Number(number), String(statusClass), status ?? null, priority ?? null, assignee == null ? null : String(assignee), archived === true, rounded(createdAt), updatedAt == null ? null : rounded(updatedAt), rounded(firstSeenAt)];
  });
}

/** Which class the marts put a status in: of one that is neither open nor closed by its name, the reference table of whoever runs this says so. */
async function readClasses(marts: PublishedMarts, workspace: string): Promise<Map<string | null, string>> {
  const rows = await marts.query('select distinct status, status_class from {suptask_tickets} where workspace = $1', [workspace]);
  return new Map(rows.map(([status, statusClass]) => [spelledAlike(status), String(statusClass)]));
}
