import { Command } from 'commander';
import { runDbt } from '../operations/dbt.ts';
import { ProgressLine } from '../output/progress-line.ts';
import { settingsFromEnvironment } from '../session.ts';
import { runCommand, type RunCommandOptions } from './run-command.ts';

const EXAMPLES = `
The build also publishes the marts. A build that fails leaves the published marts as they were.

Examples:
  $ npm run pipeline                        sync, build and publish, as a scheduler would
  $ suptask pipeline -- --target postgres   further words go to dbt build`;

/** `suptask pipeline`: sync, dbt build and publish in one. */
export function pipelineCommand(): Command {
  return new Command('pipeline')
    .description('sync, build and publish in one, as a scheduler would')
    .argument('[words...]', 'passed on to dbt build')
    .option('--wait', 'sync on through the next rate windows until everything known has been read')
    .option('--strict', 'end with exit code 7 where reads failed and were queued for retry')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], options: RunCommandOptions) => {
      const settings = settingsFromEnvironment();
      await runCommand(settings, { kind: 'sync' }, options, '');
      const line = new ProgressLine();
      try {
        await runDbt(['build', ...words], {}, ({ done, total }) => line.update(() => `building: ${done} of ${total}`));
      } finally {
        line.end();
      }
      if (!options.json) process.stdout.write(`Built and published to ${settings.exports}\n`);
    });
}
