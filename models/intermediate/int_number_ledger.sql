{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

{#- A pause for the rate or a refused token says nothing of a number. -#}
{%- set tells_of_a_number = "outcome not in ('rate_limited', 'unauthorized')" -%}
{#- A delivery answers no read. -#}
{%- set is_answer = "not fetches.is_failure and fetches.channel <> 'webhook' and fetches." ~ tells_of_a_number %}

with marks as (
  select * from {{ ref('int_ticket_marks') }}
),

failures as (
  select
    workspace,
    ticket_number,
    fetch_id,
    run_id,
    observed_at
  from {{ ref('int_ticket_fetches') }}
  where is_failure
),

minutes_of_failures as (
  select distinct
    workspace,
    {{ dbt.date_trunc('minute', 'observed_at') }} as minute
  from failures
),

numbers_that_failed as (
  select distinct
    workspace,
    ticket_number
  from failures
),

-- Of a minute in which nothing failed the first answer tells as much as all of them.
answers_between as (
  select
    fetches.workspace,
    case when minutes_of_failures.minute is not null then fetches.fetch_id end as fetch_id,
    min(fetches.observed_at) as observed_at
  from {{ ref('int_ticket_fetches') }} as fetches
  left join minutes_of_failures
    on
      fetches.workspace = minutes_of_failures.workspace
      and {{ dbt.date_trunc('minute', 'fetches.observed_at') }} = minutes_of_failures.minute
  where {{ is_answer }}
  group by
    fetches.workspace,
    {{ dbt.date_trunc('minute', 'fetches.observed_at') }},
    case when minutes_of_failures.minute is not null then fetches.fetch_id end
),

in_order as (
  select
    workspace,
    fetch_id,
    cast(null as {{ dbt.type_string() }}) as run_id,
    false as is_failure,
    observed_at
  from answers_between
  union all
  select
    workspace,
    fetch_id,
    run_id,
    true as is_failure,
    observed_at
  from failures
),

-- Failures get the same count of later answers as the answer that ended them.
counted as (
  select
    in_order.*,
    sum(case when is_failure then 0 else 1 end) over (
      partition by workspace
      order by observed_at desc, fetch_id desc
      rows between unbounded preceding and current row
    ) as answers_since
  from in_order
),

-- So many failures with no other answer between them were the source's fault, and are charged to no
-- number, unless the very run that saw them got another answer: then the source stood.
outages as (
  select
    workspace,
    answers_since
  from counted
  where is_failure
  group by
    workspace,
    answers_since
  having count(*) >= {{ var('failures_of_an_outage') }}
),

ends as (
  select
    outages.workspace,
    outages.answers_since,
    fetches.run_id,
    row_number() over (
      partition by outages.workspace, outages.answers_since
      order by fetches.fetch_id
    ) as place
  from outages
  inner join counted
    on
      outages.workspace = counted.workspace
      and outages.answers_since = counted.answers_since
  inner join {{ ref('int_ticket_fetches') }} as fetches
    on
      counted.workspace = fetches.workspace
      and counted.observed_at = fetches.observed_at
      and coalesce(counted.fetch_id, fetches.fetch_id) = fetches.fetch_id
  where not counted.is_failure and {{ is_answer }}
),

not_charged as (
  select counted.fetch_id
  from counted
  inner join outages
    on
      counted.workspace = outages.workspace
      and counted.answers_since = outages.answers_since
  left join ends
    on
      counted.workspace = ends.workspace
      and counted.answers_since = ends.answers_since
      and ends.place = 1
  where counted.is_failure and coalesce(counted.run_id <> ends.run_id, true)
),

fetches as {{ each_reads() }}(
  {{ to_make(ref('int_ticket_fetches'), tells_of_a_number) }}
),

answers as {{ each_reads() }}(
  select fetches.*
  from fetches
  left join not_charged
    on fetches.fetch_id = not_charged.fetch_id
  where not_charged.fetch_id is null
),

-- Of most numbers every answer shows the ticket, and only the newest one tells more than their count. What was
-- delivered stands behind what was read: it shows a ticket and answers no read.
summed as (
  select
    workspace,
    ticket_number,

    cast(sum(case when channel <> 'webhook' then 1 else 0 end) as integer) as reads,

    min(case when channel <> 'webhook' then observed_at end) as first_read_at,
    max(case when channel <> 'webhook' then observed_at end) as last_read_at,
    max(case when is_found then seen_at end) as last_found_at,
    coalesce(max(case when channel <> 'webhook' then observed_at end), max(observed_at)) as newest_at
  from answers
  group by
    workspace,
    ticket_number
),

newest as (
  select
    answers.workspace,
    answers.ticket_number,
    answers.outcome,
    answers.error,
    answers.http_status,
    row_number() over (
      partition by answers.workspace, answers.ticket_number
      order by case when answers.channel = 'webhook' then 1 else 0 end, answers.fetch_id desc
    ) as age
  from answers
  inner join summed
    on
      answers.workspace = summed.workspace
      and answers.ticket_number = summed.ticket_number
      and answers.observed_at = summed.newest_at
),

numbers_in_trouble as (
  select distinct
    workspace,
    ticket_number
  from answers
  where is_failure or outcome = 'not_found'
),

newest_first as (
  select
    answers.*,
    sum(case when answers.is_failure then 0 else 1 end) over newest_first as answers_until_then,
    sum(case when answers.is_failure or answers.outcome = 'not_found' then 0 else 1 end) over newest_first
      as presences_until_then
  from answers
  inner join numbers_in_trouble
    on
      answers.workspace = numbers_in_trouble.workspace
      and answers.ticket_number = numbers_in_trouble.ticket_number
  window newest_first as (
    partition by answers.workspace, answers.ticket_number
    order by case when answers.channel = 'webhook' then 1 else 0 end, answers.observed_at desc, answers.fetch_id desc
    rows between unbounded preceding and current row
  )
),

troubles as (
  select
    workspace,
    ticket_number,
    sum(case when answers_until_then = 0 then 1 else 0 end) as failures_in_row,
    min(case when answers_until_then = 0 then observed_at end) as failing_since,
    min(case when outcome = 'not_found' and presences_until_then = 0 then observed_at end) as missing_since
  from newest_first
  group by
    workspace,
    ticket_number
),

final as (
  select
    summed.workspace,
    summed.ticket_number,

    newest.outcome as last_outcome,
    newest.error as last_error,

    newest.http_status as last_http_status,
    summed.reads,
    cast(coalesce(troubles.failures_in_row, 0) as integer) as failures_in_row,

    summed.first_read_at,
    summed.last_read_at,
    summed.last_found_at,
    troubles.failing_since,
    troubles.missing_since,
    -- Whose fault a failure was may be told by what is answered for other numbers later.
    case when numbers_that_failed.ticket_number is null then marks.mark end as mark
  from summed
  inner join newest
    on
      summed.workspace = newest.workspace
      and summed.ticket_number = newest.ticket_number
      and newest.age = 1
  left join troubles
    on
      summed.workspace = troubles.workspace
      and summed.ticket_number = troubles.ticket_number
  left join numbers_that_failed
    on
      summed.workspace = numbers_that_failed.workspace
      and summed.ticket_number = numbers_that_failed.ticket_number
  left join marks
    on
      summed.workspace = marks.workspace
      and summed.ticket_number = marks.ticket_number
)

select * from final
