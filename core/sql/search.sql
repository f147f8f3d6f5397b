-- Search over everything a tenant has: one closed table that no role may read, filled by triggers of the rooms, asked through one function
-- that takes the viewer from the transaction's role and settings (docs/search.md). Full-text operators are not leakproof: under
-- row security their index would not be used, and LIKE that finds nothing reads all.
CREATE TABLE core_pinyin (char text PRIMARY KEY, letters text NOT NULL);

CREATE TABLE core_search (
    kind text NOT NULL,
    row_id bigint NOT NULL,
    at timestamptz NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (kind, row_id)
);
CREATE INDEX core_search_words ON core_search USING gin (words);
REVOKE ALL ON core_pinyin, core_search FROM PUBLIC;

-- What is only for the dealer's eyes (telephone numbers, contacts): the same words behind a p.
CREATE FUNCTION core_search_private(p_text text, p_pinyin boolean) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT coalesce(array_agg('p' || word), '{}') FROM unnest(public.core_search_words(p_text, p_pinyin)) AS word $$;

-- Keep one row's words. Tenants are words, too: d, o, m with the id of dealer, office, manufacturer; k = the kind.
CREATE FUNCTION core_search_keep(
    p_kind text, p_row bigint, p_at timestamptz, p_dealer bigint, p_office bigint, p_maker bigint, p_shared boolean, p_words text[]
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO public.core_search (kind, row_id, at, words)
    VALUES (p_kind, p_row, p_at, array_to_tsvector(array_remove(
        p_words || ARRAY['k' || p_kind, 'd' || p_dealer,
                         CASE WHEN p_shared THEN 'o' || p_office END, CASE WHEN p_shared THEN 'm' || p_maker END], NULL)))
    ON CONFLICT (kind, row_id) DO UPDATE SET at = excluded.at, words = excluded.words
        WHERE core_search.words <> excluded.words OR core_search.at <> excluded.at
$$;

CREATE FUNCTION core_search_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN DELETE FROM public.core_search WHERE kind = TG_ARGV[0] AND row_id = OLD.id; RETURN OLD; END $$;

-- The newest rows of a kind with these words among those of the viewer's tenant: at most p_limit of the first 2,000 found.
CREATE FUNCTION core_search(p_kind text, p_query tsquery, p_limit integer) RETURNS TABLE (row_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tenant text := CASE current_setting('role')
        WHEN 'app_dealer' THEN 'd' WHEN 'app_office' THEN 'o' WHEN 'app_hq' THEN 'm' END
        || nullif(current_setting('app.org', true), '');
BEGIN
    IF tenant IS NULL OR numnode(p_query) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT found.id FROM (
            SELECT s.row_id AS id, s.at FROM public.core_search s
            WHERE s.words @@ (('k' || p_kind)::tsquery && tenant::tsquery && p_query) LIMIT 2000
        ) AS found ORDER BY found.at DESC, found.id DESC LIMIT p_limit;
END
$$;

REVOKE ALL ON FUNCTION core_search_words(text, boolean), core_search_private(text, boolean),
    core_search_keep(text, bigint, timestamptz, bigint, bigint, bigint, boolean, text[]), core_search_forget(),
    core_search(text, tsquery, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_search(text, tsquery, integer) TO app_dealer, app_office, app_hq;
