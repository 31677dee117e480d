/** What the simulator asks of a clock; the extractor's Clock fits where only these two are called. */
export interface SimulatorClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` of this clock's time; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Moves the clock on to `ms`; an earlier time than now is ignored. */
  advanceTo(ms: number): void;
}

interface Sleeper {
  wakesAt: number;
  wake: () => void;
}

/**
 * A clock that stands still until it is told to move, or until someone sleeps: then it jumps to the
 * end of the earliest sleep, after a macrotask, so that answers already under way can arrive first.
 */
export class SimulatedClock implements SimulatorClock {
  #now: number;
  #sleepers: Sleeper[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  advanceTo(ms: number): void {
    if (ms > this.#now) this.#now = ms;
    for (const sleeper of this.#takeDue()) sleeper.wake();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        wakesAt: this.#now + Math.max(0, ms),
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.push(sleeper);
      setImmediate(() => this.#wakeEarliest());
    });
  }

  // One wake per macrotask, in the order of time: whoever sleeps a second, three times, is not
  // overtaken by whoever sleeps a minute.
  #wakeEarliest(): void {
    if (this.#sleepers.length === 0) return;
    const earliest = this.#sleepers.reduce((a, b) => (b.wakesAt < a.wakesAt ? b : a));
    this.#sleepers = this.#sleepers.filter((other) => other !== earliest);
    if (earliest.wakesAt > this.#now) this.#now = earliest.wakesAt;
    earliest.wake();
  }

  #takeDue(): Sleeper[] {
    const due = this.#sleepers.filter((sleeper) => sleeper.wakesAt <= this.#now);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.wakesAt > this.#now);
    return due.sort((a, b) => a.wakesAt - b.wakesAt);
  }
}

/** A clock that runs against real time at `speed` simulated seconds a real second. */
export class RunningClock implements SimulatorClock {
  readonly #speed: number;
  #baseMs: number;
  #baseRealMs: number;
  readonly #realNow: () => number;

  /** `realNow` gives real milliseconds of any origin; tests hand in theirs. */
  constructor(startMs: number, speed: number, realNow: () => number = () => performance.now()) {
    if (!(speed > 0)) throw new RangeError('the speed of a running clock is above 0');
    this.#speed = speed;
    this.#baseMs = startMs;
    this.#realNow = realNow;
    this.#baseRealMs = realNow();
  }

  now(): number {
    return Math.floor(this.#baseMs + (this.#realNow() - this.#baseRealMs) * this.#speed);
  }

  advanceTo(ms: number): void {
    if (ms <= this.now()) return;
    this.#baseMs = ms;
    this.#baseRealMs = this.#realNow();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, Math.max(0, ms) / this.#speed);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}
