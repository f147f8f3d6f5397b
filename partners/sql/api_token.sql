-- Whose token is this? Runs as the owner, because nobody is known yet when it is asked; granted to the login user only. The viewer
-- itself comes from partners_viewer(NULL, person, organisation), so that a deactivated person or organisation is nobody at once.
CREATE OR REPLACE FUNCTION partners_api_token(p_hash text, p_now timestamptz)
RETURNS TABLE (token_id bigint, token_person bigint, token_organisation bigint, token_scope text, token_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT t.id, t.person_id, t.organisation_id, t.scope::text, t.last_used_at
    FROM public.partners_apitoken t
    JOIN public.partners_person p ON p.id = t.person_id AND p.organisation_id = t.organisation_id AND p.active
    JOIN public.partners_account a ON a.id = p.account_id AND a.is_active
    WHERE t.token_hash = p_hash AND t.revoked_at IS NULL AND t.expires_at > p_now
$$;
