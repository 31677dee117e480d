import { Command } from 'commander';
import { forget, FORGOTTEN, type ForgetReport } from '../operations/forget.ts';
import { formatCount } from '../output/format.ts';
import { settingsFromEnvironment, withSession } from '../session.ts';

const EXAMPLES = `
Every text of the landing log in which one of these stands is rewritten, in whatever stream and
workspace; a row of redactions says how many. The marts follow with a full refresh. Forget the
person in SupTask first: what it still tells is landed again when the ticket changes. Copies and
backups are yours to deal with; docs/runbook.md says which there are.

Example:
  $ suptask forget U0123ABCD ada@example.com "Ada Lovelace" --reason "asked on 3 May"
  $ npm run dbt -- build --full-refresh`;

/** `suptask forget`: takes a person out of the landing log. */
export function forgetCommand(): Command {
  return new Command('forget')
    .description('take a person out of the landing log: Slack ids, e-mail addresses, names')
    .argument('<identifiers...>', 'what the person is known by, each as one argument')
    .option('--reason <text>', 'why, for the record; do not name the person')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (identifiers: string[], { reason, json }: { reason?: string; json?: true }) => {
      const report = await withSession(settingsFromEnvironment(), (session) => forget(session, identifiers, reason ?? null));
      process.stdout.write(`${json ? JSON.stringify(report) : describe(report)}\n`);
    });
}

function describe(report: ForgetReport): string {
  const rows = Object.values(report);
  const told = rows.map((count, place) => `The ${place + 1}. stood in ${formatCount(count)} rows${count === 0 ? '.' : `, and is ${FORGOTTEN} there now.`}`);
  const next = rows.some((count) => count > 0) ? ['Next: npm run dbt -- build --full-refresh'] : [];
  return [...told, ...next].join('\n');
}
