-- What tickets and slips are found by (core/sql/search.sql). Telephone numbers and contacts are for the dealer only.
CREATE FUNCTION tickets_ticket_keep(t tickets_ticket) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.core_search_keep('ticket', t.id, t.reported_at, t.dealer_id, t.office_id, t.manufacturer_id, t.shared_with_maker,
        public.core_search_words(concat_ws(' ', t.customer_name, t.city, t.lead_name), true)
        || public.core_search_words(t.number, false) || public.core_search_words(t.model_summary, false)
        || public.core_search_words(t.fault, false)
        || public.core_search_private(concat_ws(' ', t.contact, t.reporter), true)
        || public.core_search_private(translate(t.phone, ' -', ''), false)
        || public.core_search_private(translate(t.reporter_phone, ' -', ''), false)
        || coalesce((SELECT array_agg(word) FROM public.tickets_ticketmachine m, unnest(public.core_search_words(m.serial_number, false)) AS word
                     WHERE m.ticket_id = t.id), '{}'))
$$;

CREATE FUNCTION tickets_ticket_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN PERFORM public.tickets_ticket_keep(NEW); RETURN NULL; END $$;

CREATE FUNCTION tickets_ticketmachine_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN PERFORM public.tickets_ticket_keep(t) FROM public.tickets_ticket t WHERE t.id = NEW.ticket_id; RETURN NULL; END $$;

CREATE FUNCTION tickets_slip_keep(s tickets_slip) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.core_search_keep('slip', s.id, coalesce(s.finished_at, s.created_at), s.dealer_id, s.office_id, s.manufacturer_id,
        s.shared_with_maker,
        public.core_search_words(concat_ws(' ', s.customer_name, s.technician), true) || public.core_search_words(s.number, false)
        || public.core_search_private(s.contact, true) || public.core_search_private(translate(s.phone, ' -', ''), false))
$$;

CREATE FUNCTION tickets_slip_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN PERFORM public.tickets_slip_keep(NEW); RETURN NULL; END $$;

CREATE TRIGGER ticket_words_new AFTER INSERT ON tickets_ticket FOR EACH ROW EXECUTE FUNCTION tickets_ticket_words();
CREATE TRIGGER ticket_words AFTER UPDATE ON tickets_ticket FOR EACH ROW
    WHEN ((OLD.number, OLD.customer_name, OLD.city, OLD.lead_name, OLD.model_summary, OLD.fault, OLD.contact, OLD.phone, OLD.reporter,
           OLD.reporter_phone, OLD.office_id, OLD.shared_with_maker, OLD.manufacturer_id)
        IS DISTINCT FROM (NEW.number, NEW.customer_name, NEW.city, NEW.lead_name, NEW.model_summary, NEW.fault, NEW.contact, NEW.phone,
           NEW.reporter, NEW.reporter_phone, NEW.office_id, NEW.shared_with_maker, NEW.manufacturer_id))
    EXECUTE FUNCTION tickets_ticket_words();
CREATE TRIGGER ticket_words_gone AFTER DELETE ON tickets_ticket FOR EACH ROW EXECUTE FUNCTION core_search_forget('ticket');
CREATE TRIGGER ticket_machine_words_new AFTER INSERT ON tickets_ticketmachine FOR EACH ROW
    WHEN (NEW.serial_number <> '') EXECUTE FUNCTION tickets_ticketmachine_words();
CREATE TRIGGER ticket_machine_words AFTER UPDATE ON tickets_ticketmachine FOR EACH ROW
    WHEN (OLD.serial_number <> NEW.serial_number) EXECUTE FUNCTION tickets_ticketmachine_words();
CREATE TRIGGER slip_words_new AFTER INSERT ON tickets_slip FOR EACH ROW EXECUTE FUNCTION tickets_slip_words();
CREATE TRIGGER slip_words AFTER UPDATE ON tickets_slip FOR EACH ROW
    WHEN ((OLD.number, OLD.customer_name, OLD.technician, OLD.contact, OLD.phone, OLD.finished_at, OLD.office_id, OLD.shared_with_maker)
        IS DISTINCT FROM (NEW.number, NEW.customer_name, NEW.technician, NEW.contact, NEW.phone, NEW.finished_at, NEW.office_id,
           NEW.shared_with_maker))
    EXECUTE FUNCTION tickets_slip_words();
CREATE TRIGGER slip_words_gone AFTER DELETE ON tickets_slip FOR EACH ROW EXECUTE FUNCTION core_search_forget('slip');

REVOKE ALL ON FUNCTION tickets_ticket_keep(tickets_ticket), tickets_slip_keep(tickets_slip) FROM PUBLIC;
SELECT public.tickets_ticket_keep(t) FROM tickets_ticket t;
SELECT public.tickets_slip_keep(s) FROM tickets_slip s;
