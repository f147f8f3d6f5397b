-- The words of a text. First letter: b = two neighbouring Chinese characters, y = their pinyin initials (every reading), w = a run of letters
-- and digits, r = a run backwards, for its last digits. p_pinyin: names have initials, sentences do not.
-- PL/pgSQL keeps the query's plan for the session; an SQL function is planned at each call, which took two thirds of the time that the words
-- of a new ticket cost. Generic: the calls differ in p_pinyin, and for those without it a plan of their own looks cheaper than it is to
-- make. servicedesk/demo/load.py reads the query between RETURN ( and ).
CREATE OR REPLACE FUNCTION core_search_words(p_text text, p_pinyin boolean) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $$ BEGIN RETURN (
    WITH runs AS (
        SELECT m[1] AS run FROM regexp_matches(lower(normalize(coalesce(p_text, ''), NFKC)), '([㐀-鿿]+|[a-z0-9]+)', 'g') AS m
    ), pairs AS (
        SELECT substr(run, n, 1) AS a, substr(run, n + 1, 1) AS b FROM runs, generate_series(1, length(run)) AS n WHERE run ~ '^[㐀-鿿]'
    ), plain AS (
        SELECT run FROM runs WHERE run !~ '^[㐀-鿿]'
        UNION SELECT string_agg(run, '') FROM runs WHERE run !~ '^[㐀-鿿]' HAVING count(*) BETWEEN 2 AND 6
    )
    SELECT coalesce(array_agg(DISTINCT word), '{}') FROM (
        SELECT 'b' || a || b AS word FROM pairs
        UNION ALL
        SELECT 'y' || x || y FROM (
            SELECT (SELECT letters FROM public.core_pinyin WHERE char = a) AS xs, (SELECT letters FROM public.core_pinyin WHERE char = b) AS ys
            FROM pairs WHERE p_pinyin AND b <> ''
        ) AS read, string_to_table(xs, NULL) AS x, string_to_table(ys, NULL) AS y
        UNION ALL SELECT 'w' || left(run, 40) FROM plain
        UNION ALL SELECT 'r' || left(reverse(run), 40) FROM plain WHERE length(run) >= 3
    ) AS every
); END $$;
