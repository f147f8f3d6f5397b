-- What was submitted stands; let through is also what the automatic checks write (sql/claims.sql, which has the triggers).
CREATE OR REPLACE FUNCTION settlement_claim_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    loose text[] := ARRAY['office_id', 'shared_with_maker', 'state', 'version', 'updated_at', 'turn', 'approved', 'due_on', 'first_by_id',
                          'decided_by_id', 'decided_at', 'appealed_at', 'reason', 'checked_at', 'flags'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'claim % stands', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'claim_stands';
    END IF;
    IF OLD.state IN ('draft', 'returned') THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(OLD) - loose IS DISTINCT FROM to_jsonb(NEW) - loose THEN
        RAISE EXCEPTION 'claim % stands', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'claim_stands';
    END IF;
    RETURN NEW;
END
$$;
