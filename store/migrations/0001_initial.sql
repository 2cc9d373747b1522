-- No foreign keys: a row that a crash left without its run is evidence of that crash and is kept.
-- Text columns take BLOBs too, where a text holds lone surrogates (store/tables.py).
-- The tables that may hold large values are rowid tables: WITHOUT ROWID would keep those in the b-tree's inner pages.

PRAGMA application_id = 1396860257; -- "SBea": tells this file from other SQLite databases

CREATE TABLE schema_migrations (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at TEXT NOT NULL
);

CREATE TABLE runtimes (
  key TEXT NOT NULL PRIMARY KEY,
  adapter_type TEXT NOT NULL,
  title TEXT NOT NULL,
  experimental INTEGER NOT NULL,
  definition_json TEXT NOT NULL,
  seen_at TEXT NOT NULL
);

CREATE TABLE agents (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  runtime_key TEXT NOT NULL,
  adapter_type TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE issues (
  id TEXT NOT NULL PRIMARY KEY,
  identifier TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  status TEXT NOT NULL,
  assignee_agent_id TEXT,
  checkout_run_id TEXT,
  execution_run_id TEXT,
  scenario TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE comments (
  id TEXT NOT NULL PRIMARY KEY,
  issue_id TEXT NOT NULL,
  run_id TEXT,
  author_kind TEXT NOT NULL,
  author TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX comments_by_issue ON comments (issue_id, created_at);

CREATE TABLE launches (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  scenario TEXT NOT NULL,
  script_sha256 TEXT NOT NULL,
  bridge_mode TEXT NOT NULL,
  model_mode TEXT NOT NULL,
  started_at TEXT NOT NULL
);
CREATE INDEX launches_by_start ON launches (started_at);

CREATE TABLE runs (
  id TEXT NOT NULL PRIMARY KEY,
  launch_id TEXT NOT NULL,
  lane_index INTEGER NOT NULL,
  runtime_key TEXT NOT NULL,
  adapter_type TEXT NOT NULL,
  experimental INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  issue_id TEXT NOT NULL,
  task_key TEXT NOT NULL,
  scenario TEXT NOT NULL,
  beat_index INTEGER NOT NULL,
  status TEXT NOT NULL,
  wake_reason TEXT NOT NULL,
  bridge_mode TEXT NOT NULL,
  model_mode TEXT NOT NULL,
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT,
  console_pid INTEGER NOT NULL,
  console_started_at_epoch REAL NOT NULL,
  execution_root TEXT,
  root_kind TEXT,
  session_before_json TEXT,
  session_after_json TEXT,
  fresh_session_reason TEXT,
  upstream_status TEXT,
  observed_status TEXT,
  outcome_reason TEXT,
  exit_code INTEGER,
  signal TEXT,
  timed_out INTEGER NOT NULL,
  error_message TEXT,
  error_code TEXT,
  error_family TEXT,
  summary TEXT,
  usage_json TEXT,
  result_json TEXT,
  invocation_json TEXT,
  provenance_json TEXT,
  expectations_json TEXT,
  log_bytes INTEGER NOT NULL,
  log_sha256 TEXT
);
CREATE INDEX runs_by_creation ON runs (created_at);
CREATE INDEX runs_by_launch ON runs (launch_id, lane_index);
CREATE INDEX runs_by_issue ON runs (issue_id, created_at);
CREATE INDEX runs_by_scenario ON runs (scenario, created_at);
CREATE INDEX runs_by_runtime ON runs (runtime_key, created_at);
CREATE INDEX runs_unfinished ON runs (created_at) WHERE status IN ('queued', 'running');

CREATE TABLE log_chunks (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  ts TEXT NOT NULL,
  stream TEXT NOT NULL,
  chunk BLOB NOT NULL,
  PRIMARY KEY (run_id, seq)
);

CREATE TABLE transcript_entries (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at_ms REAL NOT NULL,
  log_seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  entry_json TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
);

CREATE TABLE transcript_rows (
  run_id TEXT NOT NULL,
  row_no INTEGER NOT NULL,
  at_ms REAL NOT NULL,
  kind TEXT NOT NULL,
  tool TEXT,
  tool_use_id TEXT,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  is_error INTEGER NOT NULL,
  entry_seq INTEGER NOT NULL,
  request_index INTEGER,
  closed INTEGER NOT NULL,
  PRIMARY KEY (run_id, row_no)
);

CREATE TABLE model_requests (
  run_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  at_ms REAL NOT NULL,
  received_at TEXT NOT NULL,
  duration_ms REAL,
  path TEXT NOT NULL,
  body_bytes INTEGER NOT NULL,
  message_count INTEGER NOT NULL,
  message_roles_json TEXT NOT NULL,
  role_sequence_sha256 TEXT NOT NULL,
  input_tokens INTEGER,
  output_tokens INTEGER,
  status INTEGER,
  auxiliary INTEGER NOT NULL,
  off_script INTEGER NOT NULL,
  turn_index INTEGER,
  response_kind TEXT,
  body BLOB NOT NULL, -- zlib; last, so that reading the other columns does not walk its overflow pages
  PRIMARY KEY (run_id, ordinal)
);

CREATE TABLE process_samples (
  run_id TEXT NOT NULL,
  at_ms REAL NOT NULL,
  process_count INTEGER NOT NULL,
  rss_bytes INTEGER NOT NULL,
  cpu_seconds REAL NOT NULL,
  PRIMARY KEY (run_id, at_ms)
) WITHOUT ROWID;

CREATE TABLE sessions (
  agent_id TEXT NOT NULL,
  adapter_type TEXT NOT NULL,
  task_key TEXT NOT NULL,
  session_params_json TEXT,
  session_display_id TEXT,
  last_run_id TEXT,
  last_error TEXT,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (agent_id, adapter_type, task_key)
);

CREATE TABLE session_events (
  event_no INTEGER PRIMARY KEY, -- the order of arrival: two events may share a millisecond
  id TEXT NOT NULL UNIQUE,
  agent_id TEXT NOT NULL,
  adapter_type TEXT NOT NULL,
  task_key TEXT NOT NULL,
  run_id TEXT,
  at TEXT NOT NULL,
  action TEXT NOT NULL,
  reason TEXT NOT NULL,
  session_params_json TEXT,
  session_display_id TEXT
);
CREATE INDEX session_events_by_session ON session_events (agent_id, adapter_type, task_key);

CREATE TABLE metrics (
  run_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value REAL NOT NULL,
  unit TEXT NOT NULL,
  PRIMARY KEY (run_id, name)
) WITHOUT ROWID;

CREATE TABLE processes (
  pid INTEGER NOT NULL,
  started_at_epoch REAL NOT NULL,
  role TEXT NOT NULL,
  run_id TEXT,
  process_group_id INTEGER,
  console_pid INTEGER NOT NULL,
  console_started_at_epoch REAL NOT NULL,
  recorded_at TEXT NOT NULL,
  ended_at TEXT,
  PRIMARY KEY (pid, started_at_epoch)
) WITHOUT ROWID;
CREATE INDEX processes_live ON processes (recorded_at) WHERE ended_at IS NULL;

CREATE TABLE criteria (
  id TEXT NOT NULL PRIMARY KEY,
  phase TEXT NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  position INTEGER NOT NULL
);

CREATE TABLE answers (
  id TEXT NOT NULL PRIMARY KEY,
  subject_id TEXT NOT NULL,
  body TEXT NOT NULL,
  author TEXT NOT NULL,
  written_at TEXT NOT NULL
);
CREATE INDEX answers_by_subject ON answers (subject_id, written_at);

CREATE TABLE evidence (
  id TEXT NOT NULL PRIMARY KEY,
  criterion_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  statement TEXT NOT NULL,
  run_id TEXT,
  recorded_at TEXT NOT NULL
);
CREATE INDEX evidence_by_criterion ON evidence (criterion_id, recorded_at);

CREATE TABLE signoffs (
  id TEXT NOT NULL PRIMARY KEY,
  subject_id TEXT NOT NULL,
  decision TEXT NOT NULL,
  statement TEXT NOT NULL,
  signed_by TEXT NOT NULL,
  signed_at TEXT NOT NULL
);
CREATE INDEX signoffs_by_subject ON signoffs (subject_id, signed_at);
