import { Command } from 'commander';
import { runConnectionTest, type ConnectionTest } from '../operations/connection-test.ts';
import { settingsFromEnvironment, withSession } from '../session.ts';

const EXAMPLES = `
It sends one request, which counts in the rate window, and lands what came back.

Examples:
  $ suptask check
  $ suptask check --json`;

/** `suptask check`: is the source reachable, the token accepted, the landing writable? */
export function checkCommand(): Command {
  return new Command('check')
    .description('test address, token and landing with one request, and say what to do')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json }: { json?: true }) => {
      const settings = settingsFromEnvironment();
      const test = await withSession(settings, runConnectionTest);
      process.stdout.write(`${json ? JSON.stringify(test) : describe(test)}\n`);
    });
}

function describe(test: ConnectionTest): string {
  return [
    `landing   ok  ${test.landing} takes rows`,
    `source    ok  ${test.source} answered in ${test.latencyMs} ms`,
    `token     ok  accepted as ${test.authScheme}; ticket ${test.ticketNumber}: ${test.outcome}`,
    `budget    ok  ${test.budget}`,
    'Next: suptask sync',
  ].join('\n');
}
