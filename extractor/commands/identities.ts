import { Command } from 'commander';
import { acceptCommand, mapCommand, unmapCommand } from './identities/decide.ts';
import { exportCommand, importCommand } from './identities/exchange.ts';
import { explainCommand, listCommand, suggestCommand } from './identities/look.ts';
import { historyCommand, showCommand } from './identities/show.ts';

const EXAMPLES = `
It reads the marts of the last build and waits for none; what is decided shows after the next one.

Examples:
  $ suptask identities list                          who could not be told, most tickets first
  $ suptask identities explain U024BE7LH             why not
  $ suptask identities suggest                       who they may be
  $ suptask identities accept --min-confidence 0.9   decide as suggested
  $ suptask identities map U024BE7LH S001 --reason "asked her"
  $ npm run dbt -- build`;

/** `suptask identities`: tells whose ids are whose, and mends it. */
export function identitiesCommand(): Command {
  const made = new Command('identities').description('see who could not be matched to staff, and say who it is').addHelpText('after', EXAMPLES);
  const commands = [
    listCommand(), showCommand(), explainCommand(), suggestCommand(), acceptCommand(), mapCommand(), unmapCommand(),
    importCommand(), exportCommand(), historyCommand(),
  ];
  for (const one of commands) made.addCommand(one.exitOverride());
  return made;
}
