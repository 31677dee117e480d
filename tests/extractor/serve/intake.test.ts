import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Landing } from '../../../extractor/landing/landing.ts';
import type { Row } from '../../../extractor/landing/streams.ts';
import { createLog } from '../../../extractor/log.ts';
import { Intake } from '../../../extractor/serve/intake.ts';
import { createDatabase } from '../support/database.ts';
import { emptyLanding, landingAt, rowsOf } from '../support/landing.ts';

const event = (correlation_id: string): Row<'error_events'> => ({ correlation_id, at: new Date(0), code: 'defect', message: '', detail: null });

/** A landing that a test can break. */
async function breakable() {
  const real = await emptyLanding('postgres');
  const seen = { broken: false, opened: 0, groups: [] as number[], log: [] as string[] };
  const open = async (): Promise<Landing> => {
    seen.opened += 1;
    if (seen.broken && seen.opened > 1) throw new Error('still away');
    const append: Landing['append'] = async (stream, rows) => {
      if (seen.broken) throw new Error('went away');
      seen.groups.push(rows.length);
      await real.append(stream, rows);
    };
    return { ...real, close: async () => undefined, openJournal: async () => ({ append, roll: async () => undefined, close: async () => undefined }) };
  };
  const log = createLog('warn', (text) => text, { write: (text) => seen.log.push(text) });
  const intake = await Intake.open(open, log);
  onTestFinished(() => intake.close());
  return { intake, seen, real };
}

describe('an intake', () => {
  it('makes those durable together that come at once', async () => {
    const { intake, seen, real } = await breakable();
    await Promise.all(Array.from({ length: 100 }, (_, index) => intake.append('error_events', [event(`id ${index}`)])));
    expect(seen.groups).toEqual([1, 99]);
    expect(await rowsOf(real, 'error_events')).toHaveLength(100);
  });

  it('refuses while the landing is away, says so once, and takes again when it is back', async () => {
    const { intake, seen, real } = await breakable();
    seen.broken = true;
    for (const id of ['a', 'b']) await expect(intake.append('error_events', [event(id)])).rejects.toThrow('still away');
    expect(intake.isFailing).toBe(true);
    await intake.roll();
    expect(intake.isFailing).toBe(true);
    seen.broken = false;
    await intake.roll();
    expect(intake.isFailing).toBe(false);
    await intake.append('error_events', [event('c')]);
    expect((await rowsOf(real, 'error_events')).map(({ correlation_id: id }) => id)).toEqual(['c']);
    expect(seen.log.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['error', 'warn']);
  });

  it('loses nothing to a database that ended the connection and is there again', async () => {
    const database = await createDatabase();
    onTestFinished(() => database.drop());
    const log = createLog('silent', (text) => text);
    const intake = await Intake.open(() => landingAt(database.url), log);
    onTestFinished(() => intake.close());
    await intake.append('error_events', [event('a')]);
    const cut = await database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'suptask' and datname = current_database()",
    );
    expect(cut.length).toBeGreaterThan(0);
    await setImmediate();
    await intake.append('error_events', [event('b')]);
    expect((await rowsOf(await landingAt(database.url), 'error_events')).map(({ correlation_id: id }) => id)).toEqual(['a', 'b']);
  });
});
