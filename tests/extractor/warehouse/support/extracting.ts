import { exitCodes, SuptaskError } from '../../../../extractor/errors.ts';
import { createLanding } from '../../../../extractor/landing/landing.ts';
import { openParquetStore } from '../../../../extractor/landing/parquet-store.ts';
import type { Row } from '../../../../extractor/landing/streams.ts';
import { createRedactor, Secret } from '../../../../extractor/secret.ts';
import { readDelivery } from '../../../../extractor/serve/delivery.ts';
import { SimulatedClock } from '../../../../extractor/simulator/clock.ts';
import type { Faults } from '../../../../extractor/simulator/faults.ts';
import { startSimulator } from '../../../../extractor/simulator/server.ts';
import type { World } from '../../../../extractor/simulator/world.ts';
import { createClient } from '../../../../extractor/suptask/client.ts';
import { runSync } from '../../../../extractor/sync/run.ts';
import type { RunReport } from '../../../../extractor/sync/run-report.ts';
import { loadSyncState } from '../../../../extractor/sync/state.ts';

/** Syncs a world as it stands at `at`: everything known is read once, and all that is new, or as much of it as a rate limit allows. */
export async function readEverything(
  world: World,
  at: number,
  landingFolder: string,
  faults: Faults = {},
  rateLimit: number | null = null,
): Promise<RunReport> {
  const clock = new SimulatedClock(at);
  const token = new Secret('token-of-the-warehouse-tests');
  const simulator = await startSimulator({ world, clock, token: token.reveal(), rateLimit: null, faults });
  const landing = createLanding(openParquetStore(landingFolder), 'default', clock);
  const state = await loadSyncState({ landing, clock, rateLimit, rateReserve: 0 });
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

const HOUR_MS = 3_600_000;

/** Faults of days on which much goes wrong; the last of them leaves the source down. */
const HARD_DAYS: Faults[] = [
  { serverError: { probability: 0.2 }, brokenJson: { probability: 0.1 }, gone: { probability: 0.1 } },
  { closedConnection: { probability: 0.3 }, gone: { probability: 0.1 }, forbidden: { probability: 0.1 } },
  { serverError: { probability: 1 } },
  { serverError: { probability: 0.8 }, missingNumber: { probability: 0.1 } },
  { serverError: { probability: 0.3 }, gone: { probability: 0.05 }, otherNumber: { probability: 0.1 } },
  { closedConnection: { probability: 1 } },
];

/** Numbers of which a delivery tells a new version in time, and of which one comes late, about a moment before the last look. */
export const DELIVERED = { inTime: [1, 2, 3, 4, 5], late: [6, 7, 8, 9, 10] };

/** Deliveries after a world has come to its end: another description, and nothing else. */
export async function deliverAfter(world: World, landingFolder: string): Promise<void> {
  const clock = new SimulatedClock(world.horizon + 30 * 24 * HOUR_MS);
  const landing = createLanding(openParquetStore(landingFolder), 'default', clock);
  const now = { localMs: clock.now(), sourceMs: clock.now() };
  const told = (number: number, updatedAtMs: number) => {
    const ticket = { ...world.ticket(number, world.horizon), description: 'told by a delivery', updatedAt: updatedAtMs / 1_000 };
    return readDelivery(Buffer.from(JSON.stringify({ eventType: 'ticket.updated', ticket })), now, (text) => text) as Row<'ticket_fetches'>;
  };
  const rows = [...DELIVERED.inTime.map((number) => told(number, now.sourceMs - HOUR_MS)), ...DELIVERED.late.map((number) => told(number, world.horizon - HOUR_MS))];
  await landing.append('ticket_fetches', rows);
  await landing.close();
}

/** Some days of reading after a world has come to its end, each with other faults. What was read stays as it is. */
export async function liveHardDays(world: World, landingFolder: string): Promise<void> {
  for (const [day, faults] of HARD_DAYS.entries()) {
    const at = world.horizon + (day + 1) * 17 * HOUR_MS;
    await readEverything(world, at, landingFolder, { ...faults, seed: day }, 150).catch((thrown: unknown) => {
      if (!(thrown instanceof SuptaskError) || thrown.exitCode !== exitCodes.sourceUnreachable) throw thrown;
    });
  }
}
