import type { Landing } from '../../landing/landing.ts';

/** The channel on which every opening and closing is told first: the log on the standard error stream. */
export const LOG = 'log';

export type AlertEvent = 'opened' | 'closed';

/** One attempt to tell someone. */
export interface Delivery {
  event: AlertEvent;
  atMs: number;
  channel: string;
  ok: boolean;
  error: string | null;
}

/** An alert from its opening to its closing, as the log tells it. */
export interface Occurrence {
  key: string;
  openedAtMs: number;
  /** What was told when it opened. */
  message: string;
  isClosed: boolean;
  deliveries: Delivery[];
  acknowledged: { atMs: number; by: string; note: string | null } | null;
}

type LoggedDelivery = [string, string, number, AlertEvent, number, string, boolean, string, string | null];
type LoggedAcknowledgement = [string, string, number, number, string, string | null];

const DELIVERY_COLUMNS = ['delivery_id', 'alert_key', 'opened_at', 'event', 'at', 'channel', 'ok', 'message', 'error'];
const ACKNOWLEDGEMENT_COLUMNS = ['ack_id', 'alert_key', 'opened_at', 'at', 'by', 'note'];

/** Every occurrence of an alert that the log tells of, oldest first. */
export async function readOccurrences(landing: Landing): Promise<Occurrence[]> {
  const occurrences = new Map<string, Occurrence>();
  const nameOf = (key: string, openedAtMs: number) => `${key} ${openedAtMs}`;
  for await (const chunk of landing.read({ stream: 'alert_deliveries', columns: DELIVERY_COLUMNS, orderBy: ['opened_at', 'at', 'delivery_id'] })) {
    for (const [, key, openedAtMs, event, atMs, channel, ok, message, error] of chunk as LoggedDelivery[]) {
      const name = nameOf(key, openedAtMs);
      const occurrence = occurrences.get(name) ?? { key, openedAtMs, message, isClosed: false, deliveries: [], acknowledged: null };
      occurrence.deliveries.push({ event, atMs, channel, ok, error });
      if (event === 'closed' && channel === LOG) occurrence.isClosed = true;
      occurrences.set(name, occurrence);
    }
  }
  for await (const chunk of landing.read({ stream: 'alert_acknowledgements', columns: ACKNOWLEDGEMENT_COLUMNS, orderBy: ['at', 'ack_id'] })) {
    for (const [, key, openedAtMs, atMs, by, note] of chunk as LoggedAcknowledgement[]) {
      const occurrence = occurrences.get(nameOf(key, openedAtMs));
      if (occurrence) occurrence.acknowledged = { atMs, by, note };
    }
  }
  return [...occurrences.values()];
}
