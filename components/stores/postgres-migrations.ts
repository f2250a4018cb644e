/**
 * What the tables of sessions become, step by step; a step that has been released is never changed. The SQL is that of
 * PostgreSQL 14.
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
];
