import { Command } from 'commander';
import { type LandingAddress, readLandingAddress, type Settings } from '../config.ts';
import { SuptaskError } from '../errors.ts';
import type { LandingStore } from '../landing/landing.ts';
import { openStore } from '../landing/open.ts';
import { transferLanding, type TransferReport } from '../landing/transfer.ts';
import { ProgressLine } from '../output/progress-line.ts';
import { formatCount } from '../output/format.ts';
import { formatTable } from '../output/table.ts';
import { settingsFromEnvironment } from '../session.ts';

const EXAMPLES = `
Rows are copied as they stand; those that are there already are left alone, so it can be repeated.

Examples:
  $ suptask land export backup/landing                           from SUPTASK_LANDING to a folder
  $ suptask land import landing                                  from a folder to SUPTASK_LANDING
  $ suptask land export postgres://suptask@db.internal/suptask   to a PostgreSQL schema`;

/** `suptask land export|import`: copies the landing log between SUPTASK_LANDING and another place. */
export function landCommand(): Command {
  const copy = (name: string, description: string, direction: (own: LandingAddress, other: LandingAddress) => [LandingAddress, LandingAddress]) =>
    new Command(name)
      .description(description)
      .argument('<place>', 'a folder, or postgres://user:password@host:port/database')
      .option('--json', 'answer in JSON')
      .action(async (place: string, { json }: { json?: true }) => {
        const settings = settingsFromEnvironment();
        const [from, to] = direction(settings.landing, otherPlace(place, settings));
        const report = await transfer(from, to);
        process.stdout.write(`${json ? JSON.stringify(report) : describe(report)}\n`);
      });
  return new Command('land')
    .description('copy the landing log between SUPTASK_LANDING and another place')
    .addCommand(copy('export', 'copy from SUPTASK_LANDING to this place', (own, other) => [own, other]))
    .addCommand(copy('import', 'copy from this place to SUPTASK_LANDING', (own, other) => [other, own]))
    .addHelpText('after', EXAMPLES);
}

function otherPlace(place: string, { landing }: Settings): LandingAddress {
  const other = readLandingAddress(place, 'The place');
  const name = ({ kind, ...rest }: LandingAddress) => `${kind} ${'folder' in rest ? rest.folder : rest.shown}`;
  if (name(other) !== name(landing)) return other;
  throw new SuptaskError('usage.invalid', 'That is SUPTASK_LANDING itself.', 'Name another folder or database.');
}

async function transfer(from: LandingAddress, to: LandingAddress): Promise<TransferReport> {
  const line = new ProgressLine();
  const stores: LandingStore[] = [];
  try {
    for (const address of [from, to]) stores.push(await openStore(address));
    const [source, target] = stores as [LandingStore, LandingStore];
    for (const workspace of await source.rollLeftJournals()) {
      process.stderr.write(`suptask serve receives for the workspace ${workspace}: what it took in the last moments may not be copied. Repeat this later; what is there already is left alone.\n`);
    }
    return await transferLanding(source, target, (stream, rows) => line.update(() => `${stream}: ${formatCount(rows)} rows`));
  } finally {
    line.end();
    for (const store of stores) await store.close();
  }
}

function describe(report: TransferReport): string {
  const rows = Object.entries(report).map(([stream, { copied, alreadyThere }]) => [stream, formatCount(copied), formatCount(alreadyThere)]);
  return formatTable([{ heading: 'stream' }, { heading: 'copied', align: 'right' }, { heading: 'already there', align: 'right' }], rows);
}
