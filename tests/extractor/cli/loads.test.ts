import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { Row } from '../../../extractor/landing/streams.ts';
import { startCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { landingAddress, landingAt } from '../support/landing.ts';

/** What takes long to load; the last is the part of parquetjs that nobody here uses. */
const HEAVY = ['@duckdb/node-api', '@dsnp/parquetjs', 'pg', 'undici', 'pino', 'zod', '@aws-sdk/client-s3'];

const ALWAYS = ['pino', 'zod'];
const READS = [...ALWAYS, '@duckdb/node-api'];
const WRITES = [...READS, '@dsnp/parquetjs'];

const USED: Record<string, string[]> = {
  '--help': [],
  'sync --help': ['pino', 'zod'],
  status: READS,
  plan: READS,
  errors: READS,
  alerts: READS,
  'retry 1': WRITES,
  // The window is used up: nothing is asked of the source.
  sync: WRITES,
};

/** A read of now. */
function readNow(number: number): Row<'ticket_fetches'> {
  const now = new Date(Math.floor(Date.now() / 1_000) * 1_000);
  const times = { observed_at: now, observed_basis: 'date_header', fetched_at: now, duration_ms: 1, attempt: 1 };
  const ticket = { team_id: null, ticket_status: 'Open', ticket_updated_at: null, payload_hash: String(number).padStart(64, '0'), payload: '{}' };
  return { fetch_id: String(number), run_id: null, ticket_number: number, channel: 'api', outcome: 'found', http_status: 200, ...times, ...ticket, error: null };
}

it.each(Object.entries(USED))('suptask %s loads what it uses, and nothing else that is heavy', async (command, used) => {
  const address = await landingAddress('parquet');
  const landing = await landingAt(address);
  await landing.append('ticket_fetches', Array.from({ length: 100 }, (_, index) => readNow(index + 1)));
  const noted = join(temporaryFolder(), 'packages.json');
  const end = await startCommand(command.split(' '), {
    NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'support/note-packages.ts')).href}`,
    SUPTASK_TEST_PACKAGES: noted,
    SUPTASK_LANDING: address,
    SUPTASK_API_BASE_URL: 'http://127.0.0.1:9/api/v2/public',
    SUPTASK_API_TOKEN: 'never-sent',
  }).ended;
  expect(end).toMatchObject({ exitCode: 0 });
  const loaded = new Set(JSON.parse(readFileSync(noted, 'utf8')) as string[]);
  expect(HEAVY.filter((name) => loaded.has(name)).toSorted()).toEqual(used.toSorted());
}, 90_000);
