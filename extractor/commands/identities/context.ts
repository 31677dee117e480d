import { Command, InvalidArgumentError } from 'commander';
import { SuptaskError } from '../../errors.ts';
import { type Decisions, readDecisions } from '../../identities/decisions.ts';
import { landDecisions } from '../../identities/land.ts';
import { type Proposal } from '../../identities/proposal.ts';
import { readRegister, type Register } from '../../identities/register.ts';
import { type PublishedMarts, withMarts } from '../../operations/published-marts.ts';
import { formatCount } from '../../output/format.ts';
import { settingsFromEnvironment, withSession } from '../../session.ts';
import { currentUser } from '../../sync/operator-requests.ts';

/** What every command on identities works with: the last build's marts, and what was decided up to now. */
export interface Identities {
  marts: PublishedMarts;
  register: Register;
  decisions: Decisions;
  /** Lands decisions, all of them or none. */
  land: (proposals: readonly Proposal[], by: string) => Promise<void>;
}

/** Opens landing log and marts, does something with them, and closes them whatever happens. */
export async function withIdentities<T>(work: (identities: Identities) => Promise<T>): Promise<T> {
  return await withSession(settingsFromEnvironment(), async ({ settings, landing, clock }) => {
    const decisions = await readDecisions(landing);
    return await withMarts(settings.marts, async (marts) => {
      const register = await readRegister(marts, decisions);
      return await work({ marts, register, decisions, land: (proposals, by) => landDecisions(landing, decisions, proposals, by, clock.now()) });
    });
  });
}

/** A command that can answer in JSON; examples stand after its help. */
export function command(name: string, description: string, examples: readonly string[]): Command {
  return new Command(name)
    .description(description)
    .option('--json', 'answer in JSON')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ suptask identities ${example}`).join('\n')}`);
}

/** Options of whoever decides. */
export interface DecidingOptions {
  by: string;
  replace?: true;
  also?: true;
  json?: true;
}

/** A command that decides. */
export function deciding(name: string, description: string, examples: readonly string[]): Command {
  return command(name, description, examples).option('--by <name>', 'who decides', nonEmpty, currentUser());
}

/** Answers as JSON, or in words. */
export function answer(json: true | undefined, told: unknown, text: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(told) : text()}\n`);
}

/** What comes after a decision. */
export const AFTERWARDS = 'It shows in the marts after the next build: npm run dbt -- build';

export function nonEmpty(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  return text.trim();
}

export function day(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('It is a day such as 2026-03-01.');
}

export function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1.');
}

export function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It is a number from 0 to 1, such as 0.9.');
}

/** A number of things: `1 ticket`, `1,234 tickets`. */
export function counted(number: number, noun: string): string {
  return `${formatCount(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** What contradicts the facts. */
export function refused(message: string, remedy: string): SuptaskError {
  return new SuptaskError('identities.refused', message, remedy);
}
