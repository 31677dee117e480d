import { newId } from '../ids.ts';
import type { LandingStore, Scalar } from './landing.ts';
import { columnsOf, type LandedRow, type StreamName, streams } from './streams.ts';

/** Rows that were carried from one landing to another, by stream. */
export type TransferReport = Record<StreamName, { copied: number; alreadyThere: number }>;

/**
 * Copies every row of a landing log to another, of either kind, as it stands: with its ids, batches
 * and times. Rows that are there already are left alone, so that it can be repeated, and
 * interrupted at any moment.
 */
export async function transferLanding(
  from: LandingStore,
  to: LandingStore,
  onProgress: (stream: StreamName, rows: number) => void = () => undefined,
): Promise<TransferReport> {
  const report: Partial<TransferReport> = {};
  for (const stream of Object.keys(streams) as StreamName[]) {
    report[stream] = await transferStream(from, to, stream, (rows) => onProgress(stream, rows));
  }
  return report as TransferReport;
}

async function transferStream(
  from: LandingStore,
  to: LandingStore,
  stream: StreamName,
  onProgress: (rows: number) => void,
): Promise<TransferReport[StreamName]> {
  const columns = columnsOf(stream);
  const names = columns.map(([name]) => name);
  const times = new Set(columns.filter(([, { type }]) => type === 'timestamp').map(([name]) => name));
  const id = streams[stream].id;
  const known = await idsOf(to, stream);
  const counts = { copied: 0, alreadyThere: 0 };
  for await (const chunk of from.read({ stream, columns: names, workspace: null, orderBy: ['landed_at', id] })) {
    const rows = chunk
      .map((values) => toRow(values, names, times))
      .filter((row) => !known.has(String(row[id as keyof typeof row])));
    for (const ofDay of Object.values(Object.groupBy(rows, (row) => row.landed_at.toISOString().slice(0, 10)))) {
      if (ofDay?.[0]) await to.write({ stream, batchId: newId(), landedAt: ofDay[0].landed_at, rows: ofDay });
    }
    counts.copied += rows.length;
    counts.alreadyThere += chunk.length - rows.length;
    onProgress(counts.copied + counts.alreadyThere);
  }
  return counts;
}

/** What is read has times as milliseconds; a row has them as dates. */
function toRow(values: readonly Scalar[], names: readonly string[], times: ReadonlySet<string>): LandedRow<StreamName> {
  const entries = names.map((name, index) => {
    const value = values[index] ?? null;
    return [name, times.has(name) && typeof value === 'number' ? new Date(value) : value];
  });
  return Object.fromEntries(entries) as LandedRow<StreamName>;
}

async function idsOf(store: LandingStore, stream: StreamName): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const id = streams[stream].id;
  for await (const chunk of store.read({ stream, columns: [id], workspace: null, orderBy: [id] })) {
    for (const [value] of chunk) ids.add(String(value));
  }
  return ids;
}
