select
  status,
  'The rows of seeds/reference/statuses.csv for the status ' || status
  || ' disagree. A status may have several rows, one for each name that it goes by;'
  || ' give them all the same status_class and counts_in_actual_resolution, or another status.' as finding
from {{ ref('statuses') }}
group by status
having
  count(distinct status_class) > 1
  or count(distinct counts_in_actual_resolution) > 1
