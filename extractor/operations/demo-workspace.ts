import { openParquetStore } from '../landing/parquet-store.ts';
import { createLanding } from '../landing/landing.ts';
import { createRedactor, Secret } from '../secret.ts';
import { SimulatedClock } from '../simulator/clock.ts';
import { demoFaults } from '../simulator/faults.ts';
import { startSimulator } from '../simulator/server.ts';
import { createWorld, type World } from '../simulator/world.ts';
import { createClient } from '../suptask/client.ts';
import { underLease } from '../sync/lease.ts';
import { runSync } from '../sync/run.ts';
import { loadSyncState } from '../sync/state.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The workspace that the demo lets live: seeded, so it is the same every time. */
export const demoOptions = {
  seed: 1,
  tickets: 2_000,
  days: 120,
  startsAt: Date.UTC(2026, 6, 6),
  runEveryMs: 4 * HOUR_MS,
} as const;

export interface DemoOptions {
  seed: number;
  tickets: number;
  days: number;
  startsAt: number;
  /** Simulated time between two runs of the extractor. */
  runEveryMs: number;
}

export interface DemoReport {
  world: World;
  runs: number;
  requests: number;
  newestNumber: number;
  simulatedDays: number;
}

/**
 * Lets a simulated workspace live while the extractor keeps up with it under the documented rate
 * limit, all on the simulated clock, and lands what it reads in a folder.
 */
export async function liveDemo(
  options: DemoOptions,
  landingFolder: string,
  onProgress: (done: { day: number; requests: number; tickets: number }) => void = () => undefined,
): Promise<DemoReport> {
  const world = createWorld(options);
  const clock = new SimulatedClock(options.startsAt);
  const token = new Secret('demo-token');
  const simulator = await startSimulator({
    world,
    clock,
    token: token.reveal(),
    faults: demoFaults(options.seed, options.tickets),
  });
  const landing = createLanding(openParquetStore(landingFolder), 'default', clock);
  const state = await loadSyncState({ landing, clock, rateLimit: 100, rateReserve: 0 });
  const client = createClient({
    source: { baseUrl: new URL(`${simulator.url}/`), token, authScheme: 'api_token' },
    clock,
    sourceClock: state.sourceClock,
    redact: createRedactor([token]),
  });
  const report = { world, runs: 0, requests: 0, newestNumber: 0, simulatedDays: options.days };
  const signal = new AbortController().signal;
  try {
    await underLease(landing, clock, async () => {
      for (let at = options.startsAt; at <= world.horizon; at += options.runEveryMs) {
        clock.advanceTo(at);
        const run = await runSync({ client, landing, clock, state }, { kind: 'sync', wait: false, signal });
        report.runs += 1;
        report.requests += run.requests;
        onProgress({ day: (at - options.startsAt) / DAY_MS, requests: report.requests, tickets: state.ledger.newestNumber });
      }
    });
    return { ...report, newestNumber: state.ledger.newestNumber };
  } finally {
    await client.close();
    await simulator.close();
    await landing.close();
  }
}
