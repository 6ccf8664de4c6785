CREATE TABLE IF NOT EXISTS orders (
    number       VARCHAR(100) PRIMARY KEY,
    site         VARCHAR(100) NOT NULL,
    state        VARCHAR(20) NOT NULL,
    request_ids  VARCHAR(100) ARRAY NOT NULL, -- the last one is that of the content as it is now
    placed       CHARACTER LARGE OBJECT NOT NULL, -- as the order came first
    content      CHARACTER LARGE OBJECT NOT NULL, -- with what was answered since
    heard        BOOLEAN NOT NULL, -- whether the last request was answered
    case_name    VARCHAR(100),
    case_version INTEGER NOT NULL, -- of the last answer; 0 before the first
    told         INTEGER NOT NULL, -- the highest version that a webhook told of
    e_cert_id    VARCHAR(200),
    answer       CHARACTER LARGE OBJECT NOT NULL,
    receipt      BINARY LARGE OBJECT,
    due          TIMESTAMP(3) WITH TIME ZONE -- when to look after it; null where nobody has to
);
CREATE INDEX IF NOT EXISTS orders_due ON orders (due);
CREATE TABLE IF NOT EXISTS webhooks (
    id   VARCHAR(200) PRIMARY KEY,
    came TIMESTAMP(3) WITH TIME ZONE NOT NULL
);
