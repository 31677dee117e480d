import type { Look, TicketState } from './ticket-state.ts';

/** So many failures with no other answer between them are taken for the source's, not for their tickets'. */
export const OUTAGE_FAILURES = 10;

/** A failure, and what was known of its number before it. */
export interface Failure {
  look: Look;
  before: TicketState | undefined;
}

/**
 * Tells an outage of the source from tickets that fail: ten failures or more with no other answer
 * between them. They are charged to no ticket, unless another answer comes in the very run that
 * saw them: then the source stood, and it was the tickets after all, however many lie together.
 */
export class OutageWatch {
  #failures: Failure[];

  constructor(failures: Failure[] = []) {
    this.#failures = failures;
  }

  /** Failures since the last other answer, oldest first. */
  get failures(): Failure[] {
    return this.#failures;
  }

  /** Whether the source is taken to be down. */
  get isOpen(): boolean {
    return this.#failures.length >= OUTAGE_FAILURES;
  }

  /** Whether the number failed since the last other answer: to ask it again would tell nothing. */
  isSuspect(number: number): boolean {
    return this.#failures.some(({ look }) => look.number === number);
  }

  /** Takes a failure in the log's order, and gives those charged so far that an outage takes back, newest first. */
  fail(failure: Failure): Failure[] {
    this.#failures.push(failure);
    return this.#failures.length === OUTAGE_FAILURES ? this.#failures.slice(0, -1).toReversed() : [];
  }

  /** Takes any other answer, and gives the failures that are to be charged after all, oldest first. */
  answer({ runId }: Look): Failure[] {
    const failures = this.#failures;
    const wasOpen = this.isOpen;
    this.#failures = [];
    return wasOpen && runId ? failures.filter(({ look }) => look.runId === runId) : [];
  }
}
