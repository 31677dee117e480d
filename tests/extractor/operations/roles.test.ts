import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../extractor/clock.ts';
import { createLanding } from '../../../extractor/landing/landing.ts';
import { openPostgresStore } from '../../../extractor/landing/postgres-store.ts';
import { streams } from '../../../extractor/landing/streams.ts';
import { Secret } from '../../../extractor/secret.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { rowsOf } from '../support/landing.ts';
import { asRole, grantRoles, type Role, ROLES } from '../support/roles.ts';

let database: TestDatabase;
const clients: Partial<Record<Role, pg.Client>> = {};

beforeAll(async () => {
  database = await createDatabase();
  await grantRoles(database);
  // The owner makes the tables, before or after the roles are granted their rights.
  await (await openPostgresStore(new Secret(database.url), 'the tests')).close();
  await grantRoles(database);
  for (const role of ROLES) {
    clients[role] = new pg.Client({ connectionString: asRole(database, role).url });
    await clients[role].connect();
  }
  await database.query('create table suptask.mart (id integer); grant all on suptask.mart to suptask_dbt');
});

afterAll(async () => {
  for (const role of ROLES) await clients[role]?.end();
  await database?.drop();
});

/** Null where the role may, else the code of PostgreSQL's refusal. Nothing of it stays. */
async function refusal(role: Role, sql: string): Promise<string | null> {
  const client = clients[role];
  try {
    await client?.query(`begin; ${sql}`);
    return null;
  } catch (thrown) {
    return String((thrown as { code?: string }).code);
  } finally {
    await client?.query('rollback');
  }
}

const DENIED = '42501';
const row = { correlation_id: 'c', at: new Date(), code: 'defect', message: '', detail: null };
const RAW = Object.keys(streams).map((stream) => `suptask_raw.${stream}`);

it('the extractor’s role is enough to land, to read the log, to take the lease and to keep what it derived', async () => {
  const landing = createLanding(await openPostgresStore(new Secret(asRole(database, 'suptask_extractor').url), 'the tests'), 'default', systemClock);
  await landing.append('error_events', [row]);
  expect(await rowsOf(landing, 'error_events')).toMatchObject([{ correlation_id: 'c' }]);
  const lease = await landing.tryLease();
  expect(lease).not.toBeNull();
  expect(await landing.leaseSeenAtMs()).not.toBeNull();
  await lease?.release();
  await landing.close();
  for (const kept of ['once', 'and again']) expect(await keptBy(asRole(database, 'suptask_extractor').url, kept)).toBe(kept);
});

/** Keeps something derived as a run does, and gives what is then found there. */
async function keptBy(url: string, kept: string): Promise<string | undefined> {
  const store = await openPostgresStore(new Secret(url), 'the tests');
  try {
    await store.memory?.remember('a fold', Buffer.from(kept));
    return (await store.memory?.recall('a fold'))?.toString();
  } finally {
    await store.close();
  }
}

const ownersSync = (of: TestDatabase) => keptBy(of.url, 'the owner’s');

it.each([
  ['before', [ownersSync, grantRoles]],
  ['after', [grantRoles, ownersSync]],
] as const)('what a sync of the owner derived %s the roles had their rights the extractor’s role may replace', async (_, steps) => {
  const other = await createDatabase();
  onTestFinished(() => other.drop());
  for (const step of steps) await step(other);
  expect(await keptBy(asRole(other, 'suptask_extractor').url, 'the extractor’s')).toBe('the extractor’s');
});

describe('nothing more is allowed', () => {
  it.each([
    ...RAW.flatMap((table) => [`delete from ${table}`, `update ${table} set workspace = 'x'`, `truncate ${table}`, `drop table ${table}`, `alter table ${table} add column x integer`]),
    'create table suptask_raw.other (id integer)',
    'create schema other',
    'create table public.other (id integer)',
    'create temporary table other (id integer)',
    'select * from suptask.mart',
    'create role other',
  ])('to the extractor’s role: %s', async (sql) => {
    expect(await refusal('suptask_extractor', sql)).toBe(DENIED);
  });

  it.each([
    ...RAW.flatMap((table) => [`insert into ${table} select * from ${table}`, `delete from ${table}`, `update ${table} set workspace = 'x'`, `truncate ${table}`, `drop table ${table}`]),
    'create table suptask_raw.other (id integer)',
    'create schema other',
    'create table public.other (id integer)',
    'create role other',
  ])('to dbt’s role: %s', async (sql) => {
    expect(await refusal('suptask_dbt', sql)).toBe(DENIED);
  });
});

it.each([
  ...RAW.map((table) => `select * from ${table}`),
  ...['suptask', 'suptask_staging', 'suptask_intermediate', 'suptask_seeds'].map((schema) => `create table ${schema}.other (id integer)`),
  'create temporary table other (id integer)',
])('dbt’s role may: %s', async (sql) => {
  expect(await refusal('suptask_dbt', sql)).toBeNull();
});
