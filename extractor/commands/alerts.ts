import { Command } from 'commander';
import { exitCodes } from '../errors.ts';
import { acknowledge } from '../operations/alerts/acknowledge.ts';
import { readAlerts } from '../operations/alerts/announce.ts';
import { sendTestAlert } from '../operations/alerts/test-alert.ts';
import { describeAlerts } from './alert-text.ts';
import { settingsFromEnvironment, withSession } from '../session.ts';

const EXAMPLES = `
Alerts are derived from the landing log; one closes by itself when it is well again. docs/runbook.md
says of each what it means and what to do.

Examples:
  $ suptask alerts
  $ suptask alerts ack heartbeat --note "SupTask is down, see their status page"
  $ suptask alerts test          does whoever should be told hear it?`;

/** `suptask alerts`: what someone should look at, and who does. */
export function alertsCommand(): Command {
  return new Command('alerts')
    .description('list the open alerts, acknowledge one, or send a test alert')
    .option('--json', 'answer in JSON')
    .option('--fail-if-open', 'end with exit code 9 while one is open that nobody has acknowledged')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json, failIfOpen }: { json?: true; failIfOpen?: true }) => {
      const { open } = await withSession(settingsFromEnvironment(), readAlerts);
      process.stdout.write(`${json ? JSON.stringify(open) : describeAlerts(open)}\n`);
      if (failIfOpen && open.some(({ acknowledged }) => acknowledged === null)) process.exitCode = exitCodes.checkSaysNo;
    })
    .addCommand(
      new Command('ack')
        .description('say that you have seen an alert and take care of it: it is told no more')
        .argument('<key>', 'as suptask alerts lists it')
        .option('--note <text>', 'what you found or do')
        .option('--json', 'answer in JSON')
        .action(async (key: string, { note }: { note?: string }, command: Command) => {
          const alert = await withSession(settingsFromEnvironment(), (session) => acknowledge(session, key, note ?? null, process.env));
          process.stdout.write(`${command.optsWithGlobals<{ json?: true }>().json ? JSON.stringify(alert) : describeAlerts([alert])}\n`);
        }),
    )
    .addCommand(
      new Command('test')
        .description('send a test alert on every channel that is set up')
        .option('--json', 'answer in JSON')
        .action(async (_, command: Command) => {
          const results = await withSession(settingsFromEnvironment(), (session) => sendTestAlert(session, process.env));
          const text = results.map(({ channel, error }) => `${channel.padEnd(8)} ${error === null ? 'ok' : `NO: ${error}`}`).join('\n');
          process.stdout.write(`${command.optsWithGlobals<{ json?: true }>().json ? JSON.stringify(results) : text}\n`);
          process.exitCode = results.every(({ error }) => error === null) ? exitCodes.done : exitCodes.checkSaysNo;
        }),
    );
}
