-- Who is on duty now, for those who are not the dealer (domain.md 14). The roster itself is the dealer's own (row level security); these
-- functions run as the owner and tell nothing but name, number and time, of dealers who show it (resources_dutysettings). Whom they ask for
-- stands in the settings of the transaction, as in the policies: app.org. They know the row's organisation, too: a shift that named a person
-- of somebody else would tell nothing.

-- The running shift of a dealer and the next one; for the two functions below only.
CREATE FUNCTION resources_duty_of(p_dealer bigint, p_at timestamptz)
RETURNS TABLE (main text, phone text, deputy text, deputy_phone text, until timestamptz, next_main text, next_from timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    WITH two AS (
        SELECT s.starts_at, s.ends_at, p.name::text AS main, coalesce(nullif(s.phone, ''), p.phone)::text AS phone,
               d.name::text AS deputy, d.phone::text AS deputy_phone
        FROM public.resources_dutyshift s
        JOIN public.partners_person p ON p.id = s.person_id AND p.organisation_id = s.dealer_id
        LEFT JOIN public.partners_person d ON d.id = s.deputy_id AND d.organisation_id = s.dealer_id
        WHERE s.dealer_id = p_dealer AND s.removed_at IS NULL AND s.ends_at > p_at
        ORDER BY s.ends_at LIMIT 2
    ), ahead AS (
        SELECT main, starts_at FROM two WHERE starts_at > p_at ORDER BY starts_at LIMIT 1
    )
    SELECT r.main, r.phone, r.deputy, r.deputy_phone, r.ends_at, a.main, a.starts_at
    FROM (SELECT 1) AS one
    LEFT JOIN two r ON r.starts_at <= p_at
    LEFT JOIN ahead a ON true
$$;

-- For an office or headquarters: the dealers of its confirmed partnerships, each with its 24-hour number and, if he shows it, who is on duty.
CREATE FUNCTION resources_partner_duty(p_at timestamptz)
RETURNS TABLE (dealer_id bigint, dealer text, main text, phone text, deputy text, deputy_phone text,
               until timestamptz, next_main text, next_from timestamptz, hotline text, shown boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT o.id, coalesce(nullif(o.short_name, ''), o.name)::text, coalesce(d.main, ''), coalesce(d.phone, ''),
           coalesce(d.deputy, ''), coalesce(d.deputy_phone, ''), d.until, coalesce(d.next_main, ''), d.next_from,
           o.service_phone::text, coalesce(g.shows_makers, true)
    FROM public.partners_organisation o
    LEFT JOIN public.resources_dutysettings g ON g.dealer_id = o.id
    LEFT JOIN LATERAL public.resources_duty_of(o.id, p_at) d ON coalesce(g.shows_makers, true)
    WHERE o.active AND o.kind = 'dealer' AND o.id IN (
        SELECT t.dealer_id FROM public.partners_partnership t
        WHERE nullif(current_setting('app.org', true), '')::bigint IN (t.manufacturer_id, t.office_id)
          AND t.dealer_confirmed_at IS NOT NULL AND t.manufacturer_confirmed_at IS NOT NULL AND t.ended_at IS NULL
    )
    ORDER BY o.name, o.id
$$;

-- For somebody without account, whose code or link has opened one dealer: who is on duty there now, if the dealer shows it on public pages.
CREATE FUNCTION resources_public_duty(p_at timestamptz)
RETURNS TABLE (dealer_id bigint, main text, phone text, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT g.dealer_id, d.main, d.phone, d.until
    FROM public.resources_dutysettings g
    JOIN LATERAL public.resources_duty_of(g.dealer_id, p_at) d ON d.main IS NOT NULL
    WHERE g.dealer_id = nullif(current_setting('app.org', true), '')::bigint AND g.shows_public
$$;

REVOKE ALL ON FUNCTION resources_duty_of(bigint, timestamptz), resources_partner_duty(timestamptz), resources_public_duty(timestamptz)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION resources_partner_duty(timestamptz) TO app_office, app_hq;
GRANT EXECUTE ON FUNCTION resources_public_duty(timestamptz) TO app_outside;
