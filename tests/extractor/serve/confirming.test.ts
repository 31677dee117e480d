import { expect, it, onTestFinished } from 'vitest';
import type { Row } from '../../../extractor/landing/streams.ts';
import { readDelivery } from '../../../extractor/serve/delivery.ts';
import { startCommand } from '../support/command.ts';
import { landingAddress, landingAt } from '../support/landing.ts';
import { startSource, TOKEN } from '../support/source.ts';
import { delivery } from './support/receiving.ts';

/** Far from every number that would be read of itself. */
const DELIVERED = 5_000;

const TICK_MS = 200;

/** More than it reads meanwhile: with everything read it would rest for a minute. */
const TICKETS = 400;

it('a sync that follows takes what is delivered meanwhile, and confirms it by a read', { timeout: 300_000 }, async () => {
  const source = await startSource({ tickets: TICKETS, rateLimit: { requests: 10, windowMs: 1_000 } });
  const ticking = setInterval(() => source.clock.advanceTo(source.clock.now() + TICK_MS), TICK_MS);
  onTestFinished(() => clearInterval(ticking));
  const address = await landingAddress('parquet');
  const landing = await landingAt(address, source.clock);
  const settings = { SUPTASK_API_BASE_URL: source.simulator.url, SUPTASK_API_TOKEN: TOKEN, SUPTASK_LANDING: address, SUPTASK_RATE_LIMIT: '10' };
  const following = startCommand(['sync', '--follow', '--json'], settings);
  onTestFinished(async () => {
    following.kill();
    await following.ended;
  });
  await following.firstLine;
  expect(source.simulator.requests.byNumber.has(DELIVERED)).toBe(false);

  const arrivedMs = source.clock.now() - 13 * 3_600_000;
  const body = Buffer.from(delivery(DELIVERED, { updatedAt: arrivedMs }));
  await landing.append('ticket_fetches', [readDelivery(body, { localMs: arrivedMs, sourceMs: arrivedMs }, (text) => text) as Row<'ticket_fetches'>]);
  await expect.poll(() => source.simulator.requests.byNumber.has(DELIVERED), { timeout: 200_000 }).toBe(true);
});
