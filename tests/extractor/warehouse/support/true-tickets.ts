import type { TicketTruth, Truth } from '../../../../extractor/simulator/truth.ts';
import type { MartRow, Value } from './marts.ts';

/** A time as the marts' readers write it. */
export function timeText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 23).replace('T', ' ')}000`;
}

/** The other way round; null stays null. */
export function timeMs(text: Value | undefined): number | null {
  return typeof text === 'string' ? Date.parse(`${text.slice(0, 23).replace(' ', 'T')}Z`) : null;
}

/** The Monday of a time's week, in UTC. */
export function weekStart(atMs: number): string {
  const day = new Date(atMs);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

/** The usual spelling: the source writes OPEN and Open, HIGH and high; custom names it writes in one way. */
export function usualSpelling(name: string | null): string | null {
  return name === null || /\s|-/.test(name) ? name : name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
}

/** What is true of a ticket, by the column of `suptask_tickets` that says so. */
export const trueColumns: Record<string, (ticket: TicketTruth) => Value> = {
  ticket_number: ({ number }) => number,
  created_at: ({ createdAt }) => timeText(createdAt),
  status: ({ status }) => usualSpelling(status),
  status_class: ({ statusClass }) => statusClass,
  is_archived: ({ archived }) => archived,
  is_backlog: (ticket) => isBacklog(ticket),
  priority: ({ priority }) => usualSpelling(priority),
  queue_id: ({ queueId }) => queueId,
  assignee_id: ({ holder }) => holder,
  assignee_staff_id: ({ holderStaffId }) => holderStaffId,
  channel_id: ({ channelId }) => channelId,
  partner_id: ({ partnerId }) => partnerId,
  source: ({ source }) => source,
  requester_id: ({ requester }) => requester.slackUserId,
};

/** Whether it counts in the backlog: neither closed nor archived. */
export function isBacklog({ statusClass, archived }: TicketTruth): boolean {
  return statusClass !== 'closed' && !archived;
}

/** The record without the numbers that nobody could read. */
export function readable(truth: Truth, unreadable: readonly number[]): TicketTruth[] {
  return truth.tickets.filter(({ number }) => !unreadable.includes(number));
}

/** How many there are of each group, by the group's values. */
export function countBy<T>(items: readonly T[], groupOf: (item: T) => readonly Value[], countOf: (item: T) => number = () => 1): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const group = groupOf(item).join(' | ');
    counts[group] = (counts[group] ?? 0) + countOf(item);
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a mart says of a ticket beside what is true of it. */
export interface Pair {
  row: MartRow;
  ticket: TicketTruth;
}

/** Rows of `suptask_tickets` with the record of their ticket. Throws where a number is on one side only. */
export function pair(rows: readonly MartRow[], tickets: readonly TicketTruth[]): Pair[] {
  const byNumber = new Map(tickets.map((ticket) => [ticket.number, ticket]));
  if (rows.length !== tickets.length) throw new Error(`${rows.length} rows, ${tickets.length} tickets`);
  return rows.map((row) => {
    const ticket = byNumber.get(Number(row['ticket_number']));
    if (!ticket) throw new Error(`there is no ticket ${row['ticket_number']}`);
    return { row, ticket };
  });
}
