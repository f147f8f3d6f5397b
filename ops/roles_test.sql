-- Only for a server that tests run on, after ops/roles.sql. Never run it on a server with real data: with app_fixture the application's
-- user may step around every policy, and a normal start refuses such a server.

\set ON_ERROR_STOP on

SELECT 'CREATE ROLE app_fixture' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'app_fixture')
\gexec

ALTER ROLE app_fixture NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
GRANT app_fixture TO servicedesk_app;
