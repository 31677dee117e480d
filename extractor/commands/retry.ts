import { Command, InvalidArgumentError } from 'commander';
import { settingsFromEnvironment, withSession } from '../session.ts';
import { landRequestedReads } from '../sync/operator-requests.ts';
import { loadSyncState } from '../sync/state.ts';

const EXAMPLES = `
The numbers are put in front: the next sync reads them before anything else, parked ones too.

Example:
  $ suptask retry 1207 1388 && suptask sync`;

/** `suptask retry`: asks for numbers to be read by the next sync before anything else. */
export function retryCommand(): Command {
  return new Command('retry')
    .description('let the next sync read these ticket numbers before anything else')
    .argument('<numbers...>', 'ticket numbers', ticketNumbers)
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (numbers: number[], { json }: { json?: true }) => {
      await withSession(settingsFromEnvironment(), async ({ settings, landing, clock }) => {
        const { sourceClock } = await loadSyncState({ ...settings, landing, clock });
        await landRequestedReads(landing, numbers, sourceClock.now());
      });
      const text = `The next sync reads ${numbers.length === 1 ? 'it' : `these ${numbers.length}`} first: ${numbers.join(', ')}.`;
      process.stdout.write(`${json ? JSON.stringify({ requested: numbers }) : text}\n`);
    });
}

function ticketNumbers(text: string, earlier: number[] = []): number[] {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError(`${text} is not a ticket number.`);
  return [...earlier, Number(text)];
}
