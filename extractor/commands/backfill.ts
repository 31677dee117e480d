import { Command, InvalidArgumentError, Option } from 'commander';
import { SuptaskError } from '../errors.ts';
import { settingsFromEnvironment } from '../session.ts';
import { runCommand, type RunCommandOptions } from './run-command.ts';

const DAY_MS = 86_400_000;

/** A range of more numbers than this is a slip of the finger: it would take three years at 100 requests in 15 minutes. */
const WIDEST_RANGE = 10_000_000;

interface BackfillOptions extends RunCommandOptions {
  from?: number;
  to?: number;
  since?: (nowMs: number) => number;
}

const EXAMPLES = `
Numbers that were read before are not read again, so it can be stopped and started at any moment.
It says how long it will take before it begins.

Examples:
  $ suptask backfill --since 90d --wait            what was created in the last 90 days
  $ suptask backfill --since 2026-05-01            since that day (UTC), as far as this rate window goes
  $ suptask backfill --from 1 --to 2075 --wait     these numbers: 21 rate windows, about 5 h at 100 requests in 15 minutes`;

/** `suptask backfill`: reads the numbers that were never read, of a range or since a time, newest first. */
export function backfillCommand(): Command {
  return new Command('backfill')
    .description('read tickets that were never read, newest first: those created since a time, or a range of numbers')
    .addOption(new Option('--since <time>', 'created since then: days (90d) or a date (2026-05-01)').argParser(since).conflicts(['from', 'to']))
    .option('--from <number>', 'lowest ticket number', ticketNumber)
    .option('--to <number>', 'highest ticket number', ticketNumber)
    .option('--wait', 'go on through the next rate windows until all of it has been read')
    .option('--strict', 'end with exit code 7 where reads failed and were queued for retry')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: BackfillOptions) => runCommand(settingsFromEnvironment(), { kind: 'backfill', ...whatToRead(options) }, options));
}

function whatToRead({ from, to, since: createdSince }: BackfillOptions) {
  if (createdSince) return { createdSince };
  if (from === undefined || to === undefined) {
    throw new SuptaskError('usage.invalid', 'It is not said what to read.', 'Give --since 90d, or both --from and --to.');
  }
  if (from > to) {
    throw new SuptaskError('usage.invalid', `--from ${from} lies above --to ${to}.`, 'Give the lower number with --from.');
  }
  if (to - from >= WIDEST_RANGE) {
    throw new SuptaskError('usage.invalid', 'The range is wider than ten million numbers.', 'Give the newest ticket’s number with --to.');
  }
  return { range: { from, to } };
}

function ticketNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999999.');
  return Number(text);
}

/** Days before now, whenever that is, or a date's beginning in UTC, in milliseconds since the epoch. */
function since(text: string): (nowMs: number) => number {
  const days = /^([1-9]\d{0,4})d$/.exec(text);
  if (days) return (nowMs) => nowMs - Number(days[1]) * DAY_MS;
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const atMs = isDate ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(atMs) || !new Date(atMs).toISOString().startsWith(text)) {
    throw new InvalidArgumentError('It must be a number of days such as 90d, or a date such as 2026-05-01.');
  }
  return () => atMs;
}
