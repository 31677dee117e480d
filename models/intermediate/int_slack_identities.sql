with external_ids as (
  select
    external_id as slack_user_id,
    entity_type,
    entity_id,
    origin,
    is_conflicting,
    {{ readable_json('metadata') }} as metadata
  from {{ ref('int_entity_external_ids') }}
  where source = 'slack_user'
),

staff as (
  select * from {{ ref('stg_identities__staff') }}
),

slack_users as (
  select * from {{ ref('stg_identities__slack_users') }}
),

user_types as (
  select * from {{ ref('slack_user_types') }}
),

mapped as (
  select
    external_ids.slack_user_id,
    external_ids.origin,
    external_ids.is_conflicting,
    {{ json_text('external_ids.metadata', 'user_type') }} as user_type,
    staff.staff_id,
    staff.name as staff_name,
    staff.valid_from,
    staff.valid_to
  from external_ids
  left join staff
    on
      external_ids.entity_type = 'staff'
      and external_ids.entity_id = staff.staff_id
),

-- The directory of Slack users knows better what somebody is than what was noted with a mapping.
united as (
  select
    coalesce(mapped.slack_user_id, slack_users.slack_user_id) as slack_user_id,
    mapped.staff_id,
    mapped.staff_name,
    case
      when mapped.staff_id is null then null
      when mapped.origin = 'decision' then 'manual_mapping'
      else 'slack_user'
    end as method,
    slack_users.display_name,
    slack_users.email,
    coalesce(slack_users.user_type, mapped.user_type) as given_user_type,
    coalesce(mapped.origin = 'decision', false) as is_decided,
    coalesce(mapped.is_conflicting, false) as is_conflicting,
    slack_users.deactivated_at,
    mapped.valid_from,
    mapped.valid_to
  from mapped
  full outer join slack_users
    on mapped.slack_user_id = slack_users.slack_user_id
),

final as (
  select
    united.slack_user_id,
    united.staff_id,

    united.staff_name,
    united.method,
    united.display_name,
    united.email,
    coalesce(user_types.user_type, united.given_user_type) as user_type,

    united.is_decided,
    united.is_conflicting,
    coalesce(user_types.user_type in ('bot', 'guest', 'connect'), false) as is_outsider,
    coalesce(user_types.user_type = 'deactivated' or united.deactivated_at is not null, false) as is_deactivated,

    united.deactivated_at,
    coalesce(united.valid_from, timestamp '1900-01-01') as staff_from,
    coalesce(united.valid_to, timestamp '9999-12-31') as staff_until
  from united
  left join user_types
    on {{ reference_key('united.given_user_type') }} = user_types.user_type_key
)

select * from final
