import { statusClassOf, type TicketTruth } from '../../../../extractor/simulator/truth.ts';

/** A closing of a ticket and the opening before it, in milliseconds. */
export interface Closing {
  opened: number;
  closed: number;
}

/** Every closing of a ticket that was not born closed, in order. */
export function closingsOf({ createdAt, events }: TicketTruth): Closing[] {
  const closings: Closing[] = [];
  let opened: number | null = createdAt;
  for (const { at, field, to } of events) {
    if (field !== 'status') continue;
    const closes = statusClassOf(String(to)) === 'closed';
    if (closes && opened !== null) closings.push({ opened, closed: at });
    if (closes) opened = null;
    else opened ??= at;
  }
  return closings;
}

/** Whether a look fell at `fromMs` or later, before `toMs`. */
export function wasSeenBetween(looks: readonly number[] = [], fromMs: number, toMs: number): boolean {
  return looks.some((at) => fromMs <= at && at < toMs);
}
