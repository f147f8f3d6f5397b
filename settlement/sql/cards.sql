-- A rate card in force is never changed and never deleted, neither are its bands and standard hours (domain.md 9.1, 9.2): what a claim
-- was priced by stands. A draft comes into force once. Rows that the policies hide are left to the policies.
CREATE FUNCTION settlement_card_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.state <> 'draft' THEN
        RAISE EXCEPTION 'rate card % is in force', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rate_card_stands';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER card_stands BEFORE UPDATE OR DELETE ON settlement_ratecard
    FOR EACH ROW EXECUTE FUNCTION settlement_card_stands();

CREATE FUNCTION settlement_card_rows_stand() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    card bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.card_id ELSE OLD.card_id END;
BEGIN
    IF EXISTS (
        SELECT FROM public.settlement_ratecard c
        WHERE c.state <> 'draft' AND (c.id = card OR (TG_OP = 'UPDATE' AND c.id = NEW.card_id))
    ) THEN
        RAISE EXCEPTION 'rate card % is in force', card
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rate_card_stands';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER card_rows_stand AFTER INSERT OR UPDATE OR DELETE ON settlement_travelband
    FOR EACH ROW EXECUTE FUNCTION settlement_card_rows_stand();
CREATE TRIGGER card_rows_stand AFTER INSERT OR UPDATE OR DELETE ON settlement_standardhours
    FOR EACH ROW EXECUTE FUNCTION settlement_card_rows_stand();
