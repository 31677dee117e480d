{#- A landed time as a timestamp in UTC. Parquet has that already (the view saw to it);
    PostgreSQL lands timestamptz. -#}
{% macro utc(column) -%}
  {{ adapter.dispatch('utc')(column) }}
{%- endmacro %}

{% macro default__utc(column) -%}
  {{ column }}
{%- endmacro %}

{% macro postgres__utc(column) -%}
  {{ column }} at time zone 'UTC'
{%- endmacro %}

{#-
  A time as SupTask writes it (text) -> timestamp in UTC: epoch seconds, epoch milliseconds, or
  ISO 8601 with an offset, with Z, or with neither (then UTC). Anything else is null, never an
  error, and so is any time outside of 2000–2099: 0 stands for "never", and a ticket created in
  1970 would give every mart fifty years of empty weeks.
  The pattern lets through only what all engines can read, so that all read the same.
-#}
{% macro wire_time(text) -%}
  {{ adapter.dispatch('wire_time')(text) }}
{%- endmacro %}

{#- Most times are whole numbers, and those DuckDB tells from all else sooner by reading them than by a pattern; of as many
    digits, texts are in the order of numbers. -#}
{% macro duckdb__wire_time(text) -%}
  {%- set number = 'try_cast(' ~ text ~ ' as bigint)' -%}
  coalesce(
    make_timestamp(
      case
        when cast({{ number }} as varchar) = {{ text }}
          then {{ number }} * case
            when length({{ text }}) = 10 and {{ text }} between '1000000000' and '4102444799' then 1000000
            when length({{ text }}) = 13 and {{ text }} between '1000000000000' and '4102444799999' then 1000
            when length({{ text }}) = 9 and {{ text }} >= '946684800' then 1000000
            when length({{ text }}) = 12 and {{ text }} >= '946684800000' then 1000
          end
      end
    ),
    {{ default__wire_time(text) }}
  )
{%- endmacro %}

{% macro default__wire_time(text) -%}
  {%- set text = plain_number(text) -%}
  case
    -- One letter tells most times from a date sooner than the pattern does.
    when substr({{ text }}, 5, 1) = '-'
      then case
        when not {{ matches(text, iso_8601_pattern()) }} then null
        when substr({{ text }}, 6, 5) = '02-29' and cast(substr({{ text }}, 3, 2) as integer) % 4 <> 0 then null
        else {{ iso_8601_to_timestamp(text) }}
      end
    when {{ matches(text, '^[0-9]{9,10}([.][0-9]{1,9})?$') }}
      then case when {{ part_before_point(text) }} between 946684800 and 4102444799
        then {{ epoch_microseconds_to_timestamp(part_before_point(text) ~ ' * 1000000 + ' ~ part_after_point(text, 6)) }} end
    when {{ matches(text, '^[0-9]{12,13}([.][0-9]{1,6})?$') }}
      then case when {{ part_before_point(text) }} between 946684800000 and 4102444799999
        then {{ epoch_microseconds_to_timestamp(part_before_point(text) ~ ' * 1000 + ' ~ part_after_point(text, 3)) }} end
  end
{%- endmacro %}

{#- A number as it was written. Spark reads 1772442030.25 from a document as 1.77244203025E9. -#}
{% macro plain_number(text) -%}
  {{ return(adapter.dispatch('plain_number')(text)) }}
{%- endmacro %}

{% macro default__plain_number(text) -%}
  {{ return(text) }}
{%- endmacro %}

{% macro spark__plain_number(text) -%}
  {{ return("if(" ~ text ~ " rlike '^[0-9][.][0-9]+E[0-9]+$', cast(cast(" ~ text ~ " as decimal(24, 6)) as string), " ~ text ~ ")") }}
{%- endmacro %}

{#- The two sides of a decimal point as whole numbers; a cast of text to a decimal costs fifty times as much. -#}
{% macro part_before_point(text) -%}
  cast(split_part({{ text }}, '.', 1) as bigint)
{%- endmacro %}

{% macro part_after_point(text, digits) -%}
  cast(rpad(substr(split_part({{ text }}, '.', 2), 1, {{ digits }}), {{ digits }}, '0') as bigint)
{%- endmacro %}

{#- 2000 is a leap year and 2100 is out of range, so the fourth year rule is the whole rule. -#}
{% macro iso_8601_pattern() -%}
  ^20[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))([Tt ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?([Zz]|[+-](0[0-9]|1[0-4]):?[0-5][0-9]|[+-](0[0-9]|1[0-4]))?)?$
{%- endmacro %}

{#- Only what the pattern has let through comes here: date, time to the microsecond, offset. -#}
{% macro iso_8601_to_timestamp(text) -%}
  {{ adapter.dispatch('iso_8601_to_timestamp')(text) }}
{%- endmacro %}

{#- With Z, or with an offset in hours and minutes, DuckDB itself reads it ten times as fast: as a time with a zone, since of
    one without it overlooks an offset behind a fraction. -#}
{% macro duckdb__iso_8601_to_timestamp(text) -%}
  coalesce(
    case
      when ends_with({{ text }}, 'Z') or (length({{ text }}) > 16 and substr({{ text }}, -6, 1) in ('+', '-'))
        then make_timestamp(epoch_us(try_cast({{ text }} as timestamptz)))
    end,
    {{ default__iso_8601_to_timestamp(text) }}
  )
{%- endmacro %}

{% macro default__iso_8601_to_timestamp(text) -%}
  (
    cast(
      substr({{ text }}, 1, 10) || ' '
      || coalesce(nullif({{ first_match(text, '[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]{1,6})?)?', before='[Tt ]') }}, ''), '00:00')
      as timestamp
    )
    - coalesce({{ offset_minutes(text) }}, 0) * interval '1 minute'
  )
{%- endmacro %}

{% macro offset_minutes(text) -%}
  case
    when {{ matches(text, '[Tt ].*[+-][0-9]{2}(:?[0-9]{2})?$') }}
      then
        case when {{ matches(text, '[Tt ].*[-]') }} then -1 else 1 end
        * (
          60 * cast({{ first_match(text, '[0-9]{2}', before='[Tt ].*[+-]') }} as integer)
          + coalesce(cast(nullif({{ first_match(text, '[0-9]{2}', before='[Tt ].*[+-][0-9]{2}:?') }}, '') as integer), 0)
        )
  end
{%- endmacro %}

{% macro epoch_microseconds_to_timestamp(microseconds) -%}
  {{ adapter.dispatch('epoch_microseconds_to_timestamp')(microseconds) }}
{%- endmacro %}

{% macro duckdb__epoch_microseconds_to_timestamp(microseconds) -%}
  make_timestamp(cast({{ microseconds }} as bigint))
{%- endmacro %}

{% macro postgres__epoch_microseconds_to_timestamp(microseconds) -%}
  timestamp 'epoch' + cast({{ microseconds }} as bigint) * interval '1 microsecond'
{%- endmacro %}

{% macro spark__epoch_microseconds_to_timestamp(microseconds) -%}
  timestamp_micros(cast({{ microseconds }} as bigint))
{%- endmacro %}

{#- Whole minutes from one time to another, each end floored to its minute first, so that parts
    add up to the whole. -#}
{% macro minutes_between(earlier, later) -%}
  (cast({{ epoch_minute(later) }} as bigint) - cast({{ epoch_minute(earlier) }} as bigint))
{%- endmacro %}

{% macro epoch_minute(time) -%}
  {{ adapter.dispatch('epoch_minute')(time) }}
{%- endmacro %}

{% macro duckdb__epoch_minute(time) -%}
  epoch(date_trunc('minute', {{ time }})) / 60
{%- endmacro %}

{% macro postgres__epoch_minute(time) -%}
  extract(epoch from date_trunc('minute', {{ time }})) / 60
{%- endmacro %}

{% macro spark__epoch_minute(time) -%}
  unix_seconds(date_trunc('minute', {{ time }})) / 60
{%- endmacro %}

{#- A row for each day from the first to the last, for use as a column of a select. -#}
{% macro days_from_to(first, last) -%}
  {{ adapter.dispatch('days_from_to')(first, last) }}
{%- endmacro %}

{% macro duckdb__days_from_to(first, last) -%}
  unnest(generate_series({{ first }}, {{ last }}, interval '1 day'))
{%- endmacro %}

{% macro postgres__days_from_to(first, last) -%}
  generate_series({{ first }}, {{ last }}, interval '1 day')
{%- endmacro %}

{#- A sequence whose last day lies before its first is an error on Spark, and no day elsewhere. -#}
{% macro spark__days_from_to(first, last) -%}
  explode(filter(sequence(least({{ first }}, {{ last }}), {{ last }}, interval '1 day'), day -> day >= {{ first }}))
{%- endmacro %}

{#- The Monday of a time's week. -#}
{% macro week_start(time) -%}
  cast(date_trunc('week', {{ time }}) as date)
{%- endmacro %}
