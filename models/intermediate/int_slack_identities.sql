with external_ids as (
  select * from {{ ref('int_entity_external_ids') }}
  where source = 'slack_user' and entity_type = 'staff'
),

staff as (
  select * from {{ ref('stg_identities__staff') }}
),

slack_users as (
  select * from {{ ref('stg_identities__slack_users') }}
),

mapped as (
  select
    external_ids.external_id as slack_user_id,
    case when external_ids.origin = 'decision' then 'manual_mapping' else 'slack_user' end as method,
    staff.staff_id,
    staff.name as staff_name,
    staff.valid_from,
    staff.valid_to
  from external_ids
  inner join staff
    on external_ids.entity_id = staff.staff_id
),

final as (
  select
    coalesce(mapped.slack_user_id, slack_users.slack_user_id) as slack_user_id,
    mapped.staff_id,

    mapped.staff_name,
    mapped.method,
    slack_users.display_name,
    slack_users.user_type,

    coalesce(slack_users.user_type in ('bot', 'guest', 'connect'), false) as is_outsider,
    coalesce(slack_users.user_type = 'deactivated' or slack_users.deactivated_at is not null, false) as is_deactivated,

    coalesce(mapped.valid_from, timestamp '1900-01-01') as staff_from,
    coalesce(mapped.valid_to, timestamp '9999-12-31') as staff_until
  from mapped
  full outer join slack_users
    on mapped.slack_user_id = slack_users.slack_user_id
)

select * from final
