import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../extractor/clock.ts';
import { systemClock } from '../../../extractor/clock.ts';
import { readSettings } from '../../../extractor/config.ts';
import type { Landing, Scalar } from '../../../extractor/landing/landing.ts';
import { openLanding } from '../../../extractor/landing/open.ts';
import { columnsOf, type StreamName, streams } from '../../../extractor/landing/streams.ts';
import { createDatabase } from './database.ts';
import { temporaryFolder } from './folder.ts';

export const LANDING_KINDS = ['parquet', 'postgres'] as const;
export type LandingKind = (typeof LANDING_KINDS)[number];

/** An empty place for a landing log, as in SUPTASK_LANDING; gone after the test. */
export async function landingAddress(kind: LandingKind): Promise<string> {
  if (kind === 'parquet') return join(temporaryFolder(), 'landing');
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

/** Opens the landing log at an address; closed after the test. */
export async function landingAt(address: string, clock: Clock = systemClock, workspace = 'default'): Promise<Landing> {
  const settings = readSettings({ SUPTASK_LANDING: address, SUPTASK_WORKSPACE: workspace });
  const landing = await openLanding(settings, clock);
  onTestFinished(() => landing.close());
  return landing;
}

/** An empty landing log. */
export async function emptyLanding(kind: LandingKind, clock?: Clock): Promise<Landing> {
  return landingAt(await landingAddress(kind), clock);
}

/** Every row of a stream as it is read back, in the order of its id unless told otherwise. */
export async function rowsOf(landing: Landing, stream: StreamName, orderBy?: string[]): Promise<Record<string, Scalar>[]> {
  const columns = columnsOf(stream).map(([name]) => name);
  const rows: Record<string, Scalar>[] = [];
  for await (const chunk of landing.read({ stream, columns, orderBy: orderBy ?? [streams[stream].id] })) {
    for (const values of chunk) rows.push(Object.fromEntries(columns.map((name, index) => [name, values[index] ?? null])));
  }
  return rows;
}
