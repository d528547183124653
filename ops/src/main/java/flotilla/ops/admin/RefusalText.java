package flotilla.ops.admin;

import flotilla.node.refusal.Refusal;

/** Tells what a refusal means, as a sentence, and what an operator can do about it, as a command where there is one. */
final class RefusalText {
    private static final String HIDDEN = "…";

    /**
     * An explanation.
     *
     * @param says what happened, as a sentence
     * @param help what helps; a command is named as it is typed
     */
    record Explained(String says, String help) {}

    private RefusalText() {}

    static Explained of(Refusal refusal) {
        int dash = refusal.cause().indexOf('-');
        String kind = dash < 0 ? "" : refusal.cause().substring(0, dash);
        String why = refusal.cause().substring(dash + 1);
        return switch (kind) {
            case "login" -> login(why, refusal);
            case "refused" -> connection(why, refusal);
            case "limit" -> limit(why, refusal);
            case "transfer" -> transfer(why, refusal);
            case "closed" -> closed(why, refusal);
            default -> other(refusal);
        };
    }

    private static Explained login(String why, Refusal refusal) {
        String user = refusal.user();
        String address = refusal.address();
        return switch (why) {
            case "wrong-password" ->
                new Explained("The password for " + user + " was wrong.", "flotilla user passwd " + user);
            case "unknown-user" ->
                new Explained(
                        "There is no account " + user + ".",
                        user.endsWith(HIDDEN)
                                ? "Ask the client for the name, and give it to flotilla why: it is only shown in full then"
                                : "flotilla user list, then flotilla user add " + user);
            case "disabled" -> new Explained("The account " + user + " is disabled.", "flotilla user enable " + user);
            case "expired" ->
                new Explained("The account " + user + " has expired.", "flotilla user set " + user + " --expires DATE");
            case "address-not-allowed" ->
                new Explained(
                        "The account " + user + " may not be used from " + address + ".",
                        "flotilla user show " + user + ", then flotilla user set " + user + " --network NETWORK");
            case "not-listed" ->
                new Explained(
                        "The list of user names (login.user-list) refuses " + user + ".",
                        "Change the file login.user-list.file, then flotilla reload");
            case "tls-required" ->
                new Explained(
                        "The login of " + user + " came without TLS, and the password would have been readable.",
                        "Tell the client to use explicit TLS (AUTH TLS), or the implicit port. To allow clear text: tls.required");
            case "home-failed" ->
                new Explained(
                        "The home of " + user + " cannot be opened.",
                        "flotilla doctor; the log of " + refusal.node() + " has the reason");
            case "too-many-sessions" ->
                new Explained(
                        user + " has as many sessions as allowed.",
                        "flotilla kick SESSION of those below, or flotilla user set " + user + " --max-sessions N");
            case "banned" -> banned(refusal);
            case "busy" ->
                new Explained(
                        "Too many logins waited for the check of their passwords.",
                        "If this lasts: login.hash-threads and login.hash-queue of " + refusal.node());
            case "directory-failed" ->
                new Explained(
                        "The accounts could not be asked: the database or an authenticator did not answer.",
                        "flotilla doctor on " + refusal.node());
            default -> other(refusal);
        };
    }

    private static Explained banned(Refusal refusal) {
        String until = refusal.detail().isEmpty() ? "then, and is not any more" : refusal.detail();
        return new Explained(refusal.address() + " was banned " + until + ".", "flotilla unban " + refusal.address());
    }

    private static Explained connection(String why, Refusal refusal) {
        String address = refusal.address();
        return switch (why) {
            case "banned" -> banned(refusal);
            case "total-sessions" ->
                new Explained(
                        "The cluster has as many sessions as limits.max-sessions allows.",
                        "flotilla limits shows who holds them; flotilla set limits.max-sessions N");
            case "node-sessions" ->
                new Explained(
                        refusal.node() + " has as many connections as limits.max-sessions-per-node allows.",
                        "flotilla nodes; flotilla set limits.max-sessions-per-node N");
            case "address-sessions" ->
                new Explained(
                        address + " has as many sessions as limits.max-per-address allows.",
                        "flotilla kick SESSION of those below; flotilla set limits.max-per-address N");
            case "unauthenticated" ->
                new Explained(
                        "Too many connections of " + address + " had not logged in.",
                        "flotilla set limits.max-unauthenticated-per-address N, if that is no attack");
            case "overloaded" ->
                new Explained(
                        "Too many connections waited for their slots on " + refusal.node() + ".",
                        "flotilla nodes: is one overloaded or away? limits.waiting-connections");
            case "storage" ->
                new Explained(
                        refusal.node() + " does not see the storage of the cluster.",
                        "flotilla doctor on " + refusal.node());
            case "draining" ->
                new Explained(
                        refusal.node() + " is being taken out of service.",
                        "flotilla undrain " + refusal.node() + ", unless that is meant");
            case "no-proxy-header" ->
                new Explained(
                        "The balancer " + address + " sent no PROXY header.",
                        "Turn it on in the balancer, or proxy-protocol off here");
            case "untrusted-proxy" ->
                new Explained(
                        address + " is no trusted balancer, and only those may connect.",
                        "Name it in proxy-trusted if it is one");
            case "address-denied" ->
                new Explained(
                        "The lists of addresses refuse " + address + ".",
                        "Look at access.allow and access.deny, then flotilla reload");
            default -> other(refusal);
        };
    }

    private static Explained limit(String why, Refusal refusal) {
        String address = refusal.address();
        return switch (why) {
            case "handshake" ->
                new Explained(
                        "The TLS handshake with " + address + " failed: " + refusal.detail() + ".",
                        "flotilla tls policy lists what is offered (versions, suites); flotilla cert show the certificate");
            case "login-attempts" ->
                new Explained(
                        "Too many wrong passwords came on one connection of " + address + ".",
                        "flotilla set login.max-attempts N");
            case "passive-ports" ->
                new Explained(
                        "All passive ports are leased to " + address + " already.",
                        "flotilla leases shows by whom; more passive.ports help");
            case "digests" ->
                new Explained(
                        "Too many digests were computed at once on " + refusal.node() + ".", "limits.max-digests");
            default -> other(refusal);
        };
    }

    private static Explained transfer(String why, Refusal refusal) {
        String what = "The " + (refusal.what().isEmpty() ? "transfer" : refusal.what()) + " of " + refusal.user();
        String detail = refusal.detail().isEmpty() ? "" : " (" + refusal.detail() + ")";
        String user = refusal.user();
        return switch (why) {
            case "quota-exceeded" ->
                new Explained(
                        what + " met the quota" + detail + ".",
                        "flotilla user show " + user + ", then flotilla user set " + user + " --quota SIZE");
            case "no-space" -> new Explained(what + " found no room in the store" + detail + ".", "flotilla doctor");
            case "too-large" ->
                new Explained(
                        what + " was larger than allowed" + detail + ".",
                        "flotilla user set " + user + " --max-file-size SIZE");
            case "access-denied" ->
                new Explained(what + " was not permitted" + detail + ".", "flotilla user show " + user + " (rules)");
            case "infected" ->
                new Explained(
                        what + " was refused, the scanner found " + refusal.detail() + ".",
                        "The quarantine has it, if there is one (storage.scan)");
            case "not-scanned" ->
                new Explained(what + " could not be scanned" + detail + ".", "flotilla doctor: is the scanner away?");
            case "failed" ->
                new Explained(
                        what + " failed in the store" + detail + ".",
                        "flotilla doctor; the log of " + refusal.node() + " has the reason");
            case "stalled" ->
                new Explained(
                        what + " moved no byte for limits.stall-timeout.",
                        "Look at the client's network; flotilla set limits.stall-timeout TIME");
            case "tls-failed" ->
                new Explained(
                        "The TLS handshake of the data connection failed" + detail + ": " + lower(what) + ".",
                        "flotilla tls policy; a client without resumption needs tls.data-session-reuse prefer");
            case "not-resumed" ->
                new Explained(
                        "The data connection did not resume the TLS session of its control connection: " + lower(what)
                                + ".",
                        "Turn session resumption on in the client, or set tls.data-session-reuse prefer");
            case "wrong-certificate" ->
                new Explained(
                        "The data connection had another client certificate than its control connection: " + lower(what)
                                + ".",
                        "Let the client use one certificate for both");
            case "no-capacity" ->
                new Explained(
                        refusal.node() + " runs as many transfers as limits.max-transfers allows.",
                        "flotilla nodes; limits.max-transfers");
            case "lost", "truncated" ->
                new Explained(what + " was cut off by the client or the network" + detail + ".", "Look at the client");
            default ->
                new Explained(what + " ended: " + why.replace('-', ' ') + detail + ".", "docs/reference/logs.md");
        };
    }

    private static String lower(String text) {
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    private static Explained closed(String why, Refusal refusal) {
        String text = "The connection of " + refusal.address() + " was ended: " + why.replace('-', ' ') + ".";
        return switch (why) {
            case "login-timeout" -> new Explained(text, "flotilla set login.timeout TIME");
            case "idle-timeout" -> new Explained(text, "flotilla set limits.idle-timeout TIME");
            case "lifetime-over" -> new Explained(text, "flotilla set limits.session-lifetime TIME");
            case "client-does-not-read-replies" -> new Explained(text, "flotilla set limits.write-timeout TIME");
            default -> new Explained(text, "flotilla trace " + refusal.address() + " --for 10m shows its commands");
        };
    }

    private static Explained other(Refusal refusal) {
        return switch (refusal.cause()) {
            case "address-banned" ->
                new Explained(
                        refusal.address() + " was banned automatically, " + refusal.detail() + ".",
                        "flotilla unban " + refusal.address());
            case "data-none" ->
                new Explained(
                        "No data connection of " + refusal.user() + " came from " + refusal.address() + ".",
                        "flotilla probe from outside: are the passive ports open, and is passive.address right?");
            case "data-stray" ->
                new Explained(
                        "A data connection from " + refusal.address() + " belonged to nobody: " + refusal.detail()
                                + ".",
                        "A client behind several addresses needs passive.peer tls");
            case "command-refused" ->
                new Explained(
                        refusal.what() + " of " + refusal.user() + " was refused: " + refusal.detail(),
                        "flotilla user show " + refusal.user() + " (rules, read-only); flotilla read-only status");
            default -> new Explained(refusal.cause().replace('-', ' ') + ".", "docs/reference/logs.md");
        };
    }
}
