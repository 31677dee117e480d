import type { PublishedMarts } from '../operations/published-marts.ts';
import { type Decisions } from './decisions.ts';
import { type ExternalId, keyOf } from './external-id.ts';
import { nameOf, type Register } from './register.ts';
import { readQueue } from './review-queue.ts';

/** One step of how an id is resolved: what was asked, and what was found. */
export interface Step {
  step: string;
  found: string;
}

/** How many tickets came out in one way. */
interface Outcome {
  role: string;
  outcome: string;
  method: string | null;
  reason: string | null;
  staffId: string | null;
  staffAddress: string | null;
  requesterId: string | null;
  tickets: number;
}

/** The chain by which a Slack user or a ticket is resolved, in the order of docs/decisions.md. */
export async function explain(id: ExternalId, marts: PublishedMarts, register: Register, decisions: Decisions): Promise<Step[]> {
  const outcomes = await readOutcomes(id, marts);
  const requesterId = id.source === 'suptask_ticket' ? (outcomes.find(({ role }) => role === 'requester')?.requesterId ?? null) : id.externalId;
  const user = requesterId === null ? null : { source: 'slack_user', externalId: requesterId };
  return [
    ...(id.source === 'suptask_ticket' ? [{ step: 'mapping of the ticket', found: mappingOf(id, register, decisions) }] : []),
    { step: 'Slack id', found: requesterId ?? 'blank: nobody is named' },
    ...(user ? [{ step: 'mapping of the id', found: mappingOf(user, register, decisions) }, { step: 'in Slack', found: slackUserOf(user, register) }] : []),
    { step: 'address on the ticket', found: addressesIn(outcomes, register) },
    ...outcomesOf(outcomes, register),
    ...(user ? await suggestionFor(user, marts) : []),
  ];
}

async function readOutcomes({ source, externalId }: ExternalId, marts: PublishedMarts): Promise<Outcome[]> {
  const rows = await marts.query(
    `select role, outcome, method, reason, staff_id, staff_address, external_id, cast(count(*) as integer)
     from {identity_resolution} where ${source === 'suptask_ticket' ? 'ticket_key' : 'external_id'} = $1
     group by role, outcome, method, reason, staff_id, staff_address, external_id order by role desc, 8 desc, outcome, method, reason, staff_id`,
    [externalId],
  );
  return rows.map(([role, outcome, method, reason, staffId, staffAddress, requesterId, tickets]) =>
    ({ role, outcome, method, reason, staffId, staffAddress, requesterId, tickets }) as Outcome);
}

function mappingOf(id: ExternalId, register: Register, decisions: Decisions): string {
  const key = keyOf(id);
  const mapping = register.mappings.get(key);
  const decided = decisions.get(key);
  if (mapping === undefined) return 'none';
  const waits = decided !== undefined && register.builtMappingIds.get(key) !== decided.newest.mappingId ? ' (not built yet)' : '';
  if (mapping.isConflicting) return `decisions disagree, so nobody: suptask identities history ${id.externalId}${waits}`;
  const who = mapping.origin === 'decision' ? 'decided' : 'given';
  const why = decided?.newest.reason ? `: ${decided.newest.reason}` : '';
  return `${nameOf(register, mapping.entity)}, ${who} by ${mapping.by ?? 'somebody'}${mapping.at ? ` on ${mapping.at.slice(0, 10)}` : ''}${why}${waits}`;
}

function slackUserOf({ externalId }: ExternalId, register: Register): string {
  const user = register.slackUsers.get(externalId);
  if (user === undefined) return 'never seen, and not listed';
  const listed = user.displayName ?? user.email ?? user.userType;
  if (listed === null) return 'on tickets, but not listed';
  const parts = [user.displayName ?? 'without a name', user.email ?? 'without an address', user.userType ?? 'of unknown type'];
  const judged = user.isOutsider ? ': not staff' : user.isDeactivated ? ': deactivated' : '';
  return `${parts.join(', ')}${judged}`;
}

function addressesIn(outcomes: readonly Outcome[], register: Register): string {
  const requested = outcomes.filter(({ role }) => role === 'requester');
  const told = [...Map.groupBy(requested, ({ staffAddress }) => staffAddress)].map(([address, ones]) => {
    const tickets = countOf(ones);
    if (address === null) return `no staff address on ${tickets}`;
    const owners = [...register.entities.values()].filter(({ email }) => email === address).map(({ id, name }) => `${id} ${name ?? ''}`.trim());
    return `${address} on ${tickets}, of ${owners.join(' and ') || 'nobody any longer'}`;
  });
  return told.length === 0 ? 'no tickets' : told.join('; ');
}

function outcomesOf(outcomes: readonly Outcome[], register: Register): Step[] {
  if (outcomes.length === 0) return [{ step: 'so', found: 'it stands on no ticket' }];
  return outcomes.map(({ role, outcome, method, reason, staffId, tickets }) => {
    const how = outcome === 'resolved' && staffId !== null ? `${nameOf(register, { type: 'staff', id: staffId })}, by ${method}` : [outcome.replaceAll('_', ' '), reason].filter(Boolean).join(': ');
    return { step: `so, as ${role}`, found: `${how} (${tickets === 1 ? '1 ticket' : `${tickets} tickets`})` };
  });
}

async function suggestionFor({ externalId }: ExternalId, marts: PublishedMarts): Promise<Step[]> {
  const suggestion = (await readQueue(marts)).find((one) => one.externalId === externalId)?.suggestion;
  if (!suggestion) return [];
  const confidence = suggestion.confidence === null ? 'not measured' : `confidence ${suggestion.confidence}`;
  return [{ step: 'it may be', found: `${suggestion.staffId} ${suggestion.staffName ?? ''}: ${suggestion.basis}, ${confidence}` }];
}

function countOf(outcomes: readonly Outcome[]): string {
  const tickets = outcomes.reduce((sum, one) => sum + one.tickets, 0);
  return tickets === 1 ? '1 ticket' : `${tickets} tickets`;
}
