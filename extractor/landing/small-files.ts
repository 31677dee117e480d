import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type StreamName, streams } from './streams.ts';

const DAY_MS = 86_400_000;

/**
 * The most Parquet files that one stream's folder of a day holds, of days that ended a day ago or
 * earlier: whatever was landed there has had the time to be compacted.
 */
export async function mostFilesInADay(folder: string, nowMs: number): Promise<number> {
  const newest = `landed_on=${new Date(nowMs - 2 * DAY_MS).toISOString().slice(0, 10)}`;
  let most = 0;
  for (const stream of Object.keys(streams) as StreamName[]) {
    const days = (await readdir(join(folder, stream)).catch(() => [])).filter((day) => day.startsWith('landed_on=') && day <= newest);
    for (const day of days) {
      const files = await readdir(join(folder, stream, day)).catch(() => []);
      most = Math.max(most, files.filter((file) => file.endsWith('.parquet')).length);
    }
  }
  return most;
}
