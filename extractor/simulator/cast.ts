import {
  AGENT_PEOPLE,
  BOT_NAMES,
  GUEST_PEOPLE,
  INTERNAL_CHANNEL_NAMES,
  OTHER_PEOPLE,
  PARTNER_FIRMS,
  type IdentityCase,
  type Person,
} from './cast-people.ts';
import { hashOf } from './random.ts';

export const TEAM = { id: 'T02ZENITHOPS', name: 'Zenithops', domain: 'zenithops' } as const;

export interface StaffMember {
  staffId: string;
  name: string;
  email: string;
  /** Slack member ids, the one in use first; one colleague has two. */
  slackUserIds: readonly [string, ...string[]];
  identity: IdentityCase;
  isAgent: boolean;
  validFrom: string;
  validTo: string | null;
  deactivatedAt: string | null;
}

/** Someone who may ask without being staff. */
export interface Outsider {
  kind: 'guest' | 'connect' | 'bot';
  slackUserId: string;
  name: string;
  email: string | null;
  partnerId: string | null;
}

export interface Partner {
  partnerId: string;
  name: string;
  channelIds: readonly string[];
}

export interface Channel {
  channelId: string;
  name: string;
  partnerId: string | null;
}

/** A team's list of tickets, with those who answer it. */
export interface Queue {
  queueId: string;
  name: string;
  agents: readonly StaffMember[];
}

/** Everyone and everything that stands still in the simulated company. */
export interface Cast {
  staff: readonly StaffMember[];
  outsiders: readonly Outsider[];
  partners: readonly Partner[];
  channels: readonly Channel[];
  queues: readonly Queue[];
  forms: readonly { formId: string; name: string }[];
  staffBySlackId: ReadonlyMap<string, StaffMember>;
  outsiderBySlackId: ReadonlyMap<string, Outsider>;
  partnerIdByChannel: ReadonlyMap<string, string>;
}

/** The day on which the former colleague left, and the one on which an account was switched off. */
const LEFT_ON = '2026-08-28';
const DEACTIVATED_AT = '2026-09-11T15:20:00Z';

/** Builds the cast; it is the same in every world, since the given tables are committed. */
export function createCast(): Cast {
  const staff = [...AGENT_PEOPLE, ...OTHER_PEOPLE].map((person, index) =>
    staffMember(person, index, index < AGENT_PEOPLE.length),
  );
  const partners = PARTNER_FIRMS.map((firm, index) => ({
    partnerId: `P${String(index + 1).padStart(2, '0')}`,
    name: firm.name,
    channelIds: firm.channels.map((name) => slackId('C', name)),
  }));
  const channels: Channel[] = [
    ...PARTNER_FIRMS.flatMap((firm, index) =>
      firm.channels.map((name) => ({
        channelId: slackId('C', name),
        name,
        partnerId: partners[index]?.partnerId ?? null,
      })),
    ),
    ...INTERNAL_CHANNEL_NAMES.map((name) => ({ channelId: slackId('C', name), name, partnerId: null })),
  ];
  const outsiders = createOutsiders(partners);
  const agents = staff.filter((member) => member.isAgent);
  return {
    staff,
    outsiders,
    partners,
    channels,
    queues: [
      { queueId: 'queue-it', name: 'IT', agents: agents.slice(0, 5) },
      { queueId: 'queue-partners', name: 'Partner support', agents: agents.slice(4, 10) },
      { queueId: 'queue-people', name: 'People and office', agents: agents.slice(9) },
    ],
    forms: [
      { formId: 'form-request', name: 'Request' },
      { formId: 'form-incident', name: 'Incident' },
      { formId: 'form-access', name: 'Access' },
    ],
    staffBySlackId: new Map(staff.flatMap((member) => member.slackUserIds.map((id) => [id, member] as const))),
    outsiderBySlackId: new Map(outsiders.map((outsider) => [outsider.slackUserId, outsider])),
    partnerIdByChannel: new Map(
      partners.flatMap((partner) => partner.channelIds.map((id) => [id, partner.partnerId] as const)),
    ),
  };
}

/** A Slack id as Slack writes it, derived from what it stands for. */
export function slackId(prefix: 'U' | 'C' | 'B', of: string): string {
  const digits = (hashOf('slack', prefix, of).toString(36) + hashOf(of, prefix).toString(36)).toUpperCase();
  return `${prefix}0${digits.padEnd(9, '7').slice(0, 9)}`;
}

function staffMember([name, mailbox, identity = 'mapped']: Person, index: number, isAgent: boolean): StaffMember {
  const second = index === AGENT_PEOPLE.length + 1 ? [slackId('U', `${name} (second)`)] : [];
  return {
    staffId: `S${String(index + 1).padStart(3, '0')}`,
    name,
    email: `${mailbox}@zenithops.example`,
    slackUserIds: [slackId('U', name), ...second],
    identity,
    isAgent,
    validFrom: `20${19 + (index % 6)}-0${1 + (index % 9)}-01`,
    validTo: identity === 'former' ? LEFT_ON : null,
    deactivatedAt: identity === 'deactivated' ? DEACTIVATED_AT : null,
  };
}

function createOutsiders(partners: readonly Partner[]): Outsider[] {
  const connect = PARTNER_FIRMS.flatMap((firm, index) =>
    firm.people.map((name, place) => ({
      kind: 'connect' as const,
      slackUserId: slackId('U', name),
      name,
      email: `contact${place + 1}@${firm.domain}`,
      partnerId: partners[index]?.partnerId ?? null,
    })),
  );
  const guests = GUEST_PEOPLE.map(([name, email]) => ({
    kind: 'guest' as const,
    slackUserId: slackId('U', name),
    name,
    email,
    partnerId: null,
  }));
  const bots = BOT_NAMES.map((name) => ({
    kind: 'bot' as const,
    slackUserId: slackId('U', name),
    name,
    email: null,
    partnerId: null,
  }));
  return [...connect, ...guests, ...bots];
}
