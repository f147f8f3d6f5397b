-- Who is this? One row per call: the active membership of an account (p_account, preferring p_person), or, for the
-- worker, a person or an organisation without account. Runs as the owner, because at sign-in nobody is known yet and
-- no tier role is set; granted to the login user only.
CREATE OR REPLACE FUNCTION partners_viewer(p_account bigint, p_person bigint, p_org bigint)
RETURNS TABLE (
    person_id bigint, account_id bigint, person_name text, person_phone text, roles text[], department text,
    language text, theme text, density text,
    org_id bigint, org_kind text, org_code text, org_name text, maker bigint,
    makers bigint[], own_makers bigint[], partners bigint[], memberships jsonb
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH mine AS (
        SELECT p.* FROM public.partners_person p
        WHERE p.active AND CASE WHEN p_account IS NOT NULL THEN p.account_id = p_account ELSE p.id = p_person END
    ), chosen AS (
        SELECT o.id AS oid, o.kind, o.code, coalesce(nullif(o.short_name, ''), o.name) AS label, o.parent_id,
               m.id, m.account_id, m.name, m.phone, m.roles, m.department, m.language, m.theme, m.density
        FROM public.partners_organisation o
        LEFT JOIN mine m ON m.organisation_id = o.id
        WHERE o.active AND (p_org IS NULL OR o.id = p_org)
          AND (m.id IS NOT NULL OR (p_account IS NULL AND p_person IS NULL AND o.id = p_org))
        ORDER BY (m.id = p_person) DESC NULLS LAST, m.id
        LIMIT 1
    ), ties AS (
        SELECT t.dealer_id, t.manufacturer_id, t.office_id,
               t.dealer_confirmed_at IS NOT NULL AND t.manufacturer_confirmed_at IS NOT NULL AS confirmed
        FROM public.partners_partnership t, chosen c
        WHERE CASE c.kind WHEN 'dealer' THEN t.dealer_id = c.oid
                          WHEN 'maker' THEN t.manufacturer_id = c.oid
                          WHEN 'office' THEN t.office_id = c.oid
                          ELSE false END
    ), own AS (
        SELECT o.id FROM public.partners_organisation o, chosen c
        WHERE o.owner_dealer_id = c.oid AND c.kind = 'dealer'
    ), cards AS (
        SELECT oid AS id FROM chosen
        UNION SELECT dealer_id FROM ties UNION SELECT manufacturer_id FROM ties UNION SELECT office_id FROM ties
        UNION SELECT id FROM own
        UNION SELECT parent_id FROM chosen
        UNION SELECT o.id FROM public.partners_organisation o, chosen c WHERE o.parent_id = c.oid
    )
    SELECT c.id, c.account_id, c.name::text, c.phone::text, c.roles::text[], c.department::text,
           c.language::text, c.theme::text, c.density::text,
           c.oid, c.kind::text, c.code::text, c.label::text,
           CASE c.kind WHEN 'office' THEN c.parent_id WHEN 'maker' THEN c.oid END,
           CASE c.kind WHEN 'dealer' THEN
               ARRAY(SELECT manufacturer_id FROM ties WHERE confirmed UNION SELECT id FROM own ORDER BY 1)
               ELSE '{}'::bigint[] END,
           ARRAY(SELECT id FROM own ORDER BY 1),
           ARRAY(SELECT id FROM cards WHERE id IS NOT NULL ORDER BY 1),
           (SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'id', m.public_id, 'name', coalesce(nullif(o.short_name, ''), o.name), 'person', m.id)
                       ORDER BY m.id), '[]'::jsonb)
            FROM mine m JOIN public.partners_organisation o ON o.id = m.organisation_id AND o.active)
    FROM chosen c
$$;
