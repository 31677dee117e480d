/** What an answer says of the rate window, in milliseconds on the source's clock. */
export interface RateHeaders {
  limit: number | null;
  remaining: number | null;
  /** When the window opens again. */
  resetAtMs: number | null;
  /** When a refused caller may come back. */
  retryAtMs: number | null;
}

/** From here on a reset is an epoch second (2001 or later), from the second bound on an epoch millisecond. */
const FIRST_EPOCH_SECOND = 1_000_000_000;
const FIRST_EPOCH_MILLISECOND = 1_000_000_000_000;

type Headers = Record<string, string | string[] | undefined>;

/**
 * Reads the rate headers. It is not documented whether the reset is an epoch second or a number
 * of seconds to wait, so its size decides; `Retry-After` is seconds or an HTTP date.
 */
export function readRateHeaders(headers: Headers, observedAtMs: number): RateHeaders {
  const reset = wholeNumber(headers['x-ratelimit-reset']);
  return {
    limit: wholeNumber(headers['x-ratelimit-limit']),
    remaining: wholeNumber(headers['x-ratelimit-remaining']),
    resetAtMs: reset === null ? null : resetTime(reset, observedAtMs),
    retryAtMs: retryTime(headers['retry-after'], observedAtMs),
  };
}

function resetTime(reset: number, observedAtMs: number): number {
  if (reset >= FIRST_EPOCH_MILLISECOND) return reset;
  if (reset >= FIRST_EPOCH_SECOND) return reset * 1000;
  return observedAtMs + reset * 1000;
}

function retryTime(header: string | string[] | undefined, observedAtMs: number): number | null {
  const seconds = wholeNumber(header);
  if (seconds !== null) return observedAtMs + seconds * 1000;
  const date = typeof header === 'string' ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? null : date;
}

/** A header's whole number, rounded up; null where it is missing or none. */
function wholeNumber(header: string | string[] | undefined): number | null {
  if (typeof header !== 'string' || !/^\s*\d{1,16}(\.\d+)?\s*$/.test(header)) return null;
  return Math.ceil(Number(header));
}
