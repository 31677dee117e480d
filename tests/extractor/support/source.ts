import { onTestFinished } from 'vitest';
import type { Clock } from '../../../extractor/clock.ts';
import { readSettings } from '../../../extractor/config.ts';
import type { Landing } from '../../../extractor/landing/landing.ts';
import { createRedactor } from '../../../extractor/secret.ts';
import { SimulatedClock } from '../../../extractor/simulator/clock.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../extractor/simulator/server.ts';
import { createWorld, type World } from '../../../extractor/simulator/world.ts';
import { createClient } from '../../../extractor/suptask/client.ts';
import { underLease } from '../../../extractor/sync/lease.ts';
import { runSync } from '../../../extractor/sync/run.ts';
import type { RunOptions, RunReport } from '../../../extractor/sync/run-report.ts';
import { loadSyncState, type SyncState } from '../../../extractor/sync/state.ts';

export const STARTS_AT = Date.parse('2026-07-06T00:00:00Z');
export const TOKEN = 'canary-0123456789abcdef';

/** A simulated SupTask that a test reads from. */
export interface Source {
  simulator: Simulator;
  world: World;
  clock: SimulatedClock;
}

type SourceOptions = Partial<Omit<SimulatorOptions, 'clock'>> & { tickets?: number; beginsAt?: number };

/** Starts a source, without a rate limit and at the end of a world of 60 tickets unless told otherwise; gone after the test. */
export async function startSource({ tickets = 60, beginsAt, ...options }: SourceOptions = {}): Promise<Source> {
  const world = options.world ?? createWorld({ seed: 1, tickets, days: 10, startsAt: STARTS_AT });
  const clock = new SimulatedClock(beginsAt ?? world.horizon);
  const simulator = await startSimulator({ token: TOKEN, rateLimit: null, ...options, world, clock });
  onTestFinished(() => simulator.close());
  return { simulator, world, clock };
}

export interface TestRun extends Partial<RunOptions> {
  rateLimit?: number | null;
  rateReserve?: number;
  token?: string;
  timeoutMs?: number;
  /** The extractor's own clock, where it is not the source's. */
  clock?: Clock;
  /** Is given what the run knew at its end, whatever its end was. */
  onEnd?: (state: SyncState) => void;
}

/** One run against the source, as the command line does it. */
export async function syncOnce(source: Source, landing: Landing, run: TestRun = {}): Promise<RunReport> {
  const { rateLimit = null, rateReserve = 0, token = TOKEN, timeoutMs, clock = source.clock, onEnd, ...options } = run;
  const settings = readSettings({ SUPTASK_API_BASE_URL: source.simulator.url, SUPTASK_API_TOKEN: token });
  return underLease(landing, clock, async () => {
    const state = await loadSyncState({ landing, clock, rateLimit, rateReserve });
    const redact = createRedactor(settings.secrets);
    const client = createClient({ source: settings.source(), clock, sourceClock: state.sourceClock, redact, ...(timeoutMs ? { timeoutMs } : {}) });
    try {
      const defaults: RunOptions = { kind: 'sync', wait: false, signal: new AbortController().signal };
      return await runSync({ client, landing, clock, state }, { ...defaults, ...options });
    } finally {
      onEnd?.(state);
      await client.close();
    }
  });
}
