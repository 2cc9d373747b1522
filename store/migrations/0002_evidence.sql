-- What turns runs into evidence: what the model said, what each beat resumed, experiments, chains, measurements.

ALTER TABLE process_samples ADD COLUMN pss_bytes INTEGER; -- NULL where the system does not tell
ALTER TABLE runs ADD COLUMN prompt TEXT;
ALTER TABLE runs ADD COLUMN canaries_json TEXT;

CREATE TABLE model_replies (
  run_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  branch TEXT NOT NULL,
  text TEXT NOT NULL,
  thinking TEXT NOT NULL,
  tool_calls_json TEXT NOT NULL,
  PRIMARY KEY (run_id, ordinal)
);

CREATE TABLE resume_verdicts (
  run_id TEXT NOT NULL PRIMARY KEY,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  previous_run_id TEXT NOT NULL,
  message_count INTEGER NOT NULL,
  previous_message_count INTEGER NOT NULL,
  role_sequence_sha256 TEXT,
  common_prefix_messages INTEGER NOT NULL,
  kept_messages INTEGER NOT NULL,
  added_bytes INTEGER NOT NULL,
  added_tokens INTEGER NOT NULL,
  canaries_json TEXT NOT NULL,
  compaction TEXT,
  judged_at TEXT NOT NULL
);

CREATE TABLE experiments (
  id TEXT NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  scenarios_json TEXT NOT NULL,
  runtime_keys_json TEXT NOT NULL,
  temperature TEXT NOT NULL,
  seed INTEGER NOT NULL,
  warmup_pairs INTEGER NOT NULL,
  min_pairs INTEGER NOT NULL,
  max_pairs INTEGER NOT NULL,
  stops_when_settled INTEGER NOT NULL,
  time_limit_s REAL NOT NULL,
  state TEXT NOT NULL,
  state_reason TEXT,
  self_check_id TEXT,
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT,
  provenance_json TEXT,
  console_pid INTEGER NOT NULL,
  console_started_at_epoch REAL NOT NULL
);

CREATE TABLE experiment_margins (
  experiment_id TEXT NOT NULL,
  metric TEXT NOT NULL,
  revision INTEGER NOT NULL,
  margin_ratio REAL NOT NULL,
  is_primary INTEGER NOT NULL,
  set_at TEXT NOT NULL,
  finished_pairs_then INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (experiment_id, metric, revision)
) WITHOUT ROWID;

CREATE TABLE trials (
  experiment_id TEXT NOT NULL,
  pair_no INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  arm_index INTEGER NOT NULL,
  position INTEGER NOT NULL,
  scenario TEXT NOT NULL,
  runtime_key TEXT NOT NULL,
  is_warmup INTEGER NOT NULL,
  state TEXT NOT NULL,
  issue_id TEXT,
  run_ids_json TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT,
  PRIMARY KEY (experiment_id, pair_no, attempt, arm_index)
);

CREATE TABLE chains (
  id TEXT NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  scenario TEXT NOT NULL,
  runtime_keys_json TEXT NOT NULL,
  bridge_mode TEXT NOT NULL,
  plan TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE chain_steps (
  chain_id TEXT NOT NULL,
  step_no INTEGER NOT NULL,
  lane_index INTEGER NOT NULL,
  action TEXT NOT NULL,
  state TEXT NOT NULL,
  statement TEXT NOT NULL,
  run_id TEXT,
  issue_id TEXT,
  before_json TEXT,
  after_json TEXT,
  at TEXT NOT NULL,
  PRIMARY KEY (chain_id, step_no)
);
CREATE INDEX chain_steps_by_run ON chain_steps (run_id);

CREATE TABLE measurements (
  id TEXT NOT NULL PRIMARY KEY,
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  value REAL NOT NULL,
  unit TEXT NOT NULL,
  sample_count INTEGER NOT NULL,
  samples_json TEXT,
  statement TEXT NOT NULL,
  detail_json TEXT,
  provenance_json TEXT NOT NULL,
  measured_at TEXT NOT NULL
);
CREATE INDEX measurements_by_name ON measurements (subject, name, measured_at);
