import type { Command } from 'commander';
import type { Decision } from '../../identities/decisions.ts';
import { type ExternalId, keyOf, readExternalId } from '../../identities/external-id.ts';
import { type Entity, type Mapping, nameOf, type Register, waitsForBuild } from '../../identities/register.ts';
import { formatTime } from '../../output/format.ts';
import { formatTable } from '../../output/table.ts';
import { answer, command, type Identities, withIdentities } from './context.ts';

/** `suptask identities show`: what is known of an id, or whose ids a person has. */
export function showCommand(): Command {
  return command('show', 'show what is known of an id, or which ids a staff member or partner has', ['show U024BE7LH', 'show S001', 'show T02ABC:42'])
    .argument('<id>', 'a Slack user, a channel, a ticket as team:number, a staff_id or a partner_id')
    .option('--source <source>', 'what kind of id it is, where its form does not tell')
    .action(async (id: string, { source, json }: { source?: string; json?: true }) => {
      await withIdentities(async (identities) => {
        const entities = [...identities.register.entities.values()].filter((entity) => source === undefined && entity.id === id.trim());
        const facts = entities.length > 0 ? entities.flatMap((entity) => ofEntity(entity, identities.register)) : ofId(readExternalId(id, source), identities);
        answer(json, Object.fromEntries(facts), () => facts.map(([name, value]) => `${name.padEnd(14)}${value}`).join('\n'));
      });
    });
}

/** `suptask identities history`: every decision, oldest first. */
export function historyCommand(): Command {
  return command('history', 'show the decisions: who decided what, when and why', ['history', 'history U024BE7LH'])
    .argument('[id]', 'only those on this id')
    .option('--source <source>', 'what kind of id it is, where its form does not tell')
    .action(async (id: string | undefined, { source, json }: { source?: string; json?: true }) => {
      const external = id === undefined ? null : readExternalId(id, source);
      await withIdentities(async ({ decisions, register }) => {
        const asked = [...decisions].filter(([key]) => external === null || key === keyOf(external)).map(([, decided]) => decided);
        const rows = asked
          .flatMap(({ history, standing, isConflicting }) => history.map((one) => ({ ...one, state: stateOf(one, standing, isConflicting) })))
          .toSorted((a, b) => a.atMs - b.atMs || (a.mappingId < b.mappingId ? -1 : 1));
        answer(json, rows, () => {
          if (rows.length === 0) return external === null ? 'Nothing has been decided yet.' : `Nothing has been decided on ${external.externalId}.`;
          const cells = rows.map((one) => [
            formatTime(one.atMs), one.externalId, nameOf(register, one.entityId === null ? null : { type: one.entityType, id: one.entityId }),
            one.decidedBy, one.state, one.reason ?? '–',
          ]);
          const table = formatTable(['when', 'id', 'is', 'by', 'state', 'because'].map((heading) => ({ heading })), cells);
          const disputed = [...new Set(asked.filter(({ isConflicting }) => isConflicting).map(({ newest }) => newest.externalId))];
          return disputed.length === 0 ? table : `${table}\n\nDecisions disagree on ${disputed.join(', ')}: nobody’s until settled with map … --replace, or unmap.`;
        });
      });
    });
}

type Facts = [string, string][];

function ofId(external: ExternalId, { register, decisions }: Identities): Facts {
  const key = keyOf(external);
  const mapping = register.mappings.get(key);
  const user = external.source === 'slack_user' ? register.slackUsers.get(external.externalId) : undefined;
  const facts: Facts = [['id', `${external.externalId} (${external.source})`], ['is', mapping ? whose(mapping, register) : 'mapped to nobody']];
  if (waitsForBuild(register, decisions, key)) facts.push(['', 'not in the marts yet: npm run dbt -- build']);
  if (external.source === 'slack_user' && user === undefined) facts.push(['in Slack', 'never seen, and not listed']);
  if (user) {
    facts.push(['in Slack', [user.displayName, user.email, user.userType].filter(Boolean).join(', ') || 'not listed']);
    facts.push(['tickets', `${user.ticketsAsked} asked, ${user.ticketsHeld} held`]);
    if (user.firstSeenAt) facts.push(['seen', `${user.firstSeenAt.slice(0, 10)} to ${user.lastSeenAt?.slice(0, 10)}`]);
  }
  facts.push(['decisions', String(decisions.get(key)?.history.length ?? 0)]);
  return facts;
}

function ofEntity({ type, id, name, email, until }: Entity, register: Register): Facts {
  const ids = [...register.mappings.values()].filter(({ entity }) => entity?.type === type && entity.id === id);
  const told = ids.map(({ externalId, source }) => `${externalId} (${source})`);
  return [
    [type, `${id} ${name ?? ''}`.trim()],
    ...(email ? [['address', email] as [string, string]] : []),
    ...(until ? [['until', until.slice(0, 10)] as [string, string]] : []),
    ['ids', told.join(', ') || 'none'],
  ];
}

function whose(mapping: Mapping, register: Register): string {
  if (mapping.isConflicting) return 'nobody’s: decisions disagree (suptask identities history)';
  const by = `${mapping.origin === 'given' ? 'given' : 'decided'} by ${mapping.by ?? 'somebody'}${mapping.at ? ` on ${mapping.at.slice(0, 10)}` : ''}`;
  return `${nameOf(register, mapping.entity)}, ${by}`;
}

function stateOf({ mappingId }: Decision, standing: readonly Decision[], isConflicting: boolean): string {
  if (!standing.some((one) => one.mappingId === mappingId)) return 'replaced';
  return isConflicting ? 'disputed' : 'stands';
}

