import { type StatusClass, statusClassOf, type TicketTruth } from '../../../../extractor/simulator/truth.ts';
import { wasSeenBetween } from './true-closings.ts';

/** When the responders first wrote, in milliseconds; null while they have not. */
export function firstReplyOf({ events }: TicketTruth): number | null {
  return events.find(({ field }) => field === 'messageResponderCount')?.at ?? null;
}

/** Whether the first message was counted as one: in the simulated world two replies can cross, and be counted 2, 1. */
export function isCountedFromOne({ events }: TicketTruth): boolean {
  return (events.find(({ field }) => field === 'messageResponderCount')?.to ?? 1) === 1;
}

/** When the ticket first got a holder, in milliseconds; null while it never had one. */
export function firstAssignmentOf({ events }: TicketTruth): number | null {
  return events.find(({ field }) => field === 'assignee')?.at ?? null;
}

interface Stay {
  statusClass: StatusClass;
  /** Slack id of who held it; null for nobody. */
  holder: string | null;
  from: number;
  to: number;
}

/** Its stays in one class after another, or with one holder in one class, until `untilMs`. */
function staysOf({ createdAt, events }: TicketTruth, untilMs: number, by: 'class' | 'class and holder'): Stay[] {
  const stays: Stay[] = [{ statusClass: 'open', holder: null, from: createdAt, to: untilMs }];
  for (const { at, field, to } of events) {
    const last = stays.at(-1);
    if (!last) continue;
    const next = { statusClass: last.statusClass, holder: last.holder };
    if (field === 'status') next.statusClass = statusClassOf(String(to));
    if (field === 'assignee' && by === 'class and holder') next.holder = typeof to === 'string' ? to : null;
    if (next.statusClass === last.statusClass && next.holder === last.holder) continue;
    last.to = at;
    stays.push({ ...next, from: at, to: untilMs });
  }
  return stays;
}

type ClassMinutes = Record<StatusClass, number>;

/** Whole minutes in each class until `untilMs`, each end floored to its minute. */
export function classMinutesOf(ticket: TicketTruth, untilMs: number): ClassMinutes {
  return summed(staysOf(ticket, untilMs, 'class'));
}

/** The same of each holder, by their Slack id, and of nobody (null). */
export function holderMinutesOf(ticket: TicketTruth, untilMs: number): Map<string | null, ClassMinutes> {
  const byHolder = Map.groupBy(staysOf(ticket, untilMs, 'class and holder'), ({ holder }) => holder);
  return new Map([...byHolder].map(([holder, stays]) => [holder, summed(stays)]));
}

function summed(stays: readonly Stay[]): ClassMinutes {
  const minutes = { open: 0, active: 0, closed: 0 };
  for (const { statusClass, from, to } of stays) minutes[statusClass] += Math.floor(to / 60_000) - Math.floor(from / 60_000);
  return minutes;
}

/** Whether every stay was looked at, so that none of them can have been overlooked; but for the first, of which is known that it was. */
export function wasEachStaySeen(ticket: TicketTruth, looks: readonly number[] | undefined, untilMs: number, by: 'class' | 'class and holder'): boolean {
  return staysOf(ticket, untilMs, by).slice(1).every(({ from, to }) => wasSeenBetween(looks, from, to));
}
