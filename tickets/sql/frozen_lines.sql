-- The lines of a frozen slip neither change, come nor go; sharing them (office_id, shared_with_maker) is let through.
-- After the row, not before it: the policies and the keys to the parent have answered by then, so nobody learns from this
-- trigger that a foreign slip is frozen. The old and the new slip are looked at: a line does not move away either.
CREATE OR REPLACE FUNCTION tickets_line_frozen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rows jsonb[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[to_jsonb(NEW)]
        WHEN 'DELETE' THEN ARRAY[to_jsonb(OLD)]
        ELSE ARRAY[to_jsonb(OLD), to_jsonb(NEW)]
    END;
    line jsonb;
    the_slip bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND rows[1] - ARRAY['office_id', 'shared_with_maker'] = rows[2] - ARRAY['office_id', 'shared_with_maker'] THEN
        RETURN NULL;
    END IF;
    FOREACH line IN ARRAY rows LOOP
        IF TG_TABLE_NAME = 'tickets_faultlinemachine' THEN
            SELECT l.slip_id INTO the_slip FROM public.tickets_faultline l WHERE l.id = (line ->> 'line_id')::bigint;
        ELSE
            the_slip := (line ->> 'slip_id')::bigint;
        END IF;
        IF EXISTS (SELECT FROM public.tickets_slip s WHERE s.id = the_slip AND s.state IN ('signed', 'refused', 'void')) THEN
            RAISE EXCEPTION 'slip % is frozen', the_slip USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'slip_frozen';
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER line_frozen AFTER INSERT OR UPDATE OR DELETE ON tickets_faultline
    FOR EACH ROW EXECUTE FUNCTION tickets_line_frozen();
CREATE OR REPLACE TRIGGER line_frozen AFTER INSERT OR UPDATE OR DELETE ON tickets_faultlinemachine
    FOR EACH ROW EXECUTE FUNCTION tickets_line_frozen();
CREATE OR REPLACE TRIGGER line_frozen AFTER INSERT OR UPDATE OR DELETE ON tickets_partline
    FOR EACH ROW EXECUTE FUNCTION tickets_line_frozen();
