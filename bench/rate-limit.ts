/**
 * `npm run bench:rate-limit`: what a request is worth under the real rate limit, where speed is not
 * requests a second: windows used, requests that showed nothing new, and the delay from a change to
 * the marts, by this planner and by the two ways in which people read such an API today. Three
 * seeds of the demo's world, on a simulated clock.
 */
import { Command } from 'commander';
import { demoOptions } from '../extractor/operations/demo-workspace.ts';
import { wholeNumber } from '../extractor/simulator/command-options.ts';
import { createWorld } from '../extractor/simulator/world.ts';
import { changesOfDemoWorld, type DelayFigures } from './planner/changes.ts';
import { everydayWays, playEverydayWay } from './planner/everyday.ts';
import type { Setting } from './planner/policies.ts';
import { playRealPlanner } from './planner/real.ts';
import { type BenchResult, median, printResult, rounded } from './result.ts';

const DAY_MS = 86_400_000;
const LIMIT = 100;
const PLANNER = 'this planner';

const options = new Command('bench:rate-limit')
  .option('--days <count>', 'days that are played, the last ones of the world', wholeNumber(1, demoOptions.days), 60)
  .option('--seeds <count>', 'worlds, of which the medians count', wholeNumber(1, 99), 3)
  .option('--json', 'answer in JSON')
  .parse()
  .opts<{ days: number; seeds: number; json?: true }>();

async function play(seed: number): Promise<Record<string, DelayFigures>> {
  const worldOptions = { ...demoOptions, seed };
  const toMs = worldOptions.startsAt + worldOptions.days * DAY_MS;
  const world = createWorld(worldOptions);
  const setting: Setting = {
    changes: changesOfDemoWorld(worldOptions).changes,
    fromMs: toMs - options.days * DAY_MS,
    toMs,
    limit: LIMIT,
    windowMs: 15 * 60_000,
    isClosed: (number, atMs) => world.ticket(number, atMs)?.status?.toLowerCase() === 'closed',
  };
  const figures: Record<string, DelayFigures> = { [PLANNER]: await playRealPlanner(createWorld(worldOptions), setting) };
  for (const [name, way] of Object.entries(everydayWays)) figures[name] = playEverydayWay(way, setting);
  return figures;
}

async function run(): Promise<BenchResult> {
  const played: Record<string, DelayFigures>[] = [];
  for (let seed = 1; seed <= options.seeds; seed += 1) played.push(await play(seed));
  const of = (name: string, figure: (figures: DelayFigures) => number) => median(played.flatMap((figures) => (figures[name] ? [figure(figures[name])] : [])));
  const mean = (name: string) => of(name, ({ meanMinutes }) => meanMinutes);
  const rows = [PLANNER, ...Object.keys(everydayWays)].map((name) => [
    name,
    Math.round(of(name, ({ reads }) => reads / LIMIT)),
    Math.round(of(name, ({ wastedReads }) => wastedReads)),
    `${Math.round(100 * of(name, ({ reads, wastedReads }) => wastedReads / reads))} %`,
    rounded(mean(name)),
    rounded(of(name, ({ medianMinutes }) => medianMinutes)),
    rounded(of(name, ({ p90Minutes }) => p90Minutes)),
  ]);
  const ratios = Object.fromEntries(Object.keys(everydayWays).map((name) => [`mean delay, ${name} / ${PLANNER}`, rounded(mean(name) / mean(PLANNER))]));
  return {
    tables: [
      {
        caption: `The demo's world, its last ${options.days} days, ${LIMIT} requests in 15 minutes, medians of ${options.seeds} seeds. Delays in minutes from a change to the read that shows it, of which marts are built at once; for the whole range they are built when it is through. What no read showed counts until the end.`,
        columns: ['', 'windows of requests', 'wasted requests', 'of all', 'mean delay', 'median', 'p90'],
        rows,
      },
    ],
    ratios,
  };
}

printResult(await run(), options.json === true);
