/**
 * `npm run bench:planner-speed`: how long it takes to fold a log into the ledger, and then to plan
 * the next 100 reads, by the number of tickets, and what memory that takes.
 */
import { Command } from 'commander';
import { wholeNumber } from '../extractor/simulator/command-options.ts';
import { Ledger } from '../extractor/sync/ledger.ts';
import { planReads } from '../extractor/sync/planner.ts';
import { startProbing } from '../extractor/sync/probe.ts';
import { median, printResult, rounded } from './result.ts';

const BEGIN = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const STATUSES = ['Open', 'In-progress', 'Closed', 'Closed'];
const PLANS = 5;
const ROUNDS = 3;

const { tickets, json } = new Command('bench:planner-speed')
  .option('--tickets <count>', 'size of the workspace', wholeNumber(1, 10_000_000), 1_000_000)
  .option('--json', 'answer in JSON')
  .parse()
  .opts<{ tickets: number; json?: true }>();

/** Two looks at each ticket, on different days; every third has changed between them. */
function foldedLedger(count: number): Ledger {
  const ledger = new Ledger();
  for (const [look, atMs] of [BEGIN, BEGIN + 30 * DAY_MS].entries()) {
    for (let number = 1; number <= count; number += 1) {
      const version = number % 3 === 0 ? look : 0;
      const observedAtMs = atMs + number * 1_000;
      const status = STATUSES[(number + version) % STATUSES.length] ?? null;
      const payloadHash = (number * 2 + version).toString(16).padStart(64, '0');
      ledger.apply({ number, outcome: 'found', observedAtMs, status, updatedAtMs: observedAtMs - (number % 1_000) * 10_000, payloadHash });
    }
  }
  return ledger;
}

const secondsSince = (sinceMs: number) => (performance.now() - sinceMs) / 1_000;

/** Seconds to fold the looks at so many tickets, and to plan 100 reads of them. */
function measure(count: number) {
  const sinceMs = performance.now();
  const ledger = foldedLedger(count);
  const foldSeconds = secondsSince(sinceMs);
  const nowMs = BEGIN + 60 * DAY_MS;
  const request = { ledger, nowMs, count: 100, requested: [], probe: { ...startProbing(ledger), misses: 2 }, runStartedAtMs: nowMs };
  const planSeconds = Array.from({ length: PLANS }, () => {
    const plannedSinceMs = performance.now();
    planReads(request);
    return secondsSince(plannedSinceMs);
  });
  return { foldSeconds, firstPlanSeconds: planSeconds[0] ?? Number.NaN, planSeconds: median(planSeconds) };
}

/** Medians of several rounds, in each of which the looks are folded anew. */
function measureRounds(count: number) {
  const rounds = Array.from({ length: ROUNDS }, () => measure(count));
  const of = (figure: keyof ReturnType<typeof measure>) => median(rounds.map((round) => round[figure]));
  return { foldSeconds: of('foldSeconds'), firstPlanSeconds: of('firstPlanSeconds'), planSeconds: of('planSeconds') };
}

const few = Math.ceil(tickets / 10);
// The large one first: there what is compiled on the way counts little.
const large = measureRounds(tickets);
const small = measureRounds(few);
printResult(
  {
    tables: [
      {
        caption: `Two looks at each ticket are folded into the ledger, then 100 reads are planned, ${PLANS} times; medians of ${ROUNDS} rounds. The memory is the most that the one process had.`,
        columns: ['', `${few.toLocaleString('en')} tickets`, `${tickets.toLocaleString('en')} tickets`],
        rows: [
          ['fold the looks, s', rounded(small.foldSeconds), rounded(large.foldSeconds)],
          ['plan, the first time, s', rounded(small.firstPlanSeconds), rounded(large.firstPlanSeconds)],
          [`plan, median of ${PLANS}, s`, rounded(small.planSeconds), rounded(large.planSeconds)],
          ['peak memory of the process, MiB', '', Math.round(process.resourceUsage().maxRSS / 1_024)],
        ],
      },
    ],
    // Ten times the tickets may take ten times as long, and little more.
    ratios: {
      'fold, a ticket of few / of many': rounded((10 * small.foldSeconds) / large.foldSeconds),
      'plan, a ticket of few / of many': rounded((10 * small.planSeconds) / large.planSeconds),
    },
  },
  json === true,
);
