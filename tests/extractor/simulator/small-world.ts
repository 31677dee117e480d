import { request } from 'node:http';
import { SimulatedClock } from '../../../extractor/simulator/clock.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../extractor/simulator/server.ts';
import { createWorld, type World } from '../../../extractor/simulator/world.ts';

export const STARTS_AT = Date.parse('2026-07-06T00:00:00Z');
export const TOKEN = 'secret-of-the-tests';

/** A month of 300 tickets. */
export function smallWorld(seed = 1): World {
  return createWorld({ seed, tickets: 300, days: 30, startsAt: STARTS_AT });
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** One GET, with the right token unless `authorization` says otherwise (null: no header). */
export function get(address: string, authorization: string | null = `Api-Token ${TOKEN}`): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { headers: authorization === null ? {} : { authorization } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Runs `use` against a simulator of a small world, by default at its horizon and without a rate limit. */
export async function withSimulator(
  options: Partial<Omit<SimulatorOptions, 'clock'>> & { beginsAt?: number },
  use: (simulator: Simulator, clock: SimulatedClock, world: World) => Promise<void>,
): Promise<void> {
  const world = options.world ?? smallWorld();
  const clock = new SimulatedClock(options.beginsAt ?? world.horizon);
  const simulator = await startSimulator({ world, clock, token: TOKEN, rateLimit: null, ...options });
  try {
    await use(simulator, clock, world);
  } finally {
    await simulator.close();
  }
}
