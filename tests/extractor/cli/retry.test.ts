import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { Status } from '../../../extractor/operations/status.ts';
import { RunningClock } from '../../../extractor/simulator/clock.ts';
import { startSimulator } from '../../../extractor/simulator/server.ts';
import { createWorld } from '../../../extractor/simulator/world.ts';
import { PARKED_AFTER_FAILURES } from '../../../extractor/sync/retry.ts';
import { startCommand } from '../support/command.ts';
import { landingAddress, landingAt } from '../support/landing.ts';
import { TOKEN } from '../support/source.ts';

const HOUR_MS = 3_600_000;
const PARKED = 9;

/** A failed read of a number, so many hours ago. */
function failure(hoursAgo: number) {
  const at = new Date(Date.now() - hoursAgo * HOUR_MS);
  return {
    fetch_id: `failure ${hoursAgo}`, run_id: null, ticket_number: PARKED, channel: 'api', outcome: 'server_error', http_status: 500,
    observed_at: at, observed_basis: 'date_header', fetched_at: at, duration_ms: 1, attempt: 1, team_id: null, ticket_status: null,
    ticket_updated_at: null, payload_hash: null, payload: null, error: 'HTTP 500',
  };
}

it('suptask retry lets the next sync read a parked number before anything else', async () => {
  const world = createWorld({ seed: 1, tickets: 30, days: 10, startsAt: Date.now() - 20 * 24 * HOUR_MS });
  const simulator = await startSimulator({ world, clock: new RunningClock(Date.now(), 1), token: TOKEN, rateLimit: null });
  onTestFinished(() => simulator.close());
  const address = await landingAddress('parquet');
  const landing = await landingAt(address);
  await landing.append('ticket_fetches', Array.from({ length: PARKED_AFTER_FAILURES }, (_, index) => failure(1 + index)));
  const suptask = async (...args: string[]) => {
    const end = await startCommand([...args, '--json'], { SUPTASK_API_BASE_URL: simulator.url, SUPTASK_API_TOKEN: TOKEN, SUPTASK_LANDING: address, SUPTASK_RATE_LIMIT: 'none' }).ended;
    expect(end).toMatchObject({ exitCode: 0 });
    return JSON.parse(end.output) as unknown;
  };
  expect(await suptask('status')).toMatchObject({ failing: [{ number: PARKED, parked: true, failuresInRow: PARKED_AFTER_FAILURES }], requested: 0 });
  expect(await suptask('retry', String(PARKED))).toEqual({ requested: [PARKED] });
  expect(await suptask('status')).toMatchObject({ requested: 1 });
  // What is read in the second of the request may have been read before it, and would be read once more.
  await pause(1_000);
  expect(await suptask('sync')).toMatchObject({ ended: 'everything_read' });
  expect([...simulator.requests.byNumber][0]).toEqual([PARKED, 1]);
  expect((await suptask('status')) as Status).toMatchObject({ failing: [], requested: 0 });
}, 120_000);
