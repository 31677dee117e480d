import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Landing } from '../../../../extractor/landing/landing.ts';
import { RunningClock } from '../../../../extractor/simulator/clock.ts';
import { createRandom } from '../../../../extractor/simulator/random.ts';
import { startSimulator, type Simulator } from '../../../../extractor/simulator/server.ts';
import { createWorld } from '../../../../extractor/simulator/world.ts';
import { landingAddress, landingAt, type LandingKind, rowsOf } from '../../support/landing.ts';
import { seed } from '../../support/length.ts';
import { STARTS_AT, TOKEN } from '../../support/source.ts';
import { type CommandEnd, startCommand } from '../../support/command.ts';

/** A killed connection's advisory lock is free when the server has noticed; nobody has waited longer for it. */
const MOST_TRIES_FOR_THE_LEASE = 50;

export const TICKETS = 120;
const WINDOW_MS = 15 * 60_000;

/** Loaded into each process: its clock goes ahead of this machine's by as much as the source's does. */
const AHEAD = 'const now = Date.now; Date.now = () => now() + Number(process.env.CLOCK_AHEAD_MS);';

/** A source that stands still, a landing log, and processes of the command line that die at it. */
export interface Scene {
  simulator: Simulator;
  /** A rate window goes by, for the source and for processes that begin later. */
  passWindow(): void;
  landing: Landing;
  /** Runs a command to its end. */
  run(args: readonly string[]): Promise<CommandEnd>;
  /** Runs it until the source has been asked so often and a moment later; whether it was still alive then. */
  runAndKill(args: readonly string[], when: { requests: number; thenMs: number }): Promise<boolean>;
  /** The numbers that the last one to be killed had the answer of so long before. */
  answeredBefore(longMs: number): number[];
}

export interface SceneOptions {
  /** Requests a window, null for none. */
  rateLimit: number | null;
  /** So long each answer takes, in real milliseconds: a run is to last for more than one batch. */
  answerMs: number;
}

/** Gone after the test. */
export async function createScene(kind: LandingKind, { rateLimit, answerMs }: SceneOptions): Promise<Scene> {
  const world = createWorld({ seed, tickets: TICKETS, days: 10, startsAt: STARTS_AT });
  let onRead: () => void = () => undefined;
  let askedAtMs = new Map<number, number>();
  let killedAtMs = 0;
  const watched = {
    ...world,
    ticket: (number: number, at: number) => {
      onRead();
      askedAtMs.set(number, performance.now());
      return world.ticket(number, at);
    },
  };
  const clock = new RunningClock(world.horizon, 1);
  const simulator = await startSimulator({
    world: watched,
    clock,
    token: TOKEN,
    rateLimit: rateLimit === null ? null : { requests: rateLimit, windowMs: WINDOW_MS },
    faults: { slow: { probability: 1, delayMs: answerMs } },
  });
  onTestFinished(() => simulator.close());
  const address = await landingAddress(kind);
  let aheadMs = 0;
  const settings = () => ({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(AHEAD)}`,
    CLOCK_AHEAD_MS: String(aheadMs),
    SUPTASK_API_BASE_URL: simulator.url,
    SUPTASK_API_TOKEN: TOKEN,
    SUPTASK_LANDING: address,
    SUPTASK_RATE_LIMIT: rateLimit === null ? 'none' : String(rateLimit),
  });

  return {
    simulator,
    passWindow() {
      aheadMs += WINDOW_MS + 1_000;
      clock.advanceTo(clock.now() + WINDOW_MS + 1_000);
    },
    landing: await landingAt(address),
    async run(args) {
      for (let tries = 1; ; tries += 1) {
        const end = await startCommand(args, settings()).ended;
        if (end.exitCode !== 6 || tries === MOST_TRIES_FOR_THE_LEASE) return end;
        await pause(100);
      }
    },
    async runAndKill(args, when) {
      const process = startCommand(args, settings());
      askedAtMs = new Map();
      onRead = killAfter(() => {
        killedAtMs = performance.now();
        process.kill();
      }, when);
      const { exitCode } = await process.ended;
      onRead = () => undefined;
      return exitCode === null;
    },
    answeredBefore: (longMs) => [...askedAtMs].filter(([, atMs]) => atMs + answerMs + longMs <= killedAtMs).map(([number]) => number),
  };
}

function killAfter(kill: () => void, { requests, thenMs }: { requests: number; thenMs: number }): () => void {
  let left = requests;
  const killThen = () => setTimeout(kill, thenMs);
  if (left === 0) killThen();
  return () => {
    left -= 1;
    if (left === 0) killThen();
  };
}

/** When to kill the nth process of a stage: anywhere from before its first request to after its last. */
export function moments(stage: string, mostRequests: number): () => { requests: number; thenMs: number } {
  const random = createRandom(seed, stage);
  return () => ({ requests: random.integer(0, mostRequests), thenMs: random.integer(0, random.chance(0.5) ? 30 : 1_200) });
}

/** What a log says that does not depend on when it was read: each version of each ticket, whose body is whole. */
export async function versionsIn(landing: Landing): Promise<string[]> {
  const found = (await rowsOf(landing, 'ticket_fetches')).filter(({ outcome }) => outcome === 'found');
  return found
    .map(({ ticket_number: number, payload_hash: hash, payload }) => {
      const isWhole = createHash('sha256').update(String(payload)).digest('hex') === hash;
      return `${number} ${hash}${isWhole ? '' : ' without its body'}`;
    })
    .toSorted();
}
