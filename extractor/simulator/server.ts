import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAnswerer, errorBody, type Answer } from './answers.ts';
import { judgeAuthorization } from './authorization.ts';
import type { SimulatorClock } from './clock.ts';
import { answerControl } from './control.ts';
import { strikes, type Faults } from './faults.ts';
import { RateLimiter, rateHeadersOf } from './rate-limiter.ts';
import type { World } from './world.ts';

const BASE_PATH = '/api/v2/public';
const TICKET_PATH = `${BASE_PATH}/ticket/`;

/** In which of the forms that the API may use it limits and says so. */
export interface RateForm {
  resetForm?: 'epoch_seconds' | 'seconds_to_wait';
  window?: 'fixed' | 'sliding';
  /** Whether 429 says `Retry-After`; true by default. */
  retryAfter?: boolean;
  /** Whether answers say `X-RateLimit-…`; true by default. */
  rateHeaders?: boolean;
}

export interface SimulatorOptions extends RateForm {
  world: World;
  clock: SimulatorClock;
  token: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** 100 requests in 15 minutes by default; null: no limit and no rate headers. */
  rateLimit?: { requests: number; windowMs: number } | null;
  faults?: Faults;
  /** Opens the control routes; see control.ts. */
  control?: boolean;
}

/** What was asked of the simulator so far. A connection closed before its answer counts as status 0. */
export interface RequestCounts {
  total: number;
  byStatus: Record<number, number>;
  /** Reads that were let through the rate limit, by ticket number. */
  byNumber: Map<number, number>;
}

export interface Simulator {
  /** The base address, as in `SUPTASK_API_BASE_URL`. */
  readonly url: string;
  readonly requests: Readonly<RequestCounts>;
  readonly faults: Faults;
  setFaults(faults: Faults): void;
  /** What is not named is as by default. */
  setRateForm(form: RateForm): void;
  close(): Promise<void>;
}

/** Starts a stand-in for SupTask's API on 127.0.0.1. Rejects when the port cannot be had. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, world, token } = options;
  const requests: RequestCounts = { total: 0, byStatus: {}, byNumber: new Map() };
  const answerRead = createAnswerer();
  const rate = options.rateLimit === undefined ? { requests: 100, windowMs: 15 * 60_000 } : options.rateLimit;
  const inWhole = ({ resetForm = 'epoch_seconds', window = 'fixed', retryAfter = true, rateHeaders = true }: RateForm) => ({ resetForm, window, retryAfter, rateHeaders });
  let rateForm = inWhole(options);
  const limiter = rate === null ? null : new RateLimiter({ ...rate, window: rateForm.window });
  let faults = options.faults ?? {};

  /** Everything but sending: the order of these lines is the order in which SupTask refuses. */
  function answer(request: IncomingMessage, now: number): { answer: Answer; headers: Record<string, string> } {
    const path = pathOf(request);
    const authorization = judgeAuthorization(request.headers.authorization, token);
    if (authorization === 'malformed') return { answer: plain(400, 'Authorization must be Api-Token or Bearer'), headers: {} };
    if (authorization === 'refused') return { answer: plain(401, refusal(request)), headers: {} };

    const spent = limiter?.spend(now);
    const headers = spent === undefined ? {} : rateHeadersOf(spent, now, rateForm);
    if (spent?.allowed === false) return { answer: plain(429, 'Too many requests'), headers };
    if (request.method !== 'GET' || !path.startsWith(TICKET_PATH)) return { answer: plain(404, 'No such route'), headers };

    const digits = path.slice(TICKET_PATH.length);
    if (!/^\d+$/.test(digits)) return { answer: plain(400, 'The ticket number must be numeric'), headers };
    const number = Number(digits);
    const attempt = (requests.byNumber.get(number) ?? 0) + 1;
    requests.byNumber.set(number, attempt);
    return { answer: answerRead({ world, faults, at: now, token, number, attempt }), headers };
  }

  function refusal(request: IncomingMessage): string {
    const echoes = strikes(faults, 'echoedToken', 0, requests.total);
    return echoes ? `Not authorized: ${request.headers.authorization ?? 'no token'}` : 'Not authorized';
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    if (options.control === true && pathOf(request).startsWith('/simulator/')) {
      void handleControl(request, response);
      return;
    }
    request.resume();
    const now = clock.now();
    const { answer: made, headers } = answer(request, now);
    const status = made.breaks === 'before_answer' ? 0 : made.status;
    requests.total += 1;
    requests.byStatus[status] = (requests.byStatus[status] ?? 0) + 1;
    if (made.delayMs === 0) send(response, made, headers, now);
    else {
      const timer = setTimeout(() => send(response, made, headers, now), made.delayMs);
      response.on('close', () => clearTimeout(timer));
    }
  }

  async function handleControl(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const made = answerControl({ method: request.method ?? '', path: pathOf(request), body }, { world, clock, faults });
    send(response, { status: made.status, body: JSON.stringify(made.body), delayMs: 0, breaks: null }, {}, clock.now());
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}${BASE_PATH}`,
    requests,
    get faults() {
      return faults;
    },
    setFaults: (changed) => {
      faults = changed;
    },
    setRateForm: (form) => {
      rateForm = inWhole(form);
      limiter?.setWindow(rateForm.window);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, { status, body, breaks }: Answer, headers: Record<string, string>, now: number): void {
  if (breaks === 'before_answer') {
    response.destroy();
    return;
  }
  response.sendDate = false;
  response.writeHead(status, {
    ...headers,
    Date: new Date(now).toUTCString(),
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  });
  if (breaks === 'in_body') {
    // The half must be on its way before the connection ends, or the client would see no answer at all.
    response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  // As text, not bytes: Node then sends head and body in one write.
  response.end(body);
}

function plain(status: number, message: string): Answer {
  return { status, body: errorBody(message), delayMs: 0, breaks: null };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}
