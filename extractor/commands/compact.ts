import { Command } from 'commander';
import { formatCount } from '../output/format.ts';
import { settingsFromEnvironment, withSession } from '../session.ts';
import { underLease } from '../sync/lease.ts';

const EXAMPLES = `
A sync does this by itself where a day has 64 files or more. Merged files are removed an hour
later, so that nobody who is reading them is disturbed. A PostgreSQL landing needs none of it.

Example:
  $ suptask compact`;

/** `suptask compact`: merges the small files of each day of the landing folder into one. */
export function compactCommand(): Command {
  return new Command('compact')
    .description('merge the many small files of each day of the landing folder into one')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json }: { json?: true }) => {
      const report = await withSession(settingsFromEnvironment(), ({ landing, clock }) =>
        underLease(landing, clock, () => landing.compact()),
      );
      if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
      else if (report === null) process.stdout.write('There is nothing to compact in a PostgreSQL landing.\n');
      else {
        const { foldersMerged, filesMerged, filesRemoved } = report;
        process.stdout.write(
          `Merged ${formatCount(filesMerged)} files of ${formatCount(foldersMerged)} days; removed ${formatCount(filesRemoved)} that were merged earlier.\n`,
        );
      }
    });
}
