import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Landing } from '../../../extractor/landing/landing.ts';
import { startCommand } from '../support/command.ts';
import { landingAddress, landingAt, rowsOf } from '../support/landing.ts';
import { startSource, TOKEN } from '../support/source.ts';
import { delivery, startServing } from './support/receiving.ts';

const TIMEOUT_MS = 300_000;

/** A landing folder of a source of 8 tickets, and a way to look into its journal. */
async function folderOfSource() {
  const { simulator } = await startSource({ tickets: 8 });
  const address = await landingAddress('parquet');
  const settings = { SUPTASK_API_BASE_URL: simulator.url, SUPTASK_API_TOKEN: TOKEN, SUPTASK_LANDING: address, SUPTASK_RATE_LIMIT: 'none' };
  const journal = () => readdirSync(join(address, 'journal', 'workspace=default')).filter((name) => name.endsWith('.jsonl'));
  return { address, settings, journal, landing: await landingAt(address) };
}

const deliveriesIn = async (landing: Landing) => (await rowsOf(landing, 'ticket_fetches')).filter(({ channel }) => channel === 'webhook').map(({ fetch_id: id }) => id);

describe('what a receiver took and did not make part of the log', () => {
  it.each([
    ['sync', ['sync']],
    ['forget', ['forget', 'canary.person@example.com']],
  ])('is not lost on a %s where the receiver was killed', { timeout: TIMEOUT_MS }, async (name, command) => {
    const { address, settings, journal, landing } = await folderOfSource();
    const receiving = await startServing(address);
    const landed: unknown[] = [];
    for (const number of [1, 2, 3]) landed.push((await receiving.deliver(delivery(number, { requester: { email: 'canary.person@example.com' } }))).answer['landed']);
    receiving.kill();
    await receiving.ended;
    expect([journal().length, await deliveriesIn(landing)]).toEqual([1, []]);

    expect(await startCommand(command, settings).ended).toMatchObject({ exitCode: 0 });
    expect([journal(), await deliveriesIn(landing)]).toEqual([[], landed]);
    const bodies = (await rowsOf(landing, 'ticket_fetches')).filter(({ channel }) => channel === 'webhook').map(({ payload }) => String(payload));
    expect(bodies.filter((body) => body.includes('canary.person'))).toHaveLength(name === 'forget' ? 0 : 3);
  });

  it('is left to it where it lives, and waited for by no run', { timeout: TIMEOUT_MS }, async () => {
    const { address, settings, journal, landing } = await folderOfSource();
    const receiving = await startServing(address);
    await receiving.deliver(delivery(1));
    const before = journal();
    expect(await startCommand(['sync'], settings).ended).toMatchObject({ exitCode: 0 });
    expect(journal()).toEqual(before);
    await receiving.deliver(delivery(2));
    receiving.stop();
    expect(await receiving.ended).toMatchObject({ exitCode: 0 });
    expect([journal(), (await deliveriesIn(landing)).length]).toEqual([[], 2]);
  });
});
