import { RateLimiter, rateHeadersOf } from '../../../extractor/simulator/rate-limiter.ts';
import { RATE_WINDOW_MS, RateBudget } from '../../../extractor/suptask/rate-budget.ts';
import { readRateHeaders } from '../../../extractor/suptask/rate-headers.ts';

const STARTS_AT = Date.parse('2026-07-06T00:00:00Z');

/** A source with a rate limit, and a client that reads from it as fast as its budget allows. */
export interface Scenario {
  limit: number;
  reserve: number;
  window: 'fixed' | 'sliding';
  resetForm: 'epoch_seconds' | 'seconds_to_wait';
  rateHeaders: boolean;
  retryAfter: boolean;
  /** Milliseconds into a second at which it all begins: `Date` does not show them. */
  beginsAtMs: number;
  /** How long before the beginning earlier runs spent a request each, in milliseconds. */
  spentBeforeMs: number[];
  /** How long a request is on its way to the source, and its answer on its way back; used in turn. */
  latencies: { thereMs: number; backMs: number; lost: boolean }[];
  /** When others who share the token spend a request, in milliseconds after the beginning. */
  othersAtMs: number[];
  /** The client ends after so many windows. */
  windows: number;
}

/** What happened, on the source's true clock in milliseconds. */
export interface Course {
  sentAt: number[];
  /** When the source got a request, and whether it let it through. */
  served: { atMs: number; allowed: boolean }[];
  /** When a 429 was given, what it said of when to come back, and when the next request was sent after it was heard. */
  refusals: { servedAtMs: number; toldUntilMs: number | null; nextSentAtMs: number | null }[];
  /** The longest time in which nothing was sent or under way. */
  longestPauseMs: number;
  endsAtMs: number;
}

interface Event {
  atMs: number;
  happen: () => void;
}

/**
 * Plays the scenario event by event. The client's clock is cut as a real one is: it knows the
 * source's clock from the whole seconds of `Date` alone, and is never ahead of it.
 */
export function play(scenario: Scenario): Course {
  const { limit, reserve, latencies, windows } = scenario;
  const beginsAt = STARTS_AT + scenario.beginsAtMs;
  const limiter = new RateLimiter({ requests: limit, windowMs: RATE_WINDOW_MS, window: scenario.window });
  const spentAt = scenario.spentBeforeMs.map((ms) => beginsAt - ms).sort((a, b) => a - b).filter((atMs) => limiter.spend(atMs).allowed);
  const budget = new RateBudget({ limit, reserve, spentAtMs: spentAt.map(wholeSecond) });
  const course: Course = { sentAt: [], served: [], refusals: [], longestPauseMs: 0, endsAtMs: beginsAt + windows * RATE_WINDOW_MS };
  const events = scenario.othersAtMs.map((ms): Event => ({ atMs: beginsAt + ms, happen: () => void limiter.spend(beginsAt + ms) }));
  // How far the client's idea of the source's clock lags behind it: up to a second, less as answers come.
  let lagMs = scenario.beginsAtMs % 1000;
  let underWay = 0;
  let idleSince = beginsAt;

  function send(nowMs: number): void {
    const { thereMs, backMs, lost } = latencies[course.sentAt.length % latencies.length] ?? { thereMs: 0, backMs: 0, lost: false };
    for (const refusal of course.refusals) refusal.nextSentAtMs ??= nowMs;
    if (underWay === 0) course.longestPauseMs = Math.max(course.longestPauseMs, nowMs - idleSince);
    course.sentAt.push(nowMs);
    underWay += 1;
    budget.begin();
    events.push({ atMs: nowMs + thereMs, happen: () => serve(nowMs + thereMs, backMs, lost) });
  }

  function serve(nowMs: number, backMs: number, lost: boolean): void {
    const answer = limiter.spend(nowMs);
    course.served.push({ atMs: nowMs, allowed: answer.allowed });
    const dateMs = wholeSecond(nowMs);
    const headers = Object.entries(rateHeadersOf(answer, nowMs, scenario)).map(([name, value]) => [name.toLowerCase(), value]);
    const rate = readRateHeaders(Object.fromEntries(headers), dateMs);
    const heardAtMs = nowMs + backMs;
    const happen = () => {
      underWay -= 1;
      if (underWay === 0) idleSince = heardAtMs;
      if (lost) return budget.end(heardAtMs - lagMs, null, null);
      lagMs = Math.min(lagMs, heardAtMs - dateMs);
      const toldUntilMs = scenario.rateHeaders || scenario.retryAfter ? answer.resetsAt : null;
      if (!answer.allowed) course.refusals.push({ servedAtMs: nowMs, toldUntilMs, nextSentAtMs: null });
      budget.end(dateMs, answer.allowed ? 200 : 429, rate);
    };
    events.push({ atMs: heardAtMs, happen });
  }

  for (let nowMs = beginsAt; nowMs < course.endsAtMs; ) {
    for (const event of takeDue(events, nowMs)) event.happen();
    while (budget.available(nowMs - lagMs) > 0) send(nowMs);
    const wakesAt = underWay > 0 ? Number.POSITIVE_INFINITY : budget.nextAtMs(nowMs - lagMs) + lagMs;
    const next = Math.min(wakesAt, ...events.map(({ atMs }) => atMs));
    if (next === wakesAt && wakesAt <= nowMs) throw new Error('the budget has nothing, and says that it has something now');
    nowMs = next;
  }
  if (underWay === 0) course.longestPauseMs = Math.max(course.longestPauseMs, course.endsAtMs - idleSince);
  return course;
}

function takeDue(events: Event[], nowMs: number): Event[] {
  const due = events.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs);
  const later = events.filter(({ atMs }) => atMs > nowMs);
  events.splice(0, events.length, ...later);
  return due;
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** The most requests let through in any window, sliding over all of them. */
export function mostInAWindow(atMs: readonly number[]): number {
  const sorted = atMs.toSorted((a, b) => a - b);
  return Math.max(0, ...sorted.map((to, index) => sorted.slice(0, index + 1).filter((from) => from > to - RATE_WINDOW_MS).length));
}
