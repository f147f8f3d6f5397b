-- A machine that comes on to a ticket adds the words of its serial number to those that the ticket has; a number that changes lets the ticket's
-- words be cut anew (search.sql), for the old ones go.
CREATE OR REPLACE FUNCTION tickets_ticketmachine_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE public.core_search SET words = words || array_to_tsvector(public.core_search_words(NEW.serial_number, false))
            WHERE kind = 'ticket' AND row_id = NEW.ticket_id;
        IF FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM public.tickets_ticket_keep(t) FROM public.tickets_ticket t WHERE t.id = NEW.ticket_id;
    RETURN NULL;
END
$$;
