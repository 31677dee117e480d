import { OUTSIDE_MAILBOXES } from './cast-people.ts';
import { slackId, type Cast, type Outsider, type StaffMember } from './cast.ts';
import type { Random } from './random.ts';
import type { RequesterTruth } from './truth.ts';

/** Who asked, from where, and what the ticket will show of it. */
export interface Asking {
  requester: RequesterTruth;
  /** Undefined where SupTask leaves the field out. */
  source: 'slack' | 'email' | undefined;
  channelId: string | null;
  /** Which field of the ticket holds the requester's address. */
  emailIn: 'requester' | 'form' | 'custom' | null;
}

type Asker = 'mapped' | 'by_email' | 'shared_email' | 'unmapped' | 'deactivated' | 'guest' | 'connect' | 'bot' | 'blank';

/** In Slack; about 89 % of those who are staff, or may be, can be resolved with the given tables. */
const SLACK_ASKERS: readonly (readonly [Asker, number])[] = [
  ['mapped', 73],
  ['by_email', 5],
  ['shared_email', 2.2],
  ['unmapped', 4.6],
  ['deactivated', 1.4],
  ['blank', 1.2],
  ['guest', 3.5],
  ['connect', 6],
  ['bot', 3],
];

/** Chooses who asks at `createdAt`. */
export function chooseAsking(cast: Cast, createdAt: number, random: Random): Asking {
  if (random.chance(0.1)) return askingByEmail(cast, random);
  const asker = random.weighted(SLACK_ASKERS);
  const source = random.chance(0.04) && asker !== 'blank' ? undefined : 'slack';
  switch (asker) {
    case 'guest':
    case 'connect':
    case 'bot':
      return outsiderAsking(cast, asker, source, random);
    case 'blank':
      return { requester: nobody('blank'), source, channelId: someChannel(cast, random), emailIn: null };
    case 'mapped':
    case 'by_email':
    case 'shared_email':
    case 'unmapped':
    case 'deactivated':
      return staffAsking(cast, asker, createdAt, source, random);
  }
}

function staffAsking(cast: Cast, asker: Asker, createdAt: number, source: 'slack' | undefined, random: Random): Asking {
  const candidates = cast.staff.filter((member) => belongsTo(member, asker) && isPresent(member, createdAt));
  // Some people ask far more often than others: the square of a uniform draw leans to the front.
  const member = candidates[Math.floor(random.next() ** 2 * candidates.length)];
  if (member === undefined) return staffAsking(cast, 'mapped', createdAt, source, random);
  const showsEmail = asker === 'by_email' || asker === 'shared_email' || (asker === 'mapped' && random.chance(0.25));
  const email = random.chance(0.1) ? capitalized(member.email) : member.email;
  return {
    requester: {
      kind: 'member',
      slackUserId: random.pick(member.slackUserIds),
      email: showsEmail ? email : null,
      staffId: member.staffId,
    },
    source,
    channelId: someChannel(cast, random),
    emailIn: showsEmail ? somePlace(random) : null,
  };
}

function outsiderAsking(cast: Cast, kind: Outsider['kind'], source: 'slack' | undefined, random: Random): Asking {
  const outsider = random.pick(cast.outsiders.filter((other) => other.kind === kind));
  const partner = cast.partners.find(({ partnerId }) => partnerId === outsider.partnerId);
  const showsEmail = outsider.email !== null && random.chance(0.15);
  return {
    requester: {
      kind,
      slackUserId: outsider.slackUserId,
      email: showsEmail ? outsider.email : null,
      staffId: null,
    },
    source,
    channelId: partner === undefined ? slackId('C', kind === 'bot' ? 'alerts' : 'help-it') : random.pick(partner.channelIds),
    emailIn: showsEmail ? 'requester' : null,
  };
}

function askingByEmail(cast: Cast, random: Random): Asking {
  if (random.chance(0.2)) return { requester: nobody('blank'), source: 'email', channelId: null, emailIn: null };
  const member = random.chance(0.55)
    ? random.pick(cast.staff.filter(({ identity }) => identity === 'mapped' || identity === 'by_email'))
    : undefined;
  const email = member?.email ?? random.pick(OUTSIDE_MAILBOXES);
  return {
    requester: { kind: 'email_only', slackUserId: null, email, staffId: member?.staffId ?? null },
    source: 'email',
    channelId: null,
    emailIn: somePlace(random),
  };
}

function belongsTo({ identity }: StaffMember, asker: Asker): boolean {
  if (asker === 'mapped') return identity === 'mapped' || identity === 'former';
  if (asker === 'unmapped') return identity === 'unmapped' || identity === 'unlisted';
  return identity === asker;
}

function isPresent({ validFrom, validTo, deactivatedAt }: StaffMember, at: number): boolean {
  const leftAt = validTo ?? deactivatedAt;
  return at >= Date.parse(validFrom) && (leftAt === null || at < Date.parse(leftAt));
}

function someChannel(cast: Cast, random: Random): string {
  const ofPartners = random.chance(0.55);
  return random.pick(cast.channels.filter(({ partnerId }) => (partnerId !== null) === ofPartners)).channelId;
}

function somePlace(random: Random): 'requester' | 'form' | 'custom' {
  return random.weighted([
    ['requester', 6],
    ['form', 2],
    ['custom', 2],
  ]);
}

function capitalized(email: string): string {
  return email.replace(/(^|\.)[a-z]/g, (letter) => letter.toUpperCase());
}

function nobody(kind: 'blank'): RequesterTruth {
  return { kind, slackUserId: null, email: null, staffId: null };
}
