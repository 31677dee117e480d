import type { Outcome } from '../landing/streams.ts';
import type { Ledger } from './ledger.ts';

/** Probes of one run that may find nothing; then the end is believed until the next run. */
const MOST_MISSES = 2;

const DAY_MS = 86_400_000;

/** However much else is worth a read, new numbers are felt for at least once an hour. */
const LONGEST_UNPROBED_MS = 3_600_000;

/** After this many finds in a row the steps grow: the log is far behind. */
const FINDS_BEFORE_GALLOP = 4;

/** Every second leap over a hole is twice as wide as the one before, from 2 to 256 numbers, and begins again: it finds what is many. */
const DOUBLING_LEAPS = 8;

/** The others are one number wider each, from 2 to 64, and begin again: they find what is few. */
const WIDEST_STEADY_LEAP = 64;

/** How far a run has felt its way past the highest known number. */
export interface ProbeProgress {
  /** Whether it has asked for any. */
  begun: boolean;
  findsInRow: number;
  misses: number;
  /** The highest number's misses before this run: they say how wide a leap to try. */
  earlierMisses: number;
}

export function startProbing(ledger: Ledger): ProbeProgress {
  return { begun: false, findsInRow: 0, misses: 0, earlierMisses: ledger.missesPastNewest };
}

/**
 * What each request of a search for new numbers is worth, in the measure of a refresh: changes
 * expected to be waiting times how long. As many numbers are expected as were given in the last
 * day, each of them with two changes (it was made, and somebody took it up), that have waited half
 * of the time; the misses at the end are paid for, too.
 */
export function probeValue(ledger: Ledger, nowMs: number): number {
  const endSeenAtMs = ledger.endSeenAtMs;
  if (endSeenAtMs === null || nowMs - endSeenAtMs >= LONGEST_UNPROBED_MS) return Number.POSITIVE_INFINITY;
  const given = ledger.newestNumber - ledger.newestNumberAt(endSeenAtMs - DAY_MS) + 1;
  const expected = (given / DAY_MS) * (nowMs - endSeenAtMs);
  return (expected * (nowMs - endSeenAtMs)) / (expected + MOST_MISSES);
}

/**
 * The next number to try past the highest known one, or null where this run has tried enough:
 * one ahead, farther with each find once there were some in a row, and after a miss a leap, so
 * that a hole in the numbers is crossed over several runs.
 */
export function probeNumber(ledger: Ledger, progress: ProbeProgress): number | null {
  if (progress.misses >= MOST_MISSES) return null;
  return lastKnown(ledger) + (progress.misses > 0 ? leapAfter(progress) : stepAfter(progress));
}

function leapAfter({ earlierMisses }: ProbeProgress): number {
  const leaps = Math.floor(earlierMisses / MOST_MISSES);
  const ofItsKind = Math.floor(leaps / 2);
  return leaps % 2 === 0 ? 2 ** (1 + (ofItsKind % DOUBLING_LEAPS)) : 2 + (ofItsKind % (WIDEST_STEADY_LEAP - 1));
}

/** The progress after the answer to a probe. A failure tells as little as a miss; a missed gallop starts over. */
export function afterProbe(progress: ProbeProgress, outcome: Outcome): ProbeProgress {
  if (outcome === 'found') return { ...progress, begun: true, findsInRow: progress.findsInRow + 1, misses: 0 };
  const galloped = progress.misses === 0 && stepAfter(progress) > 1;
  return { ...progress, begun: true, findsInRow: 0, misses: progress.misses + (galloped ? 0 : 1) };
}

function stepAfter({ findsInRow }: ProbeProgress): number {
  return 2 ** Math.max(0, findsInRow - FINDS_BEFORE_GALLOP);
}

/**
 * The highest known number, past those that answer with a failure: they are retried by their own
 * rule. One that was only delivered is probed like any other, which confirms it at once.
 */
function lastKnown(ledger: Ledger): number {
  const failed = (number: number) => {
    const state = ledger.get(number);
    return state !== undefined && state.lastReadAtMs !== null && state.lastOutcome !== 'not_found';
  };
  let number = ledger.newestNumber;
  while (failed(number + 1)) number += 1;
  return number;
}
