/**
 * `npm run bench:planner`: how late changes are seen, by the real planner and by others, on a
 * simulated clock under the rate limit. With an event log (`--events`, or SUPTASK_EVENTS) on that,
 * else on the demo's world.
 */
import { basename } from 'node:path';
import { Command } from 'commander';
import { demoOptions } from '../extractor/operations/demo-workspace.ts';
import { durationMs, timeMs, wholeNumber } from '../extractor/simulator/command-options.ts';
import { replayWorld } from '../extractor/simulator/replay.ts';
import { createWorld, type World } from '../extractor/simulator/world.ts';
import { type ChangeLog, changesOfDemoWorld, changesOfFile, type DelayFigures } from './planner/changes.ts';
import { playPolicy, policies, type Setting } from './planner/policies.ts';
import { playRealPlanner } from './planner/real.ts';
import { type BenchResult, printResult, rounded } from './result.ts';

interface Options {
  events?: string;
  demo?: true;
  from?: number;
  to?: number;
  limit: number;
  window: number;
  json?: true;
}

const DAY_MS = 86_400_000;

const options = new Command('bench:planner')
  .option('--events <file>', 'event log (ticket_number,at,status,archived); default SUPTASK_EVENTS, else the demo world')
  .option('--from <time>', 'ISO 8601; with SUPTASK_EVENTS 2012-05-01', timeMs)
  .option('--to <time>', 'ISO 8601; with SUPTASK_EVENTS 2012-05-20', timeMs)
  .option('--limit <count>', 'requests a window', wholeNumber(1, 1_000_000), 100)
  .option('--window <duration>', 'length of a window: 90s, 15m or 1h', durationMs, 15 * 60_000)
  .option('--demo', 'play the demo world whatever SUPTASK_EVENTS says')
  .option('--json', 'answer in JSON')
  .parse()
  .opts<Options>();

const { log, world, fromMs, toMs } = open(options);
// A world is read fastest in the order of time, so the policies have one of their own.
const shown = world();
const setting: Setting = {
  changes: log.changes,
  fromMs,
  toMs,
  limit: options.limit,
  windowMs: options.window,
  isClosed: (number, atMs) => shown.ticket(number, atMs)?.status?.toLowerCase() === 'closed',
};

const PLANNER = 'this planner';
const figures: Record<string, DelayFigures> = { [PLANNER]: await playRealPlanner(world(), setting) };
for (const [name, order] of Object.entries(policies)) figures[name] = playPolicy(order, setting);
const meanOf = (name: string) => figures[name]?.meanMinutes ?? Number.NaN;
const result: BenchResult = {
  tables: [
    {
      caption: `Changes of ${log.name}, ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}, ${options.limit} requests in ${options.window / 60_000} minutes. Delays in minutes.`,
      columns: ['policy', 'mean delay', 'median', 'p90', 'stale tickets on average'],
      rows: Object.entries(figures).map(([name, { meanMinutes, medianMinutes, p90Minutes, staleTickets }]) => [name, meanMinutes, medianMinutes, p90Minutes, staleTickets]),
    },
  ],
  ratios: Object.fromEntries(['round robin over all', 'clairvoyant'].map((name) => [`mean delay, ${name} / ${PLANNER}`, rounded(meanOf(name) / meanOf(PLANNER))])),
};
printResult(result, options.json === true);

function open({ demo, events = demo ? '' : process.env['SUPTASK_EVENTS'], from, to }: Options): { log: ChangeLog; world: () => World; fromMs: number; toMs: number } {
  if (events) {
    const log = changesOfFile(events, basename(events));
    return { log, world: () => replayWorld(events), fromMs: from ?? Date.UTC(2012, 4, 1), toMs: to ?? Date.UTC(2012, 4, 20) };
  }
  const { startsAt, days } = demoOptions;
  return {
    log: changesOfDemoWorld(demoOptions),
    world: () => createWorld(demoOptions),
    fromMs: from ?? startsAt + 60 * DAY_MS,
    toMs: to ?? startsAt + days * DAY_MS,
  };
}
