{#-
  A mart on PostgreSQL, which people read while it is built.

  dbt's own table is built beside the old one, which is then renamed and dropped: that waits for
  every open reader, makes later ones wait behind it, and takes analysts' views with it. Here the
  rows are made in a temporary table, and where the standing table has the same shape they replace
  its rows in one transaction, or those that were made anew where the mart is made in part: readers
  see the old ones until it commits. Where the shape differs (first build, a changed contract) dbt's
  own way is taken, as it is for tables that are no marts.
-#}
{% materialization table, adapter='postgres' %}
  {{ return(put_mart() if 'marts' in model.fqn else dbt.materialization_table_default()) }}
{% endmaterialization %}

{% materialization incremental, adapter='postgres' %}
  {{ return(put_mart() if 'marts' in model.fqn else dbt.materialization_incremental_default()) }}
{% endmaterialization %}

{#- Builds the mart that is being run, and returns it as a materialization does. -#}
{% macro put_mart() -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set fresh = make_temp_relation(target_relation) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- call statement('load') -%}
    {{ get_assert_columns_equivalent(sql) }}
    create temporary table {{ fresh }} {{ get_table_columns_and_constraints() }};
    insert into {{ fresh }} {{ get_select_subquery(sql) }}
  {%- endcall -%}

  {%- if existing is not none and existing.is_table and table_shape(existing) == table_shape(fresh) -%}
    {%- call statement('main') -%}
      {{ put_rows(target_relation, fresh) }}
    {%- endcall -%}
  {%- elif leaves_some_alone() -%}
    {%- do exceptions.raise_compiler_error(target_relation ~ ' has other columns by now: build it once with --full-refresh') -%}
  {%- else -%}
    {%- set intermediate = make_intermediate_relation(target_relation) -%}
    {%- set backup = make_backup_relation(target_relation, existing.type if existing is not none else 'table') -%}
    {{ drop_relation_if_exists(load_cached_relation(intermediate)) }}
    {{ drop_relation_if_exists(load_cached_relation(backup)) }}
    {%- call statement('main') -%}
      {{ get_create_table_as_sql(False, intermediate, 'select * from ' ~ fresh) }}
    {%- endcall -%}
    {%- do create_indexes(intermediate) -%}
    {%- if existing is not none -%}
      {{ adapter.rename_relation(existing, backup) }}
    {%- endif -%}
    {{ adapter.rename_relation(intermediate, target_relation) }}
  {%- endif -%}

  {%- call statement('drop_fresh') -%}
    drop table {{ fresh }}
  {%- endcall -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing, full_refresh_mode=True)) -%}
  {%- do persist_docs(target_relation, model) -%}

  {{ adapter.commit() }}

  {%- if backup is defined -%}
    {{ drop_relation_if_exists(backup) }}
  {%- endif -%}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {{ return({'relations': [target_relation]}) }}
{%- endmacro %}

{#- Puts what was made in the place of what stood there: of all, or of the tickets or days that were made. -#}
{% macro put_rows(mart, fresh) -%}
  {%- if leaves_some_alone() -%}
    {%- set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy')) -%}
    {{ strategy({'target_relation': mart, 'temp_relation': fresh, 'dest_columns': adapter.get_columns_in_relation(mart)}) }}
  {%- else -%}
    delete from {{ mart }};
    insert into {{ mart }} select * from {{ fresh }};
  {%- endif -%}
{%- endmacro %}

{#- Columns, types, nullability and constraints of a table, as text to compare. -#}
{% macro table_shape(relation) -%}
  {%- set shape -%}
    select
      (
        select string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull), ', ' order by attnum)
        from pg_attribute
        where attrelid = '{{ relation }}'::regclass and attnum > 0 and not attisdropped
      ),
      (
        select string_agg(pg_get_constraintdef(oid), ', ' order by pg_get_constraintdef(oid))
        from pg_constraint
        where conrelid = '{{ relation }}'::regclass and contype in ('p', 'u', 'c')
      )
  {%- endset -%}
  {{ return(run_query(shape).rows[0].values() | join('; ')) }}
{%- endmacro %}
