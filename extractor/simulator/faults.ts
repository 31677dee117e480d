import { fractionOf, hashOf } from './random.ts';

/** Which answers a fault strikes: a share of them, or every answer to some numbers. */
export type FaultScope = { probability: number } | { numbers: readonly number[] };

/** What can be wrong with the source. A fault that is not named is off. */
export interface Faults {
  /** Decides, with number and attempt, where a probability strikes; 0 by default. */
  seed?: number;
  /** 500 `Failed to fetch ticket form fields` for ever. A probability chooses numbers, not answers. */
  brokenForEver?: FaultScope;
  /** 403: the ticket belongs to another team. A probability chooses numbers, not answers. */
  forbidden?: FaultScope;
  /** 404: the ticket was deleted. A probability chooses numbers, not answers. */
  gone?: FaultScope;
  /** 500 now and then. */
  serverError?: FaultScope;
  /** The answer comes after `delayMs` of real time. */
  slow?: FaultScope & { delayMs: number };
  /** Fewer bytes than `Content-Length` says, then the connection ends. */
  cutBody?: FaultScope;
  brokenJson?: FaultScope;
  /** The connection ends before an answer. */
  closedConnection?: FaultScope;
  /** 500 with the token in the message; a 401 echoes what was sent likewise. */
  echoedToken?: FaultScope;
  /** A ticket, but another one. */
  otherNumber?: FaultScope;
  /** A ticket without its number. */
  missingNumber?: FaultScope;
  /** A ticket with `bytes` of padding, 64 MiB by default. */
  oversizeBody?: FaultScope & { bytes?: number };
}

export type FaultName = Exclude<keyof Faults, 'seed'>;

const FOR_EVER: ReadonlySet<FaultName> = new Set<FaultName>(['brokenForEver', 'forbidden', 'gone']);

/** Whether the fault strikes this answer: equal for equal number and attempt, however requests interleave. */
export function strikes(faults: Faults, name: FaultName, number: number, attempt: number): boolean {
  const scope = faults[name];
  if (scope === undefined) return false;
  if ('numbers' in scope) return scope.numbers.includes(number);
  if (scope.probability <= 0) return false;
  return fractionOf(faults.seed ?? 0, name, number, FOR_EVER.has(name) ? 0 : attempt) < scope.probability;
}

/** The numbers up to `newest` that a fault which lasts for ever makes unreadable. */
export function numbersStruck(faults: Faults, name: 'brokenForEver' | 'forbidden' | 'gone', newest: number): number[] {
  return Array.from({ length: newest }, (_, index) => index + 1).filter((number) => strikes(faults, name, number, 0));
}

/** The faults of an ordinary day: a few numbers broken or forbidden for ever, and a 500 now and then. */
export function demoFaults(seed: number, tickets: number): Faults {
  return {
    seed,
    brokenForEver: { numbers: someNumbers(seed, 'brokenForEver', tickets) },
    forbidden: { numbers: someNumbers(seed, 'forbidden', tickets) },
    serverError: { probability: 0.003 },
  };
}

function someNumbers(seed: number, label: string, tickets: number): number[] {
  const count = Math.ceil(tickets * 0.001);
  const numbers = Array.from({ length: count }, (_, index) => 1 + (hashOf(seed, label, index) % Math.max(1, tickets)));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

const NAMED: Record<string, Faults> = {
  slow: { slow: { probability: 0.05, delayMs: 2_000 } },
  'cut-body': { cutBody: { probability: 0.05 } },
  'broken-json': { brokenJson: { probability: 0.05 } },
  'closed-connection': { closedConnection: { probability: 0.05 } },
  'echoed-token': { echoedToken: { probability: 0.05 } },
  'other-number': { otherNumber: { probability: 0.05 } },
  'missing-number': { missingNumber: { probability: 0.05 } },
  'oversize-body': { oversizeBody: { probability: 0.01 } },
  'server-error': { serverError: { probability: 0.05 } },
  down: { serverError: { probability: 1 } },
  gone: { gone: { probability: 0.01 } },
};

/** The names that `faultsNamed` knows, `demo` first. */
export const FAULT_NAMES: readonly string[] = ['demo', ...Object.keys(NAMED)];

/** The faults that go by these names, together. Throws a RangeError that lists the names on an unknown one. */
export function faultsNamed(names: readonly string[], seed: number, tickets: number): Faults {
  const faults = names.map((name) => {
    const named = name === 'demo' ? demoFaults(seed, tickets) : NAMED[name];
    if (named === undefined) throw new RangeError(`there is no fault "${name}"; known are ${FAULT_NAMES.join(', ')}`);
    return named;
  });
  return Object.assign({ seed }, ...faults) as Faults;
}
