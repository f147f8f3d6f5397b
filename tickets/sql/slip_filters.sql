-- What the list of slips is filtered by stands on the slip itself, so that an index can hold it beside the order:
-- the ticket's city, and the technician who signed or, before that, the ticket's lead.
CREATE FUNCTION tickets_slip_filters() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- a ticket of another dealer is as good as none, so that the foreign key says the same of both
    SELECT t.city_key, coalesce(nullif(NEW.technician, ''), t.lead_name) INTO NEW.city_key, NEW.shown_technician
    FROM public.tickets_ticket t WHERE t.id = NEW.ticket_id AND t.dealer_id = NEW.dealer_id;
    NEW.city_key := coalesce(NEW.city_key, '');
    NEW.shown_technician := coalesce(NEW.shown_technician, '');
    RETURN NEW;
END
$$;

CREATE FUNCTION tickets_ticket_filters() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.tickets_slip SET city_key = NEW.city_key WHERE ticket_id = NEW.id;  -- the other trigger fills in both
    RETURN NULL;
END
$$;

CREATE TRIGGER slip_filters BEFORE INSERT OR UPDATE ON tickets_slip FOR EACH ROW EXECUTE FUNCTION tickets_slip_filters();
CREATE TRIGGER ticket_filters AFTER UPDATE ON tickets_ticket FOR EACH ROW
    WHEN ((OLD.city, OLD.lead_name) IS DISTINCT FROM (NEW.city, NEW.lead_name)) EXECUTE FUNCTION tickets_ticket_filters();
