package flotilla.ops.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells how a change of a key takes effect. A key that is not named here needs a restart, because the parts of a server
 * that it concerns are made once.
 */
public final class LiveKeys {
    /** How a change takes effect. */
    public enum Effect {
        /** At once, by {@code flotilla set} on all nodes, or by a changed file and {@code flotilla reload}. */
        LIVE,
        /** By a changed file and {@code flotilla reload} alone: the value belongs to each node, or is a secret. */
        RELOAD,
        /** By a restart of the node. */
        RESTART
    }

    private static final List<String> BLOCKS = List.of(
            "flotilla.access.",
            "flotilla.active.",
            "flotilla.alerts.bans.",
            "flotilla.alerts.login-failures.",
            "flotilla.alerts.quota.",
            "flotilla.alerts.sessions.",
            "flotilla.alerts.storage.",
            "flotilla.anonymous.",
            "flotilla.drain.",
            "flotilla.protocol.",
            "flotilla.users.password.");

    private static final Set<String> KEYS = Set.of(
            "flotilla.alerts.clock-skew",
            "flotilla.alerts.node-flaps",
            "flotilla.alerts.node-lost",
            "flotilla.alerts.passive-clients",
            "flotilla.limits.hash-bytes",
            "flotilla.limits.idle-timeout",
            "flotilla.limits.line",
            "flotilla.limits.line-before-login",
            "flotilla.limits.listing-patience",
            "flotilla.limits.max-per-address",
            "flotilla.limits.max-per-user",
            "flotilla.limits.max-sessions",
            "flotilla.limits.max-sessions-per-node",
            "flotilla.limits.max-unauthenticated-per-address",
            "flotilla.limits.mode-z-ratio",
            "flotilla.limits.queued-commands",
            "flotilla.limits.rate-per-session",
            "flotilla.limits.rate-per-user",
            "flotilla.limits.recursion-depth",
            "flotilla.limits.recursion-entries",
            "flotilla.limits.second-look",
            "flotilla.limits.session-lifetime",
            "flotilla.limits.stall-timeout",
            "flotilla.limits.stat-entries",
            "flotilla.limits.total-rate",
            "flotilla.limits.upload-grace",
            "flotilla.limits.write-timeout",
            "flotilla.listeners.explicit.accept-missing-close-notify",
            "flotilla.listeners.explicit.ascii-as-binary",
            "flotilla.listeners.explicit.data-tls",
            "flotilla.listeners.explicit.lenient-pbsz",
            "flotilla.listeners.explicit.tls",
            "flotilla.listeners.explicit.tls-groups",
            "flotilla.listeners.explicit.tls-max",
            "flotilla.listeners.explicit.tls-min",
            "flotilla.listeners.explicit.tls-policy",
            "flotilla.listeners.explicit.tls-suites",
            "flotilla.listeners.implicit.accept-missing-close-notify",
            "flotilla.listeners.implicit.ascii-as-binary",
            "flotilla.listeners.implicit.data-tls",
            "flotilla.listeners.implicit.lenient-pbsz",
            "flotilla.listeners.implicit.tls-groups",
            "flotilla.listeners.implicit.tls-max",
            "flotilla.listeners.implicit.tls-min",
            "flotilla.listeners.implicit.tls-policy",
            "flotilla.listeners.implicit.tls-suites",
            "flotilla.log.cef",
            "flotilla.log.json",
            "flotilla.log.max-traced",
            "flotilla.log.native",
            "flotilla.log.trace",
            "flotilla.log.xferlog",
            "flotilla.login.ban-duration",
            "flotilla.login.ban-exempt",
            "flotilla.login.ban-threshold",
            "flotilla.login.ban-window",
            "flotilla.login.failure-delay",
            "flotilla.login.max-attempts",
            "flotilla.login.max-unknown-commands",
            "flotilla.login.timeout",
            "flotilla.login.user-list.file",
            "flotilla.login.user-list.max-bytes",
            "flotilla.login.user-list.mode",
            "flotilla.passive.address",
            "flotilla.passive.address-refresh",
            "flotilla.passive.connect-timeout",
            "flotilla.passive.lease-patience",
            "flotilla.passive.local-networks",
            "flotilla.passive.refusals",
            "flotilla.storage.read-only",
            "flotilla.storage.replace-on-rename",
            "flotilla.storage.scan.max-bytes",
            "flotilla.storage.scan.on-failure",
            "flotilla.storage.scan.paths",
            "flotilla.storage.scan.timeout",
            "flotilla.tls.accept-missing-close-notify",
            "flotilla.tls.allow-ccc",
            "flotilla.tls.client-ca",
            "flotilla.tls.client-certificates",
            "flotilla.tls.client-crl",
            "flotilla.tls.data-required",
            "flotilla.tls.data-session-reuse",
            "flotilla.tls.expiry-warnings",
            "flotilla.tls.groups",
            "flotilla.tls.handshake-timeout",
            "flotilla.tls.lenient-pbsz",
            "flotilla.tls.max",
            "flotilla.tls.min",
            "flotilla.tls.ocsp.max-response",
            "flotilla.tls.ocsp.staple",
            "flotilla.tls.ocsp.timeout",
            "flotilla.tls.policy",
            "flotilla.tls.required",
            "flotilla.tls.suites",
            "flotilla.view.freeze",
            "flotilla.view.longest-freeze");

    private static final Set<String> OF_FILES = Set.of(
            "flotilla.tls.additional",
            "flotilla.tls.certificate",
            "flotilla.tls.key-password",
            "flotilla.tls.private-key");

    private LiveKeys() {}

    /** Returns the keys that are named one by one. */
    static Set<String> named() {
        Set<String> all = new HashSet<>(KEYS);
        all.addAll(OF_FILES);
        return all;
    }

    /**
     * Returns how a change of a key takes effect.
     *
     * @param key full name, or that of a key within it
     */
    public static Effect of(String key) {
        if (KEYS.contains(key) || BLOCKS.stream().anyMatch(key::startsWith)) {
            return Effect.LIVE;
        }
        return OF_FILES.contains(key) ? Effect.RELOAD : Effect.RESTART;
    }
}
