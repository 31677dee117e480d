with looks as (
  select * from {{ ref('int_ticket_looks') }}
),

versions as (
  select * from {{ ref('int_ticket_versions') }}
),

creation as (
  select * from {{ ref('int_ticket_creation') }}
),

absences as (
  select * from {{ ref('int_ticket_absences') }}
),

partner_channels as (
  select
    external_id as channel_id,
    entity_id as partner_id
  from {{ ref('int_entity_external_ids') }}
  where source = 'slack_channel' and entity_type = 'partner'
),

partners as (
  select * from {{ ref('stg_identities__partners') }}
),

summaries as (
  select
    workspace,
    ticket_number,
    max(seen_at) as last_seen_at,
    max(case when is_new_version then seen_at end) as last_change_seen_at,
    max(case when is_new_version then changed_at end) as last_change_at,
    cast(sum(case when is_new_version then 1 else 0 end) as integer) as versions_seen,
    max(case when has_contradictory_updated_at then 1 else 0 end) = 1 as has_contradictory_updated_at
  from looks
  group by
    workspace,
    ticket_number
),

-- The newest version may lack a team that an older one named.
teams as (
  select
    looks.workspace,
    looks.ticket_number,
    versions.team_id,
    row_number() over (
      partition by looks.workspace, looks.ticket_number
      order by looks.look_number desc
    ) as newest_first
  from looks
  inner join versions
    on looks.version_id = versions.fetch_id
  where looks.is_new_version and versions.team_id is not null
),

newest as (
  select
    looks.workspace,
    looks.ticket_number,
    coalesce(teams.team_id, looks.workspace) as ticket_team_id,
    versions.ticket_id,
    versions.team_ticket_id,
    versions.requester_id,
    versions.channel_id,
    versions.form_id,
    versions.source,
    versions.requester_email,
    versions.form_values,
    versions.custom_fields,
    versions.tags,
    versions.requester_permalink,
    versions.responder_permalink,
    versions.requester_messages,
    versions.responder_messages,
    versions.is_slack_connect,
    versions.is_collaboration,
    versions.updated_at,
    versions.last_requester_message_at,
    versions.last_responder_message_at
  from looks
  inner join versions
    on looks.version_id = versions.fetch_id
  left join teams
    on
      looks.workspace = teams.workspace
      and looks.ticket_number = teams.ticket_number
      and teams.newest_first = 1
  where looks.is_newest
),

final as (
  select
    newest.workspace,
    newest.ticket_number,
    newest.ticket_team_id || ':' || cast(newest.ticket_number as {{ dbt.type_string() }}) as ticket_key,
    newest.ticket_team_id as team_id,
    newest.ticket_id,
    newest.team_ticket_id,
    newest.requester_id,
    newest.channel_id,
    partners.partner_id,
    newest.form_id,

    newest.source,
    newest.requester_email,
    newest.form_values,
    newest.custom_fields,
    newest.tags,
    newest.requester_permalink,
    newest.responder_permalink,
    partners.name as partner_name,
    case when partners.partner_id is null then 'no_partner' else 'partner' end as partner_kind,
    creation.created_at_basis,

    newest.requester_messages,
    newest.responder_messages,
    summaries.versions_seen,

    coalesce(newest.source = 'slack', newest.requester_id is not null) as is_slack_sourced,
    newest.is_slack_connect,
    newest.is_collaboration,
    summaries.has_contradictory_updated_at,

    creation.created_at,
    newest.updated_at,
    newest.last_requester_message_at,
    newest.last_responder_message_at,
    creation.first_seen_at,
    summaries.last_seen_at,
    summaries.last_change_seen_at,
    summaries.last_change_at,
    absences.gone_at
  from newest
  inner join creation
    on
      newest.workspace = creation.workspace
      and newest.ticket_number = creation.ticket_number
  inner join summaries
    on
      newest.workspace = summaries.workspace
      and newest.ticket_number = summaries.ticket_number
  left join absences
    on
      newest.workspace = absences.workspace
      and newest.ticket_number = absences.ticket_number
  left join partner_channels
    on newest.channel_id = partner_channels.channel_id
  left join partners
    on partner_channels.partner_id = partners.partner_id
)

select * from final
