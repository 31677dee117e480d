import type { Change } from './changes.ts';
import { DelayAccount, type DelayFigures } from './changes.ts';

/** What every policy is given: the log, the span, and the rate limit. */
export interface Setting {
  changes: readonly Change[];
  fromMs: number;
  toMs: number;
  /** Requests a window. */
  limit: number;
  windowMs: number;
  /** Whether a ticket was closed at a time, as a read would have shown. */
  isClosed: (number: number, atMs: number) => boolean;
}

/** What a simple policy remembers of a ticket. */
interface Known {
  number: number;
  readAtMs: number;
  changedAtMs: number;
  closed: boolean;
}

/** Orders the tickets to read, most wanted first, from what is known (and, for the clairvoyant, from what is not). */
type Order = (known: readonly Known[], nowMs: number, unseen: ReadonlyMap<number, readonly number[]>) => number[];

const byAge = (known: readonly Known[]) => known.toSorted((a, b) => a.readAtMs - b.readAtMs || b.number - a.number).map(({ number }) => number);

/** The ways to compare with: what people do today, what a textbook says first, and what nobody can beat. */
export const policies: Record<string, Order> = {
  'round robin over all': byAge,
  'open tickets first': (known) => [...byAge(known.filter(({ closed }) => !closed)), ...byAge(known.filter(({ closed }) => closed))],
  'largest chance of a change': (known, nowMs) => {
    const chance = ({ readAtMs, changedAtMs }: Known) => Math.log((nowMs - changedAtMs + 3_600_000) / (readAtMs - changedAtMs + 3_600_000));
    const shares = known.map((ticket) => ({ number: ticket.number, chance: chance(ticket) }));
    return shares.sort((a, b) => b.chance - a.chance || b.number - a.number).map(({ number }) => number);
  },
  clairvoyant: (_, nowMs, unseen) => {
    const waiting = [...unseen].map(([number, times]) => ({ number, waited: times.reduce((sum, atMs) => sum + nowMs - atMs, 0) }));
    return waiting.sort((a, b) => b.waited - a.waited).map(({ number }) => number);
  },
};

/**
 * Plays a policy over the span: at the beginning of each window it reads as many as the limit
 * allows. New tickets are found by trying one past the highest number until one is missing.
 */
export function playPolicy(order: Order, setting: Setting): DelayFigures {
  const { changes, fromMs, toMs, limit, windowMs, isClosed } = setting;
  const account = new DelayAccount(changes, fromMs, toMs);
  const createdAt = new Map<number, number>();
  const history = new Map<number, number[]>();
  for (const { number, atMs } of changes) {
    if (!createdAt.has(number)) createdAt.set(number, atMs);
    const times = history.get(number);
    if (times) times.push(atMs);
    else history.set(number, [atMs]);
  }
  const lastChange = (number: number, nowMs: number) => history.get(number)?.findLast((atMs) => atMs <= nowMs) ?? nowMs;
  const known = new Map<number, Known>();
  let newest = 0;
  const look = (number: number, nowMs: number) => {
    known.set(number, { number, readAtMs: nowMs, changedAtMs: lastChange(number, nowMs), closed: isClosed(number, nowMs) });
    newest = Math.max(newest, number);
  };
  for (const [number, atMs] of createdAt) if (atMs < fromMs) look(number, fromMs);

  for (let nowMs = fromMs; nowMs < toMs; nowMs += windowMs) {
    const window = { left: limit };
    const read = (number: number) => {
      window.left -= 1;
      account.read(number, nowMs);
      const exists = (createdAt.get(number) ?? Number.POSITIVE_INFINITY) <= nowMs;
      if (exists) look(number, nowMs);
      return exists;
    };
    while (window.left > 0 && read(newest + 1));
    const done = new Set<number>();
    for (const number of order([...known.values()], nowMs, account.unseenAt(nowMs))) {
      if (window.left === 0) break;
      if (done.has(number)) continue;
      done.add(number);
      read(number);
    }
  }
  return account.figures();
}
