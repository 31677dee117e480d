import { formatCount } from '../output/format.ts';
import { formatDuration } from '../output/duration.ts';
import { formatTable, type TableColumn } from '../output/table.ts';
import type { Scalar } from '../landing/landing.ts';
import type { PublishedMarts } from './published-marts.ts';

type Format = (value: Scalar) => string;

const text: Format = (value) => (value === null ? '–' : String(value));
const words: Format = (value) => text(value).replaceAll('_', ' ');
const count: Format = (value) => (value === null ? '–' : formatCount(Number(value)));
const minutes: Format = (value) => (value === null ? '–' : formatDuration(Number(value) * 60_000));
const share: Format = (value) => (value === null ? '–' : `${(Number(value) * 100).toFixed(1)} %`);

interface Section {
  title: string;
  columns: readonly (readonly [heading: string, format: Format])[];
  sql: string;
}

/** What is shown of the marts: the question each answers, and its first rows. */
const sections: readonly Section[] = [
  {
    title: 'Who has how much to do? (workload_by_staff)',
    columns: [['holder', words], ['open', count], ['active', count], ['oldest', minutes], ['closed in 30 days', count], ['median to resolution', minutes]],
    sql: `select coalesce(holder_name, holder_kind), open_tickets::int, active_tickets::int, oldest_age_minutes::double,
            closed_30_days::int, median_resolution_minutes::double
          from {workload_by_staff} order by backlog_tickets desc, closed_30_days desc, 1 limit 6`,
  },
  {
    title: 'For which partner? (workload_by_partner)',
    columns: [['partner', words], ['open', count], ['active', count], ['oldest', minutes], ['closed in 30 days', count], ['median to resolution', minutes]],
    sql: `select coalesce(partner_name, partner_kind), open_tickets::int, active_tickets::int, oldest_age_minutes::double,
            closed_30_days::int, median_resolution_minutes::double
          from {workload_by_partner} order by backlog_tickets desc, closed_30_days desc, 1 limit 6`,
  },
  {
    title: 'Do we keep up? (closure_cadence, last weeks)',
    columns: [['week', text], ['created', count], ['closed', count], ['reopened', count], ['net flow', count]],
    sql: `select strftime(week_start, '%Y-%m-%d'), sum(created)::int, sum(closed)::int, sum(reopened)::int, sum(net_flow)::int
          from {closure_cadence} group by week_start order by week_start desc limit 5`,
  },
  {
    title: 'How much is open? (backlog_daily, last days)',
    columns: [['day', text], ['open', count], ['active', count], ['unassigned', count]],
    sql: `select strftime(day, '%Y-%m-%d'), sum(tickets) filter (status_class = 'open')::int,
            sum(tickets) filter (status_class = 'active')::int,
            coalesce(sum(tickets) filter (holder_kind = 'unassigned'), 0)::int
          from {backlog_daily} group by day order by day desc limit 5`,
  },
  {
    title: 'Do we know who asks? (identity_resolution_rate, last weeks)',
    columns: [['week', text], ['matched', count], ['not', count], ['share', share]],
    sql: `select strftime(week_start, '%Y-%m-%d'), sum(resolved)::int, sum(unresolved)::int, sum(resolved) / nullif(sum(resolved) + sum(unresolved), 0)
          from {identity_resolution_rate} where role = 'requester' and source = 'slack' group by week_start order by week_start desc limit 5`,
  },
  {
    title: 'Who could not be matched? (unresolved_identities)',
    columns: [['id', text], ['role', text], ['reason', words], ['tickets', count], ['may be', text]],
    sql: `select coalesce(external_id, 'ticket ' || ticket_key), role, reason, tickets::int, suggested_staff_id || ' ' || suggested_staff_name
          from {unresolved_identities} order by tickets desc, 1 limit 5`,
  },
];

/** The marts' summary for people: how many people were matched, and the top of each mart. */
export async function summarizeMarts(marts: PublishedMarts): Promise<string> {
  const parts = [await resolutionLine(marts)];
  for (const { title, columns, sql } of sections) {
    const rows = await marts.query(sql);
    const headings = columns.map(([heading, format]): TableColumn => ({ heading, align: format === text || format === words ? 'left' : 'right' }));
    const cells = rows.map((row) => columns.map(([, format], index) => format(row[index] ?? null)));
    parts.push(`${title}\n${formatTable(headings, cells).replace(/^/gm, '  ')}`);
  }
  return parts.join('\n\n');
}

async function resolutionLine(marts: PublishedMarts): Promise<string> {
  const [row] = await marts.query(
    `select sum(resolved)::int, sum(unresolved)::int, sum(resolved) / nullif(sum(resolved) + sum(unresolved), 0)
     from {identity_resolution_rate} where role = 'requester' and source = 'slack'`,
  );
  const [resolved = 0, unresolved = 0, rate = null] = row ?? [];
  return `Requesters of Slack tickets matched to staff: ${share(rate)} (${count(resolved)} matched, ${count(unresolved)} not; at least 80 % are asked for)`;
}
