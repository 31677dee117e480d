import { DelayAccount, type DelayFigures } from './changes.ts';
import type { Setting } from './policies.ts';

/** What a way of reading is given in a window: to read a number, while any request is left. */
interface Window {
  isOpen: () => boolean;
  /** Reads a number; whether there is such a ticket. */
  read: (number: number) => boolean;
  /** What was read so far becomes marts. */
  build: () => void;
}

type Way = (setting: Setting) => (window: Window, nowMs: number) => void;

/** The two ways in which people read an API like this today. */
export const everydayWays: Record<string, Way> = {
  /** From the first number to the first that is missing, again and again; marts are built when it is through. */
  'the whole range every time': () => {
    let next = 1;
    return (window) => {
      let isThrough = false;
      while (window.isOpen() && !isThrough) {
        isThrough = !window.read(next);
        next = isThrough ? 1 : next + 1;
      }
      if (isThrough) window.build();
    };
  },
  /** What is new, then tickets that were open when last read, the longest unread first; marts are built after each window. */
  'open tickets by age': ({ changes, fromMs, isClosed }) => {
    const readAtMs = new Map<number, number>();
    let newest = 0;
    const take = (number: number, nowMs: number) => {
      newest = Math.max(newest, number);
      readAtMs.delete(number);
      if (!isClosed(number, nowMs)) readAtMs.set(number, nowMs);
    };
    for (const number of new Set(changes.filter(({ atMs }) => atMs < fromMs).map(({ number }) => number))) take(number, fromMs);
    return (window, nowMs) => {
      while (window.isOpen() && window.read(newest + 1)) take(newest + 1, nowMs);
      // A map keeps the order in which tickets were last read; what is read goes to its end.
      const due = Array.from(readAtMs.keys());
      for (const number of due) {
        if (!window.isOpen()) break;
        window.read(number);
        take(number, nowMs);
      }
      window.build();
    };
  },
};

/** Plays a way of reading over the span, window by window. A change counts as seen when marts are built of the read that showed it. */
export function playEverydayWay(way: Way, setting: Setting): DelayFigures {
  const { changes, fromMs, toMs, limit, windowMs } = setting;
  const account = new DelayAccount(changes, fromMs, toMs);
  const createdAtMs = new Map<number, number>();
  for (const { number, atMs } of changes) if (!createdAtMs.has(number)) createdAtMs.set(number, atMs);
  const useWindow = way(setting);
  for (let nowMs = fromMs; nowMs < toMs; nowMs += windowMs) {
    let left = limit;
    const read = (number: number) => {
      left -= 1;
      account.read(number, nowMs, 'later');
      return (createdAtMs.get(number) ?? Number.POSITIVE_INFINITY) <= nowMs;
    };
    useWindow({ isOpen: () => left > 0, read, build: () => account.build(nowMs) }, nowMs);
  }
  return account.figures();
}
