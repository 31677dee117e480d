import { newId } from '../../../../extractor/ids.ts';
import type { LandingStore, Scalar } from '../../../../extractor/landing/landing.ts';
import { columnsOf, type LandedRow, type StreamName, streams } from '../../../../extractor/landing/streams.ts';

export const streamNames = Object.keys(streams) as StreamName[];

/** Every row of a stream, every column, in the order of landing; times in milliseconds. */
export async function readStream(store: LandingStore, stream: StreamName): Promise<Scalar[][]> {
  const columns = columnsOf(stream).map(([name]) => name);
  const rows: Scalar[][] = [];
  const request = { stream, columns, workspace: 'default', orderBy: ['landed_at', streams[stream].id] };
  for await (const chunk of store.read(request)) rows.push(...chunk);
  return rows;
}

/** Writes to a store what another one has been given after `afterMs`, each row on the day on which it was landed. */
export async function copyLog(from: LandingStore, to: LandingStore, afterMs = 0): Promise<void> {
  for (const stream of streamNames) {
    const rows = (await readStream(from, stream)).map((values) => toRow(stream, values));
    const byDay = Map.groupBy(rows.filter((row) => row.landed_at.getTime() > afterMs), (row) => row.landed_at.toISOString().slice(0, 10));
    for (const [day, ofDay] of byDay) {
      await to.write({ stream, batchId: newId(), landedAt: new Date(day), rows: ofDay });
    }
  }
}

function toRow(stream: StreamName, values: readonly Scalar[]): LandedRow<StreamName> {
  const named = columnsOf(stream).map(([name, { type }], place) => {
    const value = values[place] ?? null;
    return [name, type === 'timestamp' && value !== null ? new Date(Number(value)) : value];
  });
  return Object.fromEntries(named) as LandedRow<StreamName>;
}
