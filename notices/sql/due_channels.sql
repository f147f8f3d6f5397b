-- Which channels have something to send: whose they are and how much it is (counted up to 1,000), for the tick, which sees no organisation.
CREATE OR REPLACE FUNCTION notices_due_channels(p_now timestamptz)
RETURNS TABLE (organisation_id bigint, org_kind text, channel_id bigint, channel_kind text, due bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.organisation_id, o.kind::text, c.id, c.kind::text, waiting.number
    FROM public.notices_channel c
    JOIN public.partners_organisation o ON o.id = c.organisation_id AND o.active
    CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM (
            SELECT FROM public.notices_delivery d
            WHERE d.channel_id = c.id AND d.state IN ('waiting', 'failed') AND d.next_at <= p_now
            LIMIT 1000
        ) counted
    ) waiting
    WHERE c.active AND c.removed_at IS NULL AND coalesce(c.rests_until <= p_now, true) AND coalesce(c.ready_at <= p_now, true)
      AND waiting.number > 0
    ORDER BY c.id
$$;
REVOKE ALL ON FUNCTION notices_due_channels(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notices_due_channels(timestamptz) TO app_system;
