import { expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { landingAt, rowsOf } from '../support/landing.ts';
import { startSource, syncOnce } from '../support/source.ts';

async function scene() {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const source = await startSource({ tickets: 60, faults: { slow: { probability: 1, delayMs: 200 } } });
  return { database, source };
}

it('a run whose database goes away ends with 8, and the next one goes on where it was', async () => {
  const { database, source } = await scene();
  const first = await landingAt(database.url, source.clock);
  let reads = 0;
  const ended = syncOnce(source, first, {
    onProgress: () => {
      reads += 1;
      if (reads === 1) void database.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'suptask' and datname = current_database()`);
    },
  });
  await expect(ended).rejects.toMatchObject({ exitCode: 8 });

  const second = await landingAt(database.url, source.clock);
  const report = await syncOnce(source, second);
  expect(report.ended).toBe('everything_read');
  const rows = await rowsOf(second, 'ticket_fetches');
  const found = rows.filter(({ outcome }) => outcome === 'found').map(({ ticket_number }) => Number(ticket_number));
  expect(new Set(found)).toEqual(new Set(Array.from({ length: source.world.newestNumber(source.clock.now()) }, (_, index) => index + 1)));
  expect(found).toHaveLength(new Set(found).size);
});

it('a database that takes no rows says whose right is missing, and nothing of the batch is there', async () => {
  const { database, source } = await scene();
  const landing = await landingAt(database.url, source.clock);
  await database.query(`create role reader_${database.name} login password 'reader'`);
  onTestFinished(async () => void (await database.query(`drop owned by reader_${database.name}; drop role reader_${database.name}`)));
  await database.query(`grant usage on schema suptask_raw to reader_${database.name}; grant select on all tables in schema suptask_raw to reader_${database.name}`);
  const url = new URL(database.url);
  url.username = `reader_${database.name}`;
  url.password = 'reader';
  const read = await landingAt(url.href, source.clock);
  await expect(syncOnce(source, read)).rejects.toMatchObject({ code: 'landing.not_writable', exitCode: 8, remedy: expect.stringContaining('Give this user the right') });
  expect(await rowsOf(landing, 'ticket_fetches')).toEqual([]);
});
