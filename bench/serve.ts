/**
 * `npm run bench:serve`: how long the sender of a delivery waits for its answer, which comes once the
 * row is durable, and how long `serve` and `sync --follow` take to end when they are told to.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { SimulatedClock } from '../extractor/simulator/clock.ts';
import { wholeNumber } from '../extractor/simulator/command-options.ts';
import { startSimulator } from '../extractor/simulator/server.ts';
import { createWorld } from '../extractor/simulator/world.ts';
import { startCommand } from '../tests/extractor/support/command.ts';
import { startDatabase } from './postgres.ts';
import { type BenchResult, type Cell, median, printResult, rounded } from './result.ts';

const SECRET = 'secret-of-the-bench';
const TOKEN = 'token-of-the-bench';
const AT_ONCE = 32;
const ANSWER_MS = 300;

const { deliveries, rounds, json } = new Command('bench:serve')
  .option('--deliveries <count>', 'deliveries one after the other, and as many 32 at once', wholeNumber(32, 100_000), 640)
  .option('--rounds <count>', 'rounds, of which the medians count', wholeNumber(1, 99), 3)
  .option('--json', 'answer in JSON')
  .parse()
  .opts<{ deliveries: number; rounds: number; json?: true }>();

/** What one round found of a landing, in milliseconds. */
interface Round {
  alone: number[];
  together: number[];
  serveEndsMs: number;
  syncEndsMs: number;
}

const bodyOf = (number: number, status: string) => JSON.stringify({ eventType: 'ticket.updated', ticket: { ticketNumber: String(number), status, updatedAt: 1_790_000_000, description: 'x'.repeat(2_000) } });

async function answeredAfterMs(url: string, body: string): Promise<number> {
  const sinceMs = performance.now();
  const response = await fetch(`${url}/webhooks/suptask`, { method: 'POST', body, headers: { 'X-Webhook-Secret': SECRET } });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`A delivery was answered with ${response.status}`);
  return performance.now() - sinceMs;
}

async function endsAfterMs(command: ReturnType<typeof startCommand>): Promise<number> {
  const sinceMs = performance.now();
  command.stop();
  const { exitCode, errors } = await command.ended;
  if (exitCode !== 0) throw new Error(`It ended with ${exitCode}: ${errors}`);
  return performance.now() - sinceMs;
}

async function serveRound(landing: string): Promise<Omit<Round, 'syncEndsMs'>> {
  const serving = startCommand(['serve', '--port', '0', '--json'], { SUPTASK_LANDING: landing, SUPTASK_WEBHOOK_SECRET: SECRET });
  const { url } = JSON.parse(await serving.firstLine) as { url: string };
  const alone: number[] = [];
  const together: number[] = [];
  for (let number = 1; number <= deliveries; number += 1) alone.push(await answeredAfterMs(url, bodyOf(number, 'Open')));
  for (let from = 1; from <= deliveries; from += AT_ONCE) {
    together.push(...(await Promise.all(Array.from({ length: AT_ONCE }, (_, place) => answeredAfterMs(url, bodyOf(from + place, 'Closed'))))));
  }
  return { alone, together, serveEndsMs: await endsAfterMs(serving) };
}

/** Ended in the middle of a window, with answers under way. */
async function syncRound(landing: string): Promise<number> {
  const world = createWorld({ seed: 1, tickets: 2_000, days: 30, startsAt: Date.UTC(2026, 6, 6) });
  const faults = { slow: { probability: 1, delayMs: ANSWER_MS } };
  const simulator = await startSimulator({ world, clock: new SimulatedClock(world.horizon), token: TOKEN, rateLimit: null, faults });
  try {
    const settings = { SUPTASK_LANDING: landing, SUPTASK_API_BASE_URL: simulator.url, SUPTASK_API_TOKEN: TOKEN, SUPTASK_RATE_LIMIT: '1000' };
    const sync = startCommand(['sync', '--follow', '--json'], settings);
    while (simulator.requests.total < 3 * AT_ONCE) await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), sync.ended]);
    return await endsAfterMs(sync);
  } finally {
    await simulator.close();
  }
}

async function run(): Promise<BenchResult> {
  const database = await startDatabase();
  const found = new Map<string, Round[]>([['Parquet', []], ['PostgreSQL', []]]);
  try {
    for (let round = 0; round < rounds; round += 1) {
      const folder = await mkdtemp(join(tmpdir(), 'suptask-bench-serve-'));
      for (const [kind, all] of found) {
        const landing = kind === 'Parquet' ? join(folder, 'landing') : database.url;
        all.push({ ...(await serveRound(landing)), syncEndsMs: await syncRound(landing) });
      }
      await rm(folder, { recursive: true, force: true });
    }
  } finally {
    await database.stop();
  }
  const quantile = (figures: readonly number[], share: number) => figures.toSorted((a, b) => a - b)[Math.ceil(share * figures.length) - 1] ?? Number.NaN;
  const middle = (all: Round[], figure: (round: Round) => number): Cell => rounded(median(all.map(figure)));
  const rows = [...found].flatMap(([kind, all]): Cell[][] => [
    [`${kind}: one delivery after the other`, middle(all, ({ alone }) => median(alone)), middle(all, ({ alone }) => quantile(alone, 0.99))],
    [`${kind}: ${AT_ONCE} at once`, middle(all, ({ together }) => median(together)), middle(all, ({ together }) => quantile(together, 0.99))],
    [`${kind}: serve ends on SIGTERM`, middle(all, ({ serveEndsMs }) => serveEndsMs), Math.round(Math.max(...all.map(({ serveEndsMs }) => serveEndsMs)))],
    [`${kind}: sync --follow ends on SIGTERM, ${AT_ONCE} answers under way`, middle(all, ({ syncEndsMs }) => syncEndsMs), Math.round(Math.max(...all.map(({ syncEndsMs }) => syncEndsMs)))],
  ]);
  return {
    tables: [{ caption: `Milliseconds from sending a delivery of 2 KB to its answer, on one machine, sender and receiver sharing it; and from SIGTERM to the end of the process. Of the ends the last column is the largest.`, columns: ['', 'median, ms', '99th percentile, ms'], rows }],
    ratios: {},
  };
}

printResult(await run(), json === true);
