select
  calendars.calendar_id,
  'The calendar ' || calendars.calendar_id || ' is kept in ' || calendars.time_zone
  || ', of which time_zone_offsets knows nothing. Run npm run time-zones.' as finding
from {{ ref('business_calendars') }} as calendars
left join {{ ref('time_zone_offsets') }} as offsets
  on calendars.time_zone = offsets.time_zone
where offsets.time_zone is null
