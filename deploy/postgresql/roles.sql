-- Two roles with the least rights that work: suptask_extractor appends to the landing log,
-- suptask_dbt reads it and writes the marts. Whoever owns the database and may make roles runs
-- this, once, and again whenever it says something new:
--
--   psql --set ON_ERROR_STOP=1 --file deploy/postgresql/roles.sql postgres://OWNER@HOST/DATABASE
--
-- Then the owner lets the extractor's software make its tables, and gives each role a password:
--
--   SUPTASK_LANDING=postgres://OWNER@HOST/DATABASE npx suptask check
--   psql … -c '\password suptask_extractor' -c '\password suptask_dbt'

begin;

do $$
begin
  if to_regrole('suptask_extractor') is null then
    create role suptask_extractor login;
  end if;
  if to_regrole('suptask_dbt') is null then
    create role suptask_dbt login;
  end if;
  execute format('revoke create, temporary on database %I from public', current_database());
  execute format('grant connect on database %I to suptask_extractor, suptask_dbt', current_database());
  -- A mart's new rows are made in a temporary table before they replace the old ones.
  execute format('grant temporary on database %I to suptask_dbt', current_database());
end
$$;

revoke create on schema public from public;

-- The landing log: its owner makes the tables, the extractor appends, both read.
create schema if not exists suptask_raw;
revoke all on schema suptask_raw from public;
grant usage on schema suptask_raw to suptask_extractor, suptask_dbt;
grant select, insert on all tables in schema suptask_raw to suptask_extractor;
grant select on all tables in schema suptask_raw to suptask_dbt;
alter default privileges in schema suptask_raw grant select, insert on tables to suptask_extractor;
alter default privileges in schema suptask_raw grant select on tables to suptask_dbt;

-- What the extractor derives from the log, so as not to derive it again, is its own, whoever made it.
create schema if not exists suptask_derived;
alter schema suptask_derived owner to suptask_extractor;
alter default privileges in schema suptask_derived grant all on tables to suptask_extractor;
do $$
begin
  if to_regclass('suptask_derived.memory') is not null then
    alter table suptask_derived.memory owner to suptask_extractor;
  end if;
end
$$;

-- What dbt builds is its own. Whoever is to read the marts: grant usage on schema suptask, and
-- select on its tables, to them.
create schema if not exists suptask authorization suptask_dbt;
create schema if not exists suptask_staging authorization suptask_dbt;
create schema if not exists suptask_intermediate authorization suptask_dbt;
create schema if not exists suptask_seeds authorization suptask_dbt;

-- Where staff, partners and mappings are read from a schema of your own (identities_from:
-- warehouse), let dbt read it: grant usage on schema identities, and select on its tables, to
-- suptask_dbt.

commit;
