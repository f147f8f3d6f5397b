-- Dealers with a warning that is due: their numbers and nothing else, for the tick, which sees no ticket. At most p_limit of them, those
-- that wait longest first.
CREATE OR REPLACE FUNCTION tickets_clocks_due(p_now timestamptz, p_limit integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT due.dealer_id FROM (
        SELECT c.dealer_id, min(c.ring_at) AS first FROM public.tickets_clock c WHERE c.ring_at <= p_now GROUP BY c.dealer_id
    ) AS due ORDER BY due.first, due.dealer_id LIMIT p_limit
$$;
REVOKE ALL ON FUNCTION tickets_clocks_due(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_clocks_due(timestamptz, integer) TO app_system;
