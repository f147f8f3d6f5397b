-- The organisations that run the installation: their numbers and nothing else, for the tick, which sees no organisation.
CREATE OR REPLACE FUNCTION tickets_platforms() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT o.id FROM public.partners_organisation o WHERE o.kind = 'platform' AND o.active ORDER BY o.id
$$;
REVOKE ALL ON FUNCTION tickets_platforms() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_platforms() TO app_system;
