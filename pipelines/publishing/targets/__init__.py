"""Where a publication goes besides the data home: folders and shares, S3-compatible stores, hosts over SSH.

`address` reads what the configuration says, `layout` what lies on a target, `folder`, `s3` and `ssh` put it there,
`deliver` decides what goes where, tries again and remembers how it ended. What is published belongs elsewhere.
"""
