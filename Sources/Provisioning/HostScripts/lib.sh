hp_version=1
