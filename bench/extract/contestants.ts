import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withDuckDb } from '../../extractor/landing/duckdb.ts';
import { preparePython } from '../../scripts/python-environment.ts';
import { measured, type Usage } from '../measure.ts';
import type { BenchDatabase } from '../postgres.ts';

const here = import.meta.dirname;
const cli = resolve(here, '../../extractor/suptask.js');

/** What one run of a contestant is given. */
export interface Course {
  url: string;
  tickets: number;
  /** An empty folder. */
  folder: string;
  database?: BenchDatabase;
}

/** What it landed: rows and bytes on disk. */
export interface Landed {
  rows: number;
  bytes: number;
}

/** One way to read all tickets. */
export interface Contestant {
  name: string;
  run(course: Course): Promise<Usage>;
  /** Null where nothing is kept. */
  landed(course: Course): Promise<Landed | null>;
}

const node = (args: readonly string[], folder: string, environment?: Record<string, string>) =>
  measured(process.execPath, ['--import', join(here, '../usage.ts'), ...args], folder, environment);

/** The command as anybody calls it; only the server's headers allow more than usual. */
function backfill({ url, tickets, folder }: Course, landing: string): Promise<Usage> {
  return node([cli, 'backfill', '--from', '1', '--to', String(tickets), '--wait'], folder, {
    SUPTASK_API_BASE_URL: url,
    SUPTASK_API_TOKEN: 'bench',
    SUPTASK_LANDING: landing,
  });
}

function databaseOf({ database }: Course): BenchDatabase {
  if (!database) throw new Error('this contestant needs a database');
  return database;
}

/** Files below a folder that end so, with their bytes. */
async function filesBelow(folder: string, extension: string): Promise<{ bytes: number }> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(extension));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return { bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function parquetBelow(folder: string, numberColumn: string): Promise<Landed> {
  const rows = await withDuckDb((query) => query(`select count(distinct ${numberColumn})::int from read_parquet('${folder}/**/*.parquet', union_by_name = true)`));
  return { rows: Number(rows[0]?.[0]), ...(await filesBelow(folder, '.parquet')) };
}

export const bareLoop: Contestant = {
  name: 'bare undici loop',
  run: ({ url, tickets, folder }) => node([join(here, 'bare-loop.ts'), url, String(tickets)], folder),
  landed: async () => null,
};

export const toParquet: Contestant = {
  name: 'this extractor, to Parquet',
  run: (course) => backfill(course, join(course.folder, 'landing')),
  landed: ({ folder }) => parquetBelow(join(folder, 'landing', 'ticket_fetches'), 'ticket_number'),
};

export const toPostgres: Contestant = {
  name: 'this extractor, to PostgreSQL',
  async run(course) {
    await databaseOf(course).query('drop schema if exists suptask_raw cascade');
    return await databaseOf(course).withItsCpu(() => backfill(course, databaseOf(course).url));
  },
  async landed(course) {
    const rows = await databaseOf(course).query("select count(distinct ticket_number)::int, pg_total_relation_size('suptask_raw.ticket_fetches')::float8 from suptask_raw.ticket_fetches where payload is not null");
    return { rows: Number(rows[0]?.[0]), bytes: Number(rows[0]?.[1]) };
  },
};

/** The two that others use, in a Python environment of their own. */
export function pythonPeers(): Contestant[] {
  const python = preparePython({
    folder: '.venv-bench',
    holds: 'dlt and singer-sdk, for this bench alone',
    requirements: 'bench/extract/requirements.txt',
    proof: 'dlt, singer_sdk',
    command: 'npm run bench:extract',
  });
  const script = (name: string, { url, tickets, folder }: Course) => measured(python, [join(here, name), url, String(tickets), folder], folder);
  return [
    {
      name: 'dlt, parallelized, to Parquet',
      run: (course) => script('dlt_peer.py', course),
      landed: ({ folder }) => parquetBelow(join(folder, 'landed', 'suptask', 'tickets'), 'ticket_number'),
    },
    {
      name: 'singer-sdk, a tap to a file',
      run: (course) => script('singer_peer.py', course),
      async landed({ folder }) {
        const lines = (await readFile(join(folder, 'tickets.jsonl'), 'utf8')).split('\n');
        return { rows: lines.filter((line) => line.includes('"RECORD"')).length, ...(await filesBelow(folder, '.jsonl')) };
      },
    },
  ];
}
