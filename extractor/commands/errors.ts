import { Command } from 'commander';
import { type ErrorEvent, findErrorEvent, readErrorEvents } from '../operations/error-events.ts';
import { errorTable } from '../operations/error-table.ts';
import { formatTime } from '../output/format.ts';
import { formatTable } from '../output/table.ts';
import { settingsFromEnvironment, withSession } from '../session.ts';

/** More of them nobody reads. */
const LISTED = 20;

const EXAMPLES = `
Examples:
  $ suptask errors                        the newest failures
  $ suptask errors show 6f1c2d            one of them, by its correlation id or the beginning of it
  $ suptask errors codes                  what each code means, as in docs/errors.md`;

/** `suptask errors`: what failed, and the operator's detail of it. */
export function errorsCommand(): Command {
  return new Command('errors')
    .description('list the newest failures; show one with its request, answer, causes and stack')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json }: { json?: true }) => {
      const events = (await withSession(settingsFromEnvironment(), ({ landing }) => readErrorEvents(landing))).slice(0, LISTED);
      process.stdout.write(`${json ? JSON.stringify(events) : list(events)}\n`);
    })
    .addCommand(
      new Command('show')
        .description('show one failure with the operator’s detail')
        .argument('<id>', 'its correlation id, or the beginning of it')
        .option('--json', 'answer in JSON')
        .action(async (id: string, _, command: Command) => {
          const event = await withSession(settingsFromEnvironment(), ({ landing }) => findErrorEvent(landing, id));
          const { json } = command.optsWithGlobals<{ json?: true }>();
          process.stdout.write(`${json ? JSON.stringify(event) : show(event)}\n`);
        }),
    )
    .addCommand(
      new Command('codes').description('print the table of all codes, in Markdown').action(() => {
        process.stdout.write(errorTable());
      }),
    );
}

function list(events: readonly ErrorEvent[]): string {
  if (events.length === 0) return 'No failure has been landed.';
  const rows = events.map(({ atMs, code, correlationId, message }) => [formatTime(atMs), code, correlationId.slice(0, 8), message]);
  return formatTable(['when', 'code', 'id', 'what happened'].map((heading) => ({ heading })), rows);
}

function show({ correlationId, atMs, code, message, detail }: ErrorEvent): string {
  const told = { when: formatTime(atMs), code, id: correlationId, happened: message, ...detail };
  const rows = Object.entries(told).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return rows.map(([name, value]) => `${name.padEnd(12)}${asText(value).replaceAll('\n', `\n${' '.repeat(12)}`)}`).join('\n');
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
