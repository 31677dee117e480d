import type { Outcome } from '../landing/streams.ts';

/** So many numbers that fail one after the other, and had not failed before, are the source's fault. */
export const OUTAGE_FAILURES = 10;

/** Failures that the source as a whole can cause. */
const SOURCE_FAILURES: ReadonlySet<Outcome> = new Set(['server_error', 'timeout', 'network_error']);

/**
 * Tells an outage of the source from tickets that fail: failures with no other answer between
 * them, ten of which were their number's first. An outage is charged to no ticket, from its first
 * failure on, and lasts until the source answers anything else.
 */
export class OutageWatch<Undo> {
  #charged: Undo[] = [];
  #firstFailures = 0;
  #isOpen = false;

  /** Whether the source is taken to be down. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Takes an answer in the log's order.
   * @param previous what the number answered before, undefined where it was never asked
   * @param undo what it takes to give the number back its state of before
   * @returns whether the answer is to be charged, and what is to be undone because an outage showed
   */
  take(outcome: Outcome, previous: Outcome | undefined, undo: Undo): { charge: boolean; undone: Undo[] } {
    if (!SOURCE_FAILURES.has(outcome)) {
      this.#charged = [];
      this.#firstFailures = 0;
      this.#isOpen = false;
      return { charge: true, undone: [] };
    }
    if (previous === undefined || !SOURCE_FAILURES.has(previous)) this.#firstFailures += 1;
    if (this.#firstFailures < OUTAGE_FAILURES) {
      this.#charged.push(undo);
      return { charge: true, undone: [] };
    }
    this.#isOpen = true;
    const undone = this.#charged.toReversed();
    this.#charged = [];
    return { charge: false, undone };
  }
}
