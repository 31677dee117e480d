import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LOG_LEVELS } from '../../../extractor/log.ts';
import { projectFolder } from '../../../extractor/operations/dbt.ts';
import { endWithError } from '../../../extractor/operations/report-error.ts';
import { streams, type StreamName } from '../../../extractor/landing/streams.ts';
import type { Faults } from '../../../extractor/simulator/faults.ts';
import { createWorld, type World } from '../../../extractor/simulator/world.ts';
import { createRedactor, Secret } from '../../../extractor/secret.ts';
import { temporaryFolder } from '../support/folder.ts';
import { landingAddress, type LandingKind, landingAt, rowsOf } from '../support/landing.ts';
import { STARTS_AT, startSource } from '../support/source.ts';
import { listen } from './support/listener.ts';

const TOKEN = 'canary-token/äöü"\\'.replaceAll(/[^\x21-\x7e]/g, '+');
/** Secrets beside the token: the database's password, and what webhooks and callers have to bring. */
const OTHERS = { PGPASSWORD: 'canary-of-the-database', SUPTASK_WEBHOOK_SECRET: 'canary-of-who-delivers', SUPTASK_SERVE_TOKEN: 'canary-of-who-calls' };
const always = { probability: 1 };

/** What each command is called with, --help where nothing is said; nothing where it builds (pipeline.test.ts) or has a world of its own. */
const CALLS: Record<string, string[][]> = {
  check: [['--json'], []],
  diagnose: [['--json'], []],
  sync: [['--json'], []],
  backfill: [['--from', '1', '--to', '9', '--json']],
  status: [['--json'], []],
  heartbeat: [['--json'], []],
  alerts: [['--json'], ['test'], ['ack', 'nothing']],
  errors: [['--json'], ['show', 'nothing'], ['codes']],
  plan: [['--json'], []],
  identities: [['list'], ['suggest', '--json'], ['map', 'U0NOBODY', 'S001', '--reason', 'because']],
  retry: [['7']],
  forget: [['U0NOBODY']],
  land: [['export', 'postgres://me:canary-password@127.0.0.1:9/none']],
  compact: [[]],
  ready: [['--json'], []],
  smoke: [],
  pipeline: [],
  demo: [],
  simulate: [],
};

/** Each command as cli.ts names it, with the function that makes it. */
function commandsOfCli(): { name: string; load: () => Promise<Command> }[] {
  const text = readFileSync(join(projectFolder, 'extractor/cli.ts'), 'utf8');
  return [...text.matchAll(/^ {2}(\w+): \{.*?import\('(\.\/commands\/[\w-]+\.ts)'\)\)\.(\w+)\(\)/gms)].map(([, name = '', path = '', maker = '']) => ({
    name,
    load: async () => {
      const module = (await import(join(projectFolder, 'extractor', path))) as Record<string, () => Command>;
      return module[maker]?.() ?? new Command(name);
    },
  }));
}

let written: string;

beforeEach(() => {
  written = '';
  const write = (text: string | Uint8Array) => {
    written += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = 0;
});

/** A world in whose tickets the token stands, and the other secrets, as if someone had pasted it. */
function leakyWorld(): World {
  const world = createWorld({ seed: 1, tickets: 12, days: 10, startsAt: STARTS_AT });
  return Object.assign(Object.create(world) as World, {
    ticket: (number: number, at: number) => {
      const ticket = world.ticket(number, at);
      return ticket && { ...ticket, description: `${TOKEN} and ${encodeURIComponent(TOKEN)} and ${Buffer.from(TOKEN).toString('base64')} and ${Object.values(OTHERS).join(' and ')}`, [TOKEN]: [TOKEN] };
    },
  });
}

const SPELLINGS = [TOKEN, JSON.stringify(TOKEN).slice(1, -1), encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString('base64'), 'canary-password', 'canary-of-the-webhook', 'canary-token', ...Object.values(OTHERS)];

const faultsOf: Record<string, Faults> = {
  'answers, and has the token in its tickets': {},
  'echoes the token in each error': { echoedToken: always },
  'refuses the token and echoes it': { echoedToken: always },
  'closes each connection': { closedConnection: always },
  'cuts off what has the token in it': { cutBody: always },
};

it('calls commands that there are', () => {
  expect(commandsOfCli().map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(CALLS)));
});

/** Every weather on PostgreSQL, where a read costs least, and one on Parquet. */
const CASES: [LandingKind, string][] = [...Object.keys(faultsOf).map((weather): [LandingKind, string] => ['postgres', weather]), ['parquet', Object.keys(faultsOf)[0] ?? '']];

describe('the token is nowhere', () => {
  it.each(CASES)('in a landing of the kind %s where the source %s, whatever command and level of the log', { timeout: 180_000 }, async (kind, weather) => {
    const source = await startSource({ world: leakyWorld(), token: TOKEN, faults: faultsOf[weather] ?? {} });
    const listener = await listen();
    const folder = temporaryFolder();
    const address = await landingAddress(kind);
    const settings = {
      SUPTASK_API_BASE_URL: source.simulator.url,
      // A token that is refused is echoed, too.
      SUPTASK_API_TOKEN: weather.startsWith('refuses') ? `${TOKEN}-revoked` : TOKEN,
      SUPTASK_LANDING: address,
      SUPTASK_RATE_LIMIT: 'none',
      SUPTASK_DUCKDB: join(folder, 'suptask.duckdb'),
      SUPTASK_EXPORTS: folder,
      ...OTHERS,
      SUPTASK_ALERT_WEBHOOK_URL: listener.url,
      SUPTASK_ALERT_COMMAND: 'env >&2; cat >&2; exit 1',
    };
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    // Over all cases each command is called at every level.
    let level = CASES.findIndex(([landing, each]) => landing === kind && each === weather);
    for (const { name, load } of commandsOfCli()) {
      const calls = CALLS[name] ?? [['--help']];
      // One way to call it in each weather; over all of them, every way.
      for (const args of calls.filter((_, place) => place === CASES.findIndex(([, each]) => each === weather) % calls.length)) {
        vi.stubEnv('SUPTASK_LOG_LEVEL', LOG_LEVELS[(level += 1) % LOG_LEVELS.length]);
        const command = (await load()).exitOverride().configureOutput({ writeErr: () => undefined });
        await command.parseAsync(args, { from: 'user' }).catch((thrown: unknown) => endWithError(thrown, args.includes('--json'), { isTTY: level % 2 === 0, write: (text) => (written += text) }));
      }
    }
    const landing = await landingAt(address);
    const landed: string[] = [];
    for (const stream of Object.keys(streams) as StreamName[]) landed.push(JSON.stringify(await rowsOf(landing, stream)));
    const told = JSON.stringify(listener.heard);
    expect(written.length).toBeGreaterThan(1_000);
    expect(landed.join('').length).toBeGreaterThan(1_000);
    for (const spelling of SPELLINGS) {
      expect([written.includes(spelling), landed.some((text) => text.includes(spelling)), told.includes(spelling)], spelling).toEqual([false, false, false]);
    }
    if (weather.startsWith('answers')) expect(landed.join('')).toContain('[redacted]');
  });
});

it('would be found: the spellings that are looked for are those that come back', () => {
  const clean = createRedactor([new Secret(TOKEN)]);
  for (const spelling of SPELLINGS.slice(0, 4)) expect(clean(`x ${spelling} y`)).toBe('x [redacted] y');
});
