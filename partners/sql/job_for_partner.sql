-- A job for a partner's organisation, written by whoever has the partnership: the one door between tenants (docs/jobs.md). It checks that
-- the two work together (a confirmed partnership that has not ended, or an office and its manufacturer), and writes nothing but the job:
-- what the job may see and do is decided by the receiver's own role. Answers false when they are no partners.
CREATE FUNCTION job_for_partner(
    p_kind text, p_public_id text, p_payload jsonb, p_receiver bigint, p_run_at timestamptz, p_now timestamptz
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_sender bigint := nullif(current_setting('app.org', true), '')::bigint;
    v_tier text;
BEGIN
    SELECT CASE o.kind WHEN 'maker' THEN 'hq' ELSE o.kind END INTO v_tier FROM public.partners_organisation o
    WHERE o.id = p_receiver AND o.active AND o.owner_dealer_id IS NULL AND o.kind IN ('maker', 'office', 'dealer');
    IF v_sender IS NULL OR v_tier IS NULL THEN
        RETURN false;
    END IF;
    IF NOT EXISTS (
        SELECT FROM public.partners_partnership t
        WHERE t.listed AND t.dealer_confirmed_at IS NOT NULL AND t.manufacturer_confirmed_at IS NOT NULL AND t.ended_at IS NULL
          AND ((t.dealer_id = v_sender AND p_receiver IN (t.manufacturer_id, t.office_id))
               OR (t.dealer_id = p_receiver AND v_sender IN (t.manufacturer_id, t.office_id)))
    ) AND NOT EXISTS (
        SELECT FROM public.partners_organisation o
        WHERE o.kind = 'office' AND ((o.id = v_sender AND o.parent_id = p_receiver) OR (o.id = p_receiver AND o.parent_id = v_sender))
    ) THEN
        RETURN false;
    END IF;
    INSERT INTO public.core_job (
        public_id, kind, payload, organisation_id, tier, person_id, title, state, attempts, run_at, locked_by, last_error, done, "of",
        progress_text, cancel_asked, result_file, result_url, created_at
    ) VALUES (
        p_public_id, p_kind, p_payload, p_receiver, v_tier, NULL, '', 'waiting', 0, p_run_at, '', '', 0, 0, '', false, '', '', p_now
    );
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION job_for_partner(text, text, jsonb, bigint, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION job_for_partner(text, text, jsonb, bigint, timestamptz, timestamptz) TO app_dealer, app_office, app_hq;
