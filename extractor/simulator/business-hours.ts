import type { Random } from './random.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Zenithops keeps its hours in UTC+2, all the year. */
export const OFFICE_OFFSET_MS = 2 * HOUR_MS;

const OPENS_AT_HOUR = 8;
const CLOSES_AT_HOUR = 18;
/** Monday is 0. */
const WEEKDAY_WEIGHTS = [1.2, 1.12, 1.05, 1, 0.85, 0.16, 0.1];
const HOUR_WEIGHTS = [
  0.06, 0.04, 0.03, 0.03, 0.04, 0.1, 0.25, 0.7, 1.5, 2.1, 2.2, 1.9, 1.2, 1.5, 1.9, 1.8, 1.5, 1, 0.5, 0.3, 0.25, 0.2,
  0.15, 0.1,
];

/** How many tickets the hour that holds `at` brings, compared with other hours. */
export function arrivalWeight(at: number): number {
  const { weekday, hour } = officeTime(at);
  return (WEEKDAY_WEIGHTS[weekday] ?? 0) * (HOUR_WEIGHTS[hour] ?? 0);
}

/** `at` where the office works then, else the following working morning; now and then someone works late. */
export function workingTime(at: number, random: Random): number {
  if (isWorking(at) || random.chance(0.1)) return wholeSecond(at);
  let morning = Math.floor((at + OFFICE_OFFSET_MS) / DAY_MS) * DAY_MS + OPENS_AT_HOUR * HOUR_MS - OFFICE_OFFSET_MS;
  while (morning < at || !isWorking(morning)) morning += DAY_MS;
  return wholeSecond(morning + Math.min(random.exponential(80 * MINUTE_MS), 8 * HOUR_MS));
}

/** The whole second at or after `at`: the source's clock shows no finer time, so nothing happens between. */
export function wholeSecond(at: number): number {
  return Math.ceil(at / 1000) * 1000;
}

function isWorking(at: number): boolean {
  const { weekday, hour } = officeTime(at);
  return weekday < 5 && hour >= OPENS_AT_HOUR && hour < CLOSES_AT_HOUR;
}

function officeTime(at: number): { weekday: number; hour: number } {
  const local = new Date(at + OFFICE_OFFSET_MS);
  return { weekday: (local.getUTCDay() + 6) % 7, hour: local.getUTCHours() };
}
