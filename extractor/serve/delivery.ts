import { createHash } from 'node:crypto';
import { newId } from '../ids.ts';
import { SuptaskError } from '../errors.ts';
import type { Row } from '../landing/streams.ts';
import type { Redact } from '../secret.ts';
import { readEnvelope } from '../suptask/envelope.ts';
import { excerpt } from '../suptask/interpret.ts';
import { repairText } from '../suptask/repair.ts';
import { memberText } from './member-text.ts';

/** When a delivery arrived, in milliseconds since the epoch. */
export interface Arrival {
  localMs: number;
  /** On the source's clock, as far as it is known. */
  sourceMs: number;
}

/**
 * A delivery as a row of `ticket_fetches`: `{ "ticket": { … } }` with whatever else stands beside
 * it, or a ticket alone. The arrival is cut to the second, as the times of reads are: so the log's
 * order is that of what was seen. Where there is no ticket in it, a `webhook.unreadable` instead.
 */
export function readDelivery(body: Uint8Array, { localMs, sourceMs }: Arrival, redact: Redact): Row<'ticket_fetches'> | SuptaskError {
  const text = redact(repairText(new TextDecoder().decode(body)));
  const payload = ticketText(text);
  const envelope = payload === null ? undefined : readEnvelope(JSON.parse(payload));
  if (payload === null || !envelope || envelope.number < 1) return unreadable('A delivery holds no ticket with a number.', text, redact);
  const { number, teamId, status, updatedAtMs } = envelope;
  return {
    fetch_id: newId(),
    run_id: null,
    ticket_number: number,
    channel: 'webhook',
    outcome: 'found',
    http_status: null,
    observed_at: new Date(Math.floor(sourceMs / 1000) * 1000),
    observed_basis: 'local_clock',
    fetched_at: new Date(localMs),
    duration_ms: 0,
    attempt: 1,
    team_id: teamId,
    ticket_status: status,
    ticket_updated_at: updatedAtMs === null ? null : new Date(updatedAtMs),
    payload_hash: createHash('sha256').update(payload).digest('hex'),
    payload,
    error: null,
  };
}

/** What was delivered and is no ticket, with its beginning for whoever wants to know. */
export function unreadable(what: string, text: string, redact: Redact): SuptaskError {
  return new SuptaskError(
    'webhook.unreadable',
    what,
    'See what was sent: suptask errors show, with the correlation id. If it is a ticket after all, report it.',
    { detail: { body: excerpt(text, redact) } },
  );
}

function ticketText(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
    return memberText(text, 'ticket') ?? text;
  } catch {
    return null;
  }
}
