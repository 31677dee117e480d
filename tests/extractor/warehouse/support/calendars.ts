import { offsetReader } from '../../../../scripts/time-zone-offsets.ts';

const MINUTE_MS = 60_000;
const QUARTER_HOUR_MS = 15 * MINUTE_MS;
const DAY_MS = 1440 * MINUTE_MS;

/** Hours on the wall of one weekday (1 is Monday), in minutes since its midnight. */
export interface WallHours {
  weekday: number;
  opens: number;
  closes: number;
}

/** A calendar as the seeds describe it. */
export interface Calendar {
  id: string;
  timeZone: string;
  hours: readonly WallHours[];
  /** Local days, as 2026-12-25. */
  holidays: readonly string[];
}

/** From when to when, in milliseconds. */
export interface Spell {
  calendar: Calendar;
  from: number;
  to: number;
}

/**
 * The open minutes of spells, counted one by one as the clock on the wall shows them: by other means
 * than the models', and slowly.
 */
export function minuteCounter(): (spell: Spell) => number {
  const isOpen = wallReader();
  return ({ calendar, from, to }) => {
    let open = 0;
    for (let at = floorMinute(from); at < floorMinute(to); at += MINUTE_MS) if (isOpen(calendar, at)) open += 1;
    return open;
  };
}

export function floorMinute(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/** Offsets change at full quarters of an hour only: each is asked of Intl once. */
function wallReader(): (calendar: Calendar, at: number) => boolean {
  const zones = new Map<string, (quarter: number) => number>();
  return ({ timeZone, hours, holidays }, at) => {
    const offsetAt = zones.get(timeZone) ?? remembered(offsetReader(timeZone));
    zones.set(timeZone, offsetAt);
    const wall = at + offsetAt(Math.floor(at / QUARTER_HOUR_MS) * QUARTER_HOUR_MS) * MINUTE_MS;
    const day = Math.floor(wall / DAY_MS);
    const minute = (wall - day * DAY_MS) / MINUTE_MS;
    // 1 January 1970 was a Thursday.
    const weekday = ((day + 3) % 7) + 1;
    const opened = hours.some(({ weekday: on, opens, closes }) => on === weekday && opens <= minute && minute < closes);
    return opened && !holidays.includes(new Date(day * DAY_MS).toISOString().slice(0, 10));
  };
}

function remembered(read: (key: number) => number): (key: number) => number {
  const known = new Map<number, number>();
  return (key) => {
    const value = known.get(key) ?? read(key);
    known.set(key, value);
    return value;
  };
}

/** The seeds of these calendars, by file name. */
export function seedsOf(calendars: readonly Calendar[]): Record<string, string> {
  const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const csv = (header: string, lines: readonly string[]) => `${[header, ...lines].join('\n')}\n`;
  return {
    'business_calendars.csv': csv('calendar_id,name,time_zone', calendars.map(({ id, timeZone }) => `${id},${id},${timeZone}`)),
    'business_hours.csv': csv(
      'calendar_id,weekday,opens_at,closes_at,valid_from,valid_to',
      calendars.flatMap(({ id, hours }) => hours.map(({ weekday, opens, closes }) => `${id},${weekday},${clock(opens)},${clock(closes)},,`)),
    ),
    'business_holidays.csv': csv('calendar_id,day,name', calendars.flatMap(({ id, holidays }) => holidays.map((day) => `${id},${day},a holiday`))),
  };
}
