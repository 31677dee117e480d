import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher, Pool } from 'undici';
import type { Clock } from '../clock.ts';
import type { SourceSettings } from '../config.ts';
import type { Log } from '../log.ts';
import type { Redact } from '../secret.ts';
import { excerpt, type Interpretation, interpret } from './interpret.ts';
import { type RateHeaders, readRateHeaders } from './rate-headers.ts';
import type { SourceClock } from './source-clock.ts';

/** Reads under way at once; more would gain nothing from a source that allows 100 in 15 minutes. */
export const CONCURRENT_READS = 32;

const CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_TIMEOUT_MS = 30_000;

/** `Date` has whole seconds. */
const DATE_GRAIN_MS = 1_000;

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** One read of one ticket number, whatever became of it. */
export interface Answer {
  number: number;
  result: Interpretation;
  httpStatus: number | null;
  /** On the source's clock, in milliseconds since the epoch. */
  observedAtMs: number;
  observedBasis: 'date_header' | 'local_clock';
  fetchedAtMs: number;
  durationMs: number;
  rate: RateHeaders | null;
  /** The head of the answer, null where none came. */
  headers: IncomingHttpHeaders | null;
}

/** The source, one read at a time. */
export interface Client {
  /** Never throws: a failure is an answer with its outcome. */
  read(number: number): Promise<Answer>;
  close(): Promise<void>;
}

export interface ClientOptions {
  source: SourceSettings;
  clock: Clock;
  sourceClock: SourceClock;
  redact: Redact;
  /** For one read with its body, in real milliseconds. */
  timeoutMs?: number;
  /** Is told of each answer, at the level debug. */
  log?: Log;
}

/** A client for `GET /ticket/{number}`. It follows no redirect and repeats nothing: the planner does. */
export function createClient(options: ClientOptions): Client {
  const { source, clock, sourceClock, redact, timeoutMs = DEFAULT_TIMEOUT_MS, log } = options;
  let pool: Promise<Pool> | null = null;
  const opened = () => (pool ??= openPool(source.baseUrl.origin));
  const headers = { authorization: authorization(source), accept: 'application/json' };
  const path = `${source.baseUrl.pathname}ticket/`;
  let lastDateMs = Number.NEGATIVE_INFINITY;

  /**
   * Answers under way at once can arrive in another order than they were dated. The log is ordered
   * by that time, so within a second it follows the arrivals; a read without an answer is dated to
   * the whole second like the others.
   */
  function inOrderOfArrival(dateMs: number): number {
    const isReordered = dateMs < lastDateMs && lastDateMs - dateMs <= DATE_GRAIN_MS;
    lastDateMs = isReordered ? lastDateMs : dateMs;
    return lastDateMs;
  }

  async function read(number: number): Promise<Answer> {
    const startedMs = performance.now();
    const answered = await request(number);
    const fetchedAtMs = clock.now();
    const dateMs = answered.headers ? Date.parse(String(answered.headers['date'])) : Number.NaN;
    const hasDate = !Number.isNaN(dateMs);
    if (hasDate) sourceClock.observe(dateMs, fetchedAtMs);
    const nowMs = Math.floor(sourceClock.now() / DATE_GRAIN_MS) * DATE_GRAIN_MS;
    const observedAtMs = inOrderOfArrival(hasDate ? dateMs : nowMs);
    const durationMs = Math.round(performance.now() - startedMs);
    log?.debug({ ticketNumber: number, outcome: answered.result.outcome, httpStatus: answered.status, durationMs }, 'read');
    return {
      number,
      result: answered.result,
      httpStatus: answered.status,
      observedAtMs,
      observedBasis: hasDate ? 'date_header' : 'local_clock',
      fetchedAtMs,
      durationMs,
      rate: answered.headers ? readRateHeaders(answered.headers, observedAtMs) : null,
      headers: answered.headers,
    };
  }

  interface Answered {
    result: Interpretation;
    status: number | null;
    headers: IncomingHttpHeaders | null;
  }

  async function request(number: number): Promise<Answered> {
    const received: Received = { status: null, headers: null, chunks: [] };
    try {
      await receive(await opened(), { path: `${path}${number}`, method: 'GET', headers }, timeoutMs, received);
      const { status, chunks } = received;
      return { result: interpret(number, status ?? 0, whole(chunks), redact), status, headers: received.headers };
    } catch (thrown) {
      const { status, chunks } = received;
      return { result: failure(thrown, status, whole(chunks), redact), status, headers: received.headers };
    }
  }

  return { read, close: async () => (await pool)?.destroy() };
}

/** The library is loaded with the first request: a run that finds the window used up sends none. */
async function openPool(origin: string): Promise<Pool> {
  const { Pool } = await import('undici');
  return new Pool(origin, { connections: CONCURRENT_READS, pipelining: 1, connect: { timeout: CONNECT_TIMEOUT_MS } });
}

/** What has come of an answer so far. */
interface Received {
  status: number | null;
  headers: IncomingHttpHeaders | null;
  chunks: Buffer[];
}

/**
 * Sends one request and takes what comes into `received`, until its end or for so many milliseconds.
 * By the pool's own events: a response with its stream and a signal cost as much again.
 * @throws what the connection failed with, or a TimeoutError
 */
function receive(pool: Pool, request: Dispatcher.DispatchOptions, timeoutMs: number, received: Received): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let controller: Dispatcher.DispatchController | null = null;
  let bytes = 0;
  let isLate = false;
  const tooLate = () => Object.assign(new Error(`no whole answer within ${timeoutMs} ms`), { name: 'TimeoutError' });
  const timer = setTimeout(() => {
    isLate = true;
    controller?.abort(tooLate());
    reject(tooLate());
  }, timeoutMs);
  pool.dispatch(request, {
    onRequestStart(started) {
      controller = started;
      if (isLate) started.abort(tooLate());
    },
    onResponseStart(_controller, status, headers) {
      // Of an answer that comes in advance, the real one follows.
      if (status < 200) return;
      received.status = status;
      received.headers = headers;
    },
    onResponseData(started, chunk) {
      received.chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) started.abort(new Error(`larger than ${MAX_BODY_BYTES} bytes`));
    },
    onResponseEnd() {
      clearTimeout(timer);
      resolve();
    },
    onResponseError(_controller, error) {
      clearTimeout(timer);
      reject(error);
    },
  });
  return promise;
}

/** Most bodies come in one piece. */
function whole(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function authorization({ authScheme, token }: SourceSettings): string {
  return `${authScheme === 'bearer' ? 'Bearer' : 'Api-Token'} ${token.reveal()}`;
}

/** What a read that did not end means: no answer, too late an answer, or the beginning of one. */
function failure(thrown: unknown, status: number | null, begun: Buffer, redact: Redact): Interpretation {
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (cause.name === 'TimeoutError' || cause.name === 'ConnectTimeoutError') {
    return { outcome: 'timeout', error: excerpt(cause.message, redact) };
  }
  if (status !== null) {
    return { outcome: 'invalid_payload', error: excerpt(`cut off (${cause.message}): ${begun.toString()}`, redact) };
  }
  return { outcome: 'network_error', error: excerpt(describeNetworkError(cause), redact) };
}

function describeNetworkError(cause: Error): string {
  const code = 'code' in cause && typeof cause.code === 'string' ? `${cause.code}: ` : '';
  return `${code}${cause.message || cause.name}`;
}
