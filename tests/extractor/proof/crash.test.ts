import { describe, expect, it } from 'vitest';
import { CONCURRENT_READS } from '../../../extractor/suptask/client.ts';
import { LANDING_KINDS, type LandingKind, rowsOf } from '../support/landing.ts';
import { byLength, isLong } from '../support/length.ts';
import { createScene, moments, type Scene, TICKETS, versionsIn } from './support/killing.ts';

const KILLS = byLength(2, 40);
const TIMEOUT_MS = byLength(600_000, 10_800_000);

/** So many processes die on one log before one is let through. */
const KILLS_A_LOG = 4;

const RATE_LIMIT = 100;

/** Windows in which a sync must have read every ticket once: three quarters of each go to the never-read. */
const MOST_WINDOWS = 6;

/** What was answered so long before a kill is landed: a batch is a second old at most, and a busy machine takes its time to write it. */
const LANDED_AFTER_MS = 5_000;

const SYNC = ['sync', '--json'];
const BACKFILL = ['backfill', '--from', '1', '--to', String(TICKETS), '--json'];

const backfillScene = (kind: LandingKind) => createScene(kind, { rateLimit: null, answerMs: byLength(300, 3_000) });
const syncScene = (kind: LandingKind) => createScene(kind, { rateLimit: RATE_LIMIT, answerMs: 60 });

let versions: string[] | null = null;

/** What a run that nothing disturbs lands of the same world. */
async function undisturbed(): Promise<string[]> {
  if (versions) return versions;
  const scene = await backfillScene('parquet');
  expect(await scene.run(BACKFILL)).toMatchObject({ exitCode: 0 });
  versions = await versionsIn(scene.landing);
  expect(versions).toHaveLength(TICKETS);
  return versions;
}

async function landedNumbers({ landing }: Scene): Promise<Set<number>> {
  return new Set((await rowsOf(landing, 'ticket_fetches')).map(({ ticket_number: number }) => Number(number)));
}

/** Every run that began has one end. */
async function expectEachRunToHaveAnEnd({ landing }: Scene): Promise<void> {
  const courses = new Map<string, string>();
  for (const { run_id: id, event } of await rowsOf(landing, 'sync_runs', ['event_id'])) {
    courses.set(String(id), `${courses.get(String(id)) ?? ''} ${event}`.trim());
  }
  expect([...courses.values()].filter((course) => !/^started (finished|abandoned)$/.test(course))).toEqual([]);
}

describe.each(LANDING_KINDS)('a backfill whose process is killed again and again (%s)', (kind) => {
  it('ends with the log of an undisturbed one, and repeats only what was not yet landed', { timeout: TIMEOUT_MS }, async () => {
    const expected = await undisturbed();
    const nextMoment = moments(`backfill ${kind}`, TICKETS);
    let answeredLongBefore = 0;
    for (let kills = 0; kills < KILLS; ) {
      const scene = await backfillScene(kind);
      const { byNumber } = scene.simulator.requests;
      for (let place = 0; place < KILLS_A_LOG && kills < KILLS; place += 1) {
        const before = await landedNumbers(scene);
        const askedBefore = new Map(byNumber);
        kills += (await scene.runAndKill(BACKFILL, nextMoment())) ? 1 : 0;
        const asked = [...byNumber.keys()].filter((number) => byNumber.get(number) !== askedBefore.get(number)).toSorted((a, b) => b - a);
        expect(asked.filter((number) => before.has(number))).toEqual([]);
        const landed = await landedNumbers(scene);
        const answered = scene.answeredBefore(LANDED_AFTER_MS);
        expect(answered.filter((number) => !landed.has(number))).toEqual([]);
        answeredLongBefore += answered.length;
        // What the log lacks was asked for last, but for answers that overtook each other.
        const lastLanded = asked.findLastIndex((number) => landed.has(number));
        expect(asked.slice(0, lastLanded + 1).filter((number) => !landed.has(number)).length).toBeLessThan(CONCURRENT_READS);
      }
      expect(await scene.run(BACKFILL)).toMatchObject({ exitCode: 0 });
      expect(await versionsIn(scene.landing)).toEqual(expected);
      await expectEachRunToHaveAnEnd(scene);
    }
    // In the short form no run lasts that long.
    if (isLong) expect(answeredLongBefore).toBeGreaterThan(0);
  });
});

describe.each(LANDING_KINDS)('a sync under the rate limit whose process is killed again and again (%s)', (kind) => {
  it('ends with the log of an undisturbed one, and asks at most once too often for each kill', { timeout: TIMEOUT_MS }, async () => {
    const expected = await undisturbed();
    const nextMoment = moments(`sync ${kind}`, RATE_LIMIT);
    for (let kills = 0; kills < KILLS; ) {
      const scene = await syncScene(kind);
      const killsBefore = kills;
      for (let place = 0; place < KILLS_A_LOG && kills < KILLS; place += 1) {
        const moment = nextMoment();
        const isKilled = await scene.runAndKill(SYNC, moment);
        kills += isKilled ? 1 : 0;
        // Otherwise the next one finds a window partly used up, and a log that does not know how far.
        if (!isKilled || moment.requests % 2 === 0) scene.passWindow();
      }
      for (let window = 0; window < MOST_WINDOWS; window += 1) {
        expect(await scene.run(SYNC)).toMatchObject({ exitCode: 0 });
        if ((await versionsIn(scene.landing)).length === TICKETS) break;
        scene.passWindow();
      }
      expect(await versionsIn(scene.landing)).toEqual(expected);
      // The one request that goes ahead to learn what the log has forgotten.
      expect(scene.simulator.requests.byStatus[429] ?? 0).toBeLessThanOrEqual(kills - killsBefore);
      await expectEachRunToHaveAnEnd(scene);
    }
  });
});
