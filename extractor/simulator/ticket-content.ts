import type { FieldValue } from '../suptask/ticket.ts';
import { TEAM, type Cast } from './cast.ts';
import type { Birth } from './life.ts';
import type { Random } from './random.ts';
import type { Asking } from './requester.ts';
import { ticketText } from './ticket-text.ts';
import type { TicketFields } from './wire.ts';

const LETTERS = 'abcdef0123456789';

/** The fields of a ticket at its creation, with text, form answers and what nobody has documented. */
export function ticketContent(number: number, birth: Birth, asking: Asking, cast: Cast, random: Random): TicketFields {
  const { createdAt } = birth;
  const { requester, channelId } = asking;
  const { subject, description } = ticketText(random);
  const email = requester.email ?? undefined;
  const permalink = (channel: string | null) =>
    channel === null ? undefined : `https://${TEAM.domain}.slack.example/archives/${channel}/p${createdAt}${random.integer(100, 999)}`;
  return {
    id: uuid(random),
    teamTicketId: `${TEAM.domain}-${number}`,
    teamId: TEAM.id,
    teamName: TEAM.name,
    teamDomain: TEAM.domain,
    status: birth.openStatus,
    priority: birth.priority ?? undefined,
    archived: false,
    assignee: 'UNASSIGNED',
    requesterId: birth.requesterId,
    requester: asking.emailIn === 'requester' ? { email } : undefined,
    createdBy: birth.requesterId === '' ? undefined : birth.requesterId,
    createdAt,
    updatedAt: createdAt,
    messageRequesterId: birth.requesterId,
    messageRequesterCount: 1,
    messageResponderCount: 0,
    messageLastRequesterTime: createdAt,
    messageRequesterChannel: channelId ?? undefined,
    requesterTicketPermalink: permalink(channelId),
    responderTicketPermalink: permalink(`C0${birth.queue.queueId.slice(-6).toUpperCase()}`),
    formId: random.pick(cast.forms).formId,
    queueId: birth.queue.queueId,
    tags: birth.tags,
    attachments: random.chance(0.12) ? [{ name: 'screenshot.png', size: random.integer(20_000, 900_000) }] : [],
    followers: random.chance(0.2) ? [random.pick(birth.queue.agents).slackUserIds[0]] : [],
    isSlackConnect: requester.kind === 'connect',
    isCollaborationTicket: random.chance(0.03),
    source: asking.source,
    formValues: formValues(subject, description, asking.emailIn === 'form' ? email : undefined, random),
    customFields: customFields(asking.emailIn === 'custom' ? email : undefined, random),
    ...(random.chance(0.3) ? { sentiment: random.pick(['neutral', 'positive', 'negative']) } : {}),
    ...(random.chance(0.1) ? { aiSummary: null, botVersion: `3.${random.integer(0, 9)}.1` } : {}),
  };
}

function formValues(subject: string, description: string, email: string | undefined, random: Random): FieldValue[] {
  return [
    { fieldName: 'subject', value: subject },
    { fieldName: 'description', value: description },
    ...(random.chance(0.4) ? [{ fieldName: 'Affected system', value: random.pick(['VPN', 'ERP', 'Mail', 'API', 'Gate'])}] : []),
    ...(email === undefined ? [] : [{ fieldName: 'Contact e-mail', value: email }]),
  ];
}

function customFields(email: string | undefined, random: Random): FieldValue[] {
  return [
    ...(random.chance(0.3) ? [{ fieldName: 'Cost centre', value: random.integer(4000, 4999) }] : []),
    ...(random.chance(0.15) ? [{ fieldId: uuid(random), value: random.chance(0.5) }] : []),
    ...(email === undefined ? [] : [{ fieldName: 'requester_email', value: email }]),
  ];
}

function uuid(random: Random): string {
  const digits = (count: number) => Array.from({ length: count }, () => random.pick(Array.from(LETTERS))).join('');
  return `${digits(8)}-${digits(4)}-4${digits(3)}-a${digits(3)}-${digits(12)}`;
}
