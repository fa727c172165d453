-- One row changes when the step is later than any used before, none otherwise.
INSERT INTO accounts_spentcode (user_id, time_step) VALUES (%(user)s, %(step)s)
ON CONFLICT (user_id) DO UPDATE SET time_step = EXCLUDED.time_step
WHERE accounts_spentcode.time_step < EXCLUDED.time_step
