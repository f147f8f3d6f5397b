-- What does a link or code open? One row, or none: whose it is, which rows somebody without account may see by it, how it stands.
-- Runs as the owner, because a stranger has no tenant yet; granted to the login user only. After it the transaction takes the role
-- app_outside, which sees these rows and no others (core/row_security.py).
CREATE OR REPLACE FUNCTION resolve_link(p_kind text, p_token text, p_now timestamptz)
RETURNS TABLE (dealer_id bigint, machine_id bigint, ticket_id bigint, slip_id bigint, link_id bigint, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT m.dealer_id, m.id, NULL::bigint, NULL::bigint, NULL::bigint, 'valid'
    FROM public.equipment_machine m
    JOIN public.partners_organisation o ON o.id = m.dealer_id AND o.active
    WHERE p_kind = 'machine' AND m.qr_code = p_token
    UNION ALL
    SELECT o.id, NULL, NULL, NULL, NULL, 'valid'
    FROM public.partners_organisation o
    WHERE p_kind = 'dealer' AND o.kind = 'dealer' AND o.active AND o.owner_dealer_id IS NULL AND o.code = upper(p_token)
    UNION ALL
    SELECT s.dealer_id, NULL, s.ticket_id, s.id, NULL, 'valid'
    FROM public.tickets_slip s
    WHERE p_kind = 'proof' AND s.proof_code = p_token AND s.frozen_at IS NOT NULL
    UNION ALL
    SELECT l.dealer_id, NULL, l.ticket_id,
           coalesce(l.slip_id, (SELECT s.id FROM public.tickets_slip s
                                WHERE s.ticket_id = t.id AND s.round = t.round AND s.state <> 'void' LIMIT 1)),
           l.id,
           CASE WHEN t.finished_at + interval '30 days' <= p_now THEN 'expired'
                WHEN t.state IN ('merged', 'cancelled') AND t.updated_at + interval '30 days' <= p_now THEN 'expired'
                WHEN l.used_at IS NOT NULL THEN 'used'
                WHEN l.expires_at <= p_now THEN 'expired'
                ELSE 'valid' END
    FROM public.tickets_publiclink l
    JOIN public.tickets_ticket t ON t.id = l.ticket_id
    WHERE p_kind IN ('progress', 'sign') AND l.kind = p_kind
      AND l.token_hash = encode(sha256(convert_to(p_token, 'UTF8')), 'hex')
$$;
REVOKE ALL ON FUNCTION resolve_link(text, text, timestamptz) FROM PUBLIC;
