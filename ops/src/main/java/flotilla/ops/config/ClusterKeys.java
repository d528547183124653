package flotilla.ops.config;

import flotilla.cluster.ClusterSettings;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.ClusterSettings.Protection;
import flotilla.cluster.ClusterSettings.TlsFiles;
import flotilla.cluster.FailureDetection;
import flotilla.cluster.LeaseTimes;
import flotilla.cluster.Seeds;
import flotilla.cluster.protection.ClusterKey;
import flotilla.cluster.protection.NodeTls;
import flotilla.node.WireTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of the cluster and of the accounts' database. */
final class ClusterKeys {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TENTH = Duration.ofMillis(100);
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}";
    private static final String NAME_RULE = "must be letters, digits, '.', '_' and '-', not ";
    private static final String LEASE_WAIT = "flotilla.cluster.lease.wait";
    private static final String BIND = "flotilla.cluster.bind";
    private static final String CA = "flotilla.cluster.tls.ca";
    private static final String KEY_FILE = "flotilla.cluster.key-file";
    private static final String URL = "flotilla.users.jdbc-url";
    private static final List<String> ROLES = List.of("edge", "worker");

    private final Keys keys;
    private final Path dataDir;
    private final List<Integer> passivePorts;

    ClusterKeys(Keys keys, Path dataDir, List<Integer> passivePorts) {
        this.keys = keys;
        this.dataDir = dataDir;
        this.passivePorts = passivePorts;
    }

    ClusterSettings read() {
        String name = keys.text("flotilla.node.name");
        if (!name.matches(NAME)) {
            keys.note("flotilla.node.name", NAME_RULE + name);
        }
        String version = ClusterKeys.class.getPackage().getImplementationVersion();
        InetAddress bind = bind();
        Seeds seeds = seeds();
        Protection protection = protection();
        checkProtection(bind, seeds, protection);
        return new ClusterSettings(
                new ClusterSettings.Self(name, roles(), version == null ? "0.1.0" : version),
                new ClusterSettings.Network(
                        bind.getHostAddress(),
                        keys.number("flotilla.cluster.port", 0, 65535),
                        keys.number("flotilla.cluster.hazelcast-port", 0, 65535),
                        seeds,
                        keys.choice("flotilla.cluster.failure-detection", FailureDetection.class),
                        protection),
                new ClusterSettings.Shared(
                        keys.number("flotilla.cluster.partitions", 71, 20_000),
                        passivePorts,
                        keys.duration("flotilla.tls.ticket-rotation", Duration.ofMinutes(1)),
                        keys.number("flotilla.login.max-bans", 1000, 10_000_000),
                        keys.number("flotilla.login.max-kept-bans", 0, 100_000),
                        WireTable.types()),
                new ClusterSettings.Operations(
                        keys.duration("flotilla.limits.operation-timeout", SECOND),
                        keys.duration("flotilla.limits.operation-patience", SECOND)),
                database(seeds),
                leases());
    }

    private LeaseTimes leases() {
        String name = keys.text("flotilla.cluster.name");
        if (!name.matches(NAME)) {
            keys.note("flotilla.cluster.name", NAME_RULE + name);
        }
        Duration renew = keys.duration("flotilla.cluster.lease.renew", TENTH);
        Duration wait = keys.duration(LEASE_WAIT, TENTH);
        if (wait.compareTo(renew.multipliedBy(3)) < 0) {
            keys.note(LEASE_WAIT, "must be at least three times flotilla.cluster.lease.renew");
        }
        return new LeaseTimes(name, renew, wait);
    }

    private List<String> roles() {
        List<String> roles = keys.texts("flotilla.node.roles");
        if (roles.isEmpty() || !ROLES.containsAll(roles)) {
            keys.note("flotilla.node.roles", "must be edge, worker or both, not " + roles);
        }
        return roles;
    }

    private InetAddress bind() {
        try {
            InetAddress bind = InetAddress.getByName(keys.text(BIND));
            if (bind.isAnyLocalAddress()) {
                keys.note(BIND, "must be one address of this machine, which other nodes can reach");
            }
            return bind;
        } catch (UnknownHostException e) {
            keys.note(BIND, "is not an address: " + keys.text(BIND));
            return InetAddress.getLoopbackAddress();
        }
    }

    private Seeds seeds() {
        List<String> nodes = keys.texts("flotilla.cluster.seeds");
        String dns = keys.text("flotilla.cluster.seeds-dns");
        Path file = file("flotilla.cluster.seeds-file");
        List<String> given = new ArrayList<>(nodes);
        if (!dns.isEmpty()) {
            given.add(dns);
        }
        given.stream()
                .filter(seed -> !Seeds.isEndpoint(seed))
                .forEach(seed -> keys.note(
                        nodes.contains(seed) ? "flotilla.cluster.seeds" : "flotilla.cluster.seeds-dns",
                        "must be host:port, not " + seed));
        if ((nodes.isEmpty() ? 0 : 1) + (dns.isEmpty() ? 0 : 1) + (file == null ? 0 : 1) > 1) {
            keys.note("flotilla.cluster.seeds", "seeds-dns and seeds-file: only one of them may be set");
        }
        if ((!nodes.isEmpty() || !dns.isEmpty() || file != null)
                && keys.number("flotilla.cluster.port", 0, 65535) == 0) {
            keys.note("flotilla.cluster.port", "must be set when there are seeds");
        }
        return new Seeds(
                nodes,
                dns,
                file,
                keys.number("flotilla.cluster.seeds-at-least", 1, 1000),
                keys.number("flotilla.cluster.seeds-stable", 1, 1000),
                keys.duration("flotilla.cluster.seeds-interval", TENTH),
                keys.duration("flotilla.cluster.first-patience", SECOND),
                keys.duration("flotilla.cluster.join-timeout", SECOND));
    }

    private Protection protection() {
        Path ca = readable(CA);
        Path certificate = readable("flotilla.cluster.tls.certificate");
        Path privateKey = readable("flotilla.cluster.tls.private-key");
        return new Protection(
                tls(ca, certificate, privateKey),
                keyFile(),
                keys.duration("flotilla.cluster.tls.handshake-timeout", TENTH),
                keys.number("flotilla.cluster.tls.max-handshakes", 4, 10_000));
    }

    private @Nullable TlsFiles tls(@Nullable Path ca, @Nullable Path certificate, @Nullable Path privateKey) {
        if (ca == null && certificate == null && privateKey == null) {
            return null;
        }
        if (ca == null || certificate == null || privateKey == null) {
            keys.note(CA, "certificate and private-key must be set together");
            return null;
        }
        TlsFiles files = new TlsFiles(ca, certificate, privateKey);
        try {
            NodeTls.of(files);
        } catch (IllegalStateException e) {
            keys.note("flotilla.cluster.tls.certificate", String.valueOf(e.getMessage()));
        }
        return files;
    }

    private @Nullable Path keyFile() {
        Path file = readable(KEY_FILE);
        if (file != null && Files.isReadable(file)) {
            try {
                ClusterKey.read(file);
            } catch (IOException e) {
                keys.note(KEY_FILE, String.valueOf(e.getMessage()));
            }
        }
        return file;
    }

    private @Nullable Path file(String key) {
        String text = keys.text(key);
        return text.isEmpty() ? null : Path.of(text).toAbsolutePath().normalize();
    }

    private @Nullable Path readable(String key) {
        Path file = file(key);
        if (file != null && !Files.isReadable(file)) {
            keys.note(key, "cannot be read: " + file);
        }
        return file;
    }

    private void checkProtection(InetAddress bind, Seeds seeds, Protection protection) {
        if (!seeds.isEmpty() && protection.tls() == null) {
            keys.note(
                    CA,
                    "is needed when there are seeds, with certificate and private-key: nodes know each other by certificates,"
                            + " on one machine, too (flotilla cert cluster-ca, flotilla cert node)");
        }
        if (!seeds.isEmpty() && !bind.isLoopbackAddress() && protection.keyFile() == null) {
            keys.note(KEY_FILE, "is needed when nodes talk over a network (flotilla cert cluster-key)");
        }
        if (!PrivateNetworks.contains(bind) && !keys.flag("flotilla.cluster.accept-public-address")) {
            keys.note(
                    BIND,
                    bind.getHostAddress()
                            + " can be reached from everywhere, and ports between nodes are for nodes alone: use a private address,"
                            + " or accept it with flotilla.cluster.accept-public-address = true");
        }
    }

    private Database database(Seeds seeds) {
        Database database = accounts();
        if (!seeds.isEmpty() && !database.isShared()) {
            keys.note(
                    URL,
                    "must name a database that all nodes share (jdbc:postgresql:, jdbc:h2:tcp:, or an H2 file with ;AUTO_SERVER=TRUE)");
        }
        return database;
    }

    /** Returns the database of accounts, whatever the other keys say. */
    Database accounts() {
        String url = keys.text(URL);
        int connections = keys.number("flotilla.users.max-connections", 1, 64);
        int cached = keys.number("flotilla.users.max-cached", 100, 10_000_000);
        if (!url.isEmpty() && !url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:postgresql:")) {
            keys.note(URL, "must begin with jdbc:h2: or jdbc:postgresql:");
        }
        String chosen = url.isEmpty() ? Database.embedded(dataDir).jdbcUrl() : url;
        return new Database(
                chosen,
                connections,
                cached,
                keys.duration("flotilla.users.timeout", TENTH),
                keys.duration("flotilla.users.stale-for", SECOND));
    }
}
