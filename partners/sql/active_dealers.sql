-- Which dealers have daily work: their numbers and nothing else, for the tick, which sees no organisation.
CREATE FUNCTION partners_active_dealers() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT o.id FROM public.partners_organisation o WHERE o.kind = 'dealer' AND o.active ORDER BY o.id
$$;
REVOKE ALL ON FUNCTION partners_active_dealers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partners_active_dealers() TO app_system;
