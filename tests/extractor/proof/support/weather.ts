import type { Faults } from '../../../../extractor/simulator/faults.ts';
import { createRandom, type Random } from '../../../../extractor/simulator/random.ts';
import type { RateForm } from '../../../../extractor/simulator/server.ts';

/** What befalls the source, the machine and the token in one hour. */
export interface Hour {
  faults: Faults;
  rateForm: RateForm;
  isTokenRevoked: boolean;
  /** Requests that others who share the token spend in each rate window. */
  othersSpend: number;
  /** This machine's clock less the source's, in milliseconds. */
  clockAheadMs: number;
  isDiskFull: boolean;
  /** It goes in the middle of each run, and comes back after it. */
  isDatabaseAway: boolean;
}

/** A slow answer comes after a read has been given up. Both in real milliseconds. */
export const TIMEOUT_MS = 1_000;
const SLOW_MS = 1_500;

/** More than a body may have. */
const OVERSIZE_BYTES = 5 * 1024 * 1024;

const DAY_MS = 86_400_000;

/** Every fault of the simulator that comes and goes, each at this probability; the costly ones more rarely. */
function everyFault(probability: number): Faults {
  return {
    serverError: { probability },
    cutBody: { probability },
    brokenJson: { probability },
    closedConnection: { probability },
    echoedToken: { probability },
    otherNumber: { probability },
    missingNumber: { probability },
    oversizeBody: { probability: probability / 50, bytes: OVERSIZE_BYTES },
    slow: { probability: probability / 4, delayMs: SLOW_MS },
  };
}

/** Numbers that cannot be read, or no longer: these faults never pass. */
export function lastingFaults(seed: number, tickets: number) {
  const some = (label: string) => {
    const random = createRandom(seed, label);
    return { numbers: Array.from({ length: tickets }, (_, index) => index + 1).filter(() => random.chance(0.02)) };
  };
  return { brokenForEver: some('broken'), forbidden: some('forbidden'), gone: some('gone') };
}

const NEVER = { probability: 0, delayMs: 0 };

const OUTAGES: readonly Faults[] = [{ serverError: { probability: 1 } }, { closedConnection: { probability: 1 } }, { echoedToken: { probability: 1 } }];

function someRateForm(random: Random): RateForm {
  return {
    resetForm: random.chance(0.5) ? 'epoch_seconds' : 'seconds_to_wait',
    window: random.chance(0.5) ? 'fixed' : 'sliding',
    retryAfter: random.chance(0.5),
    rateHeaders: random.chance(0.7),
  };
}

/** The hours one after the other: mostly fair, sometimes stormy, and outages that last for hours. */
export function* weather(seed: number, tickets: number): Generator<Hour, never> {
  const random = createRandom(seed, 'weather');
  const { gone, ...lasting } = lastingFaults(seed, tickets);
  let clockAheadMs = 0;
  let outages = 0;
  for (let hour = 0; ; ) {
    const kind = random.weighted([['fair', 6], ['stormy', 2], ['outage', 2]]);
    if (kind === 'outage') outages += 1;
    const rateForm = someRateForm(random);
    for (const until = hour + random.integer(1, 4); hour < until; hour += 1) {
      // Until an answer has come, nobody can tell a clock that was put right from time that has passed:
      // what a request without an answer is dated by, would be wrong.
      const isPutRight = kind === 'fair' && random.chance(0.2);
      if (isPutRight) clockAheadMs = random.integer(-3 * DAY_MS, 3 * DAY_MS);
      yield {
        faults: {
          seed: seed + hour,
          ...lasting,
          // Deleted only after they were seen.
          gone: { numbers: gone.numbers.filter((number) => number <= hour) },
          ...(kind === 'outage' ? OUTAGES[outages % OUTAGES.length] : everyFault(kind === 'fair' ? 0.002 : 0.03)),
          ...(isPutRight ? { slow: NEVER, closedConnection: NEVER } : {}),
        },
        rateForm,
        isTokenRevoked: random.chance(0.08),
        othersSpend: random.chance(0.2) ? random.integer(40, 90) : 0,
        clockAheadMs,
        isDiskFull: random.chance(0.08),
        isDatabaseAway: random.chance(0.08),
      };
    }
  }
}
