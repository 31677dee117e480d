import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exitCodes } from '../../../extractor/errors.ts';
import { publishedMarts } from '../warehouse/support/marts.ts';
import { startCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startSource, TOKEN } from '../support/source.ts';

/** One mart and what it is made of: the whole build is proved elsewhere. */
const PART = ['--', '--select', '+suptask_tickets', '--exclude-resource-type', 'test'];

it('a pipeline reads, builds and publishes in one, tells the token nowhere, and says what failed', { timeout: 240_000 }, async () => {
  const source = await startSource({ tickets: 30 });
  const folder = temporaryFolder();
  const settings = {
    SUPTASK_API_BASE_URL: source.simulator.url,
    SUPTASK_API_TOKEN: TOKEN,
    SUPTASK_RATE_LIMIT: 'none',
    SUPTASK_LANDING: join(folder, 'landing'),
    SUPTASK_DUCKDB: join(folder, 'suptask.duckdb'),
    SUPTASK_EXPORTS: join(folder, 'exports'),
    DBT_TARGET_PATH: join(folder, 'target'),
    DBT_LOG_PATH: join(folder, 'logs'),
  };
  const whole = await startCommand(['pipeline', ...PART], settings).ended;
  expect(whole).toMatchObject({ exitCode: 0, output: expect.stringContaining(`Built and published to ${settings.SUPTASK_EXPORTS}`) });
  const tickets = await publishedMarts(settings.SUPTASK_EXPORTS).rows('suptask_tickets');
  expect(tickets.map(({ ticket_number: number }) => Number(number)).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, place) => place + 1));

  const failed = await startCommand(['pipeline', '--', '--select', 'no_such_model', '--warn-error'], settings).ended;
  expect(failed.exitCode).toBe(exitCodes.storageUnreachable);

  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(10);
  const leaks = files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => readFileSync(path).includes(TOKEN));
  expect([...leaks, ...[whole, failed].flatMap(({ output, errors }) => [output, errors]).filter((text) => text.includes(TOKEN))]).toEqual([]);
});
