/**
 * `npm run bench:planner-speed`: how long it takes to fold a log into the ledger, and then to plan
 * the next 100 reads, by the number of tickets, and what memory the plan takes.
 */
import { Command } from 'commander';
import { formatTable } from '../extractor/output/table.ts';
import { wholeNumber } from '../extractor/simulator/command-options.ts';
import { Ledger } from '../extractor/sync/ledger.ts';
import { planReads } from '../extractor/sync/planner.ts';
import { startProbing } from '../extractor/sync/probe.ts';

const BEGIN = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const STATUSES = ['Open', 'In-progress', 'Closed', 'Closed'];
const PLANS = 5;

const { tickets, json } = new Command('bench:planner-speed')
  .option('--tickets <count>', 'size of the workspace', wholeNumber(1, 10_000_000), 1_000_000)
  .option('--json', 'answer in JSON')
  .parse()
  .opts<{ tickets: number; json?: true }>();

/** Two looks at each ticket, on different days; every third has changed between them. */
function foldedLedger(): Ledger {
  const ledger = new Ledger();
  for (const [look, atMs] of [BEGIN, BEGIN + 30 * DAY_MS].entries()) {
    for (let number = 1; number <= tickets; number += 1) {
      const version = number % 3 === 0 ? look : 0;
      const observedAtMs = atMs + number * 1_000;
      const status = STATUSES[(number + version) % STATUSES.length] ?? null;
      const payloadHash = (number * 2 + version).toString(16).padStart(64, '0');
      ledger.apply({ number, outcome: 'found', observedAtMs, status, updatedAtMs: observedAtMs - (number % 1_000) * 10_000, payloadHash });
    }
  }
  return ledger;
}

const seconds = (sinceMs: number) => Math.round(performance.now() - sinceMs) / 1_000;

const foldedSinceMs = performance.now();
const ledger = foldedLedger();
const foldSeconds = seconds(foldedSinceMs);
const nowMs = BEGIN + 60 * DAY_MS;
const request = { ledger, nowMs, count: 100, requested: [], probe: { ...startProbing(ledger), misses: 2 }, runStartedAtMs: nowMs };
const planSeconds = Array.from({ length: PLANS }, () => {
  const sinceMs = performance.now();
  planReads(request);
  return seconds(sinceMs);
});
const figures = { tickets, looks: 2 * tickets, foldSeconds, firstPlanSeconds: planSeconds[0] ?? 0, planSeconds: Math.min(...planSeconds), peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1_024) };

if (json) console.log(JSON.stringify(figures));
else {
  const rows = [
    [`fold ${figures.looks.toLocaleString('en')} looks into the ledger, s`, String(figures.foldSeconds)],
    ['plan 100 reads, first time, s', String(figures.firstPlanSeconds)],
    [`plan 100 reads, best of ${PLANS}, s`, String(figures.planSeconds)],
    ['largest memory of the process, MB', String(figures.peakMegabytes)],
  ];
  console.log(formatTable([{ heading: `${tickets.toLocaleString('en')} tickets` }, { heading: '', align: 'right' }], rows));
}
