import type { Ticket } from '../suptask/ticket.ts';
import { arrivalTimes, type ArrivalOptions } from './arrivals.ts';
import { DAY_MS } from './business-hours.ts';
import { createCast, type Cast } from './cast.ts';
import { eventsFrom, HistoryReader, truthOf, type TicketHistory } from './history.ts';
import { planLife, type Birth } from './life.ts';
import { createRandom, type Random } from './random.ts';
import { chooseAsking } from './requester.ts';
import { ticketContent } from './ticket-content.ts';
import type { Truth } from './truth.ts';
import { wireStyleOf } from './wire.ts';

export type { Truth } from './truth.ts';

/** A workspace of tickets. Every `at` is in milliseconds since the epoch. */
export interface World {
  readonly startsAt: number;
  /** Nothing happens after this moment; a clock may go on past it. */
  readonly horizon: number;
  /** The ticket as the API shows it at `at`; the same object until it changes. */
  ticket(number: number, at: number): Ticket | undefined;
  /** The highest number that exists at `at`, 0 when there is none. */
  newestNumber(at: number): number;
  /** What is true at `at`, as the simulator knows it. */
  truth(at: number): Truth;
}

/** A world of `tickets` tickets over `days` days from `startsAt`; equal options give an equal world. */
export function createWorld(options: ArrivalOptions): World {
  const cast = createCast();
  const horizon = options.startsAt + options.days * DAY_MS;
  const histories = arrivalTimes(options).map((createdAt, index) =>
    seededHistory(options.seed, index + 1, { createdAt, horizon, cast }),
  );
  return worldOf(histories, { startsAt: options.startsAt, horizon, cast });
}

/** A world from finished histories, one for each number. */
export function worldOf(
  histories: readonly TicketHistory[],
  { startsAt, horizon, cast }: { startsAt: number; horizon: number; cast: Cast },
): World {
  const readers = new Map(histories.map((history) => [history.number, new HistoryReader(history)]));
  const directory = {
    staffIdOf: (slackUserId: string) => cast.staffBySlackId.get(slackUserId)?.staffId ?? null,
    partnerIdOf: (channelId: string) => cast.partnerIdByChannel.get(channelId) ?? null,
  };
  const byNumber = histories.toSorted((a, b) => a.number - b.number);
  const newest = newestNumbers(histories);
  return {
    startsAt,
    horizon,
    ticket: (number, at) => readers.get(number)?.ticketAt(at),
    newestNumber: (at) => newest.findLast(({ from }) => from <= at)?.number ?? 0,
    truth: (at) => ({
      at,
      startsAt,
      horizon,
      tickets: byNumber.flatMap((history) => truthOf(history, at, directory) ?? []),
    }),
  };
}

function newestNumbers(histories: readonly TicketHistory[]): { from: number; number: number }[] {
  const steps: { from: number; number: number }[] = [];
  for (const { existsFrom, number } of histories.toSorted((a, b) => a.existsFrom - b.existsFrom)) {
    if (number > (steps.at(-1)?.number ?? 0)) steps.push({ from: existsFrom, number });
  }
  return steps;
}

/** The life of one ticket of a seeded world, which hangs on nothing but its number and when it was created. */
export function seededHistory(
  seed: number,
  number: number,
  { createdAt, horizon, cast }: { createdAt: number; horizon: number; cast: Cast },
): TicketHistory {
  const random = createRandom(seed, `ticket ${number}`);
  const asking = chooseAsking(cast, createdAt, random);
  const birth: Birth = {
    createdAt,
    openStatus: random.chance(0.6) ? 'OPEN' : 'Open',
    priority: somePriority(random),
    queue: random.pick(cast.queues),
    requesterId: asking.requester.slackUserId ?? '',
    tags: random.chance(0.3) ? [random.pick(['hardware', 'billing', 'access', 'vip', 'étiquette'])] : [],
  };
  const initial = ticketContent(number, birth, asking, cast, random);
  const changes = planLife(birth, cast.queues, random).filter(({ at }) => at <= horizon);
  return {
    number,
    existsFrom: createdAt,
    initial,
    events: eventsFrom(initial, changes),
    style: wireStyleOf(seed, number),
    requester: asking.requester,
  };
}

function somePriority(random: Random): string | null {
  const priority = random.weighted([
    [null, 8],
    ['None', 12],
    ['Low', 22],
    ['Medium', 34],
    ['High', 18],
    ['Critical', 6],
  ]);
  if (priority === null || random.chance(0.8)) return priority;
  return random.chance(0.5) ? priority.toUpperCase() : priority.toLowerCase();
}
