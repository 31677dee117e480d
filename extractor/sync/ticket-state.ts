import type { Outcome } from '../landing/streams.ts';
import { type StatusClass, statusClassOf } from './status-class.ts';

/** What the ledger takes from a row of `ticket_fetches`. Times are on the source's clock. */
export interface Look {
  number: number;
  /** The run that asked, where one did. */
  runId?: string | null;
  outcome: Outcome;
  observedAtMs: number;
  status: string | null;
  updatedAtMs: number | null;
  payloadHash: string | null;
  /** It came by webhook: `observedAtMs` is its arrival. */
  isDelivery?: boolean;
}

/** What the log knows of one ticket number. Times are milliseconds since the epoch, null where there was none. */
export interface TicketState {
  number: number;
  /** The last answer to a read that spoke of this ticket, whatever it was; null where it was only ever delivered. */
  lastReadAtMs: number | null;
  /** The last look that showed it: a read, or a delivery, which counts at its `updatedAt`. */
  lastFoundAtMs: number | null;
  /** When the first delivery arrived that no read has confirmed since. */
  unconfirmedSinceMs: number | null;
  /** Its last change, as estimated: its `updatedAt` where that lies between two looks, else the look. */
  lastChangeAtMs: number | null;
  /** The change seen before that one. */
  previousChangeAtMs: number | null;
  statusClass: StatusClass | null;
  /** The class before the last change seen. */
  previousClass: StatusClass | null;
  /** Versions seen. */
  versions: number;
  /** Answers in a row that were this ticket's failure. */
  failuresInRow: number;
  /** Of the last read; `found` where there was none. */
  lastOutcome: Outcome;
  /** Since when it answers 404, null where its last telling answer was another. */
  missingSinceMs: number | null;
}

/** Answers that say nothing of the ticket: the token or the pace was at fault. */
export const SAYS_NOTHING: ReadonlySet<Outcome> = new Set(['rate_limited', 'unauthorized']);

/** Answers after which a ticket is retried, ever later. An outage of the source looks like any of them. */
export const FAILURES: ReadonlySet<Outcome> = new Set(['server_error', 'timeout', 'network_error', 'invalid_payload']);

/** The state of a number after a look that is charged to it. */
export function nextState(before: TicketState | undefined, look: Look, found: boolean, changed: boolean): TicketState {
  const failed = FAILURES.has(look.outcome);
  const missing = look.outcome === 'not_found';
  const missingSinceMs = before?.missingSinceMs ?? null;
  return {
    number: look.number,
    lastReadAtMs: look.observedAtMs,
    lastFoundAtMs: found ? look.observedAtMs : (before?.lastFoundAtMs ?? null),
    unconfirmedSinceMs: failed ? (before?.unconfirmedSinceMs ?? null) : null,
    lastChangeAtMs: changed ? changeTime(before, look) : (before?.lastChangeAtMs ?? null),
    previousChangeAtMs: (changed ? before?.lastChangeAtMs : before?.previousChangeAtMs) ?? null,
    statusClass: changed ? statusClassOf(look.status) : (before?.statusClass ?? null),
    previousClass: (changed ? before?.statusClass : before?.previousClass) ?? null,
    versions: (before?.versions ?? 0) + (changed ? 1 : 0),
    failuresInRow: failed ? (before?.failuresInRow ?? 0) + 1 : 0,
    lastOutcome: look.outcome,
    missingSinceMs: missing ? (missingSinceMs ?? look.observedAtMs) : failed ? missingSinceMs : null,
  };
}

/** The year 2000: an `updatedAt` of before is none. Zero is written for never. */
const FIRST_BELIEVED_MS = Date.UTC(2000, 0, 1);

/** The moment that a delivery tells of: its `updatedAt`, or its arrival where that is missing or in the future. */
export function deliverySeenAtMs({ updatedAtMs, observedAtMs }: Look): number {
  const isBelieved = updatedAtMs !== null && updatedAtMs >= FIRST_BELIEVED_MS && updatedAtMs <= observedAtMs;
  return isBelieved ? updatedAtMs : observedAtMs;
}

function changeTime(before: TicketState | undefined, look: Look): number {
  const earliest = before?.lastFoundAtMs ?? Number.NEGATIVE_INFINITY;
  const updated = look.updatedAtMs;
  return updated !== null && updated > earliest && updated <= look.observedAtMs ? updated : look.observedAtMs;
}
