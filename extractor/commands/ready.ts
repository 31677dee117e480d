import { Command } from 'commander';
import { exitCodes } from '../errors.ts';
import { readiness } from '../operations/rollout/ready.ts';
import { describeVerdicts } from './verdict-text.ts';
import { settingsFromEnvironment, withSession } from '../session.ts';

const EXAMPLES = `
Each line rests on the landing log and the published marts. A few tickets are fetched again, nine at
most, and held against the marts. npm run smoke makes most of the evidence.

Example:
  $ suptask ready`;

/** `suptask ready`: may this go into service? */
export function readyCommand(): Command {
  return new Command('ready')
    .description('print the go/no-go list of a rollout with its evidence')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json }: { json?: true }) => {
      const verdicts = await withSession(settingsFromEnvironment(), readiness);
      process.stdout.write(`${json ? JSON.stringify(verdicts) : describeVerdicts(verdicts)}\n`);
      if (verdicts.some(({ ok }) => !ok)) process.exitCode = exitCodes.checkSaysNo;
    });
}
