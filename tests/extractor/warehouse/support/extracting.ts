import { createLanding } from '../../../../extractor/landing/landing.ts';
import { openParquetStore } from '../../../../extractor/landing/parquet-store.ts';
import { createRedactor, Secret } from '../../../../extractor/secret.ts';
import { SimulatedClock } from '../../../../extractor/simulator/clock.ts';
import type { Faults } from '../../../../extractor/simulator/faults.ts';
import { startSimulator } from '../../../../extractor/simulator/server.ts';
import type { World } from '../../../../extractor/simulator/world.ts';
import { createClient } from '../../../../extractor/suptask/client.ts';
import { type RunReport, runSync } from '../../../../extractor/sync/run.ts';
import { loadSyncState } from '../../../../extractor/sync/state.ts';

/** Syncs a world as it stands at `at` with a source that has no rate limit: everything known is read once, and all that is new. */
export async function readEverything(world: World, at: number, landingFolder: string, faults: Faults = {}): Promise<RunReport> {
  const clock = new SimulatedClock(at);
  const token = new Secret('token-of-the-warehouse-tests');
  const simulator = await startSimulator({ world, clock, token: token.reveal(), rateLimit: null, faults });
  const landing = createLanding(openParquetStore(landingFolder), 'default', clock);
  const state = await loadSyncState({ landing, clock, rateLimit: null, rateReserve: 0 });
  const source = { baseUrl: new URL(`${simulator.url}/`), token, authScheme: 'api_token' as const };
  const client = createClient({ source, clock, sourceClock: state.sourceClock, redact: createRedactor([token]) });
  try {
    const signal = new AbortController().signal;
    return await runSync({ client, landing, clock, state }, { kind: 'sync', wait: false, signal });
  } finally {
    await client.close();
    await simulator.close();
    await landing.close();
  }
}
