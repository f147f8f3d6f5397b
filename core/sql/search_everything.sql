-- The newest rows of each kind with these words among those of the viewer's tenant, at most p_limit of each kind: one walk through the index
-- for all kinds, where core_search takes one for each. Words that p_most rows or more have are asked kind by kind, so that many tickets
-- do not hide the few customers.
CREATE FUNCTION core_search_everything(p_query tsquery, p_limit integer, p_most integer DEFAULT 6000) RETURNS TABLE (kind text, row_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tenant text := CASE current_setting('role')
        WHEN 'app_dealer' THEN 'd' WHEN 'app_office' THEN 'o' WHEN 'app_hq' THEN 'm' END
        || nullif(current_setting('app.org', true), '');
    kinds text[];
    ids bigint[];
    times timestamptz[];
BEGIN
    IF tenant IS NULL OR numnode(p_query) = 0 THEN
        RETURN;
    END IF;
    SELECT array_agg(found.kind), array_agg(found.row_id), array_agg(found.at) INTO kinds, ids, times FROM (
        SELECT s.kind, s.row_id, s.at FROM public.core_search s WHERE s.words @@ (tenant::tsquery && p_query) LIMIT p_most
    ) AS found;
    IF cardinality(ids) >= p_most THEN
        RETURN QUERY SELECT each.kind, found.row_id
            FROM unnest(ARRAY['ticket', 'slip', 'customer', 'machine']) AS each (kind),
                public.core_search(each.kind, p_query, p_limit) AS found;
        RETURN;
    END IF;
    RETURN QUERY
        SELECT ranked.kind, ranked.id FROM (
            SELECT found.kind, found.id, row_number() OVER (PARTITION BY found.kind ORDER BY found.at DESC, found.id DESC) AS place
            FROM unnest(kinds, ids, times) AS found (kind, id, at)
        ) AS ranked WHERE ranked.place <= p_limit ORDER BY ranked.kind, ranked.place;
END
$$;

REVOKE ALL ON FUNCTION core_search_everything(tsquery, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_search_everything(tsquery, integer, integer) TO app_dealer, app_office, app_hq;
