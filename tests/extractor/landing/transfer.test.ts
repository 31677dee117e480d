import { describe, expect, it, onTestFinished } from 'vitest';
import { readLandingAddress } from '../../../extractor/config.ts';
import { createLanding, type LandingStore } from '../../../extractor/landing/landing.ts';
import { openStore } from '../../../extractor/landing/open.ts';
import { columnsOf, type ColumnType, type StreamName, streams } from '../../../extractor/landing/streams.ts';
import { transferLanding } from '../../../extractor/landing/transfer.ts';
import { startCommand } from '../support/command.ts';
import { landingAddress, landingAt, type LandingKind, rowsOf } from '../support/landing.ts';
import { delivery, startServing } from '../serve/support/receiving.ts';

const NAMES = Object.keys(streams) as StreamName[];
const WORKSPACES = ['one', 'other'];
const ROWS_A_BATCH = 3;
const DAY_MS = 86_400_000;
const STARTS_AT = Date.parse('2026-12-30T23:59:59.500Z');

/** Every stream has rows of two workspaces on each of two days. */
const ROWS_A_STREAM = WORKSPACES.length * 2 * ROWS_A_BATCH;

const VALUES: Record<ColumnType, (row: number) => unknown> = {
  string: (row) => `text\t${row}\n\\N`,
  body: (row) => `{"row": ${row}}`,
  bigint: (row) => Number.MAX_SAFE_INTEGER - row,
  integer: (row) => -row,
  boolean: (row) => row % 2 === 0,
  timestamp: (row) => new Date(STARTS_AT + row),
};

function batchOf(stream: StreamName, batch: string): never[] {
  return Array.from({ length: ROWS_A_BATCH }, (_, row) => {
    const values = columnsOf(stream).map(([name, { type, nullable }]) => [name, nullable && row === 0 ? null : VALUES[type](row)]);
    return { ...Object.fromEntries(values), [streams[stream].id]: `${stream} ${batch} ${row}` } as never;
  });
}

async function emptyStore(kind: LandingKind): Promise<LandingStore> {
  const store = await openStore(readLandingAddress(await landingAddress(kind), 'The place'));
  onTestFinished(() => store.close());
  return store;
}

async function filledStore(kind: LandingKind): Promise<LandingStore> {
  const store = await emptyStore(kind);
  for (const workspace of WORKSPACES) {
    for (const day of [0, 1]) {
      const landing = createLanding(store, workspace, { now: () => STARTS_AT + day * DAY_MS, sleep: () => Promise.resolve() });
      for (const stream of NAMES) await landing.append(stream, batchOf(stream, `${workspace} ${day}`));
    }
  }
  return store;
}

async function everything(store: LandingStore): Promise<Record<string, unknown[][]>> {
  const log: Record<string, unknown[][]> = {};
  for (const stream of NAMES) {
    const rows: unknown[][] = [];
    const columns = columnsOf(stream).map(([name]) => name);
    for await (const chunk of store.read({ stream, columns, workspace: null, orderBy: [streams[stream].id] })) rows.push(...chunk);
    log[stream] = rows;
  }
  return log;
}

const inEachStream = (counts: object) => Object.fromEntries(NAMES.map((stream) => [stream, counts]));

describe.each<[LandingKind, LandingKind]>([['parquet', 'postgres'], ['postgres', 'parquet']])('a transfer from %s to %s', (fromKind, toKind) => {
  it('copies every row of every workspace as it stands, once', async () => {
    const [from, to] = [await filledStore(fromKind), await emptyStore(toKind)];
    expect(await transferLanding(from, to)).toEqual(inEachStream({ copied: ROWS_A_STREAM, alreadyThere: 0 }));
    const log = await everything(from);
    expect(await everything(to)).toEqual(log);
    expect(Object.values(log).map((rows) => rows.length)).toEqual(NAMES.map(() => ROWS_A_STREAM));
    expect(await transferLanding(from, to)).toEqual(inEachStream({ copied: 0, alreadyThere: ROWS_A_STREAM }));
    expect(await everything(to)).toEqual(log);
  });

  it('that was cut off goes on where it was', async () => {
    const [from, to] = [await filledStore(fromKind), await emptyStore(toKind)];
    let writes = 0;
    const fails: LandingStore = {
      ...to,
      write: async (batch) => {
        writes += 1;
        if (writes > NAMES.length) throw new Error('cut off');
        await to.write(batch);
      },
    };
    await expect(transferLanding(from, fails)).rejects.toThrow('cut off');
    const before = Object.values(await everything(to)).flat().length;
    expect(before).toBeGreaterThan(0);
    const report = Object.values(await transferLanding(from, to));
    expect(report.reduce((sum, { alreadyThere }) => sum + alreadyThere, 0)).toBe(before);
    expect(report.reduce((sum, { copied }) => sum + copied, 0)).toBe(NAMES.length * ROWS_A_STREAM - before);
    expect(await everything(to)).toEqual(await everything(from));
  });
});

describe('suptask land export', () => {
  it('takes along what a receiver left that died, and goes on without what one that lives has just taken', { timeout: 120_000 }, async () => {
    const [from, to] = [await landingAddress('parquet'), await landingAddress('parquet')];
    const receiving = await startServing(from);
    expect(await receiving.deliver(delivery(7))).toMatchObject({ status: 200 });
    const copied = async () => (await rowsOf(await landingAt(to), 'ticket_fetches')).map(({ ticket_number: number }) => number);
    const whileItLives = await startCommand(['land', 'export', to], { SUPTASK_LANDING: from }).ended;
    expect(whileItLives).toMatchObject({ exitCode: 0, errors: expect.stringContaining('receives for the workspace default') });
    expect(await copied()).toEqual([]);
    receiving.kill();
    await receiving.ended;
    expect(await startCommand(['land', 'export', to], { SUPTASK_LANDING: from }).ended).toMatchObject({ exitCode: 0, errors: '' });
    expect(await copied()).toEqual([7]);
  });
});
