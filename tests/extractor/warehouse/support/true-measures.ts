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
  from: number;
  to: number;
}

/** Its stays in one class after another, until `untilMs`. */
function staysOf({ createdAt, events }: TicketTruth, untilMs: number): Stay[] {
  const stays: Stay[] = [{ statusClass: 'open', from: createdAt, to: untilMs }];
  for (const { at, field, to } of events) {
    const last = stays.at(-1);
    const statusClass = statusClassOf(String(to));
    if (field !== 'status' || !last || last.statusClass === statusClass) continue;
    last.to = at;
    stays.push({ statusClass, from: at, to: untilMs });
  }
  return stays;
}

/** Whole minutes in each class until `untilMs`, each end floored to its minute. */
export function classMinutesOf(ticket: TicketTruth, untilMs: number): Record<StatusClass, number> {
  const minutes = { open: 0, active: 0, closed: 0 };
  for (const { statusClass, from, to } of staysOf(ticket, untilMs)) {
    minutes[statusClass] += Math.floor(to / 60_000) - Math.floor(from / 60_000);
  }
  return minutes;
}

/** Whether every stay in a class was looked at, so that none of them can have been overlooked; but for the first, of which is known that it was. */
export function wasEachStaySeen(ticket: TicketTruth, looks: readonly number[] | undefined, untilMs: number): boolean {
  return staysOf(ticket, untilMs).slice(1).every(({ from, to }) => wasSeenBetween(looks, from, to));
}
