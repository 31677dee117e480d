with identities as (
  select * from {{ ref('int_slack_identities') }}
),

resolutions as (
  select * from {{ ref('identity_resolution') }}
  where external_id is not null
),

seen as (
  select
    external_id as slack_user_id,
    sum(case when role = 'requester' then 1 else 0 end) as tickets_asked,
    sum(case when role = 'assignee' then 1 else 0 end) as tickets_held,
    min(created_at) as first_seen_at,
    max(last_seen_at) as last_seen_at
  from resolutions
  group by external_id
),

final as (
  select
    coalesce(identities.slack_user_id, seen.slack_user_id) as slack_user_id,
    identities.staff_id,

    identities.staff_name,
    identities.display_name,
    identities.email,
    identities.user_type,

    cast(coalesce(seen.tickets_asked, 0) as bigint) as tickets_asked,
    cast(coalesce(seen.tickets_held, 0) as bigint) as tickets_held,

    coalesce(identities.is_outsider, false) as is_outsider,
    coalesce(identities.is_deactivated, false) as is_deactivated,

    identities.deactivated_at,
    seen.first_seen_at,
    seen.last_seen_at
  from identities
  full outer join seen
    on identities.slack_user_id = seen.slack_user_id
)

select * from final
