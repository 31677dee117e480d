import type { Ticket, WireTime } from '../suptask/ticket.ts';
import { OFFICE_OFFSET_MS } from './business-hours.ts';
import { createRandom } from './random.ts';

/** A ticket's fields under SupTask's names, with every time in milliseconds. */
export type TicketFields = Record<string, unknown>;

/** The fields that hold a time. */
export const TIME_FIELDS: readonly string[] = [
  'createdAt',
  'updatedAt',
  'messageLastRequesterTime',
  'messageLastRespondTime',
];

/** How one ticket is written; SupTask is not consistent, but each ticket stays as it is. */
export interface WireStyle {
  times: 'seconds' | 'milliseconds' | 'iso_offset' | 'iso_utc';
  number: 'string' | 'number';
  /** `snake`: `ticket_number` and `updated_at` in place of the usual names; `both`: beside them. */
  names: 'camel' | 'snake' | 'both';
  hasUpdatedAt: boolean;
}

export const PLAIN_STYLE: WireStyle = { times: 'seconds', number: 'string', names: 'camel', hasUpdatedAt: true };

/** The style of a ticket of a seeded world. */
export function wireStyleOf(seed: number, number: number): WireStyle {
  const random = createRandom(seed, `style ${number}`);
  return {
    times: random.weighted([
      ['seconds', 85],
      ['milliseconds', 7],
      ['iso_offset', 5],
      ['iso_utc', 3],
    ]),
    number: random.chance(0.8) ? 'string' : 'number',
    names: random.weighted([
      ['camel', 97],
      ['snake', 1.5],
      ['both', 1.5],
    ]),
    hasUpdatedAt: random.chance(0.98),
  };
}

/** The ticket as the API sends it. */
export function renderTicket(number: number, fields: TicketFields, style: WireStyle): Ticket {
  const ticket: TicketFields = { ticketNumber: style.number === 'string' ? String(number) : number };
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) ticket[name] = TIME_FIELDS.includes(name) ? wireTime(value, style) : value;
  }
  if (!style.hasUpdatedAt) delete ticket['updatedAt'];
  if (style.names !== 'camel') {
    ticket['ticket_number'] = ticket['ticketNumber'];
    if (ticket['updatedAt'] !== undefined) ticket['updated_at'] = ticket['updatedAt'];
  }
  if (style.names === 'snake') {
    delete ticket['ticketNumber'];
    delete ticket['updatedAt'];
  }
  // A ticket in snake case has no `ticketNumber`: the source's word on that is as loose as this cast.
  return ticket as Ticket;
}

function wireTime(value: unknown, style: WireStyle): WireTime | null {
  if (typeof value !== 'number') return null;
  const wholeMs = Math.floor(value / 1000) * 1000;
  switch (style.times) {
    case 'seconds':
      return wholeMs / 1000;
    case 'milliseconds':
      return value;
    case 'iso_utc':
      return new Date(wholeMs).toISOString();
    case 'iso_offset':
      return new Date(wholeMs + OFFICE_OFFSET_MS).toISOString().replace('.000Z', '+02:00');
  }
}
