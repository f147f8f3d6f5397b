-- The database users and roles this product needs, for a PostgreSQL 15-18 server of your own. Run once as a superuser, again without harm:
--
--   psql -v owner_password=... -v app_password=... -f ops/roles.sql postgres
--   psql -c "CREATE DATABASE servicedesk OWNER servicedesk_owner ENCODING 'UTF8' TEMPLATE template0" postgres
--
-- Without the two variables no password is set (the servers the project starts itself live on a private Unix socket).
-- servicedesk_owner owns the schema: migrations, backups (CREATEDB: `restore --check` works in a temporary database), mass fill.
-- Row level security does not bind it, so no page ever runs as it.
-- servicedesk_app is the application: web, worker, commands. It owns nothing and is bound by every policy. NOINHERIT: it has no right of
-- a tier until a transaction says SET LOCAL ROLE (reliability.md 1).

\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['servicedesk_owner', 'servicedesk_app', 'app_dealer', 'app_office', 'app_hq', 'app_outside', 'app_platform', 'app_system']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name)
\gexec

ALTER ROLE servicedesk_owner LOGIN NOINHERIT NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE servicedesk_app LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE app_dealer NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE app_office NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE app_hq NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE app_outside NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE app_platform NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE app_system NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;

GRANT app_dealer, app_office, app_hq, app_outside, app_platform, app_system TO servicedesk_app;

\if :{?owner_password}
ALTER ROLE servicedesk_owner PASSWORD :'owner_password';
\endif
\if :{?app_password}
ALTER ROLE servicedesk_app PASSWORD :'app_password';
\endif
