-- And business time is never more than calendar time, nor anything less than nothing.
select
  workspace,
  ticket_number
from {{ ref('ticket_metrics') }}
where
  first_resolution_minutes not between first_resolution_minutes_least and first_resolution_minutes_most
  or final_resolution_minutes not between final_resolution_minutes_least and final_resolution_minutes_most
  or first_assigned_minutes not between first_assigned_minutes_least and first_assigned_minutes_most
  or first_reply_minutes < first_reply_minutes_least
  or open_minutes not between open_minutes_least and open_minutes_most
  or active_minutes not between active_minutes_least and active_minutes_most
  or closed_minutes not between closed_minutes_least and closed_minutes_most
  or actual_resolution_business_minutes
  not between actual_resolution_business_minutes_least and actual_resolution_business_minutes_most
  or first_resolution_business_minutes not between 0 and first_resolution_minutes
  or final_resolution_business_minutes not between 0 and final_resolution_minutes
  or actual_resolution_business_minutes not between 0 and final_resolution_business_minutes
  or first_reply_business_minutes not between 0 and first_reply_minutes
  or first_assigned_business_minutes not between 0 and first_assigned_minutes
  or open_business_minutes not between 0 and open_minutes
  or active_business_minutes not between 0 and active_minutes
  or age_business_minutes not between 0 and age_minutes
  or business_minutes_since_last_change not between 0 and minutes_since_last_change
  -- Every calendar knows every moment that is asked of it.
  or open_business_minutes is null
  or business_minutes_since_last_change is null
union all
select
  workspace,
  ticket_number
from {{ ref('ticket_holder_minutes') }}
where
  open_minutes not between open_minutes_least and open_minutes_most
  or active_minutes not between active_minutes_least and active_minutes_most
  or closed_minutes not between closed_minutes_least and closed_minutes_most
  or least(open_minutes_least, active_minutes_least, closed_minutes_least) < 0
