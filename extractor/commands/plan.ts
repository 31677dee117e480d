import { Command, InvalidArgumentError } from 'commander';
import { readPlan } from '../operations/plan.ts';
import { describePlan } from './plan-text.ts';
import { settingsFromEnvironment, withSession } from '../session.ts';

const EXAMPLES = `
No request is sent and no lease is taken. The order is: what an operator asked for, what may be new,
retries that are due, numbers never read beside tickets that are most likely to have changed.

Examples:
  $ suptask plan                  what the rest of this window would be spent on
  $ suptask plan --count 10
  $ suptask plan --json | jq '.reads[] | select(.reason == "refresh") | .number'`;

/** `suptask plan`: what would be read next and why, from the landing log alone. */
export function planCommand(): Command {
  return new Command('plan')
    .description('say what would be read next, and why, without a request')
    .option('--count <reads>', 'how many; default: what the window has left, else 100', readCount)
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ count, json }: { count?: number; json?: true }) => {
      const plan = await withSession(settingsFromEnvironment(), (session) => readPlan(session, count));
      process.stdout.write(`${json ? JSON.stringify(plan) : describePlan(plan)}\n`);
    });
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 9999999.');
  return Number(text);
}
