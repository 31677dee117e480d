import { SuptaskError } from '../errors.ts';
import type { Landing } from '../landing/landing.ts';

/** A failure as it was landed. `detail` holds what came with it: request, head of the answer, causes, stack. */
export interface ErrorEvent {
  correlationId: string;
  atMs: number;
  code: string;
  message: string;
  detail: Record<string, unknown>;
}

const COLUMNS = ['correlation_id', 'at', 'code', 'message', 'detail'];
type LoggedError = [string, number, string, string, string | null];

/** The failures of the log, newest first. */
export async function readErrorEvents(landing: Landing): Promise<ErrorEvent[]> {
  const events: ErrorEvent[] = [];
  for await (const chunk of landing.read({ stream: 'error_events', columns: COLUMNS, orderBy: ['at', 'correlation_id'] })) {
    for (const [correlationId, atMs, code, message, detail] of chunk as LoggedError[]) {
      events.push({ correlationId, atMs, code, message, detail: JSON.parse(detail ?? '{}') as Record<string, unknown> });
    }
  }
  return events.toReversed();
}

/**
 * The failure under a correlation id, or under the beginning of one.
 * @throws SuptaskError `usage.invalid` where there is none, or more than one
 */
export async function findErrorEvent(landing: Landing, id: string): Promise<ErrorEvent> {
  const found = (await readErrorEvents(landing)).filter(({ correlationId }) => correlationId.startsWith(id.toLowerCase()));
  if (found[0] && found.length === 1) return found[0];
  throw new SuptaskError(
    'usage.invalid',
    found.length === 0 ? `No failure in ${landing.shown} has the correlation id ${id}.` : `${found.length} failures have an id that begins with ${id}.`,
    'Copy the whole id; suptask errors lists the newest ones. A failure of configuration or of the landing itself is not in the log: its detail was printed with it.',
  );
}
