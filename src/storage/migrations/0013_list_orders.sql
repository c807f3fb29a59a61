-- Lists of deployments and packages in the order of a column (D-UI-03): those of many rows walk an
-- index to the page.
CREATE INDEX deployment_name ON deployment (name, id);
CREATE INDEX package_name ON package (name COLLATE NOCASE, id);
CREATE INDEX package_uploaded ON package (uploaded_at, id);
