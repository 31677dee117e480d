import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import { SuptaskError } from '../errors.ts';
import type { Append } from '../landing/landing.ts';
import { landErrorEvent } from '../operations/report-error.ts';
import type { Redact } from '../secret.ts';
import { readDelivery, unreadable } from './delivery.ts';
import type { DeliveryCounts, DeliveryResult } from './metrics.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { refusal, type Reply } from './reply.ts';

/** A ticket with a long form is some 10 kB. */
const MOST_BYTES = 1024 * 1024;

/** When a sender whose delivery could not be landed may try again, in seconds. */
const RETRY_AFTER_SECONDS = '30';

export interface WebhookRouteOptions {
  intake: { append: Append };
  clock: Clock;
  redact: Redact;
  counts: DeliveryCounts;
  /** What the source's clock shows when the local one shows `localMs`. */
  sourceMs: (localMs: number) => number;
}

/**
 * Takes one delivery of a sender who is known, and answers when it is durable. What is no ticket is
 * kept as well, in `error_events`, and accepted: sent again it would be no better.
 */
export async function receiveDelivery(request: IncomingMessage, options: WebhookRouteOptions): Promise<Reply> {
  const { intake, clock, redact, counts, sourceMs } = options;
  const durable = async (result: DeliveryResult, work: Promise<void>, reply: Reply): Promise<Reply> => {
    try {
      await work;
      counts[result] += 1;
      return reply;
    } catch {
      counts.not_landed += 1;
      return refusal(503, 'landing.not_writable', 'The delivery could not be landed.', { 'Retry-After': RETRY_AFTER_SECONDS });
    }
  };
  const keep = (result: DeliveryResult, error: SuptaskError, status: number) => {
    const { code, message, correlationId } = error;
    return durable(result, landErrorEvent(intake, error, redact, clock.now()), { status, body: { error: { code, message, correlationId } } });
  };

  let body: Buffer;
  try {
    body = await readBody(request, MOST_BYTES);
  } catch (thrown) {
    if (thrown instanceof BodyTooLarge) return await keep('too_large', unreadable(thrown.message, thrown.begun.toString(), redact), 413);
    counts.cut_off += 1;
    return refusal(400, 'webhook.unreadable', 'The delivery was cut off.');
  }
  const localMs = clock.now();
  const row = readDelivery(body, { localMs, sourceMs: sourceMs(localMs) }, redact);
  if (row instanceof SuptaskError) return await keep('unreadable', row, 202);
  return await durable('landed', intake.append('ticket_fetches', [row]), { status: 200, body: { landed: row.fetch_id } });
}
