import { DayProfile, type DaySums } from './day-profile.ts';
import type { TicketState } from './ticket-state.ts';
import type { StatusClass } from './status-class.ts';

const HOUR_SECONDS = 3_600;

/** Ages since a ticket's last change, in seconds: five minutes, then two steps to the double, up to more than a year. */
const EDGES: readonly number[] = [0, ...Array.from({ length: 35 }, (_, step) => Math.round(300 * 2 ** (step / 2)))];
const BINS = EDGES.length;

/** How soon a ticket's last change followed the one before it, in seconds: it goes on much as it went. */
const PACES: readonly number[] = [HOUR_SECONDS / 4, 2 * HOUR_SECONDS, 24 * HOUR_SECONDS];
const PACE_COUNT = PACES.length + 2;

const CLASSES: readonly StatusClass[] = ['open', 'active', 'closed'];
const KINDS_OF_A_CLASS = 2 * PACE_COUNT;
const KINDS = CLASSES.length * KINDS_OF_A_CLASS;

/**
 * What is believed before anything was seen: a ticket changes the less, the longer it has stood
 * still, `level / (age + grace)` times an hour at an age in hours. Closed ones are seldom touched.
 */
const PRIORS: readonly { level: number; graceHours: number }[] = [
  { level: 1, graceHours: 6 },
  { level: 1, graceHours: 6 },
  { level: 0.15, graceHours: 24 },
];

/** What is believed beforehand weighs as much as this many changes seen. */
const PRIOR_CHANGES = 2;

/** No ticket is thought to change less than once in five years, so that each is looked at again. */
const LEAST_RATE = 1 / (5 * 365 * 24 * HOUR_SECONDS);

/** What was added up, by kind of ticket and age; and for each status class by hour of the day. */
export interface RateSums {
  changes: Float64Array;
  watchedSeconds: Float64Array;
  days: DaySums[];
}

/**
 * How often tickets change, learned from looks. Tickets are alike that are of one status class,
 * whose last change kept the class or did not, and came as soon after the one before. Among these
 * the rate is a step function of the age since the last change: changes seen divided by the time
 * for which tickets of that age were watched, both of which need only be added up (Cho and
 * Garcia-Molina, Estimating frequency of change, 2003). Where little was seen, the rate of the whole
 * class counts, and where that is little, the prior. The day's course is learned beside it.
 *
 * Everything that is kept is a sum of whole numbers: whatever order the looks of different tickets
 * come in, what is learned from them is the same to the last bit.
 */
export class ChangeRates {
  readonly #changes: Float64Array;
  readonly #watchedSeconds: Float64Array;
  readonly #days: DayProfile[];
  /** Changes a second in each bin, and changes expected until its beginning; made anew when something was learned. */
  readonly #rates = new Float64Array(KINDS * BINS);
  readonly #untilEdge = new Float64Array(KINDS * BINS);
  #isCurrent = false;

  constructor({ changes, watchedSeconds, days }: RateSums = { changes: new Float64Array(KINDS * BINS), watchedSeconds: new Float64Array(KINDS * BINS), days: [] }) {
    this.#changes = changes;
    this.#watchedSeconds = watchedSeconds;
    this.#days = CLASSES.map((_, index) => new DayProfile(days[index]));
  }

  get sums(): RateSums {
    return { changes: this.#changes, watchedSeconds: this.#watchedSeconds, days: this.#days.map(({ sums }) => sums) };
  }

  /** A look at a ticket that was found before: unchanged until `untilMs`, and changed then or not. */
  learn(before: TicketState, untilMs: number, changed: boolean): void {
    const seenAtMs = before.lastFoundAtMs ?? untilMs;
    if (untilMs < seenAtMs) return;
    const kind = kindOf(before);
    const sinceMs = before.lastChangeAtMs ?? seenAtMs;
    const from = wholeSeconds(seenAtMs - sinceMs);
    const to = wholeSeconds(untilMs - sinceMs);
    const last = binOf(to);
    for (let bin = binOf(from); bin <= last; bin += 1) {
      const seconds = Math.min(to, EDGES[bin + 1] ?? to) - Math.max(from, EDGES[bin] ?? 0);
      add(this.#watchedSeconds, kind * BINS + bin, seconds);
    }
    if (changed) add(this.#changes, kind * BINS + last, 1);
    this.#days[classOf(before)]?.learn(seenAtMs, untilMs, priorChanges(classOf(before), from, to), changed);
    this.#isCurrent = false;
  }

  /** Changes expected of a ticket between its last look and now. */
  expectedChanges(state: TicketState, nowMs: number): number {
    if (!this.#isCurrent) this.#estimate();
    const seenAtMs = state.lastFoundAtMs ?? nowMs;
    const sinceMs = state.lastChangeAtMs ?? seenAtMs;
    const kind = kindOf(state);
    const expected = this.#until(kind, (nowMs - sinceMs) / 1000) - this.#until(kind, (seenAtMs - sinceMs) / 1000);
    return Math.max(0, expected) * (this.#days[classOf(state)]?.mean(seenAtMs, nowMs) ?? 1);
  }

  #until(kind: number, seconds: number): number {
    const bin = binOf(seconds);
    const cell = kind * BINS + bin;
    return (this.#untilEdge[cell] ?? 0) + (this.#rates[cell] ?? 0) * (seconds - (EDGES[bin] ?? 0));
  }

  #estimate(): void {
    for (let bin = 0; bin < BINS; bin += 1) {
      for (let index = 0; index < CLASSES.length; index += 1) {
        const kinds = Array.from({ length: KINDS_OF_A_CLASS }, (_, kind) => (index * KINDS_OF_A_CLASS + kind) * BINS + bin);
        const sum = (of: Float64Array) => kinds.reduce((total, cell) => total + (of[cell] ?? 0), 0);
        const ofClass = shrunk(sum(this.#changes), sum(this.#watchedSeconds), priorRate(index, bin));
        for (const cell of kinds) {
          this.#rates[cell] = Math.max(LEAST_RATE, shrunk(this.#changes[cell] ?? 0, this.#watchedSeconds[cell] ?? 0, ofClass));
          if (bin === 0) continue;
          const width = (EDGES[bin] ?? 0) - (EDGES[bin - 1] ?? 0);
          this.#untilEdge[cell] = (this.#untilEdge[cell - 1] ?? 0) + (this.#rates[cell - 1] ?? 0) * width;
        }
      }
    }
    for (const day of this.#days) day.estimate();
    this.#isCurrent = true;
  }
}

/** Changes by watched time, where some of both are added that agree with what is believed beforehand. */
function shrunk(changes: number, watchedSeconds: number, believed: number): number {
  return (changes + PRIOR_CHANGES) / (watchedSeconds + PRIOR_CHANGES / believed);
}

/** The prior's mean rate within a bin, in changes a second. */
function priorRate(index: number, bin: number): number {
  const from = EDGES[bin] ?? 0;
  const to = EDGES[bin + 1] ?? 2 * from;
  return priorChanges(index, from, to) / (to - from);
}

function priorChanges(index: number, fromSeconds: number, toSeconds: number): number {
  const { level, graceHours } = PRIORS[index] ?? { level: 1, graceHours: 6 };
  const grace = graceHours * HOUR_SECONDS;
  return level * Math.log((toSeconds + grace) / (fromSeconds + grace));
}

function classOf({ statusClass }: TicketState): number {
  return CLASSES.indexOf(statusClass ?? 'active');
}

/** Which tickets it is like: class, whether its last change kept that, and how soon that followed the one before. */
function kindOf(state: TicketState): number {
  const { lastChangeAtMs, previousChangeAtMs, statusClass, previousClass } = state;
  const kept = statusClass === previousClass ? PACE_COUNT : 0;
  if (lastChangeAtMs === null || previousChangeAtMs === null) return classOf(state) * KINDS_OF_A_CLASS + kept + PACE_COUNT - 1;
  const seconds = (lastChangeAtMs - previousChangeAtMs) / 1000;
  let pace = 0;
  while (pace < PACES.length && seconds > (PACES[pace] ?? 0)) pace += 1;
  return classOf(state) * KINDS_OF_A_CLASS + kept + pace;
}

function binOf(seconds: number): number {
  if (seconds < 300) return 0;
  let bin = Math.min(BINS - 1, 1 + Math.floor((2 * Math.log(seconds / 300)) / Math.LN2));
  while (seconds < (EDGES[bin] ?? 0)) bin -= 1;
  while (seconds >= (EDGES[bin + 1] ?? Number.POSITIVE_INFINITY)) bin += 1;
  return bin;
}

function wholeSeconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1000));
}

function add(sums: Float64Array, cell: number, amount: number): void {
  sums[cell] = (sums[cell] ?? 0) + amount;
}
