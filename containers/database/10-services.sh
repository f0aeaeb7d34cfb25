#!/bin/sh
# Makes a database and a role for each service; run once by the image when the data folder is empty.
# A role owns its own database, may not connect to the others', and is nothing else: no superuser, no role or database maker.
# Passwords come from the environment; there is no default, an empty one stops the start.
set -e
: "${HELI_REGISTRY_DATABASE_PASSWORD:?set it in .env}"
: "${HELI_ASSESSMENT_DATABASE_PASSWORD:?set it in .env}"
: "${HELI_REPORTING_DATABASE_PASSWORD:?set it in .env}"

make_service() { # make_service NAME PASSWORD
  psql -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres -v name="$1" -v password="$2" <<'SQL'
CREATE ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
ALTER ROLE :"name" SET statement_timeout = '60s';
ALTER ROLE :"name" SET idle_in_transaction_session_timeout = '60s';
SQL
}

make_service registry "$HELI_REGISTRY_DATABASE_PASSWORD"
make_service assessment "$HELI_ASSESSMENT_DATABASE_PASSWORD"
make_service reporting "$HELI_REPORTING_DATABASE_PASSWORD"
