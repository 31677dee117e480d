import { type Command, Option } from 'commander';
import { explain } from '../../identities/explanation.ts';
import { invalid, keyOf, readExternalId } from '../../identities/external-id.ts';
import { nameOf, waitsForBuild } from '../../identities/register.ts';
import { type QueueFilter, readQueue, readRate, type Unresolved } from '../../identities/review-queue.ts';
import { formatCount } from '../../output/format.ts';
import { formatTable } from '../../output/table.ts';
import { answer, command, count, counted, day, type Identities, share, withIdentities } from './context.ts';

const LISTED = 20;

const REASONS = ['unmapped', 'deactivated', 'ambiguous_email', 'conflicting_decisions', 'blank'];

interface ListOptions extends QueueFilter {
  limit: number;
  json?: true;
}

function withFilters(made: Command): Command {
  return made
    .addOption(new Option('--role <role>', 'only those who ask, or who answer').choices(['requester', 'assignee']))
    .addOption(new Option('--reason <reason>', 'only those unresolved for this reason').choices(REASONS))
    .option('--min-tickets <number>', 'only those with at least so many tickets', count)
    .option('--seen-since <day>', 'only those seen on this day or later', day)
    .option('--limit <number>', 'show so many', count, LISTED);
}

/** `suptask identities list`: the review queue. */
export function listCommand(): Command {
  const made = command('list', 'list the people who could not be told, most tickets first', [
    'list',
    'list --reason unmapped --min-tickets 5 --seen-since 2026-03-01',
    'list --reason blank                  the tickets whose requester is blank',
  ]);
  return withFilters(made).action(async ({ limit, json, ...filter }: ListOptions) => {
    await withIdentities(async (identities) => {
      const queue = await readQueue(identities.marts, filter);
      const rate = await readRate(identities.marts);
      const told = queue.map((one) => ({ ...one, decided: decidedSince(one, identities) }));
      answer(json, { rate, unresolved: told.slice(0, limit), total: queue.length }, () => {
        const shown = filter.reason === 'blank' ? told : told.filter(({ externalId }) => externalId !== null);
        const blank = told.length - shown.length;
        const lines = [rateLine(rate), ''];
        if (shown.length > 0) lines.push(queueTable(shown.slice(0, limit)));
        else lines.push(blank > 0 ? 'Every id that is not blank is resolved.' : 'Nobody is unresolved.');
        if (shown.length > limit) lines.push(`… and ${formatCount(shown.length - limit)} more: --limit ${shown.length}`);
        if (blank > 0) lines.push(`${counted(blank, 'ticket')} without a requester id: --reason blank lists them.`);
        if (shown.some(({ suggestion }) => suggestion !== null)) lines.push('', 'Next: suptask identities suggest');
        return lines.join('\n');
      });
    });
  });
}

/** `suptask identities suggest`: who the unresolved may be. */
export function suggestCommand(): Command {
  const made = command('suggest', 'list whom the unresolved may be, and why', ['suggest', 'suggest --min-confidence 0.9']);
  return withFilters(made)
    .option('--min-confidence <share>', 'only suggestions with at least this confidence', share, 0)
    .action(async ({ limit, json, minConfidence, ...filter }: ListOptions & { minConfidence: number }) => {
      await withIdentities(async (identities) => {
        const queue = await readQueue(identities.marts, filter);
        const suggested = queue.filter(({ suggestion }) => suggestion !== null && (suggestion.confidence ?? 0) >= minConfidence);
        answer(json, { suggestions: suggested.slice(0, limit), total: suggested.length }, () => {
          if (suggested.length === 0) return 'Nobody suggests themselves. What is left is for somebody who knows: suptask identities map ID STAFF --reason …';
          const rows = suggested.slice(0, limit).map(({ externalId, displayName, tickets, suggestion }) => [
            externalId ?? '–', displayName ?? '–', formatCount(tickets), `${suggestion?.staffId} ${suggestion?.staffName ?? ''}`,
            (suggestion?.basis ?? '').replaceAll('_', ' '), suggestion?.confidence?.toFixed(3) ?? 'not measured',
          ]);
          const table = formatTable(['id', 'name in Slack', 'tickets', 'may be', 'because of', 'confidence'].map((heading) => ({ heading, align: /tickets|confidence/.test(heading) ? 'right' : 'left' })), rows);
          return `${table}\n\nThe confidence is how often that was right in the demo’s world (docs/identities.md).\nNext: suptask identities accept --min-confidence 0.9`;
        });
      });
    });
}

/** `suptask identities explain`: the chain by which an id or a ticket is resolved. */
export function explainCommand(): Command {
  return command('explain', 'say step by step how an id or a ticket is resolved, or why not', ['explain U024BE7LH', 'explain T02ABC:42'])
    .argument('<id>', 'a Slack user, or a ticket as team:number')
    .action(async (id: string, { json }: { json?: true }) => {
      const external = readExternalId(id);
      if (external.source === 'slack_channel') throw invalid(`${external.externalId} is neither a Slack user nor a ticket.`, 'A channel is what it is mapped to: suptask identities show');
      await withIdentities(async ({ marts, register, decisions }) => {
        const steps = await explain(external, marts, register, decisions);
        answer(json, { ...external, steps }, () => formatTable([{ heading: external.externalId }, { heading: '' }], steps.map(({ step, found }) => [step, found])));
      });
    });
}

function decidedSince({ externalId, ticketKey }: Unresolved, { register, decisions }: Identities): string | null {
  const key = externalId !== null ? keyOf({ source: 'slack_user', externalId }) : keyOf({ source: 'suptask_ticket', externalId: ticketKey ?? '' });
  if (!waitsForBuild(register, decisions, key)) return null;
  return nameOf(register, register.mappings.get(key)?.entity ?? null);
}

function queueTable(queue: readonly (Unresolved & { decided: string | null })[]): string {
  const rows = queue.map(({ externalId, ticketKey, displayName, role, reason, tickets, lastSeenAt, partnerIds, suggestion, decided }) => [
    externalId ?? ticketKey ?? '–',
    displayName ?? '–',
    role,
    reason.replaceAll('_', ' '),
    formatCount(tickets),
    lastSeenAt.slice(0, 10),
    partnerIds ?? '–',
    decided !== null ? `decided: ${decided}, after the next build` : suggestion ? `${suggestion.staffId} ${suggestion.staffName ?? ''}` : '–',
  ]);
  const headings = ['id', 'name in Slack', 'role', 'reason', 'tickets', 'last seen', 'partners', 'may be'];
  return formatTable(headings.map((heading) => ({ heading, align: heading === 'tickets' ? 'right' : 'left' })), rows);
}

function rateLine({ resolved, unresolved, share: known }: Awaited<ReturnType<typeof readRate>>): string {
  const percent = known === null ? '–' : `${(known * 100).toFixed(1)} %`;
  return `Requesters of Slack tickets matched to staff: ${percent} (${formatCount(resolved)} matched, ${formatCount(unresolved)} not).`;
}
