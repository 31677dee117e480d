import type { Landing } from '../landing/landing.ts';
import { Batcher } from '../landing/batcher.ts';
import type { Outcome } from '../landing/streams.ts';
import type { SuptaskError } from '../errors.ts';
import { type Answer, CONCURRENT_READS, type Client } from '../suptask/client.ts';
import { refused } from '../suptask/source-errors.ts';
import { toFetchRow, toLook } from './fetch-row.ts';
import type { SyncState } from './state.ts';

/** How long answers already under way are waited for when a run is told to stop, in real milliseconds. */
const STOP_GRACE_MS = 1_000;

export interface ReaderOptions {
  client: Client;
  landing: Landing;
  state: SyncState;
  runId: string;
  signal: AbortSignal;
  onRead: (read: LandedRead) => void;
}

/** A read, with what its row says of it. */
export interface LandedRead {
  outcome: Outcome;
  error: string | null;
  answer: Answer;
}

/**
 * Reads numbers and lands what comes: many at once, never more than the budget allows, each row
 * durable within a second of its answer.
 */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #batcher: Batcher<'ticket_fetches'>;
  #fatal: SuptaskError | null = null;
  /** An answer that comes after the grace belongs to no run any more. */
  #isStopped = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#batcher = new Batcher(options.landing, 'ticket_fetches');
  }

  /**
   * Reads the numbers in their order, as far as budget and signal allow, and until the source seems
   * to be down, or to stand again.
   * @throws SuptaskError where going on is of no use: the token is refused, the landing fails
   */
  async readAll(numbers: Iterable<number>): Promise<void> {
    const queue = numbers[Symbol.iterator]();
    const wasOutage = this.#options.state.ledger.isOutage;
    const workers = Array.from({ length: CONCURRENT_READS }, () => this.#work(queue, wasOutage));
    await untilStopped(Promise.all(workers), this.#options.signal);
    this.#isStopped = this.#options.signal.aborted;
    if (this.#fatal) throw this.#fatal;
  }

  /** Makes durable what was read so far. */
  flush(): Promise<void> {
    return this.#batcher.flush();
  }

  async #work(queue: Iterator<number>, wasOutage: boolean): Promise<void> {
    const { state, signal } = this.#options;
    const mayGoOn = () => !signal.aborted && this.#fatal === null && state.ledger.isOutage === wasOutage;
    for (;;) {
      if (!this.#batcher.hasRoom) await this.#batcher.room();
      // Nothing may come between this and the request: what is left is left for one.
      if (!mayGoOn() || state.budget.available(state.sourceClock.now()) <= 0) return;
      const next = queue.next();
      if (next.done) return;
      await this.#read(next.value);
    }
  }

  async #read(number: number): Promise<void> {
    const { client, state, runId, onRead } = this.#options;
    const { budget, ledger } = state;
    budget.begin();
    const answer = await client.read(number);
    budget.end(answer.observedAtMs, answer.httpStatus, answer.rate);
    if (this.#isStopped) return;
    const row = toFetchRow(answer, { runId, channel: 'api', ledger });
    ledger.apply(toLook(row));
    onRead({ outcome: row.outcome as Outcome, error: row.error, answer });
    try {
      this.#batcher.add(row);
    } catch (thrown) {
      this.#fatal ??= thrown as SuptaskError;
    }
    if (answer.result.outcome === 'unauthorized') this.#fatal ??= refused(answer, row.error);
  }
}

/** Resolves with the work, or a grace after the signal, so that answers under way can still be landed. */
async function untilStopped(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  const onAbort = () => setTimeout(stopped.resolve, STOP_GRACE_MS).unref();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
