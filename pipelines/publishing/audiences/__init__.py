"""Publications for those who may see only some projects: what each gets is filtered before anything of it is written.

`rules` says for each published table which rows an audience gets, `filtering` makes the snapshot, `publish` makes
the publication: snapshot, site and targets of its own. What is published to all belongs elsewhere.
"""
