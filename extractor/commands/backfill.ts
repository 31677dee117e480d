import { Command, InvalidArgumentError } from 'commander';
import { SuptaskError } from '../errors.ts';
import { runCommand, type RunCommandOptions } from './run-command.ts';
import { settingsFromEnvironment } from '../session.ts';

interface BackfillOptions extends RunCommandOptions {
  from: number;
  to: number;
}

const EXAMPLES = `
Numbers that were read before are not read again, so it can be stopped and started at any moment.

Examples:
  $ suptask backfill --from 1 --to 2075 --wait     about 5 h 15 min at 100 requests in 15 minutes
  $ suptask backfill --from 1800 --to 2075         as far as this window goes`;

/** `suptask backfill`: reads the numbers of a range that were never read, newest first. */
export function backfillCommand(): Command {
  return new Command('backfill')
    .description('read the tickets of a range of numbers that were never read, newest first')
    .requiredOption('--from <number>', 'lowest ticket number', ticketNumber)
    .requiredOption('--to <number>', 'highest ticket number', ticketNumber)
    .option('--wait', 'go on through the next rate windows until the range has been read')
    .option('--strict', 'end with exit code 7 where reads failed and were queued for retry')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: BackfillOptions) => {
      const { from, to } = options;
      if (from > to) {
        throw new SuptaskError('usage.invalid', `--from ${from} lies above --to ${to}.`, 'Give the lower number with --from.');
      }
      return runCommand(settingsFromEnvironment(), { kind: 'backfill', range: { from, to } }, options);
    });
}

function ticketNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999999.');
  return Number(text);
}
