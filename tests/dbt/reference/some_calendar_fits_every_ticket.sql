select
  'No rule of business_calendar_rules fits every ticket: its last one must leave team, queue and partner empty.'
    as finding
from {{ ref('business_calendar_rules') }}
having count(case when team_id is null and queue_id is null and partner_id is null then 1 end) = 0
