import { Command } from 'commander';
import { BUILD_OF_DATA, runDbt } from '../operations/dbt.ts';
import { ProgressLine } from '../output/progress-line.ts';
import { settingsFromEnvironment } from '../session.ts';
import { runCommand, type RunCommandOptions } from './run-command.ts';

const EXAMPLES = `
The build also publishes the marts. A build that fails leaves the published marts as they were. Unit tests, which
test the models and not the data, are left to npm test and to npm run dbt -- build.

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
        await runDbt([...BUILD_OF_DATA, ...words], {}, ({ done, total }) => line.update(() => `building: ${done} of ${total}`));
      } finally {
        line.end();
      }
      if (!options.json) process.stdout.write(`Built and published to ${settings.exports}\n`);
    });
}
