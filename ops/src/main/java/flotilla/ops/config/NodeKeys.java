package flotilla.ops.config;

import flotilla.node.NodeSettings;
import flotilla.node.NodeSettings.DrainSettings;
import flotilla.node.NodeSettings.ListingSettings;
import flotilla.node.NodeSettings.PasswordSettings;
import flotilla.node.NodeSettings.Placement;
import flotilla.node.NodeSettings.RecountSettings;
import flotilla.node.NodeSettings.StorageSettings;
import flotilla.node.auth.LoginSettings;
import flotilla.node.auth.LoginSettings.BanSettings;
import flotilla.node.command.Policy;
import flotilla.node.control.ControlSettings;
import flotilla.node.data.DataSettings;
import flotilla.node.data.Rates;
import flotilla.node.protocol.Network;
import flotilla.node.protocol.Proxy;
import flotilla.node.session.AnnouncedAddress;
import flotilla.node.session.SessionSettings;
import flotilla.node.transfer.TransferOrder.SessionReuse;
import flotilla.storage.StoreSettings;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The keys of a node. */
final class NodeKeys {
    private static final long MOST_RATE = 1L << 50;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MANY = 10_000_000;

    private final Keys keys;
    private final Path dataDir;
    private final TlsKeys tls;

    NodeKeys(Keys keys, Path dataDir, CertificateKeys certificates) {
        this.keys = keys;
        this.dataDir = dataDir;
        this.tls = new TlsKeys(keys, certificates);
    }

    NodeSettings read() {
        List<InetAddress> bind = keys.addresses("flotilla.listeners.bind");
        StoreKeys stores = new StoreKeys(keys, dataDir);
        List<StoreSettings> places = stores.read();
        return new NodeSettings(
                new StorageSettings(
                        stores.root(),
                        stores.standard(),
                        places,
                        keys.bytes("flotilla.storage.s3.buffers", 32 << 20, 1L << 40),
                        keys.duration("flotilla.storage.parts-age", SECOND),
                        keys.number("flotilla.limits.storage-threads", 1, 1024),
                        keys.number("flotilla.limits.storage-queue", 1, MANY)),
                control(bind),
                data(bind),
                session(),
                login(),
                new PasswordSettings(
                        keys.number("flotilla.login.hash-threads", 1, 256),
                        keys.number("flotilla.login.hash-queue", 1, MANY),
                        keys.number("flotilla.login.remembered", 0, MANY),
                        keys.duration("flotilla.login.remembered-for", Duration.ZERO)),
                tls.read(),
                keys.number("flotilla.limits.max-digests", 1, 1000),
                new ListingSettings(
                        keys.bytes("flotilla.limits.listing-memory", 1 << 20, 1L << 40),
                        keys.duration("flotilla.limits.listing-patience", Duration.ZERO),
                        new ProtocolKeys(keys).listTimeZone(),
                        keys.number("flotilla.limits.recursion-depth", 1, 127),
                        keys.number("flotilla.limits.recursion-entries", 1, MANY)),
                keys.choice("flotilla.placement", Placement.class),
                new DrainSettings(
                        keys.duration("flotilla.drain.lb-delay", Duration.ZERO),
                        keys.duration("flotilla.drain.transfers", Duration.ZERO)),
                new RecountSettings(
                        recountInterval(),
                        keys.number("flotilla.quota.recount-rate", 1, MANY),
                        keys.number("flotilla.quota.recount-queue", 1, 10_000)),
                new AccessKeys(keys).addresses(),
                new ScanKeys(keys).read(places),
                new ViewKeys(keys).read());
    }

    private Duration recountInterval() {
        String key = "flotilla.quota.recount-interval";
        return keys.text(key).equals("off") ? Duration.ZERO : keys.duration(key, SECOND);
    }

    private ControlSettings control(List<InetAddress> bind) {
        return new ControlSettings(
                new ControlSettings.Listeners(
                        bind,
                        keys.number("flotilla.listeners.explicit.port", 0, 65535),
                        keys.number("flotilla.listeners.implicit.port", 0, 65535),
                        keys.number("flotilla.listeners.backlog", 1, 65535),
                        new Proxy(
                                keys.choice("flotilla.proxy-protocol", Proxy.Mode.class),
                                keys.networks("flotilla.proxy-trusted"),
                                keys.duration("flotilla.proxy-timeout", Duration.ofMillis(100)))),
                new ControlSettings.Admission(
                        keys.number("flotilla.limits.max-sessions", 0, MANY),
                        keys.number("flotilla.limits.max-sessions-per-node", 0, MANY),
                        keys.number("flotilla.limits.max-per-address", 0, MANY),
                        keys.number("flotilla.limits.max-unauthenticated-per-address", 0, MANY),
                        keys.number("flotilla.limits.waiting-connections", 1, 100_000),
                        keys.duration("flotilla.limits.second-look", Duration.ZERO)),
                new ControlSettings.Times(
                        keys.duration("flotilla.login.timeout", SECOND),
                        keys.duration("flotilla.limits.idle-timeout", SECOND),
                        keys.duration("flotilla.tls.handshake-timeout", SECOND),
                        keys.duration("flotilla.limits.write-timeout", SECOND),
                        keys.duration("flotilla.limits.upload-grace", Duration.ZERO),
                        keys.duration("flotilla.limits.session-lifetime", SECOND)),
                new ControlSettings.Lines(
                        keys.number("flotilla.limits.line-before-login", 64, 65536),
                        keys.number("flotilla.limits.line", 512, 65536),
                        keys.number("flotilla.limits.queued-commands", 1, 10_000),
                        keys.number("flotilla.login.max-unknown-commands", 1, 10_000)));
    }

    private DataSettings data(List<InetAddress> bind) {
        List<Integer> ports = passive() ? keys.ports("flotilla.passive.ports") : List.of();
        return new DataSettings(
                bind,
                ports,
                keys.number("flotilla.limits.waiting-connections", 1, 100_000),
                secondWait(),
                foreignPeers() ? keys.number("flotilla.passive.foreign-waiting", 1, 10_000) : 0,
                keys.number("flotilla.limits.max-transfers", 1, 100_000),
                keys.number("flotilla.limits.transfer-buffer", 16_384, 4_194_304),
                keys.duration("flotilla.tls.handshake-timeout", SECOND),
                keys.duration("flotilla.limits.stall-timeout", SECOND),
                keys.duration("flotilla.active.connect-timeout", SECOND),
                keys.duration("flotilla.limits.idle-timeout", SECOND),
                keys.flag("flotilla.storage.keep-parts"),
                keys.number("flotilla.active.source-port", 0, 65535),
                new Proxy(
                        keys.choice("flotilla.proxy-protocol", Proxy.Mode.class),
                        keys.networks("flotilla.proxy-trusted"),
                        keys.duration("flotilla.proxy-timeout", Duration.ofMillis(100))),
                new Rates(rate("session"), rate("user"), keys.bytes("flotilla.limits.total-rate", 0, MOST_RATE)),
                keys.number("flotilla.limits.mode-z-ratio", 2, 1100));
    }

    private long rate(String of) {
        return keys.bytes("flotilla.limits.rate-per-" + of, 0, MOST_RATE);
    }

    private boolean passive() {
        return keys.flag("flotilla.passive.enabled");
    }

    private SessionSettings session() {
        checkTickets();
        checkPeer();
        if (!passive() && !keys.flag("flotilla.active.enabled")) {
            keys.note(
                    "flotilla.passive.enabled",
                    "is off, and so is flotilla.active.enabled: nothing could be transferred");
        }
        Set<String> hosts = new HashSet<>();
        keys.texts("flotilla.protocol.hosts").forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        Policy policy = new Policy(
                true,
                keys.flag("flotilla.tls.required"),
                keys.flag("flotilla.tls.data-required"),
                keys.flag("flotilla.tls.lenient-pbsz"),
                keys.flag("flotilla.active.enabled"),
                keys.flag("flotilla.protocol.ascii-as-binary"),
                keys.flag("flotilla.storage.replace-on-rename"),
                hosts,
                keys.bytes("flotilla.limits.hash-bytes", 0, Long.MAX_VALUE),
                keys.number("flotilla.limits.stat-entries", 1, 100_000),
                keys.flag("flotilla.tls.accept-missing-close-notify"),
                new ProtocolKeys(keys).optIns(),
                new ProtocolKeys(keys).directoryMessage(),
                passive());
        return new SessionSettings(
                keys.text("flotilla.protocol.greeting"),
                lenient("explicit", explicit(policy)),
                lenient(
                        "implicit",
                        policy.withTls(
                                true,
                                policy.requireTls(),
                                demand("flotilla.listeners.implicit.data-tls", policy.requireDataTls())
                                        == Demand.REQUIRED)),
                keys.duration("flotilla.passive.connect-timeout", SECOND),
                leasePatience(),
                keys.number("flotilla.passive.refusals", 0, 1000),
                foreignPeers(),
                keys.duration("flotilla.limits.upload-grace", Duration.ZERO),
                keys.choice("flotilla.tls.data-session-reuse", SessionReuse.class),
                passiveAddress(),
                keys.networks("flotilla.passive.local-networks"),
                keys.flag("flotilla.storage.read-only"));
    }

    /** The proof that a data connection belongs to the client. */
    private enum Peer {
        ADDRESS,
        TLS
    }

    private boolean foreignPeers() {
        return keys.choice("flotilla.passive.peer", Peer.class) == Peer.TLS;
    }

    private void checkPeer() {
        if (foreignPeers() && keys.choice("flotilla.tls.data-session-reuse", SessionReuse.class) == SessionReuse.OFF) {
            keys.note("flotilla.passive.peer", "cannot be tls while flotilla.tls.data-session-reuse is off");
        }
    }

    /**
     * Returns the wait for a second data connection. Only "prefer" tells another client's TLS session from none, so it
     * is 0 otherwise.
     */
    private Duration secondWait() {
        Duration wait = keys.duration("flotilla.passive.second-wait", Duration.ZERO);
        return keys.choice("flotilla.tls.data-session-reuse", SessionReuse.class) == SessionReuse.PREFER
                ? wait
                : Duration.ZERO;
    }

    /**
     * Returns the wait for a port. A client is silent meanwhile and must not be ended as idle, so it is at most half of
     * the idle timeout.
     */
    private Duration leasePatience() {
        Duration wanted = keys.duration("flotilla.passive.lease-patience", Duration.ZERO);
        Duration most = keys.duration("flotilla.limits.idle-timeout", SECOND).dividedBy(2);
        return wanted.compareTo(most) < 0 ? wanted : most;
    }

    /**
     * Checks that tickets last as long as sessions. With "require", a session could transfer nothing after its ticket
     * expires.
     */
    private void checkTickets() {
        boolean required = keys.choice("flotilla.tls.data-session-reuse", SessionReuse.class) == SessionReuse.REQUIRE;
        Duration good = tls.ticketLifetime();
        if (required
                && keys.duration("flotilla.limits.session-lifetime", SECOND).compareTo(good) > 0) {
            keys.note(
                    "flotilla.limits.session-lifetime",
                    "must not be longer than TLS tickets are good (three times flotilla.tls.ticket-rotation, "
                            + good.toMinutes() + " min) while flotilla.tls.data-session-reuse is require");
        }
    }

    /** The requirement of a listener for its clients. */
    private enum Demand {
        REQUIRED,
        OPTIONAL,
        OFF
    }

    private Demand demand(String key, boolean otherwise) {
        return keys.text(key).isEmpty()
                ? otherwise ? Demand.REQUIRED : Demand.OPTIONAL
                : keys.choice(key, Demand.class);
    }

    /**
     * Returns the policy of the explicit port. Without TLS on the control connection there is none on data connections
     * (RFC 4217, section 9).
     */
    private Policy explicit(Policy policy) {
        Demand control = demand("flotilla.listeners.explicit.tls", policy.requireTls());
        Demand data = demand("flotilla.listeners.explicit.data-tls", policy.requireDataTls());
        if (control != Demand.OFF) {
            return policy.withTls(true, control == Demand.REQUIRED, data == Demand.REQUIRED);
        }
        if (!keys.text("flotilla.listeners.explicit.data-tls").isEmpty() && data == Demand.REQUIRED) {
            keys.note(
                    "flotilla.listeners.explicit.data-tls",
                    "cannot be required while flotilla.listeners.explicit.tls is off");
        }
        return policy.withTls(false, false, false);
    }

    /** Returns the policy with the leniencies that a listener sets itself. */
    private Policy lenient(String listener, Policy policy) {
        return policy.lenient((what, otherwise) -> {
            String key = "flotilla.listeners." + listener + "." + what.key();
            return keys.text(key).isEmpty() ? otherwise : keys.flag(key);
        });
    }

    private Optional<AnnouncedAddress.Configured> passiveAddress() {
        String text = keys.text("flotilla.passive.address");
        Duration refresh = keys.duration("flotilla.passive.address-refresh", SECOND);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<Inet4Address> found = AnnouncedAddress.usable(InetAddress.getAllByName(text));
            if (found.isEmpty()) {
                keys.note("flotilla.passive.address", "must be an IPv4 address or a name that has one, not " + text);
            }
            return found.stream().findFirst().map(first -> new AnnouncedAddress.Configured(text, first, refresh));
        } catch (UnknownHostException e) {
            keys.note("flotilla.passive.address", "cannot be looked up: " + text);
            return Optional.empty();
        }
    }

    private LoginSettings login() {
        return new LoginSettings(
                keys.number("flotilla.limits.max-per-user", 0, MANY),
                keys.number("flotilla.login.max-attempts", 1, 1000),
                keys.duration("flotilla.login.failure-delay", Duration.ZERO),
                new BanSettings(
                        keys.number("flotilla.login.ban-threshold", 0, MANY),
                        keys.duration("flotilla.login.ban-window", SECOND),
                        keys.duration("flotilla.login.ban-duration", SECOND),
                        banExempt()),
                new ExtensionKeys(keys).order(),
                new AccessKeys(keys).userList(),
                new AnonymousKeys(keys).settings());
    }

    /**
     * Returns the networks that are never banned. A balancer that sends PROXY headers speaks for many clients, so it is
     * one of them.
     */
    private List<Network> banExempt() {
        List<Network> exempt = new ArrayList<>(keys.networks("flotilla.login.ban-exempt"));
        exempt.addAll(keys.networks("flotilla.proxy-trusted"));
        return exempt;
    }
}
