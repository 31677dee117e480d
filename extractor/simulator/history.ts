import type { Ticket } from '../suptask/ticket.ts';
import { statusClassOf, type RequesterTruth, type TicketEvent, type TicketTruth } from './truth.ts';
import { renderTicket, type TicketFields, type WireStyle } from './wire.ts';

/** A ticket's whole life: how it began, and every change to come, in order. */
export interface TicketHistory {
  number: number;
  /** From this moment the API knows the ticket. */
  existsFrom: number;
  /** The fields at that moment, times in milliseconds. */
  initial: TicketFields;
  events: readonly TicketEvent[];
  style: WireStyle;
  requester: RequesterTruth;
}

/** A change that is not yet known to be one: what the field holds before it is seen when it is applied. */
export interface PlannedChange {
  at: number;
  field: string;
  to: unknown;
  by: string | null;
}

/** Puts changes into the order of time (equal times keep their order) and drops those that change nothing. */
export function eventsFrom(initial: TicketFields, changes: readonly PlannedChange[]): TicketEvent[] {
  const fields: TicketFields = { ...initial };
  const events: TicketEvent[] = [];
  for (const { at, field, to, by } of changes.toSorted((a, b) => a.at - b.at)) {
    const from = fields[field];
    if (from === to) continue;
    const event = { at, field, from: from ?? null, to, by };
    applyEvent(fields, event);
    events.push(event);
  }
  return events;
}

/** Changes `fields` as the event says, with what SupTask keeps beside it. */
export function applyEvent(fields: TicketFields, event: TicketEvent): void {
  fields['updatedAt'] = event.at;
  fields[event.field] = event.to ?? undefined;
  if (event.by !== null) fields['updatedBy'] = event.by;
  if (event.field === 'messageRequesterCount') fields['messageLastRequesterTime'] = event.at;
  if (event.field === 'messageResponderCount') {
    fields['messageLastRespondTime'] = event.at;
    if (event.by !== null) fields['messageResponderId'] = event.by;
  }
}

/**
 * Reads a history forward: the ticket at a moment costs only the events since the moment read before.
 * Going back in time works too, from the beginning. The same version is the same object.
 */
export class HistoryReader {
  readonly #history: TicketHistory;
  #fields: TicketFields = {};
  #applied = -1;
  #ticket: Ticket | undefined;

  constructor(history: TicketHistory) {
    this.#history = history;
  }

  ticketAt(at: number): Ticket | undefined {
    if (at < this.#history.existsFrom) return undefined;
    this.#moveTo(at);
    this.#ticket ??= renderTicket(this.#history.number, this.#fields, this.#history.style);
    return this.#ticket;
  }

  #moveTo(at: number): void {
    const { events, initial } = this.#history;
    const last = events[this.#applied - 1];
    if (this.#applied < 0 || (last !== undefined && last.at > at)) {
      this.#fields = { ...initial };
      this.#applied = 0;
      this.#ticket = undefined;
    }
    for (let event = events[this.#applied]; event !== undefined && event.at <= at; event = events[this.#applied]) {
      applyEvent(this.#fields, event);
      this.#applied += 1;
      this.#ticket = undefined;
    }
  }
}

/** Finds out who a Slack id or channel stands for. */
export interface Directory {
  staffIdOf(slackUserId: string): string | null;
  partnerIdOf(channelId: string): string | null;
}

/** What is true of a ticket at a moment; undefined before it exists. Told from the events alone. */
export function truthOf(history: TicketHistory, at: number, directory: Directory): TicketTruth | undefined {
  if (at < history.existsFrom) return undefined;
  const events = history.events.filter((event) => event.at <= at);
  const last = (field: string) => {
    const change = events.findLast((event) => event.field === field);
    return change === undefined ? history.initial[field] : change.to;
  };
  const status = textOrNull(last('status')) ?? '';
  const assignee = textOrNull(last('assignee'));
  const holder = assignee === 'UNASSIGNED' ? null : assignee;
  const channelId = textOrNull(last('messageRequesterChannel'));
  const createdAt = history.initial['createdAt'];
  return {
    number: history.number,
    createdAt: typeof createdAt === 'number' ? createdAt : history.existsFrom,
    status,
    statusClass: statusClassOf(status),
    archived: last('archived') === true,
    priority: textOrNull(last('priority')),
    queueId: textOrNull(last('queueId')),
    holder,
    holderStaffId: holder === null ? null : directory.staffIdOf(holder),
    channelId,
    partnerId: channelId === null ? null : directory.partnerIdOf(channelId),
    source: textOrNull(last('source')),
    requester: history.requester,
    ...closures(history, events),
    events,
  };
}

function closures(history: TicketHistory, events: readonly TicketEvent[]) {
  let closed = statusClassOf(textOrNull(history.initial['status']) ?? '') === 'closed';
  const closedAt: number[] = closed ? [history.existsFrom] : [];
  let reopenCount = 0;
  for (const event of events) {
    if (event.field !== 'status') continue;
    const closes = statusClassOf(String(event.to)) === 'closed';
    if (closes && !closed) closedAt.push(event.at);
    if (!closes && closed) reopenCount += 1;
    closed = closes;
  }
  return { firstClosedAt: closedAt[0] ?? null, lastClosedAt: closedAt.at(-1) ?? null, reopenCount };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
