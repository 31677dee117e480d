import type { PublishedMarts } from '../operations/published-marts.ts';

/** What of the review queue is asked for. */
export interface QueueFilter {
  role?: string | undefined;
  reason?: string | undefined;
  minTickets?: number | undefined;
  /** Only what was seen on this day or later, `2026-03-01`. */
  seenSince?: string | undefined;
}

/** One external id (or, where that is blank, one ticket) that nobody could be told to be. */
export interface Unresolved {
  role: string;
  externalId: string | null;
  ticketKey: string | null;
  displayName: string | null;
  reason: string;
  tickets: number;
  partnerIds: string | null;
  firstSeenAt: string;
  lastSeenAt: string;
  suggestion: Suggestion | null;
}

/** Who it may be. */
export interface Suggestion {
  staffId: string;
  staffName: string | null;
  basis: string;
  /** 0 to 1; null where that basis was never measured. */
  confidence: number | null;
}

/** The review queue, most tickets first. */
export async function readQueue(marts: PublishedMarts, { role, reason, minTickets, seenSince }: QueueFilter = {}): Promise<Unresolved[]> {
  const rows = await marts.query(
    `select role, external_id, ticket_key, display_name, reason, cast(tickets as integer), partner_ids, cast(first_seen_at as varchar),
       cast(last_seen_at as varchar), suggested_staff_id, suggested_staff_name, suggestion_basis, cast(suggestion_confidence as double precision)
     from {unresolved_identities}
     order by tickets desc, last_seen_at desc, external_id, ticket_key, role`,
  );
  const queue = rows.map((row): Unresolved => {
    const [ofRole, externalId, ticketKey, displayName, why, tickets, partnerIds, firstSeenAt, lastSeenAt, staffId, staffName, basis, confidence] = row as [
      string, string | null, string | null, string | null, string, number, string | null, string, string,
      string | null, string | null, string | null, number | null,
    ];
    const suggestion = staffId === null || basis === null ? null : { staffId, staffName, basis, confidence };
    return { role: ofRole, externalId, ticketKey, displayName, reason: why, tickets, partnerIds, firstSeenAt, lastSeenAt, suggestion };
  });
  return queue.filter(
    (one) =>
      (role === undefined || one.role === role) &&
      (reason === undefined || one.reason === reason) &&
      (minTickets === undefined || one.tickets >= minTickets) &&
      (seenSince === undefined || one.lastSeenAt.slice(0, 10) >= seenSince),
  );
}

/** Of the Slack-sourced tickets, those whose requester is known as staff, and those whose is not. */
export async function readRate(marts: PublishedMarts): Promise<{ resolved: number; unresolved: number; share: number | null }> {
  const [row] = await marts.query(
    `select cast(sum(resolved) as integer), cast(sum(unresolved) as integer)
     from {identity_resolution_rate} where role = 'requester' and source = 'slack'`,
  );
  const [resolved, unresolved] = (row ?? []).map(Number) as [number, number];
  const counted = (resolved || 0) + (unresolved || 0);
  return { resolved: resolved || 0, unresolved: unresolved || 0, share: counted === 0 ? null : resolved / counted };
}
