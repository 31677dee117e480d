{#- An age in whole days, as a day: that many days after 2000-01-01. -#}
{% macro age_day(minutes) -%}
  cast('2000-01-01' as date) + cast(floor(({{ minutes }}) / 1440) as integer)
{%- endmacro %}
