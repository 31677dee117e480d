import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunningClock } from '../../simulator/clock.ts';
import { startSimulator, type Simulator } from '../../simulator/server.ts';
import { createWorld } from '../../simulator/world.ts';

const DAY_MS = 86_400_000;
const TOKEN = 'smoke-token';

/** A workspace that has lived for a month until now. */
const WORLD = { seed: 1, tickets: 120, days: 30 };

/** Slow enough to be killed in, real milliseconds an answer. */
const DELAY_MS = 700;

/** A simulated source with a folder of its own, and the environment in which commands reach both. */
export interface StandIn {
  environment: NodeJS.ProcessEnv;
  simulator: Simulator;
}

/** Starts a stand-in for SupTask; everything else is made anew in the folder. */
export async function startStandIn(folder: string, environment: NodeJS.ProcessEnv): Promise<StandIn> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const now = Math.floor(Date.now() / 1000) * 1000;
  const world = createWorld({ ...WORLD, startsAt: now - WORLD.days * DAY_MS });
  const simulator = await startSimulator({ world, clock: new RunningClock(now, 1), token: TOKEN, faults: { slow: { probability: 1, delayMs: DELAY_MS } } });
  const own = {
    SUPTASK_API_BASE_URL: simulator.url,
    SUPTASK_API_TOKEN: TOKEN,
    // Empty and not away: what a command finds in .env would lead it back to the real source.
    SUPTASK_API_TOKEN_FILE: '',
    SUPTASK_PROFILE: '',
    SUPTASK_LANDING: join(folder, 'landing'),
    SUPTASK_DUCKDB: join(folder, 'suptask.duckdb'),
    SUPTASK_EXPORTS: join(folder, 'exports'),
    DBT_TARGET: 'duckdb',
    DBT_TARGET_PATH: join(folder, 'target'),
    DBT_LOG_PATH: join(folder, 'logs'),
  };
  return { environment: { ...environment, ...own }, simulator };
}
