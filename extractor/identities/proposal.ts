import { type DecidedId, type Decisions } from './decisions.ts';
import { type EntityType, entityTypesOf, type ExternalId, keyOf } from './external-id.ts';
import { type Entity, findEntity, type Mapping, nameOf, type Register } from './register.ts';

/** What a person wants to decide: this id is that entity's, or nobody's. */
export interface Proposal extends ExternalId {
  entity: { type: EntityType; id: string } | null;
  reason: string;
}

/** Against what a proposal may decide. */
export interface Permission {
  /** Against an earlier mapping: it is replaced, and a staff member's other Slack user is given up. */
  replace: boolean;
  /** For a further Slack user of a staff member, who keeps the other one. */
  also: boolean;
}

/** What becomes of a proposal. */
export type Judgement =
  | { kind: 'decide'; proposals: readonly Proposal[] }
  | { kind: 'unchanged' }
  | { kind: 'refuse'; why: string; remedy: string };

/**
 * Judges proposals one after the other, each in the light of those before it. Nobody's mapping is
 * taken away, and nobody gets a second Slack user, without permission; and what a first proposal
 * says no second one takes back.
 */
export function createJudge(register: Register, decisions: Decisions, { replace, also }: Permission): (proposal: Proposal) => Judgement {
  const mapped = new Map(register.mappings);
  const slackUsersOf = bearersOf(mapped.values());
  const judgedBefore = new Set<string>();

  return (proposal) => {
    const key = keyOf(proposal);
    if (judgedBefore.has(key)) return refuse(`${proposal.externalId} is named twice.`, 'Leave one of the two.');
    judgedBefore.add(key);
    const now = mapped.get(key);
    const refusal = refusalOf(proposal, now, decisions.get(key), register, replace);
    if (refusal !== null) return refusal;
    if (now !== undefined && !now.isConflicting && sameEntity(now.entity, proposal.entity)) return { kind: 'unchanged' };

    const others = otherSlackUsers(proposal, slackUsersOf);
    if (others.length > 0 && !also) {
      const first = others.find((other) => judgedBefore.has(keyOf({ source: 'slack_user', externalId: other })));
      const facts = `${nameOf(register, proposal.entity)} has another Slack user already: ${others.join(', ')}${first ? ', by what was said before' : ''}.`;
      if (!replace || first) return refuse(facts, 'If it is no longer theirs, decide with --replace; if both are, with --also.');
    }
    const givenUp = also ? [] : others.map((externalId): Proposal => ({ ...proposal, externalId, entity: null }));
    for (const decided of [...givenUp, proposal]) lay(decided, mapped, slackUsersOf);
    return { kind: 'decide', proposals: [...givenUp, proposal] };
  };
}

function refusalOf(proposal: Proposal, now: Mapping | undefined, decided: DecidedId | undefined, register: Register, replace: boolean): Judgement | null {
  const { source, externalId, entity } = proposal;
  if (entity === null) {
    if (now === undefined || (now.entity === null && !now.isConflicting)) return refuse(`${externalId} is nobody's already.`, 'Look at it: suptask identities show ' + externalId);
    return null;
  }
  if (!entityTypesOf(source).includes(entity.type)) return refuse(`A ${source} cannot be a ${entity.type}'s.`, `It can be a ${entityTypesOf(source).join("'s or a ")}'s.`);
  if (replace || now === undefined) return null;
  if (now.isConflicting) {
    const told = (decided?.standing ?? []).map((one) => `${nameOf(register, one.entityId === null ? null : { type: one.entityType, id: one.entityId })} by ${one.decidedBy}`);
    return refuse(`Decisions on ${externalId} disagree: ${told.join('; ')}.`, 'Settle it with --replace.');
  }
  if (now.entity === null || sameEntity(now.entity, entity)) return null;
  return refuse(`${externalId} is ${nameOf(register, now.entity)}'s${saidBy(now)}.`, 'Decide against that with --replace.');
}

function saidBy({ origin, by, at }: Mapping): string {
  const parts = [origin === 'given' ? 'given' : 'decided', ...(by ? [`by ${by}`] : []), ...(at ? [`on ${at.slice(0, 10)}`] : [])];
  return `, ${parts.join(' ')}`;
}

function otherSlackUsers({ source, externalId, entity }: Proposal, slackUsersOf: ReadonlyMap<string, Set<string>>): string[] {
  if (source !== 'slack_user' || entity?.type !== 'staff') return [];
  return [...(slackUsersOf.get(entity.id) ?? [])].filter((other) => other !== externalId);
}

function bearersOf(mappings: Iterable<Mapping>): Map<string, Set<string>> {
  const bearers = new Map<string, Set<string>>();
  for (const { source, externalId, entity } of mappings) {
    if (source === 'slack_user' && entity?.type === 'staff') bearers.set(entity.id, (bearers.get(entity.id) ?? new Set()).add(externalId));
  }
  return bearers;
}

/** Lays a decision over what was known. */
function lay({ source, externalId, entity }: Proposal, mapped: Map<string, Mapping>, slackUsersOf: Map<string, Set<string>>): void {
  const key = keyOf({ source, externalId });
  const before = mapped.get(key)?.entity;
  if (source === 'slack_user' && before?.type === 'staff') slackUsersOf.get(before.id)?.delete(externalId);
  if (source === 'slack_user' && entity?.type === 'staff') slackUsersOf.set(entity.id, (slackUsersOf.get(entity.id) ?? new Set()).add(externalId));
  mapped.set(key, { source, externalId, entity, isConflicting: false, origin: 'decision', by: null, at: null });
}

function sameEntity(a: Mapping['entity'], b: Mapping['entity']): boolean {
  return a?.type === b?.type && a?.id === b?.id;
}

function refuse(why: string, remedy: string): Judgement {
  return { kind: 'refuse', why, remedy };
}

/** Whom a person means: a staff member or partner by id, or a staff member by their address. */
export function findMeant(register: Register, source: string, text: string, entityType?: EntityType): Entity | { why: string } {
  const wanted = text.trim();
  const types = entityType ? [entityType] : entityTypesOf(source);
  const word = types.length === 1 && types[0] === 'partner' ? 'partner' : types.length === 1 ? 'staff member' : 'staff member or partner';
  if (wanted === '') return { why: `The ${word} is empty` };
  const found = types.flatMap((type) => findEntity(register, type, wanted) ?? []);
  if (found.length === 1 && found[0]) return found[0];
  if (found.length > 1) return { why: `${wanted} is a staff member and a partner; say which with --entity-type` };
  const lower = wanted.toLowerCase();
  const people = [...register.entities.values()].filter(({ type }) => types.includes(type));
  const byAddress = people.filter(({ email }) => email === lower);
  if (byAddress.length === 1 && byAddress[0]) return byAddress[0];
  if (byAddress.length > 1) return { why: `${wanted} is the address of ${byAddress.map(({ id, name }) => `${id} ${name}`).join(' and ')}` };
  const near = people.filter(({ id, name }) => id.toLowerCase() === lower || (lower.length > 1 && name?.toLowerCase().includes(lower))).slice(0, 3);
  const hint = near.length > 0 ? ` (did you mean ${near.map(({ id, name }) => `${id} ${name}`).join(', ')}?)` : '';
  return { why: `There is no ${word} ${wanted}${hint}` };
}
