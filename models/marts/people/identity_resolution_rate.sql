with resolutions as (
  select * from {{ ref('identity_resolution') }}
),

counted as (
  select
    {{ week_start('created_at') }} as week_start,
    role,
    source,
    team_id,
    count(*) as tickets,
    sum(case when outcome = 'resolved' then 1 else 0 end) as resolved,
    sum(case when outcome = 'unresolved' then 1 else 0 end) as unresolved,
    sum(case when outcome = 'not_staff' then 1 else 0 end) as not_staff,
    sum(case when outcome = 'not_applicable' then 1 else 0 end) as not_applicable
  from resolutions
  group by
    {{ week_start('created_at') }},
    role,
    source,
    team_id
),

final as (
  select
    week_start,
    role,
    source,
    team_id,

    cast(tickets as bigint) as tickets,
    cast(resolved as bigint) as resolved,
    cast(unresolved as bigint) as unresolved,
    cast(not_staff as bigint) as not_staff,
    cast(not_applicable as bigint) as not_applicable,
    {{ share('resolved', 'resolved + unresolved') }} as resolution_share,
    {{ share('resolved', 'tickets') }} as share_of_all,

    '{{ var('metrics_version') }}' as metrics_version
  from counted
)

select * from final
