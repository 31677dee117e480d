import { Command, Option } from 'commander';
import { followCommand, runCommand, type RunCommandOptions } from './run-command.ts';
import { settingsFromEnvironment } from '../session.ts';

const EXAMPLES = `
Without --wait it ends when the rate window is used up; the next run goes on where it ended.

Examples:
  $ suptask sync                 what a scheduler runs every 15 minutes
  $ suptask sync --wait          until every known ticket has been read once
  $ suptask sync --follow        as a service: on and on, until it is told to stop
  $ suptask sync --json | jq .   the same answer for programs`;

interface SyncOptions extends RunCommandOptions {
  follow?: true;
}

/** `suptask sync`: one run of what is most worth reading now. */
export function syncCommand(): Command {
  return new Command('sync')
    .description('read what is most worth reading now: new tickets, due retries, never-read and changed ones')
    .option('--wait', 'go on through the next rate windows until everything known has been read')
    .addOption(new Option('--follow', 'run on and on, one run a rate window, until SIGINT or SIGTERM').conflicts(['wait', 'strict']))
    .option('--strict', 'end with exit code 7 where reads failed and were queued for retry')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(({ follow, ...options }: SyncOptions) =>
      follow ? followCommand(settingsFromEnvironment(), options) : runCommand(settingsFromEnvironment(), { kind: 'sync' }, options),
    );
}
