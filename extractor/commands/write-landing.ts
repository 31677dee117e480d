import { existsSync, readdirSync } from 'node:fs';
import type { Command } from 'commander';
import { openStore } from '../landing/open.ts';
import { writeLog } from '../operations/written-log.ts';
import { formatDuration } from '../output/duration.ts';
import { ProgressLine } from '../output/progress-line.ts';
import { formatCount } from '../output/format.ts';
import type { ArrivalOptions } from '../simulator/arrivals.ts';

/** `suptask simulate --write-landing`: the log of a whole world, without a server and without a request. */
export async function writeLanding(folder: string, world: ArrivalOptions & { json?: true }, command: Command): Promise<void> {
  // Two worlds in one log would be neither of them.
  if (existsSync(folder) && readdirSync(folder).length > 0) command.error(`error: ${folder} is not empty; name a new folder`, { exitCode: 2 });
  const store = await openStore({ kind: 'parquet', folder });
  const line = new ProgressLine();
  const startedMs = performance.now();
  const written = await writeLog(world, store, ({ day, reads }) => {
    const leftMs = ((performance.now() - startedMs) * (world.days - day)) / Math.max(day, 1);
    line.update(() => `day ${day} of ${world.days}: ${formatCount(reads)} reads (about ${formatDuration(leftMs)} left)`);
  });
  line.end();
  await store.close();
  const { reads, tickets, versions, runs } = written;
  process.stdout.write(
    world.json === true
      ? `${JSON.stringify({ folder, ...written })}\n`
      : `Written to ${folder}: ${formatCount(reads)} reads of ${formatCount(tickets)} tickets with ${formatCount(versions)} versions, in ${formatCount(runs)} runs.\n`,
  );
}
