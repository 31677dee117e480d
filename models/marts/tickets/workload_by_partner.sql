with tickets as (
  select * from {{ ref('suptask_tickets') }}
),

breaches as (
  select * from {{ ref('sla_outcomes') }}
  where outcome = 'breached'
),

breached_tickets as (
  select distinct
    workspace,
    ticket_number
  from breaches
),

events as (
  select * from {{ ref('int_ticket_events') }}
  where event in ('closed', 'reopened')
),

partners as (
  select * from {{ ref('stg_identities__partners') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

standing as (
  select
    tickets.partner_kind,
    tickets.partner_id,
    sum(case when tickets.status_class = 'open' then 1 else 0 end) as open_tickets,
    sum(case when tickets.status_class = 'active' then 1 else 0 end) as active_tickets,
    count(breached_tickets.ticket_number) as breached_tickets,
    min(tickets.created_at) as oldest_created_at,
    max(tickets.age_minutes) as oldest_age_minutes
  from tickets
  left join breached_tickets
    on
      tickets.workspace = breached_tickets.workspace
      and tickets.ticket_number = breached_tickets.ticket_number
  where tickets.is_backlog
  group by
    tickets.partner_kind,
    tickets.partner_id
),

done as (
  select
    events.partner_kind,
    events.partner_id,
    events.event,
    events.minutes_since_creation,
    {{ minutes_between('events.happened_at', 'valuation.as_of') }} as minutes_ago
  from events
  cross join valuation
),

finished as (
  select
    partner_kind,
    partner_id,
    sum(case when event = 'closed' and minutes_ago < 7 * 1440 then 1 else 0 end) as closed_7_days,
    sum(case when event = 'closed' and minutes_ago < 30 * 1440 then 1 else 0 end) as closed_30_days,
    sum(case when event = 'closed' then 1 else 0 end) as closed_90_days,
    sum(case when event = 'reopened' then 1 else 0 end) as reopened_90_days,
    percentile_cont(0.5) within group (
      order by case when event = 'closed' then minutes_since_creation end
    ) as median_resolution_minutes
  from done
  where minutes_ago < 90 * 1440
  group by
    partner_kind,
    partner_id
),

lately_breached as (
  select
    breaches.partner_kind,
    breaches.partner_id,
    count(*) as breached_90_days
  from breaches
  cross join valuation
  where {{ minutes_between('breaches.due_at', 'valuation.as_of') }} < 90 * 1440
  group by
    breaches.partner_kind,
    breaches.partner_id
),

-- Every partner has a row, and tickets that no partner's channel brought have one, too.
groups as (
  select
    'partner' as partner_kind,
    partner_id
  from partners
  union
  select
    partner_kind,
    partner_id
  from tickets
),

final as (
  select
    groups.partner_id,

    groups.partner_kind,
    partners.name as partner_name,

    cast(coalesce(standing.open_tickets, 0) as bigint) as open_tickets,
    cast(coalesce(standing.active_tickets, 0) as bigint) as active_tickets,
    cast(coalesce(standing.open_tickets + standing.active_tickets, 0) as bigint) as backlog_tickets,
    cast(coalesce(standing.breached_tickets, 0) as bigint) as breached_tickets,
    standing.oldest_age_minutes,
    cast(coalesce(finished.closed_7_days, 0) as bigint) as closed_7_days,
    cast(coalesce(finished.closed_30_days, 0) as bigint) as closed_30_days,
    cast(coalesce(finished.closed_90_days, 0) as bigint) as closed_90_days,
    cast(coalesce(finished.reopened_90_days, 0) as bigint) as reopened_90_days,
    cast(coalesce(lately_breached.breached_90_days, 0) as bigint) as breached_90_days,
    cast(finished.median_resolution_minutes as decimal(18, 3)) as median_resolution_minutes,

    standing.oldest_created_at,
    valuation.as_of,

    '{{ var('metrics_version') }}' as metrics_version
  from groups
  cross join valuation
  left join partners
    on groups.partner_id = partners.partner_id
  left join standing
    on groups.partner_id is not distinct from standing.partner_id
  left join finished
    on groups.partner_id is not distinct from finished.partner_id
  left join lately_breached
    on groups.partner_id is not distinct from lately_breached.partner_id
  -- Before the first read there is no now to speak of.
  where valuation.as_of is not null
)

select * from final
