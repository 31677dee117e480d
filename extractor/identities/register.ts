import type { Scalar } from '../landing/landing.ts';
import { type PublishedMarts } from '../operations/published-marts.ts';
import { type Decisions } from './decisions.ts';
import { type EntityType, type ExternalId, keyOf } from './external-id.ts';

/** Somebody or something that an id can stand for. */
export interface Entity {
  type: EntityType;
  id: string;
  name: string | null;
  email: string | null;
  /** No longer on the staff from this time on, as text; null: still. */
  until: string | null;
}

/** Whom an id stands for now, and who said so. */
export interface Mapping extends ExternalId {
  /** Null: nobody, by a decision. */
  entity: { type: EntityType; id: string } | null;
  isConflicting: boolean;
  origin: 'given' | 'decision';
  by: string | null;
  /** When, as text. */
  at: string | null;
}

/** A Slack user as the last build knew it. */
export interface SlackUser {
  displayName: string | null;
  email: string | null;
  userType: string | null;
  isOutsider: boolean;
  isDeactivated: boolean;
  ticketsAsked: number;
  ticketsHeld: number;
  firstSeenAt: string | null;
  lastSeenAt: string | null;
}

/** Who there is and whose ids are whose: the last build's marts, and over them what was decided since. */
export interface Register {
  /** By type and id, `staff:S001`. */
  entities: ReadonlyMap<string, Entity>;
  mappings: ReadonlyMap<string, Mapping>;
  slackUsers: ReadonlyMap<string, SlackUser>;
  /** The newest decision that the last build knew of, by the key of the id. */
  builtMappingIds: ReadonlyMap<string, string | null>;
}

/** Reads the register. */
export async function readRegister(marts: PublishedMarts, decisions: Decisions): Promise<Register> {
  const staff = await marts.query('select staff_id, name, email, cast(valid_to as varchar) from {staff} order by staff_id');
  const partners = await marts.query('select partner_id, name from {partners} order by partner_id');
  const mapped = await marts.query(
    `select source, external_id, entity_type, entity_id, is_conflicting, origin, created_by, cast(updated_at as varchar), mapping_id
     from {entity_external_ids} where origin <> 'ticket'`,
  );
  const users = await marts.query(
    `select slack_user_id, display_name, email, user_type, is_outsider, is_deactivated, cast(tickets_asked as integer),
       cast(tickets_held as integer), cast(first_seen_at as varchar), cast(last_seen_at as varchar)
     from {slack_users}`,
  );
  const entities = [
    ...staff.map(([id, name, email, until]) => ({ type: 'staff', id, name, email, until }) as Entity),
    ...partners.map(([id, name]) => ({ type: 'partner', id, name, email: null, until: null }) as Entity),
  ];
  const built = mapped.map((row) => [toMapping(row), row[8] as string | null] as const);
  return {
    entities: new Map(entities.map((entity) => [`${entity.type}:${entity.id}`, entity])),
    mappings: new Map([...built.map(([mapping]) => [keyOf(mapping), mapping] as const), ...decided(decisions)]),
    slackUsers: new Map(users.map((row) => [String(row[0]), toSlackUser(row)])),
    builtMappingIds: new Map(built.map(([mapping, mappingId]) => [keyOf(mapping), mappingId])),
  };
}

/** The entity of this type and id, if there is one. */
export function findEntity({ entities }: Register, type: EntityType, id: string): Entity | undefined {
  return entities.get(`${type}:${id}`);
}

/** How to call an entity to a person: `S065 Mei Tanaka`. */
export function nameOf(register: Register, entity: { type: EntityType; id: string } | null): string {
  if (entity === null) return 'nobody';
  const name = findEntity(register, entity.type, entity.id)?.name;
  return name ? `${entity.id} ${name}` : entity.id;
}

/** Whether what was last decided on an id is not in the marts yet. */
export function waitsForBuild(register: Register, decisions: Decisions, key: string): boolean {
  const decided = decisions.get(key);
  return decided !== undefined && register.builtMappingIds.get(key) !== decided.newest.mappingId;
}

function decided(decisions: Decisions): (readonly [string, Mapping])[] {
  return [...decisions].map(([key, { newest, isConflicting }]) => {
    const { source, externalId, entityType, entityId, decidedBy, atMs } = newest;
    const entity = entityId === null || isConflicting ? null : { type: entityType, id: entityId };
    return [key, { source, externalId, entity, isConflicting, origin: 'decision', by: decidedBy, at: new Date(atMs).toISOString() }];
  });
}

function toMapping(row: readonly Scalar[]): Mapping {
  const [source, externalId, entityType, entityId, isConflicting, origin, by, at] = row as [
    string, string, EntityType | null, string | null, boolean, Mapping['origin'], string | null, string | null,
  ];
  const entity = entityType === null || entityId === null ? null : { type: entityType, id: entityId };
  return { source, externalId, entity, isConflicting, origin, by, at };
}

function toSlackUser(row: readonly Scalar[]): SlackUser {
  const [, displayName, email, userType, isOutsider, isDeactivated, ticketsAsked, ticketsHeld, firstSeenAt, lastSeenAt] = row as [
    string, string | null, string | null, string | null, boolean, boolean, number, number, string | null, string | null,
  ];
  return { displayName, email, userType, isOutsider, isDeactivated, ticketsAsked, ticketsHeld, firstSeenAt, lastSeenAt };
}
