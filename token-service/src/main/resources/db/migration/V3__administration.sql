-- The scopes clients may be given. Those the platform's own services look for cannot be removed.
create table scope (
  name        varchar(64)  not null primary key,
  description varchar(256) not null,
  built_in    boolean      not null,
  version     bigint       not null
);

insert into scope (name, description, built_in, version) values
  ('llm:invoke', 'Ask models.', true, 1),
  ('llm:delegate', 'Speak to relays for callers; platform services only.', true, 1),
  ('topic:publish', 'Write live topics.', true, 1),
  ('topic:subscribe', 'Read live topics.', true, 1),
  ('redaction:analyze', 'Find personal data in texts.', true, 1),
  ('redaction:redact', 'Replace personal data in texts.', true, 1),
  ('redaction:restore', 'Put personal data back.', true, 1),
  ('audit:read', 'Read the audit log.', true, 1),
  ('token:introspect', 'Ask whether tokens for its audiences are active.', true, 1),
  ('admin:read', 'See what is administered.', true, 1),
  ('admin:clients', 'Change clients, scopes and issuers.', true, 1),
  ('admin:policies', 'Publish policies, roles and budgets.', true, 1),
  ('admin:revoke', 'Take back trust.', true, 1),
  ('admin:approve', 'Decide on changes of others.', true, 1),
  ('admin:keys', 'Rotate keys.', true, 1);

-- The versions of the policy set; the highest is in force. They are kept: a decision is explained by the version it
-- was made under.
create table policy_version (
  epoch         bigint         not null primary key,
  minimum_epoch bigint         not null,
  document      varchar(262144) not null,
  author        varchar(256)   not null,
  published_at  timestamp(3) with time zone not null
);

-- Foreign issuers whose tokens may be exchanged.
create table foreign_issuer (
  name       varchar(64)    not null primary key,
  issuer     varchar(256)   not null unique,
  document   varchar(65536) not null,
  version    bigint         not null,
  updated_at timestamp(3) with time zone not null
);

-- What was taken back, until no token that it could concern is in time any more.
create table revocation (
  id         varchar(32)  not null primary key,
  kind       varchar(16)  not null,
  target     varchar(512) not null,
  revoked_at timestamp(3) with time zone not null,
  forget_at  timestamp(3) with time zone not null,
  reason     varchar(64)  not null,
  actor      varchar(256) not null
);

create index revocation_target on revocation (kind, target);
create index revocation_expiry on revocation (forget_at);

-- Changes that wait for a second person, and what became of them.
create table approval (
  id            varchar(32)     not null primary key,
  kind          varchar(32)     not null,
  resource_id   varchar(128)    not null,
  expected      bigint          not null,
  document      varchar(300000) not null,
  client        varchar(64)     not null,
  subject       varchar(256)    not null,
  state         varchar(16)     not null,
  requested_at  timestamp(3) with time zone not null,
  expires_at    timestamp(3) with time zone not null,
  decided_by    varchar(330),
  decided_at    timestamp(3) with time zone
);

create index approval_state on approval (state, expires_at);

-- Answers to repeatable requests, for a day.
create table idempotency (
  digest     varchar(64)  not null primary key,
  request    varchar(64)  not null,
  status     integer,
  answer     varchar(65536),
  version    bigint,
  expires_at timestamp(3) with time zone not null
);

create index idempotency_expiry on idempotency (expires_at);

-- Incidents that were contained, so that one is contained once.
create table containment (
  incident   varchar(64)  not null primary key,
  expires_at timestamp(3) with time zone not null
);

-- One row: rises with every revocation and policy, so that replicas know when to read again.
create table trust_changes (
  only_row smallint not null primary key check (only_row = 1),
  changes  bigint   not null
);

insert into trust_changes (only_row, changes) values (1, 1);
