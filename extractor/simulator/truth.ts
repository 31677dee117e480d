/** The simulator's own record of what happened. All times are milliseconds since the epoch. */
export interface Truth {
  /** The moment that the record describes. */
  at: number;
  startsAt: number;
  /** Nothing happens after this moment. */
  horizon: number;
  /** The tickets that exist at `at`, by number. */
  tickets: TicketTruth[];
}

export type StatusClass = 'open' | 'active' | 'closed';

export type RequesterKind = 'member' | 'guest' | 'connect' | 'bot' | 'blank' | 'email_only';

/** Who asked, whatever the ticket shows of it. */
export interface RequesterTruth {
  kind: RequesterKind;
  slackUserId: string | null;
  /** The address that stands on the ticket, in whichever field. */
  email: string | null;
  /** Null when the requester is not staff, or nobody could know. */
  staffId: string | null;
}

/**
 * One change of one field of a ticket. A list of `updatedAt` events only: the ticket was touched and
 * nothing else changed. Times among the values are milliseconds.
 */
export interface TicketEvent {
  at: number;
  field: string;
  from: unknown;
  to: unknown;
  /** Slack id of whoever did it, where that is known. */
  by: string | null;
}

/** What is true of one ticket at the moment of the record. */
export interface TicketTruth {
  number: number;
  createdAt: number;
  /** As SupTask spells it on this ticket. */
  status: string;
  statusClass: StatusClass;
  archived: boolean;
  /** As SupTask spells it on this ticket; null when it is missing. */
  priority: string | null;
  queueId: string | null;
  /** Slack id of the assignee; null when unassigned. */
  holder: string | null;
  holderStaffId: string | null;
  channelId: string | null;
  partnerId: string | null;
  source: string | null;
  requester: RequesterTruth;
  firstClosedAt: number | null;
  lastClosedAt: number | null;
  reopenCount: number;
  /** Everything since creation up to the moment of the record, in order. */
  events: TicketEvent[];
}

/** The class of a status, whatever its spelling; custom statuses are active. */
export function statusClassOf(status: string): StatusClass {
  const plain = status.trim().toLowerCase();
  if (plain === 'open') return 'open';
  return plain === 'closed' ? 'closed' : 'active';
}
