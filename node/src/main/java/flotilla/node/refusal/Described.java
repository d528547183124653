package flotilla.node.refusal;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.Reasons;
import flotilla.node.protocol.Names;
import flotilla.node.state.Link;
import flotilla.node.transfer.Transfer;

/**
 * The parts of an event that a refusal keeps.
 *
 * @param user the name that the client gave, or that of the account
 * @param isAccount true when the name is surely that of an account
 */
record Described(String address, String session, String user, boolean isAccount, String what, String detail, int code) {
    private static final int LONGEST = 300;

    Described {
        what = cut(what);
        detail = cut(detail);
    }

    private static String cut(String text) {
        String shown = Names.printable(text);
        return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "…";
    }

    /** Describes an event that {@link Causes} has a cause for. */
    static Described of(NodeEvent event) {
        if (event instanceof NodeEvent.Refused refused) {
            return unknown(refused.address(), "");
        } else if (event instanceof NodeEvent.HandshakeFailed failed) {
            return of(failed.link(), "", false, "TLS handshake", failed.reason(), 0);
        } else if (event instanceof NodeEvent.Limited limited) {
            return unknown(limited.address(), "");
        } else if (event instanceof NodeEvent.LoginFailed failed) {
            return of(failed.link(), failed.user(), failed.isOfAccount(), "login", "", failed.code());
        } else if (event instanceof NodeEvent.Banned banned) {
            return unknown(banned.block(), "");
        } else if (event instanceof NodeEvent.TransferFinished finished) {
            return of(
                    finished.link(),
                    finished.user(),
                    true,
                    direction(finished.transfer()) + " " + finished.transfer().path(),
                    finished.result().detail(),
                    finished.code());
        } else if (event instanceof NodeEvent.NoDataConnection none) {
            return of(none.link(), none.user(), true, "data connection", "", 0);
        } else if (event instanceof NodeEvent.StrayDataConnection stray) {
            return unknown(stray.address(), Reasons.name(stray.why()) + ", passive port " + stray.port());
        } else if (event instanceof NodeEvent.TreeChanged changed) {
            return of(
                    changed.link(),
                    changed.user(),
                    true,
                    changed.verb() + " " + changed.path(),
                    changed.reply().text(),
                    changed.reply().code());
        } else if (event instanceof NodeEvent.TransferRefused refused) {
            return of(
                    refused.link(),
                    refused.user(),
                    true,
                    refused.verb() + " " + refused.argument(),
                    refused.reply().text(),
                    refused.reply().code());
        } else if (event instanceof NodeEvent.Disconnected ended) {
            return of(ended.link(), ended.user(), ended.loggedIn(), "connection", ended.reason(), 0);
        }
        throw new IllegalArgumentException(event.toString());
    }

    private static String direction(Transfer transfer) {
        return transfer.isUpload() ? "upload of" : transfer instanceof Transfer.Send ? "download of" : "listing of";
    }

    private static Described unknown(String address, String detail) {
        return new Described(address, "", "", false, "", detail, 0);
    }

    private static Described of(Link link, String user, boolean isAccount, String what, String detail, int code) {
        return new Described(link.client().getHostAddress(), link.sessionId(), user, isAccount, what, detail, code);
    }
}
