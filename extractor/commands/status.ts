import { Command } from 'commander';
import { readStatus } from '../operations/status.ts';
import { describeStatus } from './status-text.ts';
import { settingsFromEnvironment, withSession } from '../session.ts';

const EXAMPLES = `
The first line is the verdict. docs/status.md tells the JSON, field by field.

Examples:
  $ suptask status
  $ suptask status --json | jq -e .verdict.ok
  $ suptask status --json | jq .failing`;

/** `suptask status`: where the sync stands, from the landing log and the lease alone. */
export function statusCommand(): Command {
  return new Command('status')
    .description('say whether it runs, is fresh, what is behind, what fails, and when it will have caught up')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json }: { json?: true }) => {
      const status = await withSession(settingsFromEnvironment(), readStatus);
      process.stdout.write(`${json ? JSON.stringify(status) : describeStatus(status)}\n`);
    });
}
