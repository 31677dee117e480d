/** How many requests a token has, and what the answers say of it. */
export interface RateLimiterOptions {
  requests: number;
  windowMs: number;
  /** `fixed`: a window begins with the first request after the one before it. */
  window: 'fixed' | 'sliding';
}

/** The state of the budget after a request was asked for. */
export interface RateAnswer {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** When the next request is free again, or the window ends; milliseconds since the epoch. */
  resetsAt: number;
}

/** Counts what was spent. A refused request is not counted. */
export class RateLimiter {
  #options: RateLimiterOptions;
  #spentAt: number[] = [];

  constructor(options: RateLimiterOptions) {
    this.#options = options;
  }

  /** Another kind of window from now on; what was spent stays spent. */
  setWindow(window: RateLimiterOptions['window']): void {
    this.#options = { ...this.#options, window };
  }

  spend(now: number): RateAnswer {
    const { requests, windowMs } = this.#options;
    this.#forget(now);
    const allowed = this.#spentAt.length < requests;
    if (allowed) this.#spentAt.push(now);
    return {
      allowed,
      limit: requests,
      remaining: requests - this.#spentAt.length,
      resetsAt: (this.#spentAt[0] ?? now) + windowMs,
    };
  }

  #forget(now: number): void {
    const ends = (spentAt: number) => spentAt + this.#options.windowMs <= now;
    if (this.#options.window === 'sliding') this.#spentAt = this.#spentAt.filter((spentAt) => !ends(spentAt));
    else if (ends(this.#spentAt[0] ?? now)) this.#spentAt = [];
  }
}

/** The rate headers of an answer; `Retry-After` only where the request was refused and it is wanted. */
export function rateHeadersOf(
  answer: RateAnswer,
  now: number,
  { resetForm, retryAfter, rateHeaders }: { resetForm: 'epoch_seconds' | 'seconds_to_wait'; retryAfter: boolean; rateHeaders: boolean },
): Record<string, string> {
  const secondsToWait = String(Math.ceil((answer.resetsAt - now) / 1000));
  const headers: Record<string, string> = {};
  if (rateHeaders) {
    headers['X-RateLimit-Limit'] = String(answer.limit);
    headers['X-RateLimit-Remaining'] = String(answer.remaining);
    headers['X-RateLimit-Reset'] =
      resetForm === 'epoch_seconds' ? String(Math.ceil(answer.resetsAt / 1000)) : secondsToWait;
  }
  if (retryAfter && !answer.allowed) headers['Retry-After'] = secondsToWait;
  return headers;
}
