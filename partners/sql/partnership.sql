-- A partnership holds on the terms that both sides have confirmed (domain.md 2.4). Whoever changes the terms, or revives an
-- ended one, voids both confirmations: a platform that could widen the sharing alone would hand a dealer's rows to its maker.
CREATE OR REPLACE FUNCTION partners_partnership_terms() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.sharing IS DISTINCT FROM OLD.sharing
       OR NEW.scheme IS DISTINCT FROM OLD.scheme
       OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL) THEN
        NEW.dealer_confirmed_at := NULL;
        NEW.dealer_confirmed_by := '';
        NEW.manufacturer_confirmed_at := NULL;
        NEW.manufacturer_confirmed_by := '';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER partnership_terms BEFORE UPDATE ON partners_partnership
    FOR EACH ROW EXECUTE FUNCTION partners_partnership_terms();
