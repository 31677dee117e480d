import type { Outcome } from '../../../extractor/landing/streams.ts';
import { Ledger } from '../../../extractor/sync/ledger.ts';
import { planReads, type PlannedRead } from '../../../extractor/sync/planner.ts';
import { afterProbe, probeNumber, startProbing } from '../../../extractor/sync/probe.ts';

const HOUR = 3_600_000;

/** A workspace without a network: what each number answers, and the ledger of who asks. */
export class LogModel {
  readonly ledger = new Ledger();
  readonly #exists: (number: number) => boolean;
  readonly #failing: ReadonlySet<number>;
  readonly #versions = new Map<number, number>();
  nowMs = Date.parse('2026-07-06T00:00:00Z');

  constructor(exists: (number: number) => boolean, failing: ReadonlySet<number> = new Set()) {
    this.#exists = exists;
    this.#failing = failing;
  }

  /** Changes a ticket, so that its next answer is another. */
  change(number: number): void {
    this.#versions.set(number, (this.#versions.get(number) ?? 0) + 1);
  }

  read(number: number, status = 'Open'): Outcome {
    const version = this.#versions.get(number) ?? 0;
    const payloadHash = `${number}-${version}`.padStart(64, '0').replaceAll('-', 'f');
    const exists = this.#exists(number);
    const unchanged = this.ledger.hashOf(number) === payloadHash;
    const outcome = !exists ? 'not_found' : this.#failing.has(number) ? 'server_error' : unchanged ? 'unchanged' : 'found';
    const found = outcome === 'found' || outcome === 'unchanged';
    const state = { status: found ? status : null, updatedAtMs: null, payloadHash: found ? payloadHash : null };
    this.ledger.apply({ number, outcome, observedAtMs: this.nowMs, ...state });
    return outcome;
  }

  /** An hour later: a run that reads nothing but what is new. The numbers it asked for. */
  probeRun(): number[] {
    this.nowMs += HOUR;
    const asked: number[] = [];
    let progress = startProbing(this.ledger);
    for (let next = probeNumber(this.ledger, progress); next !== null; next = probeNumber(this.ledger, progress)) {
      asked.push(next);
      progress = afterProbe(progress, this.read(next));
    }
    return asked;
  }

  /** A run of at most `count` reads, as the planner wants them. What it read, and why. */
  run(count: number, statusOf: (number: number) => string = () => 'Open'): PlannedRead[] {
    const done: PlannedRead[] = [];
    const runStartedAtMs = this.nowMs;
    let probe = startProbing(this.ledger);
    for (;;) {
      const left = count - done.length;
      const planned = planReads({ ledger: this.ledger, nowMs: this.nowMs, count: left, requested: [], probe, runStartedAtMs });
      if (planned.length === 0) return done;
      for (const { number, reason } of planned) {
        const outcome = this.read(number, statusOf(number));
        if (reason === 'new') probe = afterProbe(probe, outcome);
      }
      done.push(...planned);
    }
  }
}
