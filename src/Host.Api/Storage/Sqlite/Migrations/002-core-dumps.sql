ALTER TABLE modules ADD COLUMN core_dumps INTEGER; -- 1 or 0; NULL as the service's settings say
