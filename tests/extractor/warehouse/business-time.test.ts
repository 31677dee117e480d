import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarsPath, offsetChanges, offsetsOf, offsetsPath } from '../../../scripts/time-zone-offsets.ts';
import { type Measured, measure } from './support/business-project.ts';
import { type Calendar, floorMinute, minuteCounter, type Spell, type WallHours } from './support/calendars.ts';
import { createWorkshop, type Workshop } from './support/warehouse.ts';

/** Half an hour (Lord Howe), both hemispheres, a change at midnight (Cairo, most years none), and a negative offset. */
const ZONES = ['Europe/Lisbon', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/St_Johns'];

const [FROM, TO] = [Date.UTC(2015, 0, 1), Date.UTC(2030, 11, 31)];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK = [1, 2, 3, 4, 5, 6, 7];

const around: Calendar[] = ZONES.map((timeZone, place) => ({
  id: `always_${place}`,
  timeZone,
  hours: WEEK.map((weekday) => ({ weekday, opens: 0, closes: 1440 })),
  holidays: [],
}));

const changes = around.flatMap((calendar) =>
  offsetChanges(calendar.timeZone).filter(({ at }) => at > FROM + 7 * DAY_MS && at < TO - 7 * DAY_MS).map(({ at }) => ({ calendar, at })),
);

/** No, one or two openings a day, which may begin and end at any minute of the wall's day. */
const aDay = fc.uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 0, maxLength: 5 }).map((minutes) => {
  const sorted = minutes.toSorted((a, b) => a - b);
  const pairs = [sorted.slice(0, 2), sorted.slice(2, 4)].filter((pair) => pair.length === 2);
  return pairs.map(([opens = 0, closes = 0]) => ({ opens, closes }));
});

const aCalendar = fc
  .record({
    timeZone: fc.constantFrom(...ZONES, 'Asia/Kolkata', 'Pacific/Kiritimati'),
    week: fc.array(aDay, { minLength: 7, maxLength: 7 }),
    holidays: fc.uniqueArray(fc.integer({ min: 0, max: 5800 }).map((day) => new Date(FROM + day * DAY_MS).toISOString().slice(0, 10)), { maxLength: 400, minLength: 200 }),
  })
  .map(({ timeZone, week, holidays }): Omit<Calendar, 'id'> => ({
    timeZone,
    hours: week.flatMap((day, place): WallHours[] => day.map((hours) => ({ weekday: place + 1, ...hours }))),
    holidays,
  }));

const odd: Calendar[] = fc.sample(aCalendar, { seed: 7, numRuns: 12 }).map((calendar, place) => ({ id: `odd_${place}`, ...calendar }));

const aSpell = fc
  .record({
    calendar: fc.constantFrom(...odd),
    change: fc.constantFrom(...changes),
    anywhere: fc.boolean(),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    minutes: fc.integer({ min: 0, max: 8 * 1440 }),
  })
  .map(({ calendar, change, anywhere, from, minutes }): Spell => {
    const start = Math.floor(anywhere ? FROM + from * (TO - FROM - 13 * DAY_MS) : change.at - from * 5 * DAY_MS);
    return { calendar, from: start, to: start + minutes * 60_000 + 31_000 };
  });

const acrossChanges: Spell[] = changes.map(({ calendar, at }, place) => ({ calendar, from: at - (1 + (place % 50)) * HOUR_MS - 1_000, to: at + (1 + (place % 47)) * HOUR_MS + 7_000 }));
const anyAge: Spell[] = [...around, ...odd].map((calendar) => ({ calendar, from: FROM, to: TO }));
const spells = fc.sample(aSpell, { seed: 11, numRuns: 200 });
const middles = spells.map(({ from, to }, place) => from + Math.floor(((to - from) * (place % 11)) / 10));
const firstParts = spells.map((spell, place) => ({ ...spell, to: middles[place] ?? 0 }));
const lastParts = spells.map((spell, place) => ({ ...spell, from: middles[place] ?? 0 }));

describe('business minutes, as the models count them', () => {
  let workshop: Workshop;
  let told: Record<'acrossChanges' | 'anyAge' | 'spells' | 'firstParts' | 'lastParts', Measured[]>;

  beforeAll(async () => {
    workshop = await createWorkshop();
    const asked = [acrossChanges, anyAge, spells, firstParts, lastParts];
    const measured = await measure(workshop.folder, [...around, ...odd], asked.flat());
    const [first = [], second = [], third = [], fourth = [], fifth = []] = asked.map((list) => measured.splice(0, list.length));
    told = { acrossChanges: first, anyAge: second, spells: third, firstParts: fourth, lastParts: fifth };
  }, 600_000);

  afterAll(() => workshop?.remove());

  it('are calendar minutes where it is always open, across every change of the clocks of 2015 to 2030', () => {
    expect(changes.length).toBeGreaterThan(100);
    expect(told.acrossChanges.filter(({ calendarMinutes, businessMinutes }) => calendarMinutes !== businessMinutes)).toEqual([]);
    expect(told.acrossChanges.map(({ calendarMinutes }) => calendarMinutes * 60_000)).toEqual(acrossChanges.map(({ from, to }) => floorMinute(to) - floorMinute(from)));
    const sixteenYears = told.anyAge.slice(0, around.length).map(({ businessMinutes }) => businessMinutes);
    expect(sixteenYears).toEqual(around.map(() => (TO - FROM) / 60_000));
  });

  it('are the minutes at which the clock on the wall says that it is open, whatever the hours', () => {
    const count = minuteCounter();
    const wrong = spells.filter((spell, place) => told.spells[place]?.businessMinutes !== count(spell));
    expect(wrong).toEqual([]);
    expect(told.spells.filter(({ businessMinutes }) => businessMinutes > 0).length).toBeGreaterThan(100);
  });

  it('add up over adjacent parts, and are never more than calendar minutes', () => {
    const sums = told.firstParts.map(({ businessMinutes }, place) => businessMinutes + (told.lastParts[place]?.businessMinutes ?? 0));
    expect(sums).toEqual(told.spells.map(({ businessMinutes }) => businessMinutes));
    const more = Object.values(told).flat().filter(({ calendarMinutes, businessMinutes }) => businessMinutes > calendarMinutes || businessMinutes < 0);
    expect(more).toEqual([]);
  });
});

describe('the offsets of the time zones', () => {
  it('are what Node’s own database says of the zones of the calendars', () => {
    expect(readFileSync(offsetsPath, 'utf8')).toBe(offsetsOf(readFileSync(calendarsPath, 'utf8')));
  });

  it('change when the clocks do', () => {
    const in2026 = (zone: string) => offsetChanges(zone).filter(({ at }) => new Date(at).getUTCFullYear() === 2026).map(({ at, offsetMinutes }) => [new Date(at).toISOString(), offsetMinutes]);
    expect(in2026('America/New_York')).toEqual([['2026-03-08T07:00:00.000Z', -240], ['2026-11-01T06:00:00.000Z', -300]]);
    expect(in2026('Australia/Lord_Howe')).toEqual([['2026-04-04T15:00:00.000Z', 630], ['2026-10-03T15:30:00.000Z', 660]]);
    expect(offsetChanges('Asia/Kolkata')).toEqual([{ at: Date.UTC(2000, 0, 1), offsetMinutes: 330 }]);
    expect(() => offsetChanges('Mars/Olympus')).toThrow(RangeError);
  });
});
