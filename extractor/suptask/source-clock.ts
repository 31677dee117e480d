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

  /** @param offsetMs source minus local, as last measured; null where never measured */
  constructor(clock: Clock, offsetMs: number | null = null) {
    this.#clock = clock;
    this.#offsetMs = offsetMs;
  }

  /** Milliseconds since the epoch on the source's clock; the local clock's where never measured. */
  now(): number {
    return this.at(this.#clock.now());
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
    const measured = dateMs - localMs;
    const agrees = this.#offsetMs !== null && Math.abs(measured - this.#offsetMs) <= SAME_CLOCK_MS;
    this.#offsetMs = agrees ? Math.max(measured, this.#offsetMs ?? measured) : measured;
  }
}
