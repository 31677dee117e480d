import type { SimulatorClock } from './clock.ts';
import { numbersStruck, type Faults } from './faults.ts';
import type { World } from './world.ts';

/** An answer of the control routes, as JSON. */
export interface ControlAnswer {
  status: number;
  body: unknown;
}

/**
 * The routes by which another process reads and moves the clock and asks what truly happened:
 * `GET` and `POST /simulator/clock`, `GET /simulator/truth`. They need no token and cost no requests.
 */
export function answerControl(
  request: { method: string; path: string; body: string },
  { world, clock, faults }: { world: World; clock: SimulatorClock; faults: Faults },
): ControlAnswer {
  const route = `${request.method} ${request.path}`;
  if (route === 'GET /simulator/clock') return clockAnswer(clock, world);
  if (route === 'POST /simulator/clock') {
    const to = targetOf(request.body, clock.now());
    if (typeof to === 'string') return { status: 400, body: { message: to } };
    clock.advanceTo(to);
    return clockAnswer(clock, world);
  }
  if (route === 'GET /simulator/truth') {
    const now = clock.now();
    const newest = world.newestNumber(now);
    return {
      status: 200,
      body: {
        ...world.truth(now),
        unreadable: {
          brokenForEver: numbersStruck(faults, 'brokenForEver', newest),
          forbidden: numbersStruck(faults, 'forbidden', newest),
          gone: numbersStruck(faults, 'gone', newest),
        },
      },
    };
  }
  return { status: 404, body: { message: 'No such route' } };
}

function clockAnswer(clock: SimulatorClock, world: World): ControlAnswer {
  const iso = (ms: number) => new Date(ms).toISOString();
  return { status: 200, body: { now: iso(clock.now()), startsAt: iso(world.startsAt), horizon: iso(world.horizon) } };
}

/** The moment to move to, or what is wrong with the request. */
function targetOf(body: string, now: number): number | string {
  const wanted = parseObject(body);
  const { to, advanceSeconds } = wanted;
  if (typeof advanceSeconds === 'number' && advanceSeconds >= 0) return now + advanceSeconds * 1000;
  const at = typeof to === 'string' ? Date.parse(to) : Number.NaN;
  if (Number.isNaN(at)) return 'Send {"to": "<ISO time>"} or {"advanceSeconds": <number, 0 or more>}';
  return at < now ? 'The clock never goes back' : at;
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
