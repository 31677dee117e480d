import { type Command, Option } from 'commander';
import { type EntityType, invalid, readExternalId } from '../../identities/external-id.ts';
import { createJudge, findMeant, type Judgement, type Proposal } from '../../identities/proposal.ts';
import { nameOf } from '../../identities/register.ts';
import { readQueue } from '../../identities/review-queue.ts';
import { formatTable } from '../../output/table.ts';
import { AFTERWARDS, answer, counted, deciding, type DecidingOptions, type Identities, nonEmpty, refused, share, withIdentities } from './context.ts';

interface MapOptions extends DecidingOptions {
  reason: string;
  source?: string;
  entityType?: EntityType;
}

/** `suptask identities map`: this id is that person's. */
export function mapCommand(): Command {
  return deciding('map', 'decide whose an id is', [
    'map U024BE7LH S001 --reason "asked her"',
    'map C024BE91L P07 --reason "their new channel"',
    'map T02ABC:42 ana@example.com --reason "her ticket; the requester is blank"',
  ])
    .argument('<id>', 'a Slack user, a Slack channel, or a ticket as team:number')
    .argument('<whose>', 'a staff_id, a staff member’s address, or a partner_id')
    .requiredOption('--reason <text>', 'why', nonEmpty)
    .option('--replace', 'decide against an earlier mapping; a staff member’s other Slack user is given up')
    .option('--also', 'a further Slack user of a staff member, who keeps the other one')
    .option('--source <source>', 'what kind of id it is, where its form does not tell')
    .addOption(new Option('--entity-type <type>', 'where a staff member and a partner have the same id').choices(['staff', 'partner']))
    .action(async (id: string, whose: string, { reason, source, entityType, by, replace, also, json }: MapOptions) => {
      const external = readExternalId(id, source);
      await withIdentities(async (identities) => {
        const meant = findMeant(identities.register, external.source, whose, entityType);
        if ('why' in meant) throw invalid(`${meant.why}.`, 'Those who are known stand in the mart staff or partners; new ones belong into the given tables first.');
        const proposal: Proposal = { ...external, entity: { type: meant.type, id: meant.id }, reason };
        const judge = createJudge(identities.register, identities.decisions, { replace: replace === true, also: also === true });
        await conclude(identities, judge(proposal), proposal, by, json);
      });
    });
}

/** `suptask identities unmap`: this id is nobody's. */
export function unmapCommand(): Command {
  return deciding('unmap', 'decide that an id is nobody’s; a given mapping is taken back by it', ['unmap U024BE7LH --reason "a shared account"'])
    .argument('<id>', 'a Slack user, a Slack channel, or a ticket as team:number')
    .requiredOption('--reason <text>', 'why', nonEmpty)
    .option('--source <source>', 'what kind of id it is, where its form does not tell')
    .action(async (id: string, { reason, source, by, json }: MapOptions) => {
      const proposal: Proposal = { ...readExternalId(id, source), entity: null, reason };
      await withIdentities(async (identities) => {
        const judge = createJudge(identities.register, identities.decisions, { replace: false, also: false });
        await conclude(identities, judge(proposal), proposal, by, json);
      });
    });
}

async function conclude(identities: Identities, judgement: Judgement, asked: Proposal, by: string, json?: true): Promise<void> {
  const { register } = identities;
  const whose = nameOf(register, asked.entity);
  if (judgement.kind === 'refuse') throw refused(judgement.why, judgement.remedy);
  if (judgement.kind === 'unchanged') {
    answer(json, { decided: [] }, () => `${asked.externalId} is ${whose}’s already; nothing was decided.`);
    return;
  }
  await identities.land(judgement.proposals, by);
  answer(json, { decided: judgement.proposals }, () => {
    const user = register.slackUsers.get(asked.externalId);
    const tickets = user ? `: ${counted(user.ticketsAsked, 'ticket')} asked, ${user.ticketsHeld} held` : '';
    const unseen = asked.source === 'slack_user' && !user ? '\nNote: no ticket and no list of Slack users has that id yet.' : '';
    const givenUp = judgement.proposals.filter(({ externalId }) => externalId !== asked.externalId).map(({ externalId }) => `\n${externalId} is now nobody’s.`);
    return `${asked.externalId} is now ${asked.entity === null ? 'nobody’s' : `${whose}’s`}${tickets}.${givenUp.join('')}${unseen}\n${AFTERWARDS}`;
  });
}

interface AcceptOptions extends DecidingOptions {
  minConfidence: number;
  reason?: string;
  dryRun?: true;
}

/** `suptask identities accept`: decides as suggested. */
export function acceptCommand(): Command {
  return deciding('accept', 'decide as suggested, where the confidence is high enough', ['accept --min-confidence 0.9 --dry-run', 'accept --min-confidence 0.9'])
    .requiredOption('--min-confidence <share>', 'from this confidence on, 0 to 1', share)
    .option('--reason <text>', 'why; by default the basis of each suggestion', nonEmpty)
    .option('--dry-run', 'only say what would be decided')
    .action(async ({ minConfidence, reason, by, dryRun, json }: AcceptOptions) => {
      await withIdentities(async (identities) => {
        const accepted = await judgeSuggestions(identities, minConfidence, reason);
        if (!dryRun) await identities.land(accepted.proposals, by);
        answer(json, { ...accepted, landed: dryRun !== true }, () => describe(accepted, identities, dryRun === true));
      });
    });
}

interface Accepted {
  proposals: Proposal[];
  leftOut: { externalId: string; why: string }[];
}

async function judgeSuggestions({ marts, register, decisions }: Identities, minConfidence: number, reason: string | undefined): Promise<Accepted> {
  const judge = createJudge(register, decisions, { replace: false, also: false });
  const accepted: Accepted = { proposals: [], leftOut: [] };
  const judged = new Set<string>();
  for (const { externalId, suggestion } of await readQueue(marts)) {
    if (externalId === null || suggestion === null || suggestion.confidence === null || suggestion.confidence < minConfidence || judged.has(externalId)) continue;
    judged.add(externalId);
    const why = reason ?? `suggested: ${suggestion.basis}, confidence ${suggestion.confidence}`;
    const judgement = judge({ source: 'slack_user', externalId, entity: { type: 'staff', id: suggestion.staffId }, reason: why });
    if (judgement.kind === 'decide') accepted.proposals.push(...judgement.proposals);
    if (judgement.kind === 'refuse') accepted.leftOut.push({ externalId, why: judgement.why });
  }
  return accepted;
}

function describe({ proposals, leftOut }: Accepted, { register }: Identities, dryRun: boolean): string {
  const rows = proposals.map(({ externalId, entity, reason }) => [externalId, nameOf(register, entity), reason]);
  const lines = proposals.length === 0 ? ['Nothing is suggested with that confidence that is not decided already.'] : [formatTable(['id', 'is now', 'because'].map((heading) => ({ heading: dryRun && heading === 'is now' ? 'would be' : heading })), rows), ''];
  lines.push(...leftOut.map(({ externalId, why }) => `Left out: ${externalId}. ${why}`));
  if (proposals.length > 0) lines.push(dryRun ? 'Nothing was landed.' : `${counted(proposals.length, 'decision')} landed. ${AFTERWARDS}`);
  return lines.join('\n');
}
