{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with looks as {{ each_reads() }}(
  {{ to_make(ref('int_ticket_looks')) }}
),

versions as (
  {{ to_make(ref('int_ticket_versions')) }}
),

creation as (
  {{ to_make(ref('int_ticket_creation')) }}
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

-- A ticket may itself be mapped to a partner, against its channel.
ticket_partners as (
  select
    external_id as ticket_key,
    entity_id as partner_id,
    is_conflicting
  from {{ ref('int_entity_external_ids') }}
  where source = 'suptask_ticket' and entity_type = 'partner' and (entity_id is not null or is_conflicting)
),

partners as (
  select * from {{ ref('stg_identities__partners') }}
),

calendar_rules as (
  select * from {{ ref('business_calendar_rules') }}
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
named_teams as {{ each_reads() }}(
  {{ to_make(ref('int_ticket_versions'), columns='fetch_id, team_id') }}
),

teamless as (
  select
    looks.workspace,
    looks.ticket_number
  from looks
  inner join named_teams
    on looks.version_id = named_teams.fetch_id
  where looks.is_newest and named_teams.team_id is null
),

teams as (
  select
    looks.workspace,
    looks.ticket_number,
    named_teams.team_id,
    row_number() over (
      partition by looks.workspace, looks.ticket_number
      order by looks.look_number desc
    ) as newest_first
  from looks
  inner join teamless
    on
      looks.workspace = teamless.workspace
      and looks.ticket_number = teamless.ticket_number
  inner join named_teams
    on looks.version_id = named_teams.fetch_id
  where looks.is_new_version and named_teams.team_id is not null
),

newest as (
  select
    looks.workspace,
    looks.ticket_number,
    coalesce(versions.team_id, teams.team_id, looks.workspace) as ticket_team_id,
    coalesce(versions.team_id, teams.team_id, looks.workspace) || ':'
    || cast(looks.ticket_number as {{ dbt.type_string() }}) as ticket_key,
    versions.ticket_id,
    versions.team_ticket_id,
    versions.requester_id,
    versions.channel_id,
    versions.form_id,
    versions.queue_id,
    versions.source,
    versions.requester_email,
    versions.form_addresses,
    versions.custom_field_addresses,
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

placed as (
  select
    newest.*,
    partners.partner_id,
    partners.name as partner_name
  from newest
  left join partner_channels
    on newest.channel_id = partner_channels.channel_id
  left join ticket_partners
    on newest.ticket_key = ticket_partners.ticket_key
  left join partners
    on
      case when ticket_partners.ticket_key is null then partner_channels.partner_id else ticket_partners.partner_id end
      = partners.partner_id
),

places as (
  select distinct
    ticket_team_id,
    queue_id,
    partner_id
  from placed
),

fitting_rules as (
  select
    places.*,
    calendar_rules.calendar_id,
    row_number() over (
      partition by places.ticket_team_id, places.queue_id, places.partner_id
      order by calendar_rules.rule_order
    ) as choice
  from places
  inner join calendar_rules
    on
      (calendar_rules.team_id is null or places.ticket_team_id = calendar_rules.team_id)
      and (calendar_rules.queue_id is null or places.queue_id = calendar_rules.queue_id)
      and (calendar_rules.partner_id is null or places.partner_id = calendar_rules.partner_id)
),

final as (
  select
    placed.workspace,
    placed.ticket_number,
    placed.ticket_key,
    placed.ticket_team_id as team_id,
    placed.ticket_id,
    placed.team_ticket_id,
    placed.requester_id,
    placed.channel_id,
    placed.partner_id,
    placed.form_id,
    placed.queue_id,
    fitting_rules.calendar_id,

    placed.source,
    placed.requester_email,
    placed.form_addresses,
    placed.custom_field_addresses,
    placed.tags,
    placed.requester_permalink,
    placed.responder_permalink,
    placed.partner_name,
    case when placed.partner_id is null then 'no_partner' else 'partner' end as partner_kind,
    creation.created_at_basis,

    placed.requester_messages,
    placed.responder_messages,
    summaries.versions_seen,

    coalesce(placed.source = 'slack', placed.requester_id is not null) as is_slack_sourced,
    placed.is_slack_connect,
    placed.is_collaboration,
    summaries.has_contradictory_updated_at,

    creation.created_at,
    placed.updated_at,
    placed.last_requester_message_at,
    placed.last_responder_message_at,
    creation.first_seen_at,
    summaries.last_seen_at,
    summaries.last_change_seen_at,
    summaries.last_change_at,
    absences.gone_at,

    creation.mark
  from placed
  inner join creation
    on
      placed.workspace = creation.workspace
      and placed.ticket_number = creation.ticket_number
  inner join summaries
    on
      placed.workspace = summaries.workspace
      and placed.ticket_number = summaries.ticket_number
  left join absences
    on
      placed.workspace = absences.workspace
      and placed.ticket_number = absences.ticket_number
  left join fitting_rules
    on
      placed.ticket_team_id = fitting_rules.ticket_team_id
      and coalesce(placed.queue_id, '') = coalesce(fitting_rules.queue_id, '')
      and coalesce(placed.partner_id, '') = coalesce(fitting_rules.partner_id, '')
      and fitting_rules.choice = 1
)

select * from final
