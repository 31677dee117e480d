import { resolve } from 'node:path';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

/** The years in which a landed time is believed (macro `wire_time`). */
const FIRST_MS = Date.UTC(2000, 0, 1);
const END_MS = Date.UTC(2100, 0, 1);

const reference = resolve(import.meta.dirname, '../seeds/reference');

/** The calendars' zones are read from the one, their offsets written to the other. */
export const calendarsPath = resolve(reference, 'business_calendars.csv');
export const offsetsPath = resolve(reference, 'time_zone_offsets.csv');

/** From this moment on local time is UTC plus so many minutes. */
export interface OffsetChange {
  at: number;
  offsetMinutes: number;
}

/**
 * Every change of a zone's offset from 2000 to 2099, the first one being how the century began. What
 * lies ahead is as today's law has it.
 * @throws RangeError where the zone is not in the IANA database
 */
export function offsetChanges(timeZone: string): OffsetChange[] {
  const offsetAt = offsetReader(timeZone);
  const changes = [{ at: FIRST_MS, offsetMinutes: offsetAt(FIRST_MS) }];
  for (let day = FIRST_MS; day < END_MS; day += DAY_MS) {
    const offsetMinutes = offsetAt(day + DAY_MS);
    if (offsetMinutes !== changes.at(-1)?.offsetMinutes) changes.push({ at: changeWithin(day, offsetAt), offsetMinutes });
  }
  return changes;
}

/** A zone's offset at a moment, in minutes. */
export function offsetReader(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (at) => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    return Number(`${sign}1`) * (60 * Number(hours) + Number(minutes));
  };
}

/** The first minute of the day after `day` began at which its last offset holds. */
function changeWithin(day: number, offsetAt: (at: number) => number): number {
  let [before, after] = [day, day + DAY_MS];
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / MINUTE_MS / 2) * MINUTE_MS;
    if (offsetAt(middle) === offsetAt(day + DAY_MS)) after = middle;
    else before = middle;
  }
  return after;
}

/** The seed `time_zone_offsets`, for the zones that the seed `business_calendars` names. */
export function offsetsOf(calendarsCsv: string): string {
  const zones = calendarsCsv.trim().split(/\r?\n/).slice(1).map((line) => line.split(',').at(-1)?.trim() ?? '');
  const lines = [...new Set(zones)].toSorted().flatMap((timeZone) =>
    offsetChanges(timeZone).map(({ at, offsetMinutes }) => `${timeZone},${new Date(at).toISOString().slice(0, 19).replace('T', ' ')},${offsetMinutes}`),
  );
  return `time_zone,valid_from,offset_minutes\n${lines.join('\n')}\n`;
}
