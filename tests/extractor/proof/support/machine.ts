import type { Clock } from '../../../../extractor/clock.ts';
import { SuptaskError } from '../../../../extractor/errors.ts';
import type { Landing } from '../../../../extractor/landing/landing.ts';

/** A machine whose clock is wrong. */
export class Machine implements Clock {
  readonly #truth: Clock;
  /** Its clock less the true one, in milliseconds. */
  aheadMs = 0;

  constructor(truth: Clock) {
    this.#truth = truth;
  }

  now(): number {
    return this.#truth.now() + this.aheadMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#truth.sleep(ms, signal);
  }
}

/** A disk that can be full. */
export class Disk {
  isFull = false;

  /** The landing on this disk: while it is full a run can still say that it begins, as on a disk with its last block free. */
  under(landing: Landing): Landing {
    return {
      ...landing,
      append: async (stream, rows) => {
        const isBeginning = stream === 'sync_runs' && rows.every((row) => 'event' in row && row.event === 'started');
        if (!this.isFull || isBeginning) return landing.append(stream, rows);
        throw new SuptaskError('landing.not_writable', 'The disk is full.', 'Free some space.');
      },
    };
  }
}
