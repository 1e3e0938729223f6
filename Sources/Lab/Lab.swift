/// Real systemd hosts in network namespaces.
public enum Lab {}
