/**
 * What the tables of sessions and budgets become, step by step; a step that has been released is never changed. The SQL is that
 * of PostgreSQL 14.
 *
 * Rows of a day are made before any is locked, and locked in one order: else two that make them at once wait for each other.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE pipewright.sessions (
    session uuid PRIMARY KEY,
    epoch integer NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE pipewright.pieces (
    day date NOT NULL,
    session uuid NOT NULL,
    epoch integer NOT NULL,
    piece integer NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (day, session, epoch, piece)
  ) PARTITION BY RANGE (day);
  CREATE INDEX pieces_session ON pipewright.pieces (session, epoch, piece);
  ALTER TABLE pipewright.pieces ALTER COLUMN bytes SET STORAGE EXTERNAL`,
  `CREATE TABLE pipewright.day_sums (
    day date NOT NULL,
    project text NOT NULL,
    agent text NOT NULL,
    pico_usd numeric(30) NOT NULL DEFAULT 0,
    tokens numeric(30) NOT NULL DEFAULT 0,
    PRIMARY KEY (day, project, agent)
  );
  COMMENT ON TABLE pipewright.day_sums IS 'Spent and reserved in a day of UTC; the row without an agent is of the whole project.';
  CREATE TABLE pipewright.reservations (
    day date NOT NULL,
    session uuid NOT NULL,
    sequence bigint NOT NULL,
    attempt integer NOT NULL,
    epoch integer NOT NULL,
    project text NOT NULL,
    agent text NOT NULL,
    pico_usd numeric(30) NOT NULL CHECK (pico_usd >= 0),
    tokens numeric(30) NOT NULL CHECK (tokens >= 0),
    begun boolean NOT NULL DEFAULT false,
    settled_pico_usd numeric(30) CHECK (settled_pico_usd >= 0),
    settled_tokens numeric(30) CHECK (settled_tokens >= 0),
    PRIMARY KEY (day, session, sequence, attempt)
  );
  CREATE FUNCTION pipewright.lock_day(of_day date, of_project text, of_agent text) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    found_rows integer;
  BEGIN
    LOOP
      IF (SELECT count(*) FROM pipewright.day_sums s
          WHERE s.day = of_day AND s.project = of_project AND s.agent IN ('', of_agent)) < 2 THEN
        INSERT INTO pipewright.day_sums (day, project, agent) VALUES (of_day, of_project, ''), (of_day, of_project, of_agent)
          ON CONFLICT DO NOTHING;
      END IF;
      PERFORM FROM pipewright.day_sums s WHERE s.day = of_day AND s.project = of_project AND s.agent IN ('', of_agent)
        ORDER BY s.agent FOR UPDATE;
      GET DIAGNOSTICS found_rows = ROW_COUNT;
      EXIT WHEN found_rows = 2;
    END LOOP;
  END $$;
  CREATE FUNCTION pipewright.add_to_day(of_day date, of_project text, of_agent text, more_pico_usd numeric, more_tokens numeric)
  RETURNS void LANGUAGE sql AS $$
    UPDATE pipewright.day_sums SET pico_usd = pico_usd + more_pico_usd, tokens = tokens + more_tokens
      WHERE day = of_day AND project = of_project AND agent IN ('', of_agent)
  $$;
  CREATE FUNCTION pipewright.reserve(
    of_session uuid, of_epoch integer, of_sequence bigint, of_project text, of_agent text,
    need_pico_usd numeric, need_tokens numeric,
    agent_pico_usd numeric, agent_tokens numeric, project_pico_usd numeric, project_tokens numeric
  ) RETURNS TABLE (on_day text, number integer, refused_by text, unit text, spent numeric) LANGUAGE plpgsql AS $$
  DECLARE
    today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
    earlier pipewright.reservations;
    more_pico_usd numeric := need_pico_usd;
    more_tokens numeric := need_tokens;
  BEGIN
    PERFORM pipewright.lock_day(today, of_project, of_agent);
    on_day := to_char(today, 'YYYY-MM-DD');
    SELECT * INTO earlier FROM pipewright.reservations r
      WHERE r.day = today AND r.session = of_session AND r.sequence = of_sequence ORDER BY r.attempt DESC LIMIT 1;
    number := coalesce(earlier.attempt, 0) + 1;
    IF earlier.begun IS FALSE THEN
      number := earlier.attempt;
      more_pico_usd := need_pico_usd - earlier.pico_usd;
      more_tokens := need_tokens - earlier.tokens;
    END IF;
    SELECT b.whose, b.what, b.has + b.more - b.need INTO refused_by, unit, spent
      FROM pipewright.day_sums s, LATERAL (VALUES
        ('agent', 'costPicoUsd', s.pico_usd, more_pico_usd, need_pico_usd, agent_pico_usd),
        ('agent', 'tokens', s.tokens, more_tokens, need_tokens, agent_tokens),
        ('project', 'costPicoUsd', s.pico_usd, more_pico_usd, need_pico_usd, project_pico_usd),
        ('project', 'tokens', s.tokens, more_tokens, need_tokens, project_tokens)
      ) AS b (whose, what, has, more, need, most)
      WHERE s.day = today AND s.project = of_project
        AND s.agent = CASE b.whose WHEN 'agent' THEN of_agent ELSE '' END
        AND b.has + b.more > b.most
      LIMIT 1;
    IF refused_by IS NOT NULL THEN
      RETURN NEXT;
      RETURN;
    END IF;
    INSERT INTO pipewright.reservations AS r (day, session, sequence, attempt, epoch, project, agent, pico_usd, tokens)
      VALUES (today, of_session, of_sequence, number, of_epoch, of_project, of_agent, need_pico_usd, need_tokens)
      ON CONFLICT ON CONSTRAINT reservations_pkey DO UPDATE
        SET epoch = of_epoch, pico_usd = need_pico_usd, tokens = need_tokens;
    PERFORM pipewright.add_to_day(today, of_project, of_agent, more_pico_usd, more_tokens);
    RETURN NEXT;
  END $$;
  CREATE FUNCTION pipewright.settle(
    of_day date, of_session uuid, of_sequence bigint, of_attempt integer, took_pico_usd numeric, took_tokens numeric
  ) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    row pipewright.reservations;
  BEGIN
    SELECT * INTO row FROM pipewright.reservations r
      WHERE r.day = of_day AND r.session = of_session AND r.sequence = of_sequence AND r.attempt = of_attempt;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    PERFORM pipewright.lock_day(of_day, row.project, row.agent);
    UPDATE pipewright.reservations r SET settled_pico_usd = took_pico_usd, settled_tokens = took_tokens
      WHERE r.day = of_day AND r.session = of_session AND r.sequence = of_sequence AND r.attempt = of_attempt
        AND r.settled_pico_usd IS NULL;
    IF FOUND THEN
      PERFORM pipewright.add_to_day(
        of_day, row.project, row.agent, took_pico_usd - row.pico_usd, took_tokens - row.tokens);
    END IF;
    RETURN true;
  END $$`,
];
