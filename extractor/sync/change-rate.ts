import type { StatusClass } from './status-class.ts';

const HOUR_MS = 3_600_000;

/**
 * A ticket changes the less, the longer it has stood still: `level / (age + grace)` changes an
 * hour at an age in hours since its last change. Closed tickets are seldom touched, never not.
 */
const PRIORS: Record<StatusClass, { level: number; graceHours: number }> = {
  open: { level: 1, graceHours: 6 },
  active: { level: 1, graceHours: 6 },
  closed: { level: 0.15, graceHours: 24 },
};

/** Changes expected of a ticket between its last look and now, both as times since its last change. */
export function expectedChanges(statusClass: StatusClass, ageAtLookMs: number, ageNowMs: number): number {
  const { level, graceHours } = PRIORS[statusClass];
  const hours = (ms: number) => Math.max(0, ms) / HOUR_MS + graceHours;
  return level * Math.log(hours(ageNowMs) / hours(ageAtLookMs));
}
