import { newId } from '../ids.ts';
import type { Clock } from '../clock.ts';
import { toSuptaskError } from '../errors.ts';
import type { Landing } from '../landing/landing.ts';
import type { Outcome } from '../landing/streams.ts';
import type { Client } from '../suptask/client.ts';
import { outage } from '../suptask/source-errors.ts';
import { CreatedSince } from './created-since.ts';
import { estimateReads } from './estimate.ts';
import { pendingReads } from './operator-requests.ts';
import { FAILURES } from './ticket-state.ts';
import { witnessOf } from './witness.ts';
import { countLeft, neverReadNumbers, type NumberRange, planReads, type PlannedRead } from './planner.ts';
import { afterProbe, probeNumber, type ProbeProgress, startProbing } from './probe.ts';
import { type LandedRead, Reader } from './reader.ts';
import { landRunEvent, type RunKind } from './run-log.ts';
import type { RunOptions, RunProgress, RunReport } from './run-report.ts';
import type { SyncState } from './state.ts';
import { Unread } from './unread.ts';

/** A window that opens within this is waited for even by a run that was not told to wait. */
const SHORT_WAIT_MS = 60_000;

/** Reads planned at once where no limit says fewer: a new plan sees what the last one found. */
const MOST_PLANNED = 2_000;

export interface RunDependencies {
  client: Client;
  landing: Landing;
  clock: Clock;
  state: SyncState;
}

/**
 * One run: plans, reads and lands until the window is used up or nothing is left to read.
 * Its beginning and its end are rows of `sync_runs`; what was read is durable whatever happens.
 * @throws SuptaskError after landing what was read and a `failed` row
 */
export async function runSync(dependencies: RunDependencies, options: RunOptions): Promise<RunReport> {
  const run = new Run(dependencies, options);
  await landRunEvent(dependencies.landing, dependencies.clock, run, 'started');
  try {
    const report = await run.go();
    await landRunEvent(dependencies.landing, dependencies.clock, run, 'finished', { counts: run.counts() });
    return report;
  } catch (thrown) {
    const failure = toSuptaskError(thrown);
    const detail = { counts: run.counts(), error: `${failure.code}: ${failure.message}`.slice(0, 300) };
    // The failure that ended the run is what its caller must hear of, not that the landing is gone as well.
    await run.flush().catch(() => undefined);
    await landRunEvent(dependencies.landing, dependencies.clock, run, 'failed', detail).catch(() => undefined);
    throw failure;
  }
}

class Run {
  readonly runId = newId();
  readonly kind: RunKind;
  readonly #dependencies: RunDependencies;
  readonly #options: RunOptions;
  readonly #reader: Reader;
  readonly #startedLocalMs: number;
  #earliestStartMs = Number.POSITIVE_INFINITY;
  readonly #outcomes: Partial<Record<Outcome, number>> = {};
  #requests = 0;
  #lastRead: LandedRead | null = null;
  #probe: ProbeProgress;
  /** Made when the newest number is known, and with it the source's clock. */
  #createdSince: CreatedSince | null = null;
  #isPlanned = false;
  readonly #unread = new Unread();

  constructor(dependencies: RunDependencies, options: RunOptions) {
    this.kind = options.kind;
    this.#dependencies = dependencies;
    this.#options = options;
    this.#startedLocalMs = dependencies.clock.now();
    this.#probe = startProbing(dependencies.state.ledger);
    this.#reader = new Reader({
      ...dependencies,
      runId: this.runId,
      signal: options.signal,
      onRead: (read) => this.#count(read),
    });
  }

  /**
   * When it began, on the source's clock: the earliest that any answer made it, so that whatever
   * was read since lies after it. Times of reads are cut to the second; so is this one.
   */
  get #startedAtMs(): number {
    const toldNowMs = this.#dependencies.state.sourceClock.at(this.#startedLocalMs);
    this.#earliestStartMs = Math.min(this.#earliestStartMs, Math.floor(toldNowMs / 1000) * 1000);
    return this.#earliestStartMs;
  }

  counts(): Record<string, number> {
    return { requests: this.#requests, ...this.#outcomes };
  }

  flush(): Promise<void> {
    return this.#reader.flush();
  }

  async go(): Promise<RunReport> {
    const ended = await this.#readUntilEnd();
    await this.flush();
    this.#throwWhereDown(ended);
    const { budget, sourceClock } = this.#dependencies.state;
    return {
      runId: this.runId,
      kind: this.kind,
      startedAtMs: this.#startedAtMs,
      endedAtMs: sourceClock.now(),
      ended,
      requests: this.#requests,
      outcomes: this.#outcomes,
      left: this.#left(),
      nextAtMs: budget.nextAtMs(sourceClock.now()),
    };
  }

  async #readUntilEnd(): Promise<RunReport['ended']> {
    const { clock, state } = this.#dependencies;
    while (!this.#options.signal.aborted) {
      const nowMs = state.sourceClock.now();
      const allowed = Math.min(state.budget.available(nowMs), MOST_PLANNED);
      const wasOutage = state.ledger.isOutage;
      const planned = wasOutage ? this.#planWitness(nowMs) : this.#plan(nowMs, Math.max(1, allowed));
      if (planned.length === 0) return 'everything_read';
      if (!wasOutage) this.#announce(planned);
      if (allowed === 0) {
        const waitMs = state.budget.nextAtMs(nowMs) - nowMs;
        if (!this.#options.wait && (this.#requests > 0 || waitMs > SHORT_WAIT_MS)) return 'window_used_up';
        await this.flush();
        this.#report(nowMs + waitMs);
        await clock.sleep(waitMs, this.#options.signal).catch(() => undefined);
        // Tickets are made while it waits: with each window it may feel for new ones again.
        if (this.kind === 'sync') this.#probe = startProbing(state.ledger);
        continue;
      }
      await this.#reader.readAll(this.#stillWanted(planned));
      if (wasOutage && state.ledger.isOutage) this.#throwWhereWitnessFailed();
      this.#learnFromProbe(planned);
    }
    return 'stopped';
  }

  /** One read alone, which tells whether the source stands while what it last answered were failures. */
  #planWitness(nowMs: number): PlannedRead[] {
    const { ledger } = this.#dependencies.state;
    const witness = witnessOf(ledger);
    if (witness !== null) return [{ number: witness, reason: 'refresh' }];
    const planned = this.#plan(nowMs, MOST_PLANNED);
    const unsuspected = planned.find(({ number }) => !ledger.isSuspect(number)) ?? planned[0];
    return unsuspected ? [unsuspected] : [];
  }

  #throwWhereWitnessFailed(): void {
    const failure = this.#lastFailure;
    if (failure && !this.#options.signal.aborted) throw outage(failure.outcome, failure.error, failure.answer);
  }

  /** The last read, where it failed. */
  get #lastFailure() {
    return this.#lastRead && FAILURES.has(this.#lastRead.outcome) ? this.#lastRead : null;
  }

  #plan(nowMs: number, count: number): PlannedRead[] {
    const { ledger, requested } = this.#dependencies.state;
    const { range, createdSince } = this.#options;
    if (!range && !createdSince) {
      const pending = pendingReads(requested, ledger);
      return planReads({ ledger, nowMs, count, requested: pending, probe: this.#probe, runStartedAtMs: this.#startedAtMs });
    }
    if (createdSince && !this.#createdSince) {
      const probed = probeNumber(ledger, this.#probe);
      if (probed !== null) return [{ number: probed, reason: 'new' }];
      this.#createdSince = new CreatedSince(createdSince(nowMs), ledger);
    }
    return this.#unread.next(ledger, this.#range(), count, this.#startedAtMs).map((number) => ({ number, reason: 'never_read' }));
  }

  /** The numbers that a backfill may read, beside what is new. */
  #range(): NumberRange {
    return this.#options.range ?? { from: (this.#createdSince?.olderUpTo ?? 0) + 1, to: this.#dependencies.state.ledger.newestNumber };
  }

  /** The numbers one by one, each only if nothing read since it was planned says that it is too old. */
  *#stillWanted(planned: readonly PlannedRead[]): Generator<number> {
    for (const { number, reason } of planned) {
      if (reason !== 'never_read' || number > (this.#createdSince?.olderUpTo ?? 0)) yield number;
    }
  }

  /** Says what is to be read, once the newest number is known. */
  #announce(planned: readonly PlannedRead[]): void {
    const isPreliminary = planned[0]?.reason === 'new' || planned[0]?.reason === 'requested';
    if (this.#isPlanned || isPreliminary) return;
    this.#isPlanned = true;
    this.#options.onPlanned?.(this.#progress(null));
  }

  #learnFromProbe(planned: readonly PlannedRead[]): void {
    const probed = planned[0];
    if (probed?.reason !== 'new') return;
    const state = this.#dependencies.state.ledger.get(probed.number);
    if (state) this.#probe = afterProbe(this.#probe, state.lastOutcome);
  }

  /**
   * A window may end before anybody could ask whether the source stands. And a run too short for the
   * ledger to see an outage had one all the same where no read was answered; where each was, with an
   * error, only if it had asked for new numbers and had nothing else to ask.
   */
  #throwWhereDown(ended: RunReport['ended']): void {
    const failure = this.#lastFailure;
    const failed = [...FAILURES].reduce((sum, outcome) => sum + (this.#outcomes[outcome] ?? 0), 0);
    if (ended === 'stopped' || failure === null) return;
    const isSilent = failure.outcome === 'timeout' || failure.outcome === 'network_error';
    const asksForNew = this.#options.range === undefined;
    const nothingElse = failed === this.#requests && (isSilent || (asksForNew && ended === 'everything_read'));
    if (nothingElse || this.#dependencies.state.ledger.isOutage) throw outage(failure.outcome, failure.error, failure.answer);
  }

  #count(read: LandedRead): void {
    const { outcome, answer } = read;
    this.#requests += 1;
    this.#lastRead = read;
    if (answer.result.outcome === 'found') this.#createdSince?.take(answer.number, answer.result.envelope.createdAtMs);
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
    this.#report(null);
  }

  #report(waitingUntilMs: number | null): void {
    this.#options.onProgress?.(this.#progress(waitingUntilMs));
  }

  #progress(waitingUntilMs: number | null): RunProgress {
    const { budget, sourceClock } = this.#dependencies.state;
    const nowMs = sourceClock.now();
    return {
      requests: this.#requests,
      left: () => this.#left(),
      budgetLeft: budget.remaining(nowMs),
      limit: budget.limit,
      estimate: () => estimateReads(this.#left(), budget, sourceClock.now()),
      createdSinceMs: this.#createdSince?.sinceMs ?? null,
      nowMs,
      waitingUntilMs,
    };
  }

  #left(): number {
    const { ledger, sourceClock } = this.#dependencies.state;
    if (this.kind === 'backfill') return neverReadNumbers(ledger, this.#range(), Number.POSITIVE_INFINITY, this.#startedAtMs).length;
    return countLeft(ledger, sourceClock.now(), this.#startedAtMs);
  }
}
