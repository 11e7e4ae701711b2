"""Sample sites to try Nevawire on: invented news of invented organisations, served on loopback.

articles ─► site ─► pages ─► server          sites as real ones are: menus, banners, traps
    └─► gold ─► check ◄─ the pipeline        what a run over them has to find, and whether it did

Every word under `sites/` was written for this folder; the people, firms and events
do not exist. Nothing here is imported by the program itself.
"""
