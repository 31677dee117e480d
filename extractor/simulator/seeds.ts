import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCast, TEAM, type Cast } from './cast.ts';
import { formatCsv } from './csv.ts';

/** When the simulated company wrote down its mappings. */
const MAPPED_AT = '2026-01-05T09:00:00Z';
const MAPPED_BY = 'directory-import';

/** The given tables of the simulated company as CSV text, by file name. */
export function identitySeeds(cast: Cast = createCast()): Record<string, string> {
  return {
    'staff.csv': formatCsv(
      ['staff_id', 'name', 'email', 'valid_from', 'valid_to'],
      cast.staff.map((member) => ({
        staff_id: member.staffId,
        name: member.name,
        email: member.email,
        valid_from: member.validFrom,
        valid_to: member.validTo,
      })),
    ),
    'partners.csv': formatCsv(
      ['partner_id', 'name'],
      cast.partners.map((partner) => ({ partner_id: partner.partnerId, name: partner.name })),
    ),
    'entity_external_ids.csv': formatCsv(
      ['entity_type', 'entity_id', 'source', 'external_id', 'metadata', 'created_at', 'updated_at', 'created_by'],
      [...slackUserMappings(cast), ...slackChannelMappings(cast)],
    ),
    'slack_users.csv': formatCsv(
      ['slack_user_id', 'display_name', 'email', 'user_type', 'deactivated_at'],
      slackDirectory(cast),
    ),
  };
}

/** Writes the given tables into `folder`, which is made where it is missing; gives the files' paths. */
export function writeIdentitySeeds(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(identitySeeds()).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
}

function slackUserMappings(cast: Cast) {
  return cast.staff
    .filter((member) => member.identity === 'mapped' || member.identity === 'former')
    .flatMap((member) =>
      member.slackUserIds.map((externalId, place) =>
        mapping('staff', member.staffId, 'slack_user', externalId, { team_id: TEAM.id, ...(place > 0 ? { further_account: true } : {}) }),
      ),
    );
}

function slackChannelMappings(cast: Cast) {
  return cast.channels.flatMap((channel) =>
    channel.partnerId === null
      ? []
      : [mapping('partner', channel.partnerId, 'slack_channel', channel.channelId, { channel_name: channel.name })],
  );
}

function mapping(type: string, id: string, source: string, externalId: string, metadata: Record<string, string | boolean>) {
  return {
    entity_type: type,
    entity_id: id,
    source,
    external_id: externalId,
    metadata: JSON.stringify(metadata),
    created_at: MAPPED_AT,
    updated_at: MAPPED_AT,
    created_by: MAPPED_BY,
  };
}

function slackDirectory(cast: Cast) {
  const members = cast.staff
    .filter((member) => member.identity !== 'unlisted')
    .flatMap((member) =>
      member.slackUserIds.map((slackUserId) => ({
        slack_user_id: slackUserId,
        display_name: member.name,
        email: member.email,
        user_type: 'member',
        deactivated_at: member.deactivatedAt,
      })),
    );
  const others = cast.outsiders.map((outsider) => ({
    slack_user_id: outsider.slackUserId,
    display_name: outsider.name,
    email: outsider.email,
    user_type: outsider.kind,
    deactivated_at: null,
  }));
  return [...members, ...others];
}
