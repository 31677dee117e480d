{#- A whole minute since 1970 of a time: durations are differences of these. -#}
{% macro whole_minute(time) -%}
  cast({{ epoch_minute(time) }} as bigint)
{%- endmacro %}

{#- The condition under which a row of int_business_days tells of a time; exactly one does. -#}
{% macro business_day_of(business_days, calendar_id, time) -%}
  {{ business_days }}.calendar_id = {{ calendar_id }}
      and {{ business_days }}.day = cast({{ time }} as date)
      and {{ business_days }}.from_minute <= {{ whole_minute(time) }}
      and {{ business_days }}.to_minute > {{ whole_minute(time) }}
{%- endmacro %}

{#- What the calendar's clock shows at a time, in minutes: it runs only while the calendar is open, so
    that business minutes are the difference of two such readings. -#}
{% macro business_minute(business_days, time) -%}
  {{ business_days }}.business_minutes_before
    + least(greatest({{ whole_minute(time) }} - {{ business_days }}.opens_minute, 0), {{ business_days }}.open_minutes)
{%- endmacro %}

{#- Minutes since midnight of a wall clock's HH:MM. -#}
{% macro wall_minutes(text) -%}
  (60 * cast(substr({{ text }}, 1, 2) as bigint) + cast(substr({{ text }}, 4, 2) as bigint))
{%- endmacro %}
