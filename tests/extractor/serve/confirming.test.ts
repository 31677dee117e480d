import { expect, it, onTestFinished } from 'vitest';
import type { Row } from '../../../extractor/landing/streams.ts';
import { readDelivery } from '../../../extractor/serve/delivery.ts';
import { RunningClock } from '../../../extractor/simulator/clock.ts';
import { startSimulator } from '../../../extractor/simulator/server.ts';
import { createWorld } from '../../../extractor/simulator/world.ts';
import { type CommandEnd, startCommand } from '../support/command.ts';
import { landingAddress, landingAt } from '../support/landing.ts';
import { STARTS_AT, TOKEN } from '../support/source.ts';
import { delivery } from './support/receiving.ts';

/** Far from every number that would be read of itself. */
const DELIVERED = 5_000;

/** More than it reads meanwhile: with everything read it would rest for a minute. */
const TICKETS = 800;

it('a sync that follows takes what is delivered meanwhile, and confirms it by a read', { timeout: 300_000 }, async () => {
  const world = createWorld({ seed: 1, tickets: TICKETS, days: 10, startsAt: STARTS_AT });
  const clock = new RunningClock(world.horizon, 1);
  const simulator = await startSimulator({ world, clock, token: TOKEN, rateLimit: { requests: 40, windowMs: 1_000 } });
  onTestFinished(() => simulator.close());
  const { byNumber } = simulator.requests;
  const address = await landingAddress('parquet');
  const landing = await landingAt(address, clock);
  const settings = { SUPTASK_API_BASE_URL: simulator.url, SUPTASK_API_TOKEN: TOKEN, SUPTASK_LANDING: address, SUPTASK_RATE_LIMIT: '40' };
  const following = startCommand(['sync', '--follow', '--json'], settings);
  onTestFinished(async () => {
    following.kill();
    await following.ended;
  });
  let end: CommandEnd | null = null;
  void following.ended.then((itsEnd) => (end = itsEnd));
  await following.firstLine;
  expect(byNumber.has(DELIVERED)).toBe(false);

  const arrivedMs = clock.now() - 13 * 3_600_000;
  const body = Buffer.from(delivery(DELIVERED, { updatedAt: arrivedMs }));
  await landing.append('ticket_fetches', [readDelivery(body, { localMs: arrivedMs, sourceMs: arrivedMs }, (text) => text) as Row<'ticket_fetches'>]);
  // Where it ends by itself, why it did says more than that nothing was confirmed.
  await expect.poll(() => byNumber.has(DELIVERED) || end, { timeout: 200_000 }).toBe(true);
});
