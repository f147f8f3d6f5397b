-- What is signed is frozen: the database refuses to change a slip that is signed, refused or void, and its lines.
-- Let through: sharing (office_id, shared_with_maker), the lock of a settlement, the print counter, and voiding.
CREATE OR REPLACE FUNCTION tickets_slip_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    was jsonb := to_jsonb(OLD) - ARRAY['office_id', 'shared_with_maker', 'locked', 'printed', 'updated_at', 'version'];
    now_is jsonb;
    voiding text[] := ARRAY['state', 'void_reason', 'voided_at', 'voided_by'];
BEGIN
    IF OLD.state NOT IN ('signed', 'refused', 'void') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'slip % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'slip_frozen';
    END IF;
    now_is := to_jsonb(NEW) - ARRAY['office_id', 'shared_with_maker', 'locked', 'printed', 'updated_at', 'version'];
    IF NEW.state = 'void' AND OLD.state <> 'void' THEN
        was := was - voiding;
        now_is := now_is - voiding;
    END IF;
    IF was IS DISTINCT FROM now_is THEN
        RAISE EXCEPTION 'slip % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'slip_frozen';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION tickets_line_frozen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    row_is jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    the_slip bigint;
    slip_state text;
BEGIN
    IF TG_TABLE_NAME = 'tickets_faultlinemachine' THEN
        SELECT l.slip_id INTO the_slip FROM public.tickets_faultline l WHERE l.id = (row_is ->> 'line_id')::bigint;
    ELSE
        the_slip := (row_is ->> 'slip_id')::bigint;
    END IF;
    SELECT s.state INTO slip_state FROM public.tickets_slip s WHERE s.id = the_slip;
    IF slip_state IN ('signed', 'refused', 'void') AND NOT (
        TG_OP = 'UPDATE'
        AND to_jsonb(OLD) - ARRAY['office_id', 'shared_with_maker'] = to_jsonb(NEW) - ARRAY['office_id', 'shared_with_maker']
    ) THEN
        RAISE EXCEPTION 'slip % is frozen', the_slip USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'slip_frozen';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE TRIGGER slip_frozen BEFORE UPDATE OR DELETE ON tickets_slip
    FOR EACH ROW EXECUTE FUNCTION tickets_slip_frozen();
CREATE TRIGGER line_frozen BEFORE INSERT OR UPDATE OR DELETE ON tickets_faultline
    FOR EACH ROW EXECUTE FUNCTION tickets_line_frozen();
CREATE TRIGGER line_frozen BEFORE INSERT OR UPDATE OR DELETE ON tickets_faultlinemachine
    FOR EACH ROW EXECUTE FUNCTION tickets_line_frozen();
CREATE TRIGGER line_frozen BEFORE INSERT OR UPDATE OR DELETE ON tickets_partline
    FOR EACH ROW EXECUTE FUNCTION tickets_line_frozen();
