import { readFileSync } from 'node:fs';
import { link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { literally, withDuckDb } from '../../extractor/landing/duckdb.ts';
import { createLanding } from '../../extractor/landing/landing.ts';
import { openParquetStore } from '../../extractor/landing/parquet-store.ts';
import { projectFolder } from '../../extractor/operations/dbt.ts';
import { rowOfRead, writeLog } from '../../extractor/operations/written-log.ts';
import { type ArrivalOptions, arrivalTimes } from '../../extractor/simulator/arrivals.ts';
import { createCast } from '../../extractor/simulator/cast.ts';
import { HistoryReader } from '../../extractor/simulator/history.ts';
import { seededHistory } from '../../extractor/simulator/world.ts';
import { Ledger } from '../../extractor/sync/ledger.ts';

const DAY_MS = 86_400_000;
const BATCH_ROWS = 5_000;

/** So many days before the newest one that it knows a build looks at again. */
const lookbackDays = Number(/landing_lookback_days: (\d+)/.exec(readFileSync(join(projectFolder, 'dbt_project.yml'), 'utf8'))?.[1]);

/** A year of a workspace of this size. */
export function worldOfSize(tickets: number): ArrivalOptions {
  return { seed: 1, tickets, days: 365, startsAt: Date.UTC(2025, 6, 6) };
}

/** Writes the log of a world into a new folder, and says how far it is. */
export async function writeWorld(world: ArrivalOptions, folder: string): Promise<void> {
  const store = openParquetStore(folder);
  let shown = 0;
  try {
    await writeLog(world, store, ({ day, reads }) => {
      if (day < shown + 30) return;
      shown = day;
      process.stderr.write(`writing the log of ${world.tickets} tickets: day ${day} of ${world.days}, ${reads} reads\n`);
    });
  } finally {
    await store.close();
  }
}

/** How large a log is. */
export async function countLog(folder: string): Promise<{ reads: number; tickets: number; versions: number }> {
  return await withDuckDb(async (query) => {
    const [[reads, tickets, versions] = []] = await query(`
      select count(*)::double, count(distinct ticket_number)::double, (count(*) filter (where outcome = 'found'))::double
      from read_parquet('${literally(folder)}/ticket_fetches/*/*.parquet')`);
    return { reads: Number(reads), tickets: Number(tickets), versions: Number(versions) };
  });
}

/** The last day on which something was landed, as `YYYY-MM-DD`; null where nothing was. */
export async function lastDay(folder: string): Promise<string | null> {
  const days = await readdir(join(folder, 'ticket_fetches')).catch(() => []);
  return days.toSorted((one, other) => one.localeCompare(other)).at(-1)?.replace('landed_on=', '') ?? null;
}

/** Rows of the log that a build reads: of the days since the last one that it knows, and of some before it; all where it knows none. */
export async function rowsRead(folder: string, known: string | null): Promise<number> {
  if ((await lastDay(folder)) === null) return 0;
  return await withDuckDb(async (query) => {
    const since = known === null ? '' : `where landed_on::date >= '${known}'::date - ${lookbackDays}`;
    const [[rows] = []] = await query(`select count(*)::double from read_parquet('${literally(folder)}/ticket_fetches/*/*.parquet', hive_partitioning = true) ${since}`);
    return Number(rows);
  });
}

/** A copy of a log to which more can be landed; its files are the same, since none of them ever changes. */
export async function linkedCopy(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    await (entry.isDirectory() ? linkedCopy(source, target) : link(source, target));
  }
}

/** Lands a look at so many tickets, spread over all of them, each of which has changed: closed where it was not, else open again. */
export async function landChanges(world: ArrivalOptions, folder: string, { count, at }: { count: number; at: number }): Promise<void> {
  const [cast, births, ledger] = [createCast(), arrivalTimes(world), new Ledger()];
  const horizon = world.startsAt + world.days * DAY_MS;
  const store = openParquetStore(folder);
  const landing = createLanding(store, 'default', { now: () => at, sleep: () => Promise.resolve() });
  try {
    for (let from = 0; from < count; from += BATCH_ROWS) {
      const places = Array.from({ length: Math.min(BATCH_ROWS, count - from) }, (_, place) => Math.floor(((from + place) * world.tickets) / count));
      await landing.append('ticket_fetches', places.map((place) => {
        const number = place + 1;
        const ticket = new HistoryReader(seededHistory(world.seed, number, { createdAt: births[place] ?? 0, horizon, cast })).ticketAt(horizon);
        if (!ticket) throw new Error(`There is no ticket ${number} in the world`);
        return rowOfRead(number, { ...ticket, status: ticket.status === 'Closed' ? 'Open' : 'Closed' }, at, { runId: null, ledger });
      }));
    }
  } finally {
    await store.close();
  }
}
