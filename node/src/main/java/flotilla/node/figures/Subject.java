package flotilla.node.figures;

import flotilla.node.event.NodeEvent;

/**
 * Whom a failure is counted for.
 *
 * @param user name of an account; empty for none, and for a name that may be a password
 * @param address text of the client's address; empty for none
 */
record Subject(String user, String address) {
    static Subject of(NodeEvent event) {
        if (event instanceof NodeEvent.Refused refused) {
            return new Subject("", refused.address());
        } else if (event instanceof NodeEvent.HandshakeFailed failed) {
            return new Subject("", failed.link().client().getHostAddress());
        } else if (event instanceof NodeEvent.Limited limited) {
            return new Subject("", limited.address());
        } else if (event instanceof NodeEvent.LoginFailed failed) {
            String user = failed.isOfAccount() ? failed.user() : "";
            return new Subject(user, failed.link().client().getHostAddress());
        } else if (event instanceof NodeEvent.TransferFinished finished) {
            return new Subject(finished.user(), finished.link().client().getHostAddress());
        } else if (event instanceof NodeEvent.NoDataConnection none) {
            return new Subject(none.user(), none.link().client().getHostAddress());
        } else if (event instanceof NodeEvent.StrayDataConnection stray) {
            return new Subject("", stray.address());
        } else if (event instanceof NodeEvent.TreeChanged changed) {
            return new Subject(changed.user(), changed.link().client().getHostAddress());
        } else if (event instanceof NodeEvent.TransferRefused refused) {
            return new Subject(refused.user(), refused.link().client().getHostAddress());
        } else if (event instanceof NodeEvent.Disconnected ended) {
            return new Subject("", ended.link().client().getHostAddress());
        }
        return new Subject("", "");
    }
}
