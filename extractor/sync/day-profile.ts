const HOUR_MS = 3_600_000;
const HOURS = 24;

/** A flat day weighs in each hour as much as this many changes seen. */
const PRIOR_CHANGES = 3;

/** Expected changes are added up in millionths, as whole numbers: the order of adding changes nothing then. */
const MILLION = 1_000_000;

/** What was added up, by hour of the day. */
export interface DaySums {
  changes: Float64Array;
  expectedMillionths: Float64Array;
}

/**
 * The day's course of a status class: by how much more or less than on average tickets change in
 * each hour of the day (UTC). Desks close and archive at fixed hours, people sleep. It is changes
 * seen in the hour by changes expected in it from age alone, shrunk toward a flat day.
 */
export class DayProfile {
  readonly #changes: Float64Array;
  readonly #expectedMillionths: Float64Array;
  readonly #factors = new Float64Array(HOURS).fill(1);
  /** Hours that the day's first hours are worth; at the end of the day they are 24. */
  readonly #worth = Float64Array.from({ length: HOURS + 1 }, (_, hour) => hour);

  constructor({ changes, expectedMillionths }: DaySums = { changes: new Float64Array(HOURS), expectedMillionths: new Float64Array(HOURS) }) {
    this.#changes = changes;
    this.#expectedMillionths = expectedMillionths;
  }

  get sums(): DaySums {
    return { changes: this.#changes, expectedMillionths: this.#expectedMillionths };
  }

  /** A ticket was watched from one time until another and was expected to change so often. */
  learn(fromMs: number, untilMs: number, expected: number, changed: boolean): void {
    const hours = (untilMs - fromMs) / HOUR_MS;
    const wholeDays = Math.floor(hours / HOURS);
    if (hours > 0) {
      const anHour = (expected / hours) * MILLION;
      for (let hour = 0; hour < HOURS; hour += 1) add(this.#expectedMillionths, hour, Math.round(anHour * wholeDays));
      for (let at = fromMs + wholeDays * HOURS * HOUR_MS; at < untilMs; at = endOfHour(at)) {
        add(this.#expectedMillionths, hourOf(at), Math.round((anHour * (Math.min(untilMs, endOfHour(at)) - at)) / HOUR_MS));
      }
    }
    if (changed) add(this.#changes, hourOf(untilMs), 1);
  }

  /** Makes the factors anew from what was learned. */
  estimate(): void {
    const sum = (of: Float64Array) => of.reduce((total, each) => total + each, 0);
    const scale = sum(this.#changes) / Math.max(1, sum(this.#expectedMillionths));
    this.#changes.forEach((changes, hour) => {
      this.#factors[hour] = (changes + PRIOR_CHANGES) / ((this.#expectedMillionths[hour] ?? 0) * scale + PRIOR_CHANGES);
    });
    const mean = sum(this.#factors) / HOURS;
    this.#factors.forEach((factor, hour) => {
      this.#factors[hour] = factor / mean;
      this.#worth[hour + 1] = (this.#worth[hour] ?? 0) + factor / mean;
    });
  }

  /** The mean factor between two times. */
  mean(fromMs: number, toMs: number): number {
    return toMs > fromMs ? (this.#worthUntil(toMs) - this.#worthUntil(fromMs)) / ((toMs - fromMs) / HOUR_MS) : 1;
  }

  #worthUntil(atMs: number): number {
    const hours = atMs / HOUR_MS;
    const days = Math.floor(hours / HOURS);
    const hour = Math.min(HOURS - 1, Math.floor(hours - days * HOURS));
    return days * HOURS + (this.#worth[hour] ?? 0) + (hours - days * HOURS - hour) * (this.#factors[hour] ?? 1);
  }
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) % HOURS;
}

function endOfHour(atMs: number): number {
  return (Math.floor(atMs / HOUR_MS) + 1) * HOUR_MS;
}

function add(sums: Float64Array, cell: number, amount: number): void {
  sums[cell] = (sums[cell] ?? 0) + amount;
}
