with fetches as (
  select * from {{ ref('int_ticket_fetches') }}
),

-- A pause for the rate or a refused token says nothing of a number. Failures get the same count of
-- later answers as the answer that ended them; a delivery is no answer, and ends none.
telling as (
  select
    fetches.*,
    sum(case when is_failure or channel = 'webhook' then 0 else 1 end) over (
      partition by workspace
      order by observed_at desc, fetch_id desc
      rows between unbounded preceding and current row
    ) as answers_since
  from fetches
  where outcome not in ('rate_limited', 'unauthorized')
),

-- So many failures with no other answer between them were the source's fault, and are charged to no
-- number, unless the very run that saw them got another answer: then the source stood.
outages as (
  select
    workspace,
    answers_since
  from telling
  where is_failure
  group by
    workspace,
    answers_since
  having count(*) >= {{ var('failures_of_an_outage') }}
),

reads_answered as (
  select * from telling
  where not is_failure and channel <> 'webhook'
),

outages_ended as (
  select
    outages.workspace,
    outages.answers_since,
    max(reads_answered.run_id) as ended_by_run_id
  from outages
  left join reads_answered
    on
      outages.workspace = reads_answered.workspace
      and outages.answers_since = reads_answered.answers_since
  group by
    outages.workspace,
    outages.answers_since
),

answers as (
  select telling.*
  from telling
  left join outages_ended
    on
      telling.workspace = outages_ended.workspace
      and case when telling.is_failure then telling.answers_since end = outages_ended.answers_since
  where outages_ended.workspace is null or telling.run_id = outages_ended.ended_by_run_id
),

-- What was delivered stands behind what was read: it shows a ticket and answers no read.
newest_first as (
  select
    answers.*,
    row_number() over (
      partition by workspace, ticket_number
      order by case when channel = 'webhook' then 1 else 0 end, observed_at desc, fetch_id desc
    ) as age
  from answers
),

-- How many answers are newer than the last one that was no failure, and than the last that was
-- neither a failure nor a 404.
last_answers as (
  select
    workspace,
    ticket_number,
    coalesce(min(case when not is_failure then age end), max(age) + 1) as last_answer,
    coalesce(min(case when not is_failure and outcome <> 'not_found' then age end), max(age) + 1) as last_presence
  from newest_first
  group by
    workspace,
    ticket_number
),

final as (
  select
    newest_first.workspace,
    newest_first.ticket_number,

    max(case when newest_first.age = 1 then newest_first.outcome end) as last_outcome,
    max(case when newest_first.age = 1 then newest_first.error end) as last_error,

    max(case when newest_first.age = 1 then newest_first.http_status end) as last_http_status,
    cast(sum(case when newest_first.channel <> 'webhook' then 1 else 0 end) as integer) as reads,
    cast(sum(case when newest_first.age < last_answers.last_answer then 1 else 0 end) as integer) as failures_in_row,

    min(case when newest_first.channel <> 'webhook' then newest_first.observed_at end) as first_read_at,
    max(case when newest_first.channel <> 'webhook' then newest_first.observed_at end) as last_read_at,
    max(case when newest_first.is_found then newest_first.seen_at end) as last_found_at,
    min(case when newest_first.age < last_answers.last_answer then newest_first.observed_at end) as failing_since,
    min(
      case
        when newest_first.outcome = 'not_found' and newest_first.age < last_answers.last_presence
          then newest_first.observed_at
      end
    ) as missing_since
  from newest_first
  inner join last_answers
    on
      newest_first.workspace = last_answers.workspace
      and newest_first.ticket_number = last_answers.ticket_number
  group by
    newest_first.workspace,
    newest_first.ticket_number
)

select * from final
