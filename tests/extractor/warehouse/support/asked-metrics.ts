import type { MartRow } from './marts.ts';
import { byLength } from '../../support/length.ts';
import type { Warehouse } from './warehouse.ts';

/** A figure of some rows; null where nothing was counted. */
type Figure = (rows: readonly MartRow[]) => number | null;

/** The mart that says the same as a metric: which of its rows are of whom, and what they make. */
interface Told {
  mart: string;
  member: (row: MartRow) => string;
  figure: Figure;
}

const partner = (row: MartRow) => String(row['partner_name'] ?? '');
const holder = (row: MartRow) => String(row['holder_name'] ?? row['holder_kind']);

/** What is asked, metric by metric, and where docs/architecture.md and the metrics' descriptions say that it stands. */
const ASKED: Record<'partner' | 'ticket__holder' | 'identity__role', Record<string, Told>> = {
  partner: {
    ticket_volume: { mart: 'ticket_volume_daily', member: partner, figure: total('created') },
    open_tickets: { mart: 'workload_by_partner', member: partner, figure: total('open_tickets') },
    active_tickets: { mart: 'workload_by_partner', member: partner, figure: total('active_tickets') },
    closed_tickets: { mart: 'suptask_tickets', member: partner, figure: (rows) => rows.filter(({ status_class }) => status_class === 'closed').length },
    reopen_count: { mart: 'suptask_tickets', member: partner, figure: total('reopen_count') },
    median_final_resolution_minutes: { mart: 'suptask_tickets', member: partner, figure: median('resolution_minutes') },
    // Promises say themselves whose they are; MetricFlow reaches the partner through the ticket.
    breach_rate: { mart: 'sla_outcomes', member: partner, figure: (rows) => share(outcomes(rows, 'breached'), outcomes(rows, 'met')) },
  },
  ticket__holder: { backlog_tickets: { mart: 'workload_by_staff', member: holder, figure: total('backlog_tickets') } },
  identity__role: {
    resolution_share: {
      mart: 'identity_resolution_rate',
      member: (row) => String(row['role']),
      figure: (rows) => share(total('resolved')(rows), total('unresolved')(rows)),
    },
  },
};

/** Figures by what was asked by, metric and member; who has none is left out. */
export type Figures = Record<string, Record<string, Record<string, number>>>;

/** What is asked of an engine. A question takes seconds: in the short form PostgreSQL has the one that asks most. */
function asked(engine: Warehouse['engine']): [string, Record<string, Told>][] {
  return Object.entries(engine === 'DuckDB' ? ASKED : byLength<Partial<typeof ASKED>>({ partner: ASKED.partner }, ASKED));
}

/** What MetricFlow says, in one question for all that is asked by the same. */
export async function askMetricFlow(warehouse: Warehouse): Promise<Figures> {
  const answers: Figures = {};
  for (const [by, told] of asked(warehouse.engine)) {
    const metrics = Object.keys(told);
    const rows = (await warehouse.metrics(metrics, [by])).map((row) => Object.values(row));
    answers[by] = Object.fromEntries(metrics.map((metric, place) => [
      metric,
      known(rows.map(([member = '', ...figures]) => [member, figures[place] === '' ? null : Number(figures[place])])),
    ]));
  }
  return answers;
}

/** The same from the rows of the marts. */
export function askMarts(engine: Warehouse['engine'], marts: Record<string, MartRow[]>): Figures {
  const ask = ({ mart, member, figure }: Told) => known([...Map.groupBy(marts[mart] ?? [], member)].map(([name, rows]) => [name, figure(rows)]));
  return Object.fromEntries(asked(engine).map(([by, told]) => [
    by,
    Object.fromEntries(Object.entries(told).map(([metric, each]) => [metric, ask(each)])),
  ]));
}

/** Without those of whom there is nothing to say, for whom a mart may have a row and MetricFlow none; to six digits. */
function known(figures: readonly (readonly [string, number | null])[]): Record<string, number> {
  return Object.fromEntries(figures.flatMap(([name, figure]) => (figure ? [[name, Number(figure.toPrecision(6))]] : [])));
}

function total(column: string): (rows: readonly MartRow[]) => number {
  return (rows) => rows.reduce((sum, row) => sum + Number(row[column]), 0);
}

function median(column: string): Figure {
  return (rows) => {
    const values = rows.map((row) => row[column]).filter((value) => value !== null).map(Number).toSorted((a, b) => a - b);
    const middle = (values.length - 1) / 2;
    return values.length === 0 ? null : ((values[Math.floor(middle)] ?? 0) + (values[Math.ceil(middle)] ?? 0)) / 2;
  };
}

function outcomes(rows: readonly MartRow[], name: string): number {
  return rows.filter(({ outcome }) => outcome === name).length;
}

function share(part: number, rest: number): number | null {
  return part + rest === 0 ? null : part / (part + rest);
}
