import type { LandingStore } from '../../extractor/landing/landing.ts';
import { createLanding } from '../../extractor/landing/landing.ts';
import { SimulatedClock } from '../../extractor/simulator/clock.ts';
import { RateLimiter, rateHeadersOf } from '../../extractor/simulator/rate-limiter.ts';
import type { World } from '../../extractor/simulator/world.ts';
import type { Answer, Client } from '../../extractor/suptask/client.ts';
import { interpret } from '../../extractor/suptask/interpret.ts';
import { readRateHeaders } from '../../extractor/suptask/rate-headers.ts';
import { RateBudget } from '../../extractor/suptask/rate-budget.ts';
import { SourceClock } from '../../extractor/suptask/source-clock.ts';
import { Ledger } from '../../extractor/sync/ledger.ts';
import { runSync } from '../../extractor/sync/run.ts';
import type { SyncState } from '../../extractor/sync/state.ts';
import { DelayAccount, type DelayFigures } from './changes.ts';
import type { Setting } from './policies.ts';

/**
 * Plays the real planner, budget and sync loop over the span, one run a window, on a simulated
 * clock. Only the network and the disk are left out: answers come from the world itself.
 */
export async function playRealPlanner(world: World, setting: Setting): Promise<DelayFigures> {
  const { changes, fromMs, toMs, limit, windowMs } = setting;
  const account = new DelayAccount(changes, fromMs, toMs);
  const clock = new SimulatedClock(fromMs);
  const limiter = new RateLimiter({ requests: limit, windowMs, window: 'fixed' });
  const client: Client = {
    async read(number) {
      const nowMs = clock.now();
      account.read(number, nowMs);
      const spent = limiter.spend(nowMs);
      const headers = rateHeadersOf(spent, nowMs, { resetForm: 'epoch_seconds', retryAfter: true, rateHeaders: true });
      const lowercase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      return answer(world, number, nowMs, spent.allowed, lowercase);
    },
    close: async () => undefined,
  };
  const state: SyncState = {
    ledger: ledgerAt(world, fromMs),
    budget: new RateBudget({ limit, reserve: 0, spentAtMs: [] }),
    sourceClock: new SourceClock(clock, 0),
    requested: new Map(),
  };
  const landing = createLanding(nowhere, 'bench', clock);
  const signal = new AbortController().signal;
  for (let nowMs = fromMs; nowMs < toMs; nowMs += windowMs) {
    clock.advanceTo(nowMs);
    await runSync({ client, landing, clock, state }, { kind: 'sync', wait: false, signal });
  }
  return account.figures();
}

function answer(world: World, number: number, nowMs: number, allowed: boolean, headers: Record<string, string>): Answer {
  const ticket = allowed ? world.ticket(number, nowMs) : undefined;
  const status = allowed ? (ticket ? 200 : 404) : 429;
  return {
    number,
    result: interpret(number, status, Buffer.from(JSON.stringify(ticket ?? {})), (text) => text),
    httpStatus: status,
    observedAtMs: Math.floor(nowMs / 1000) * 1000,
    observedBasis: 'date_header',
    fetchedAtMs: nowMs,
    durationMs: 0,
    rate: readRateHeaders(headers, nowMs),
    headers: null,
  };
}

/** Tickets that exist at the beginning have just been read; nothing else of the past is known. */
function ledgerAt(world: World, atMs: number): Ledger {
  const ledger = new Ledger();
  for (let number = 1; number <= world.newestNumber(atMs); number += 1) {
    const ticket = world.ticket(number, atMs);
    if (!ticket) continue;
    const { result } = answer(world, number, atMs, true, {});
    if (result.outcome !== 'found') continue;
    const { envelope, payloadHash } = result;
    ledger.apply({ number, outcome: 'found', observedAtMs: atMs, status: envelope.status, updatedAtMs: envelope.updatedAtMs, payloadHash });
  }
  return ledger;
}

/** A landing that keeps nothing: what is measured is the order of the reads. */
const nowhere: LandingStore = {
  shown: 'nowhere',
  write: async () => undefined,
  async *read() {},
  openJournal: () => Promise.reject(new Error('nothing is delivered here')),
  rollLeftJournals: async () => [],
  tryLock: async () => null,
  leaseSeenAtMs: async () => null,
  compact: async () => null,
  mostFilesInADay: async () => 0,
  findTexts: async () => [],
  replaceTexts: async () => undefined,
  close: async () => undefined,
};
