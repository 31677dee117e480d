import { arrivalWeight, DAY_MS, HOUR_MS, wholeSecond } from './business-hours.ts';
import { createRandom, type Random } from './random.ts';

/** Which tickets a world gets, and when. Times in milliseconds since the epoch. */
export interface ArrivalOptions {
  seed: number;
  tickets: number;
  days: number;
  startsAt: number;
}

const EXISTING_SHARE = 0.03;
const EXISTING_DAYS = 10;

/** The time of creation of each ticket, in order; about 3 % lie in the ten days before the start. */
export function arrivalTimes({ seed, tickets, days, startsAt }: ArrivalOptions): number[] {
  const random = createRandom(seed, 'arrivals');
  const existing = Math.round(tickets * EXISTING_SHARE);
  return [
    ...drawTimes(existing, startsAt - EXISTING_DAYS * DAY_MS, startsAt, random),
    ...drawTimes(tickets - existing, startsAt, startsAt + days * DAY_MS, random),
  ];
}

function drawTimes(count: number, from: number, to: number, random: Random): number[] {
  const hours: { at: number; upTo: number }[] = [];
  let total = 0;
  for (let at = from; at < to; at += HOUR_MS) {
    total += arrivalWeight(at);
    hours.push({ at, upTo: total });
  }
  const times = Array.from({ length: count }, () => {
    const target = random.next() * total;
    const hour = hours[firstAbove(hours, target)];
    const within = Math.floor(random.next() * (HOUR_MS - 1000));
    return Math.min(wholeSecond((hour?.at ?? from) + within), to);
  });
  return times.sort((a, b) => a - b);
}

/** The place of the first hour that reaches beyond the target: they lie in the order of time. */
function firstAbove(hours: readonly { upTo: number }[], target: number): number {
  let [low, high] = [0, hours.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (target < (hours[middle]?.upTo ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
