import type { Clock } from '../clock.ts';

/** `Date` has whole seconds: two measurements within this are the same clock read at other fractions. */
const SAME_CLOCK_MS = 1_500;

/**
 * The source's clock, as far as its `Date` headers tell. Planner, budget and models measure on it,
 * so that a wrong local clock bends nothing.
 */
export class SourceClock {
  readonly #clock: Clock;
  #offsetMs: number | null;
  #lastDateMs: number;

  /**
   * @param offsetMs source minus local, as last measured; null where never measured
   * @param lastDateMs what it showed then
   */
  constructor(clock: Clock, offsetMs: number | null = null, lastDateMs = Number.NEGATIVE_INFINITY) {
    this.#clock = clock;
    this.#offsetMs = offsetMs;
    this.#lastDateMs = lastDateMs;
  }

  /**
   * Milliseconds since the epoch on the source's clock; the local clock's where never measured. Not
   * before what it last showed: where it seems so, the local clock was set back.
   */
  now(): number {
    return Math.max(this.at(this.#clock.now()), this.#lastDateMs);
  }

  /** What the source's clock showed when the local one showed `localMs`, by the last measurement. */
  at(localMs: number): number {
    return localMs + (this.#offsetMs ?? 0);
  }

  /**
   * Learns from a `Date` header. It is cut to the second, never ahead of the truth, so of
   * measurements that agree the largest is the nearest.
   */
  observe(dateMs: number, localMs: number): void {
    this.#lastDateMs = dateMs;
    const measured = dateMs - localMs;
    const agrees = this.#offsetMs !== null && Math.abs(measured - this.#offsetMs) <= SAME_CLOCK_MS;
    this.#offsetMs = agrees ? Math.max(measured, this.#offsetMs ?? measured) : measured;
  }
}
