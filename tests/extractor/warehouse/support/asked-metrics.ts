import type { MartRow } from './marts.ts';
import type { Warehouse } from './warehouse.ts';

/** Metrics of each of the semantic models; those of promises and people reach the partner through their ticket. */
const METRICS = ['ticket_volume', 'open_tickets', 'active_tickets', 'closed_tickets', 'breach_rate', 'resolution_share'] as const;

/** Figures in the order of METRICS, by the name of a partner; null where nothing was counted. */
export type FiguresByPartner = Record<string, (number | null)[]>;

/** What MetricFlow says, in one question. */
export async function askMetricFlow(warehouse: Warehouse): Promise<FiguresByPartner> {
  const rows = await warehouse.metrics(METRICS, ['partner']);
  return Object.fromEntries(rows.map((row) => {
    const [partner = '', ...figures] = Object.values(row);
    return [partner, figures.map((figure) => (figure === '' ? null : toSixDigits(Number(figure))))];
  }));
}

/** The same from the rows of the marts. */
export function askMarts(marts: Record<string, MartRow[]>): FiguresByPartner {
  const tickets = Map.groupBy(marts['suptask_tickets'] ?? [], (row) => String(row['partner_name'] ?? ''));
  const outcomes = (mart: string) => Map.groupBy(marts[mart] ?? [], (row) => String(row['ticket_key']));
  const [promises, people] = [outcomes('sla_outcomes'), outcomes('identity_resolution')];
  const figures = (rows: MartRow[]) => {
    const standing = (statusClass: string) => rows.filter((row) => row['status_class'] === statusClass && row['is_backlog'] === true).length;
    const share = (of: typeof promises, part: string, rest: string) => {
      const told = rows.flatMap((row) => of.get(String(row['ticket_key'])) ?? []).map(({ outcome }) => outcome);
      const count = (outcome: string) => told.filter((each) => each === outcome).length;
      return count(part) + count(rest) === 0 ? null : toSixDigits(count(part) / (count(part) + count(rest)));
    };
    const closed = rows.filter(({ status_class: statusClass }) => statusClass === 'closed').length;
    return [rows.length, standing('open'), standing('active'), closed, share(promises, 'breached', 'met'), share(people, 'resolved', 'unresolved')];
  };
  return Object.fromEntries([...tickets].map(([partner, rows]) => [partner, figures(rows)]));
}

function toSixDigits(figure: number): number {
  return Number(figure.toPrecision(6));
}
