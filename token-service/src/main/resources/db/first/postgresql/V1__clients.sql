-- As the one for H2, without a table of its first release that V2 drops.
create table client (
  client_id   varchar(64)  not null primary key,
  tenant      varchar(64)  not null,
  auth_method varchar(32)  not null,
  jwks        varchar(8192),
  updated_at  timestamp(3) with time zone not null,
  constraint client_keys check ((auth_method = 'private_key_jwt') = (jwks is not null))
);

create table client_scope (
  client_id varchar(64) not null references client (client_id) on delete cascade,
  scope     varchar(64) not null,
  primary key (client_id, scope)
);

create table client_audience (
  client_id varchar(64)  not null references client (client_id) on delete cascade,
  audience  varchar(128) not null,
  primary key (client_id, audience)
);
