-- When an API key was last used: noted every few minutes, not with each request.

alter table api_key add column last_used_at timestamptz;
