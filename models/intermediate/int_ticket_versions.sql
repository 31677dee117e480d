{{ config(
  materialized='incremental', incremental_strategy='append', on_schema_change='fail',
  partition_by='landed_on'
) }}

with unparsed as (
  {{ lacking_fetches(
    ['fetch_id', 'workspace', 'ticket_number', 'observed_at', 'landed_on', 'payload'], 'payload is not null'
  ) }}
),

bodies as (
  select
    fetch_id,
    workspace,
    ticket_number,
    observed_at,
    landed_on,
    {{ readable_json('payload') }} as document
  from unparsed
  {{- compute_once() }}
),

read_once as (
  select
    fetch_id,
    workspace,
    ticket_number,
    observed_at,
    landed_on,
    {{ document_columns('document', ticket_fields(), ticket_lists()) }}
  from bodies
  {{- compute_once() }}
),

named as (
  select
    fetch_id,
    workspace,
    ticket_number,

    {{ ticket_field('id') }} as ticket_id,
    {{ ticket_field('teamTicketId') }} as team_ticket_id,
    {{ ticket_field('teamId') }} as team_id,
    {{ ticket_field('requesterId') }} as requester_id,
    {{ ticket_field('assignee') }} as assignee,
    {{ ticket_field('messageRequesterChannel') }} as channel_id,
    {{ ticket_field('formId') }} as form_id,
    {{ ticket_field('queueId') }} as queue_id,

    {{ ticket_field('status') }} as status,
    {{ ticket_field('priority') }} as priority,
    lower({{ ticket_field('source') }}) as source,
    lower({{ ticket_field('requester.email') }}) as requester_email,
    {{ ticket_list('formValues') }} as form_addresses,
    {{ ticket_list('customFields') }} as custom_field_addresses,
    {{ ticket_list('tags') }} as tags,
    {{ ticket_field('requesterTicketPermalink') }} as requester_permalink,
    {{ ticket_field('responderTicketPermalink') }} as responder_permalink,

    {{ ticket_field('messageRequesterCount') }} as requester_messages,
    {{ ticket_field('messageResponderCount') }} as responder_messages,

    {{ ticket_field('archived') }} as archived,
    {{ ticket_field('isSlackConnect') }} as is_slack_connect,
    {{ ticket_field('isCollaborationTicket') }} as is_collaboration,

    {{ ticket_field('createdAt') }} as created_at,
    {{ ticket_field('updatedAt') }} as updated_at,
    {{ ticket_field('messageLastRequesterTime') }} as last_requester_message_at,
    {{ ticket_field('messageLastRespondTime') }} as last_responder_message_at,
    observed_at,
    landed_on
  from read_once
),

final as (
  select
    fetch_id,
    workspace,
    ticket_number,

    ticket_id,
    team_ticket_id,
    team_id,
    requester_id,
    case when upper(assignee) <> 'UNASSIGNED' then assignee end as assignee_id,
    channel_id,
    form_id,
    queue_id,

    status,
    priority,
    source,
    requester_email,
    form_addresses,
    custom_field_addresses,
    tags,
    requester_permalink,
    responder_permalink,

    {{ whole_number('requester_messages') }} as requester_messages,
    {{ whole_number('responder_messages') }} as responder_messages,

    -- An unreadable body is remembered, so that it is not tried again, and is no look at a ticket.
    coalesce(ticket_id, team_ticket_id, status, created_at) is not null as is_readable,
    coalesce(lower(archived) = 'true', false) as is_archived,
    coalesce(lower(is_slack_connect) = 'true', false) as is_slack_connect,
    coalesce(lower(is_collaboration) = 'true', false) as is_collaboration,

    {{ wire_time('created_at') }} as created_at,
    {{ wire_time('updated_at') }} as updated_at,
    {{ wire_time('last_requester_message_at') }} as last_requester_message_at,
    {{ wire_time('last_responder_message_at') }} as last_responder_message_at,
    observed_at,
    landed_on
  from named
)

select * from final
